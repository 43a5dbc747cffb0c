// Files that a passphrase opens, for the age library.

import {
  decodeUnpadded,
  passphraseSaltBytes,
  stretchPassphrase,
  unwrapKey,
  wrapByPassphrase,
  zeroNonce,
} from "@lockstep/keyfile";
import { Stanza, type Identity, type Recipient } from "age-encryption";

/** A file key and its tag. */
const wrappedBytes = 32;
/** The most work that is accepted. */
const mostLogN = 20;

export function scryptRecipient(passphrase: string): Recipient {
  return {
    wrapFileKey: async (fileKey) => {
      const { args, body } = await wrapByPassphrase(fileKey, passphrase);
      return [new Stanza(args, body)];
    },
  };
}

/** A stanza that claims to be of this kind must be well formed: its arguments, and the length of its body. */
function saltOf({ args: [, text = "", logN = "", ...more], body }: Stanza): { salt: Buffer; logN: number } {
  const salt = decodeUnpadded(text);
  const isWhole = more.length === 0 && salt?.length === passphraseSaltBytes && body.length === wrappedBytes;
  if (!isWhole || !/^[1-9][0-9]?$/.test(logN) || Number(logN) > mostLogN)
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
      return unwrapKey(stanza.body, {
        key: await stretchPassphrase(passphrase, salt, logN),
        nonce: zeroNonce,
      });
    },
  };
}
