// The offer: what waits at the relay for whoever types the activation code. It is sealed under a key that
// grows from the code, so whoever opens it knows that its maker knew the code, and may trust the root inside.

import { randomBytes } from "node:crypto";

import { z } from "zod";

import { boxSizeBytes } from "./box.ts";
import { nonceBytes, open, seal, tagBytes } from "./chacha.ts";
import { digestOf } from "./digest.ts";
import { jsonOf, readJws, signObject } from "./jws.ts";
import { pad, unpad } from "./padding.ts";
import type { RejectionCode } from "./rejections.ts";
import { isSignedInRole, trustRoots, type Root } from "./root.ts";
import { id, instant, payloadOf, recipient, relays, secret32, signedRoots } from "./shapes.ts";
import type { Signer } from "./signing-key.ts";

const offerSchema = z
  .strictObject({
    org: id,
    act: id,
    iat: instant,
    exp: instant,
    roots: signedRoots.min(1),
    box: recipient,
    relays,
    machine_key: secret32,
  })
  .refine(({ iat, exp }) => exp > iat, "an offer ends after it begins");

/**
 * `roots` begins with a root that is trusted because of the code; `box` is where the join is sealed to, a key for this one
 * activation; `machine_key` is what the machine's id is hashed under; `exp` is when the code expires.
 */
export type Offer = Readonly<z.output<typeof offerSchema>>;

/**
 * An offer as a compact JWS, by a key that the last of its roots gives the issuer role.
 * @throws TypeError when no workstation would take it.
 */
export function signOffer(offer: Offer, issuer: Signer): string {
  return signObject("offer", { schema: offerSchema, value: offer }, issuer);
}

const additional = Buffer.from("kf1/offer");

/** ChaCha20-Poly1305 (RFC 8439) over the padded JWS: nonce (12 bytes), ciphertext, tag (16 bytes). */
export function sealOffer(jws: string, offerKey: Uint8Array): Uint8Array {
  const nonce = randomBytes(nonceBytes);
  const sealed = seal({ key: offerKey, nonce, additional }, pad(jws));
  return new Uint8Array(Buffer.concat([nonce, ...sealed]));
}

function unseal(blob: Uint8Array, offerKey: Uint8Array): string | null {
  if (blob.length < nonceBytes + tagBytes || blob.length > boxSizeBytes) return null;
  const nonce = blob.subarray(0, nonceBytes);
  const plain = open({ key: offerKey, nonce, additional }, blob.subarray(nonceBytes));
  return plain === null ? null : unpad(plain);
}

/** An offer that holds: `root` is trusted from now on, and `hash` (of the JWS) goes into the join's transcript. */
export interface OpenedOffer {
  readonly offer: Offer;
  readonly root: Root;
  readonly hash: string;
}

/**
 * Opens the offer that was found with a code.
 * @param now the local clock in seconds since 1970.
 * @returns the offer, or the code of what is wrong: `box` (another code's, or damaged), `root`, `signature`, `content`,
 *   `expired`.
 */
export function openOffer(
  blob: Uint8Array,
  offerKey: Uint8Array,
  now: number,
): OpenedOffer | Extract<RejectionCode, "box" | "root" | "signature" | "content" | "expired"> {
  const text = unseal(blob, offerKey);
  if (text === null) return "box";
  const jws = readJws(text);
  const json = jws === null ? undefined : jsonOf(jws);
  if (jws === null || json === undefined) return "content";
  const offer = payloadOf(offerSchema, json);
  if (offer === null) return "content";
  const root = trustRoots(offer.roots);
  if (root?.org !== offer.org) return "root";
  if (!isSignedInRole(jws, "offer", { root, role: "issuer" })) return "signature";
  return offer.exp <= now ? "expired" : { offer, root, hash: digestOf(text) };
}
