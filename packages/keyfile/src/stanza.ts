// How the key of an age file is wrapped for one recipient (c2sp.org/age): with X25519, or hybrid with ML-KEM-768 by HPKE
// (RFC 9180). On node:crypto, because age-encryption takes a hundred times as long; the library and its vectors say what is
// right.

import { randomBytes } from "node:crypto";

import { readIdentity, readRecipient } from "./age-key.ts";
import { nonceBytes, open, seal, tagBytes, type Once } from "./chacha.ts";
import { derive } from "./hkdf.ts";
import { hmacOf } from "./hmac.ts";
import { hybridDecapsulator, hybridEncapsulate, hybridSealedBytes } from "./hybrid-kem.ts";
import { x25519PublicOf, x25519Secret, x25519Shared } from "./x25519.ts";

export const fileKeyBytes = 16;

/** The first argument says of which kind it is, the second is what was sent; the body is the wrapped key. */
export interface Wrapped {
  readonly args: string[];
  readonly body: Uint8Array;
}

/** Wraps the keys of files, in the shape of age-encryption's own recipients. */
export interface Wrapper {
  wrapFileKey(fileKey: Uint8Array): Wrapped[];
}

/** Unwraps the keys of files, in the shape of age-encryption's own identities. */
export interface Unwrapper {
  /** @returns null when no stanza is for it. @throws Error for a stanza of its kind that is malformed or of low order. */
  unwrapFileKey(stanzas: readonly Wrapped[]): Buffer | null;
}

/** @param once each key is for one only, so its nonce may be always the same. */
export function wrapKey(fileKey: Uint8Array, once: Once): Buffer {
  return Buffer.concat(seal(once, fileKey));
}

/** @param body 32 bytes. @returns null when it was wrapped otherwise. */
export function unwrapKey(body: Uint8Array, once: Once): Buffer | null {
  return open(once, body);
}

/** Base64 without padding, as everywhere in a header. */
export function encodeUnpadded(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}

/** The bytes of base64 without padding, or null where it is not the only text of these bytes. */
export function decodeUnpadded(text: string): Buffer | null {
  const bytes = Buffer.from(text, "base64");
  return encodeUnpadded(bytes) === text ? bytes : null;
}

/** What one kind of key does with a secret that both ends come to. */
interface Kind {
  readonly name: string;
  readonly sentBytes: number;
  readonly send: (to: Uint8Array) => { sent: Buffer; once: Once };
  readonly receiver: (secret: Uint8Array) => (sent: Buffer) => Once;
}

// "The X25519 recipient type".
export const zeroNonce = Buffer.alloc(nonceBytes);

function classicOnce(shared: Buffer, sent: Uint8Array, to: Uint8Array): Once {
  const salt = Buffer.concat([sent, to]);
  const key = derive(shared, { salt, info: "age-encryption.org/v1/X25519", bytes: 32 });
  return { key, nonce: zeroNonce };
}

const classic: Kind = {
  name: "X25519",
  sentBytes: 32,
  send: (to) => {
    const ephemeral = x25519Secret(randomBytes(32));
    const sent = x25519PublicOf(ephemeral);
    return { sent, once: classicOnce(x25519Shared(ephemeral, to), sent, to) };
  },
  receiver: (secret) => {
    const own = x25519Secret(secret);
    const to = x25519PublicOf(own);
    return (sent) => classicOnce(x25519Shared(own, sent), sent, to);
  },
};

// "The MLKEM768-X25519 recipient type". RFC 9180 §5.1: "HPKE", the KEM's number, HKDF-SHA256, ChaCha20-Poly1305.
const hybridName = "mlkem768x25519";
const suite = Buffer.from("48504b45647a00010003", "hex");

/** RFC 9180 §4. */
function labelledExtract(salt: Uint8Array, label: string, content: string): Buffer {
  return hmacOf(salt, "HPKE-v1", suite, label, content);
}

/** RFC 9180 §5.1: the base mode, without a shared key. */
const context = Buffer.concat([
  Buffer.from([0]),
  labelledExtract(Buffer.alloc(0), "psk_id_hash", ""),
  labelledExtract(Buffer.alloc(0), "info_hash", `age-encryption.org/${hybridName}`),
]);

/** RFC 9180 §4, for at most the 32 bytes of one step of HKDF (RFC 5869 §2.3). */
function labelledExpand(secret: Uint8Array, label: string, bytes: number): Buffer {
  const parts = [Buffer.from([0, bytes]), "HPKE-v1", suite, label, context, Buffer.from([1])];
  return hmacOf(secret, ...parts).subarray(0, bytes);
}

function hybridOnce(shared: Buffer): Once {
  const secret = labelledExtract(shared, "secret", "");
  return { key: labelledExpand(secret, "key", 32), nonce: labelledExpand(secret, "base_nonce", 12) };
}

const hybrid: Kind = {
  name: hybridName,
  sentBytes: hybridSealedBytes,
  send: (to) => {
    const { secret, sealed } = hybridEncapsulate(to);
    return { sent: sealed, once: hybridOnce(secret) };
  },
  receiver: (secret) => {
    const decapsulate = hybridDecapsulator(secret);
    return (sent) => hybridOnce(decapsulate(sent));
  },
};

const kinds = { classic, hybrid };

/**
 * @param recipient `age1…` or `age1pq1…`.
 * @throws RangeError for what is none.
 */
export function wrapperFor(recipient: string): Wrapper {
  const to = readRecipient(recipient);
  if (to === null) throw new RangeError("not an age recipient");
  const { name, send } = kinds[to.kind];
  return {
    wrapFileKey: (fileKey) => {
      const { sent, once } = send(to.bytes);
      return [{ args: [name, encodeUnpadded(sent)], body: wrapKey(fileKey, once) }];
    },
  };
}

/** What was sent in a stanza of a kind. */
function sentIn({ args: [, text = "", ...more], body }: Wrapped, { name, sentBytes }: Kind): Buffer {
  const sent = decodeUnpadded(text);
  const isWhole = more.length === 0 && sent?.length === sentBytes && body.length === fileKeyBytes + tagBytes;
  if (!isWhole) throw new Error(`malformed ${name} stanza`);
  return sent;
}

/**
 * @param identity `AGE-SECRET-KEY-1…` or `AGE-SECRET-KEY-PQ-1…`.
 * @throws RangeError for what is none; nothing of it is in the error.
 */
export function unwrapperFor(identity: string): Unwrapper {
  const own = readIdentity(identity);
  if (own === null) throw new RangeError("not an age identity");
  const kind = kinds[own.kind];
  const receive = kind.receiver(own.bytes);
  return {
    unwrapFileKey: (stanzas) => {
      for (const stanza of stanzas.filter(({ args }) => args[0] === kind.name)) {
        const sent = sentIn(stanza, kind);
        const fileKey = unwrapKey(stanza.body, receive(sent));
        if (fileKey !== null) return fileKey;
      }
      return null;
    },
  };
}
