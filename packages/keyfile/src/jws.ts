// Signed objects: compact JWS (RFC 7515 §7.1) over the exact bytes, with one algorithm and a type for each object
// (RFC 8725 §3.1, §3.11). Reading, verifying and signing wait for nothing, so that acceptance is one pure function.

import type { KeyObject } from "node:crypto";

import { z } from "zod";

import { bytesOfBase64url } from "./digest.ts";
import { thumbprint } from "./shapes.ts";
import { isSignature, type Signer } from "./signing-key.ts";
import { jsonSizeBytes, parseStrictJson, type Json } from "./strict-json.ts";

/** What a signed object is. The type is in the signed header, so none passes for another. They are forever. */
export const objectTypes = {
  root: "kf1-root+jws",
  "key-file": "kf1-keyfile+jws",
  orders: "kf1-orders+jws",
  pulse: "kf1-pulse+jws",
  offer: "kf1-offer+jws",
  join: "kf1-join+jws",
  notice: "kf1-notice+jws",
  report: "kf1-report+jws",
} as const;
export type ObjectKind = keyof typeof objectTypes;

// Exactly these members: `crit`, `jwk`, `b64` and the like have no meaning here. "Ed25519" is RFC 9864's name.
const header = z.strictObject({
  alg: z.literal("Ed25519"),
  kid: thumbprint,
  typ: z.enum(objectTypes),
});

/** A compact JWS taken apart. Nothing of it is true before `isSignedBy` said so. */
export interface UnverifiedJws {
  readonly type: (typeof objectTypes)[ObjectKind];
  readonly kid: string;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  /** What was signed: header and payload as they were sent, with the point between them. */
  readonly signed: string;
}

function strictly(bytes: Uint8Array): Json | undefined {
  try {
    return parseStrictJson(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Takes a compact JWS apart. Its payload is not looked at.
 * @returns null for another number of parts, base64url that is not canonical, a header with other members than `alg`,
 *   `kid` and `typ`, another algorithm or type than ours, or a payload above 192 KiB.
 */
export function readJws(text: string): UnverifiedJws | null {
  const parts = text.split(".", 4);
  const [head, payload, signature] = parts.map(bytesOfBase64url);
  if (parts.length !== 3 || !head || !payload || !signature) return null;
  const parsed = header.safeParse(strictly(head));
  if (!parsed.success || payload.length > jsonSizeBytes) return null;
  const { kid, typ } = parsed.data;
  return { type: typ, kid, payload, signature, signed: text.slice(0, text.lastIndexOf(".")) };
}

/** The payload as strict JSON, or undefined when it is none. */
export function jsonOf(jws: UnverifiedJws): Json | undefined {
  return strictly(jws.payload);
}

/** Whether it is an object of this kind, signed with this key. That the key may sign it is the caller's to know. */
export function isSignedBy(jws: UnverifiedJws, kind: ObjectKind, key: KeyObject): boolean {
  return jws.type === objectTypes[kind] && isSignature(jws.signature, Buffer.from(jws.signed), key);
}

/**
 * Signs an object: its JSON once, and from then on only those bytes.
 * @throws TypeError when the payload is not what the schema says: nothing is signed that nobody accepts.
 * @throws StrictJsonError for what strict JSON cannot carry, and for more than 192 KiB.
 */
export function signObject(
  kind: ObjectKind,
  payload: { readonly schema: z.ZodObject; readonly value: object },
  signer: Signer,
): string {
  const parsed = payload.schema.safeParse(payload.value);
  if (!parsed.success) throw new TypeError(`not a ${kind}: ${z.prettifyError(parsed.error)}`);
  const bytes = Buffer.from(JSON.stringify(payload.value));
  parseStrictJson(bytes);
  const head = JSON.stringify({ alg: "Ed25519", kid: signer.kid, typ: objectTypes[kind] });
  const signed = `${Buffer.from(head).toString("base64url")}.${bytes.toString("base64url")}`;
  return `${signed}.${Buffer.from(signer.sign(Buffer.from(signed))).toString("base64url")}`;
}
