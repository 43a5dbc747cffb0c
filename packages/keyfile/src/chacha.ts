// ChaCha20-Poly1305 (RFC 8439) on node:crypto: what seals offers, the keys of files and the chunks of files.

import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from "node:crypto";

export const nonceBytes = 12;
export const tagBytes = 16;

/** 32 bytes of key; whoever uses it often hands it over as an object. A nonce of 12 bytes is for one use of the key. */
export interface Once {
  readonly key: Uint8Array | KeyObject;
  readonly nonce: Uint8Array;
  /** What is authenticated as well, and not sent. */
  readonly additional?: Uint8Array;
}

const algorithm = "chacha20-poly1305";
const options = { authTagLength: tagBytes } as const;

const objectOf = (key: Once["key"]) => (key instanceof Uint8Array ? createSecretKey(key) : key);

/** @returns the sealed bytes and the tag, which stand one after the other. */
export function seal({ key, nonce, additional }: Once, plain: Uint8Array): [Buffer, Buffer] {
  const cipher = createCipheriv(algorithm, objectOf(key), nonce, options);
  if (additional !== undefined) cipher.setAAD(additional, { plaintextLength: plain.length });
  const sealed = cipher.update(plain);
  cipher.final();
  return [sealed, cipher.getAuthTag()];
}

/** @param sealed ends in its tag. @returns null when it was not sealed so, or was touched. */
export function open({ key, nonce, additional }: Once, sealed: Uint8Array): Buffer | null {
  if (sealed.length < tagBytes) return null;
  const decipher = createDecipheriv(algorithm, objectOf(key), nonce, options);
  const plainBytes = sealed.length - tagBytes;
  if (additional !== undefined) decipher.setAAD(additional, { plaintextLength: plainBytes });
  decipher.setAuthTag(sealed.subarray(plainBytes));
  const plain = decipher.update(sealed.subarray(0, plainBytes));
  try {
    decipher.final();
  } catch {
    return null;
  }
  return plain;
}
