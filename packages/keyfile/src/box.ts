// Boxes: a signed object, padded and sealed to one recipient as a standard age v1 file. The signature is inside and names
// the recipient, so nobody who opens a box can pass it on as meant for somebody else.

import { randomBytes, timingSafeEqual } from "node:crypto";

import { newIdentity, recipientOf, type AgeKind } from "./age-key.ts";
import {
  chunkBytes,
  openChunk,
  payloadKey,
  payloadNonceBytes,
  sealChunk,
  sealedChunkBytes,
} from "./age-payload.ts";
import { digestOf } from "./digest.ts";
import { derive } from "./hkdf.ts";
import { hmacOf } from "./hmac.ts";
import { pad, unpad } from "./padding.ts";
import {
  decodeUnpadded,
  encodeUnpadded,
  fileKeyBytes,
  unwrapperFor,
  wrapperFor,
  type Unwrapper,
  type Wrapped,
} from "./stanza.ts";

/** A sealed box is at most as large as what a relay takes. */
export const boxSizeBytes = 256 * 1024;

/** `identity` is the secret half (`AGE-SECRET-KEY-PQ-1…`), `recipient` the public one (`age1pq1…`). */
export interface BoxKey {
  readonly identity: string;
  readonly recipient: string;
}

/**
 * A new box key: ML-KEM-768 with X25519, since a relay may keep boxes until there are quantum computers. The classic kind
 * opens faster and suits what may be read by then.
 */
export function newBoxKey(kind: AgeKind = "hybrid"): Promise<BoxKey> {
  const identity = newIdentity(kind);
  return Promise.resolve({ identity, recipient: recipientOf(identity) });
}

/** What stands in a header before its MAC and is covered by it (c2sp.org/age, "Header MAC"). */
function headerOf({ args, body }: Wrapped): string {
  return `age-encryption.org/v1\n-> ${args.join(" ")}\n${encodeUnpadded(Buffer.from(body))}\n---`;
}

function macOf(header: string, fileKey: Uint8Array): Buffer {
  return hmacOf(derive(fileKey, { salt: "", info: "header", bytes: 32 }), header);
}

function sealed(plain: Uint8Array, recipient: string): Uint8Array {
  const fileKey = randomBytes(fileKeyBytes);
  const [stanza] = wrapperFor(recipient).wrapFileKey(fileKey);
  if (stanza === undefined) throw new Error("a recipient has a stanza");
  const header = headerOf(stanza);
  const nonce = randomBytes(payloadNonceBytes);
  const key = payloadKey(fileKey, nonce);
  const parts: Uint8Array[] = [Buffer.from(`${header} ${encodeUnpadded(macOf(header, fileKey))}\n`), nonce];
  for (let number = 0; number * chunkBytes < plain.length; number++) {
    const until = (number + 1) * chunkBytes;
    const chunk = plain.subarray(number * chunkBytes, until);
    parts.push(...sealChunk(key, { number, isLast: until >= plain.length }, chunk));
  }
  return new Uint8Array(Buffer.concat(parts));
}

/**
 * Seals a JWS to one recipient.
 * @returns an age v1 file, at most 256 KiB.
 * @throws RangeError for a JWS above 192 KiB, and for what is no recipient.
 */
export async function sealBox(jws: string, recipient: string): Promise<Uint8Array> {
  return Promise.resolve().then(() => sealed(pad(jws), recipient));
}

/** The secret halves that open boxes: the one that was announced last and, until a box came under it, the former one. */
export interface BoxIdentities {
  readonly current: string;
  readonly previous?: string;
}

/** What came out of a box, for `accept` to judge. */
export interface Opened {
  /** The digest of the box as it arrived: what a rejection is reported under. */
  readonly blobHash: string;
  /** The JWS, not verified yet; null when the box did not open. */
  readonly jws: string | null;
  /** Which key opened it. A box under `current` shows that the server has it, and `previous` may go. */
  readonly by: keyof BoxIdentities | null;
}

// Exactly one stanza, and of a kind that asks for no work: thousands of them, or a passphrase with work factor 63, would
// keep a workstation busy before anything is verified.
const headerPattern =
  /^(age-encryption[.]org\/v1\n-> (mlkem768x25519 [A-Za-z0-9+/]{1494}|X25519 [A-Za-z0-9+/]{43})\n([A-Za-z0-9+/]{43})\n---) ([A-Za-z0-9+/]{43})\n/;
const headerBytes = 2048;

/** A box taken apart; nothing of it is authentic yet. */
interface Parts {
  readonly header: string;
  readonly stanza: Wrapped;
  readonly mac: Buffer;
  readonly nonce: Uint8Array;
  readonly payload: Uint8Array;
}

/** Null where the form is not that of a box. */
function partsOf(blob: Uint8Array): Parts | null {
  const start = Buffer.from(blob.subarray(0, headerBytes)).toString("latin1");
  const [line = "", header = "", args = "", wrapped = "", tag = ""] = headerPattern.exec(start) ?? [];
  const [body, mac] = [decodeUnpadded(wrapped), decodeUnpadded(tag)];
  const from = line.length + payloadNonceBytes;
  if (line === "" || body === null || mac === null || blob.length <= from) return null;
  const stanza = { args: args.split(" "), body };
  return { header, stanza, mac, nonce: blob.subarray(line.length, from), payload: blob.subarray(from) };
}

function fileKeyIn({ stanza }: Parts, by: Unwrapper): Buffer | null {
  try {
    return by.unwrapFileKey([stanza]);
  } catch {
    // Malformed, or of low order.
    return null;
  }
}

function decrypt(parts: Parts, by: Unwrapper): Uint8Array | null {
  const { header, mac, nonce, payload } = parts;
  const fileKey = fileKeyIn(parts, by);
  if (fileKey === null || !timingSafeEqual(mac, macOf(header, fileKey))) return null;
  const key = payloadKey(fileKey, nonce);
  const opened: Uint8Array[] = [];
  for (let number = 0; number * sealedChunkBytes < payload.length; number++) {
    const until = (number + 1) * sealedChunkBytes;
    const chunk = payload.subarray(number * sealedChunkBytes, until);
    const plain = openChunk(key, { number, isLast: until >= payload.length }, chunk);
    if (plain === null) return null;
    opened.push(plain);
  }
  return Buffer.concat(opened);
}

/**
 * Opens boxes with whichever key fits. Never throws for what is in a box: limits, header, recipient, authenticity and
 * padding that do not fit all give a null `jws`. Reading the identities takes longer than opening a box.
 * @throws Error for identities that are none.
 */
export function boxOpener({ current, previous }: BoxIdentities): (blob: Uint8Array) => Opened {
  const keys = [["current", unwrapperFor(current)] as const];
  const former = previous === undefined ? [] : [["previous", unwrapperFor(previous)] as const];
  return (blob) => {
    const blobHash = digestOf(blob);
    const closed: Opened = { blobHash, jws: null, by: null };
    const parts = blob.length > boxSizeBytes ? null : partsOf(blob);
    if (parts === null) return closed;
    for (const [by, key] of [...keys, ...former]) {
      const plain = decrypt(parts, key);
      const jws = plain === null ? null : unpad(plain);
      if (jws !== null) return { blobHash, jws, by };
    }
    return closed;
  };
}

/** As `boxOpener`, for a single box. */
export async function openBox(blob: Uint8Array, identities: BoxIdentities): Promise<Opened> {
  return Promise.resolve().then(() => boxOpener(identities)(blob));
}
