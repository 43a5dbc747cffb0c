// How a request on a mailbox is signed: with a key that grew from the mailbox's secret, for this one request.

import { createHash, randomBytes } from "node:crypto";

import type { Signer } from "./signing-key.ts";

/** A request as it will go over the wire. `address` is whole, with its query. */
export interface MailboxRequest {
  readonly method: string;
  readonly address: string;
  readonly body?: Uint8Array | undefined;
}

const header = Buffer.from(JSON.stringify({ alg: "Ed25519", typ: "kf1-capability+jws" })).toString(
  "base64url",
);

/**
 * The value of the header `Authorization`: good once, and for five minutes around `at`.
 * @param at the local clock in seconds since 1970.
 */
export function signCapability({ method, address, body }: MailboxRequest, key: Signer, at: number): string {
  const claims = {
    htm: method,
    htu: address,
    body: createHash("sha256")
      .update(body ?? "")
      .digest("base64url"),
    iat: at,
    jti: randomBytes(16).toString("base64url"),
  };
  const signed = `${header}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
  return `Capability ${signed}.${Buffer.from(key.sign(Buffer.from(signed))).toString("base64url")}`;
}
