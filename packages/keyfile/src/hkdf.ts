// HKDF (RFC 5869) with SHA-256, in the one form in which it is used here.

import { createSecretKey, hkdfSync } from "node:crypto";

/** Where derived bytes grow from, and what they are for. Texts are used in UTF-8. */
export interface Derivation {
  readonly salt: string | Uint8Array;
  readonly info: string | Uint8Array;
  readonly bytes: number;
}

/** As many bytes as asked for. The same input always gives the same bytes, and none tells of another purpose's. */
export function derive(secret: Uint8Array, { salt, info, bytes }: Derivation): Buffer {
  // A key that comes as bytes takes node:crypto several times as long, here and in the other files.
  return Buffer.from(hkdfSync("sha256", createSecretKey(secret), salt, info, bytes));
}
