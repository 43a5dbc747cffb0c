// X25519 (RFC 7748) on node:crypto, which takes keys of 32 bytes only in DER (RFC 8410).

import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from "node:crypto";

const beforeSecret = Buffer.from("302e020100300506032b656e04220420", "hex");
const beforePublic = Buffer.from("302a300506032b656e032100", "hex");

/** @param bytes 32 of them; anything goes. */
export function x25519Secret(bytes: Uint8Array): KeyObject {
  const key = Buffer.concat([beforeSecret, bytes]);
  return createPrivateKey({ key, format: "der", type: "pkcs8" });
}

/** The 32 bytes of the public half. */
export function x25519PublicOf(secret: KeyObject): Buffer {
  // As JWK, because DER takes twenty times as long.
  return Buffer.from(secret.export({ format: "jwk" }).x ?? "", "base64url");
}

/**
 * What both ends share.
 * @param share the other end's 32 public bytes.
 * @throws Error for a share of low order (RFC 7748 §6.1: nothing but zeros is shared with it).
 */
export function x25519Shared(secret: KeyObject, share: Uint8Array): Buffer {
  const key = Buffer.concat([beforePublic, share]);
  const publicKey = createPublicKey({ key, format: "der", type: "spki" });
  return diffieHellman({ privateKey: secret, publicKey });
}
