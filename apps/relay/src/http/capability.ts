// A request that is signed by a key of a mailbox. What does not carry a good signature learns nothing but that.

import { createHash, createPublicKey } from "node:crypto";

import { relay } from "@lockstep/api";
import { compactVerify, decodeProtectedHeader, errors, type CompactVerifyResult } from "jose";
import type { z } from "zod";

import { secondsOf } from "../clock.ts";
import { Refusal } from "../refusal.ts";

const { capability, limits } = relay;

export type Claims = z.output<typeof capability.claims>;

export interface SignedRequest {
  readonly authorization: string | undefined;
  readonly method: string;
  /** The addresses under which the relay is known, each with the path and the query of this request. */
  readonly addresses: readonly string[];
  /** Milliseconds. */
  readonly at: number;
}

/**
 * @param keys the public keys, one of which must have signed.
 * @throws Refusal for what is not signed by one of them, for this request, at this time.
 */
export async function verifyCapability(request: SignedRequest, keys: readonly Uint8Array[]): Promise<Claims> {
  const jws = jwsIn(request.authorization);
  const claims = claimsIn(await verified(jws, keys));
  const isOfThisRequest = claims.htm === request.method && request.addresses.includes(claims.htu);
  if (!isOfThisRequest) throw new Refusal("capability_refused");
  if (Math.abs(secondsOf(request.at) - claims.iat) > limits.clockSeconds)
    throw new Refusal("capability_expired");
  return claims;
}

/** @throws Refusal capability_refused if it is not the body that was signed. */
export function refuseOtherBody({ body }: Claims, received: Uint8Array): void {
  const digest = createHash("sha256").update(received).digest("base64url");
  if (digest !== body) throw new Refusal("capability_refused");
}

/** What is remembered of a request, so that it is good once: opaque, whatever the caller has written into it. */
export function spentOf({ jti, iat }: Claims): { hash: Buffer; expiresAt: number } {
  return { hash: createHash("sha256").update(jti).digest(), expiresAt: iat + limits.clockSeconds };
}

function jwsIn(authorization: string | undefined): string {
  const [scheme, jws, ...more] = authorization?.split(" ") ?? [];
  if (scheme !== capability.scheme || jws === undefined || more.length > 0)
    throw new Refusal("capability_required");
  return jws;
}

async function verified(jws: string, keys: readonly Uint8Array[]): Promise<CompactVerifyResult> {
  if (hasOurHeader(jws)) {
    for (const key of keys) {
      try {
        return await compactVerify(jws, publicKeyOf(key), { algorithms: ["Ed25519"] });
      } catch (error) {
        if (!(error instanceof errors.JOSEError)) throw error;
      }
    }
  }
  throw new Refusal("capability_refused");
}

/** Nothing is chosen by whoever signs (RFC 8725 §3.1, §3.11): not the algorithm, not the kind, nor any extra. */
function hasOurHeader(jws: string): boolean {
  try {
    return capability.header.safeParse(decodeProtectedHeader(jws)).success;
  } catch {
    return false;
  }
}

function publicKeyOf(key: Uint8Array) {
  const x = Buffer.from(key).toString("base64url");
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}

function claimsIn({ payload }: CompactVerifyResult): Claims {
  try {
    return capability.claims.parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload)));
  } catch (cause) {
    throw new Refusal("capability_refused", { cause });
  }
}
