// SHA-256 in the two ways in which the format writes it: digests in hexadecimal, thumbprints in base64url.

import { createHash } from "node:crypto";

/** SHA-256 of bytes, or of a text in UTF-8, as 64 lower-case hexadecimal digits. */
export function digestOf(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** The bytes of base64url without padding (RFC 4648 §5), or null where another text would give the same bytes. */
export function bytesOfBase64url(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : null;
}
