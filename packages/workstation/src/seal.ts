// Sealing at rest: a value as a compact JWE (RFC 7516) under a key of 32 bytes, with one algorithm and no other.

import { CompactEncrypt, compactDecrypt } from "jose";

const header = { alg: "dir", enc: "A256GCM" } as const;

/** A value that JSON carries, sealed. */
export async function sealUnder(key: Uint8Array, value: unknown): Promise<string> {
  return new CompactEncrypt(Buffer.from(JSON.stringify(value))).setProtectedHeader(header).encrypt(key);
}

/** What was sealed, or undefined when it is another key's, or was touched. */
export async function openUnder(key: Uint8Array, sealed: string): Promise<unknown> {
  try {
    const { plaintext } = await compactDecrypt(sealed, key, {
      keyManagementAlgorithms: [header.alg],
      contentEncryptionAlgorithms: [header.enc],
    });
    return JSON.parse(Buffer.from(plaintext).toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}
