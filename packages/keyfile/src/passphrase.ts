// The stanza of a passphrase (c2sp.org/age, "The scrypt recipient type") on node:crypto: it takes a second even so.

import { randomBytes, scrypt } from "node:crypto";

import { encodeUnpadded, wrapKey, zeroNonce } from "./stanza.ts";

export const passphraseSaltBytes = 16;
/** The work that age itself puts in; each step up doubles time and memory (1 GiB at 20). */
const ownLogN = 18;

/** @param logN the power of two that is the work. */
export async function stretchPassphrase(passphrase: string, salt: Uint8Array, logN: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const labelled = Buffer.concat([Buffer.from("age-encryption.org/v1/scrypt"), salt]);
  const options = { N: 2 ** logN, r: 8, p: 1, maxmem: 2 ** (logN + 11) };
  scrypt(passphrase, labelled, 32, options, (error, key) => (error === null ? resolve(key) : reject(error)));
  return promise;
}

/** A file key for whoever has the passphrase: what is in the stanza. */
export async function wrapByPassphrase(
  fileKey: Uint8Array,
  passphrase: string,
): Promise<{ args: string[]; body: Uint8Array }> {
  const salt = randomBytes(passphraseSaltBytes);
  const key = await stretchPassphrase(passphrase, salt, ownLogN);
  const args = ["scrypt", encodeUnpadded(salt), String(ownLogN)];
  return { args, body: wrapKey(fileKey, { key, nonce: zeroNonce }) };
}
