// The stanza of a passphrase (c2sp.org/age, "The scrypt recipient type") on node:crypto: it takes a second even so.

import { randomBytes, scrypt } from "node:crypto";

import { decodeUnpadded, encodeUnpadded, unwrapKey, wrapKey, zeroNonce } from "@lockstep/keyfile";
import { Stanza, type Identity, type Recipient } from "age-encryption";

/** A file key and its tag. */
const wrappedBytes = 32;
const saltBytes = 16;
/** The work that age itself puts in, and the most that is accepted: each step up doubles time and memory (1 GiB at 20). */
const workFactor = { own: 18, most: 20 } as const;

async function stretch(passphrase: string, salt: Uint8Array, logN: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const labelled = Buffer.concat([Buffer.from("age-encryption.org/v1/scrypt"), salt]);
  const options = { N: 2 ** logN, r: 8, p: 1, maxmem: 2 ** (logN + 11) };
  scrypt(passphrase, labelled, 32, options, (error, key) => (error === null ? resolve(key) : reject(error)));
  return promise;
}

export function scryptRecipient(passphrase: string): Recipient {
  return {
    wrapFileKey: async (fileKey) => {
      const salt = randomBytes(saltBytes);
      const key = await stretch(passphrase, salt, workFactor.own);
      return [
        new Stanza(
          ["scrypt", encodeUnpadded(salt), String(workFactor.own)],
          wrapKey(fileKey, { key, nonce: zeroNonce }),
        ),
      ];
    },
  };
}

/** A stanza that claims to be of this kind must be well formed: its arguments, and the length of its body. */
function saltOf({ args: [, text = "", logN = "", ...more], body }: Stanza): { salt: Buffer; logN: number } {
  const salt = decodeUnpadded(text);
  const isWhole = more.length === 0 && salt?.length === saltBytes && body.length === wrappedBytes;
  if (!isWhole || !/^[1-9][0-9]?$/.test(logN) || Number(logN) > workFactor.most)
    throw new Error("malformed scrypt stanza");
  return { salt, logN: Number(logN) };
}

export function scryptIdentity(passphrase: string): Identity {
  return {
    unwrapFileKey: async (stanzas) => {
      const stanza = stanzas.find(({ args }) => args[0] === "scrypt");
      if (stanza === undefined) return null;
      if (stanzas.length !== 1) throw new Error("scrypt is not the only stanza");
      const { salt, logN } = saltOf(stanza);
      return unwrapKey(stanza.body, { key: await stretch(passphrase, salt, logN), nonce: zeroNonce });
    },
  };
}
