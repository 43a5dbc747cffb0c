// Opens a compact JWE (RFC 7516) of the one kind that is sealed here: A256KW with A256GCM. jose would do it in several
// turns of its thread pool, and a bulk post opens a hundred thousand.

import { createDecipheriv, createSecretKey, type KeyObject } from "node:crypto";

const tagBytes = 16;
const nonceBytes = 12;
/** RFC 3394 §2.2.3.1. */
const wrapStart = Buffer.alloc(8, 0xa6);

/** The wrapped key (RFC 3394). @throws Error when it was not wrapped with this key. */
export function unwrap(key: KeyObject, wrapped: Uint8Array): Buffer {
  // RFC 3394 §2.2.2: two blocks at least, after their check. node:crypto unwraps nothing at all to nothing.
  if (wrapped.length < 24) throw new Error("too short for a wrapped key");
  const decipher = createDecipheriv("id-aes256-wrap", key, wrapStart);
  return Buffer.concat([decipher.update(wrapped), decipher.final()]);
}

/** What AES-256-GCM has sealed, and where it is bound to. */
export interface GcmSealed {
  readonly nonce: Uint8Array;
  readonly additional: Uint8Array;
  readonly sealed: Uint8Array;
  readonly tag: Uint8Array;
}

/** @throws Error when it is not as it was sealed, and for a nonce or a tag of another length (RFC 7518 §5.3). */
export function openGcm(key: KeyObject, { nonce, additional, sealed, tag }: GcmSealed): Buffer {
  if (nonce.length !== nonceBytes || tag.length !== tagBytes) throw new Error("not of A256GCM");
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(additional);
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(sealed), decipher.final()]);
}

/**
 * RFC 7516 §5.2.
 * @param readHeader gives what is wanted of the header, and throws for one of another kind.
 * @throws Error for whatever is not as it was sealed.
 */
export function openJwe<Header>(
  material: string,
  key: KeyObject,
  readHeader: (header: unknown) => Header,
): { header: Header; plaintext: Buffer } {
  const texts = material.split(".");
  const parts = texts.map((text) => Buffer.from(text, "base64url"));
  // RFC 4648 §3.5: the last bits of a part need not mean anything, so without this some altered characters would pass.
  if (parts.some((part, at) => part.toString("base64url") !== texts[at])) throw new Error("not base64url");
  const [head, wrapped, nonce, sealed, tag, ...more] = parts;
  if (!head || !wrapped || !nonce || !sealed || !tag || more.length > 0) throw new Error("not a compact JWE");
  const header = readHeader(JSON.parse(head.toString("utf8")));
  const contentKey = createSecretKey(unwrap(key, wrapped));
  const additional = Buffer.from(texts[0] ?? "");
  return { header, plaintext: openGcm(contentKey, { nonce, additional, sealed, tag }) };
}
