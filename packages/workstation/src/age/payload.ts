// The payload of an age v1 file (c2sp.org/age, "Payload"): STREAM, which is chunks of 64 KiB, each sealed with
// ChaCha20-Poly1305 under its number and whether it is the last. On node:crypto, in constant memory.

import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from "node:crypto";

import { WorkstationRefusal } from "../refusal.ts";
import { blocksOf, type Source } from "./source.ts";

const chunkBytes = 64 * 1024;
export const tagBytes = 16;
export const payloadNonceBytes = 16;
const sealedChunkBytes = chunkBytes + tagBytes;

/** So many chunks are read and written at once: enough to make system calls cheap, and few enough for the cache. */
const chunksInBlock = 16;

const cipherName = "chacha20-poly1305";
const cipherOptions = { authTagLength: tagBytes } as const;

/** Buffers to be written one after another, and how many bytes of the source they stand for. */
export interface Piece {
  readonly parts: readonly Uint8Array[];
  readonly sourceBytes: number;
}

/** The key of one payload. The nonce is random and stands before it. */
export function payloadKey(fileKey: Uint8Array, nonce: Uint8Array): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync("sha256", fileKey, nonce, "payload", 32)));
}

/** Which chunk it is, from 0, and whether it is the last: what its nonce says. */
interface Place {
  readonly number: number;
  readonly isLast: boolean;
}

/** The number in 11 bytes, of which a number of ours never needs the upper five, and the flag of the last chunk. */
function nonceOf({ number, isLast }: Place, nonce: Buffer): Buffer {
  nonce.writeUIntBE(number, 5, 6);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** The last chunk is empty only where the whole payload is. */
function isAllowed(plain: Uint8Array, { number }: Place): boolean {
  return plain.length > 0 || number === 0;
}

/** A chunk that is whole but not last where the file ends, or last where it goes on, is authentic all the same. */
function turned({ number, isLast }: Place): Place {
  return { number, isLast: !isLast };
}

function openInto(key: KeyObject, sealed: Buffer, place: Place, nonce: Buffer): Buffer | null {
  if (sealed.length < tagBytes) return null;
  const decipher = createDecipheriv(cipherName, key, nonceOf(place, nonce), cipherOptions);
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  const plain = decipher.update(sealed.subarray(0, -tagBytes));
  try {
    decipher.final();
  } catch {
    return null;
  }
  return isAllowed(plain, place) ? plain : null;
}

/** Seals what is left of a source. */
export async function* sealPayload(source: Source, key: KeyObject): AsyncGenerator<Piece, void> {
  const nonce = Buffer.alloc(12);
  let number = 0;
  for await (const { bytes, isLast } of blocksOf(source, chunksInBlock * chunkBytes)) {
    const parts: Uint8Array[] = [];
    let from = 0;
    do {
      const chunk = bytes.subarray(from, from + chunkBytes);
      from += chunkBytes;
      const place = { number, isLast: isLast && from >= bytes.length };
      const cipher = createCipheriv(cipherName, key, nonceOf(place, nonce), cipherOptions);
      const sealed = cipher.update(chunk);
      cipher.final();
      parts.push(sealed, cipher.getAuthTag());
      number += 1;
    } while (from < bytes.length);
    yield { parts, sourceBytes: bytes.length };
  }
}

/**
 * Opens what is left of a source. Every chunk that it gives is authentic, and so is their order; that none is missing is
 * certain only at the end.
 * @throws WorkstationRefusal `file-damaged` at the first chunk that is not.
 */
export async function* openPayload(source: Source, key: KeyObject): AsyncGenerator<Piece, void> {
  const nonce = Buffer.alloc(12);
  let number = 0;
  for await (const { bytes, isLast } of blocksOf(source, chunksInBlock * sealedChunkBytes)) {
    const parts: Uint8Array[] = [];
    let from = 0;
    do {
      const sealed = bytes.subarray(from, from + sealedChunkBytes);
      from += sealedChunkBytes;
      const place = { number, isLast: isLast && from >= bytes.length };
      const plain = openInto(key, sealed, place, nonce);
      if (plain === null) {
        const misplaced = sealed.length === sealedChunkBytes && openInto(key, sealed, turned(place), nonce);
        if (misplaced) parts.push(misplaced);
        yield { parts, sourceBytes: from - sealedChunkBytes };
        throw new WorkstationRefusal("file-damaged", { detail: `chunk ${number + 1}` });
      }
      parts.push(plain);
      number += 1;
    } while (from < bytes.length);
    yield { parts, sourceBytes: bytes.length };
  }
}

/** Where the first and the last chunk of a payload of so many bytes begin and end, for whoever checks only these. */
export function edgesOf(payloadBytes: number): readonly (Place & { from: number; until: number })[] {
  const last = Math.max(0, Math.ceil(payloadBytes / sealedChunkBytes) - 1);
  return [...new Set([0, last])].map((number) => {
    const from = number * sealedChunkBytes;
    return { number, isLast: number === last, from, until: Math.min(from + sealedChunkBytes, payloadBytes) };
  });
}

/** Whether one chunk is authentic in its place. */
export function isAuthentic(key: KeyObject, sealed: Buffer, place: Place): boolean {
  return openInto(key, sealed, place, Buffer.alloc(12)) !== null;
}
