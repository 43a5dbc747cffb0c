// The payload of an age v1 file (c2sp.org/age, "Payload"): STREAM, which is chunks of 64 KiB, each sealed with
// ChaCha20-Poly1305 under its number and whether it is the last.

import { createSecretKey, type KeyObject } from "node:crypto";

import { nonceBytes, open, seal, tagBytes } from "./chacha.ts";
import { derive } from "./hkdf.ts";

export const chunkBytes = 64 * 1024;
export const payloadNonceBytes = 16;
export const sealedChunkBytes = chunkBytes + tagBytes;

/** The key of one payload. The nonce is random and stands before it. */
export function payloadKey(fileKey: Uint8Array, nonce: Uint8Array): KeyObject {
  return createSecretKey(derive(fileKey, { salt: nonce, info: "payload", bytes: 32 }));
}

/** Which chunk it is, from 0, and whether it is the last: what its nonce says. */
export interface Place {
  readonly number: number;
  readonly isLast: boolean;
}

/** The number in 11 bytes, of which a number of ours never needs the upper five, and the flag of the last chunk. */
function nonceOf({ number, isLast }: Place): Buffer {
  const nonce = Buffer.alloc(nonceBytes);
  nonce.writeUIntBE(number, 5, 6);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** @returns the sealed bytes and the tag, which stand one after the other. */
export function sealChunk(key: KeyObject, place: Place, plain: Uint8Array): [Buffer, Buffer] {
  return seal({ key, nonce: nonceOf(place) }, plain);
}

/** @returns null when it is not authentic in its place. The last chunk is empty only where the whole payload is. */
export function openChunk(key: KeyObject, place: Place, sealed: Uint8Array): Buffer | null {
  if (sealed.length === tagBytes && place.number > 0) return null;
  return open({ key, nonce: nonceOf(place) }, sealed);
}
