// HMAC (RFC 2104) with SHA-256, over parts that stand one after the other. Texts are used in UTF-8.

import { createHmac, createSecretKey } from "node:crypto";

/** 32 bytes. */
export function hmacOf(key: Uint8Array, ...parts: readonly (string | Uint8Array)[]): Buffer {
  const hmac = createHmac("sha256", createSecretKey(key));
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}
