// The two kinds of stanza that are worth node:crypto's speed: X25519 (c2sp.org/age, "The X25519 recipient type"), because
// a workstation tries all keys that it holds, and scrypt, which takes a second even so. age-encryption does the others.

import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  randomBytes,
  scrypt,
  type KeyObject,
} from "node:crypto";

import { Stanza, type Identity, type Recipient } from "age-encryption";

const cipherName = "chacha20-poly1305";
const tagBytes = 16;
const fileKeyBytes = 16;
/** A wrapping key wraps once, so its nonce is always the same. */
const zeroNonce = Buffer.alloc(12);

// What stands before the 32 bytes of an X25519 key in DER (RFC 8410).
const privatePrefix = Buffer.from("302e020100300506032b656e04220420", "hex");
const publicPrefix = Buffer.from("302a300506032b656e032100", "hex");

/** Strict base64 without padding, as everywhere in a header. @throws Error for anything else, and another length. */
function decode(text: string | undefined, bytes: number): Buffer {
  const decoded = Buffer.from(text ?? "", "base64");
  const isCanonical = decoded.toString("base64").replace(/=+$/, "") === text;
  if (!isCanonical || decoded.length !== bytes) throw new Error("malformed stanza");
  return decoded;
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replace(/=+$/, "");
}

function wrap(fileKey: Uint8Array, key: Uint8Array): Buffer {
  const cipher = createCipheriv(cipherName, key, zeroNonce, { authTagLength: tagBytes });
  return Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
}

function unwrap(body: Uint8Array, key: Uint8Array): Buffer | null {
  const decipher = createDecipheriv(cipherName, key, zeroNonce, { authTagLength: tagBytes });
  decipher.setAuthTag(body.subarray(fileKeyBytes));
  const fileKey = decipher.update(body.subarray(0, fileKeyBytes));
  try {
    decipher.final();
  } catch {
    return null;
  }
  return fileKey;
}

/** A stanza that claims to be of a kind must be well formed: its number of arguments, and the length of its body. */
function ofKind(stanzas: readonly Stanza[], kind: string, args: number): Stanza[] {
  const found = stanzas.filter((stanza) => stanza.args[0] === kind);
  const isMalformed = ({ args: { length }, body }: Stanza): boolean =>
    length !== args || body.length !== fileKeyBytes + tagBytes;
  if (found.some(isMalformed)) throw new Error(`malformed ${kind} stanza`);
  return found;
}

const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/** The 32 bytes of an identity that is known to be one: five bits a character, after its prefix (BIP 173). */
function scalarOf(identity: string): Buffer {
  const scalar = Buffer.alloc(32);
  let value = 0n;
  for (const character of identity.toLowerCase().slice(-58, -6)) {
    value = (value << 5n) | BigInt(alphabet.indexOf(character));
  }
  // 52 characters are 260 bits: the last four fill up.
  scalar.write((value >> 4n).toString(16).padStart(64, "0"), "hex");
  return scalar;
}

interface X25519Key {
  readonly secret: KeyObject;
  readonly recipient: Buffer;
}

function x25519Key(identity: string): X25519Key {
  const der = Buffer.concat([privatePrefix, scalarOf(identity)]);
  const secret = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const spki = createPublicKey(secret).export({ format: "der", type: "spki" });
  return { secret, recipient: spki.subarray(publicPrefix.length) };
}

/** Tries every X25519 stanza with every one of these identities (`AGE-SECRET-KEY-1…`, known to be well formed). */
export function x25519Identities(identities: readonly string[]): Identity {
  return {
    unwrapFileKey: (stanzas) => {
      const keys = identities.map(x25519Key);
      for (const { args, body } of ofKind(stanzas, "X25519", 2)) {
        const share = decode(args[1], 32);
        const der = Buffer.concat([publicPrefix, share]);
        const publicKey = createPublicKey({ key: der, format: "der", type: "spki" });
        for (const { secret, recipient } of keys) {
          // It throws for a share of low order, as it must.
          const shared = diffieHellman({ privateKey: secret, publicKey });
          const salt = Buffer.concat([share, recipient]);
          const key = Buffer.from(hkdfSync("sha256", shared, salt, "age-encryption.org/v1/X25519", 32));
          const fileKey = unwrap(body, key);
          if (fileKey !== null) return fileKey;
        }
      }
      return null;
    },
  };
}

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
      return [new Stanza(["scrypt", encode(salt), String(workFactor.own)], wrap(fileKey, key))];
    },
  };
}

export function scryptIdentity(passphrase: string): Identity {
  return {
    unwrapFileKey: async (stanzas) => {
      const [stanza] = ofKind(stanzas, "scrypt", 3);
      if (stanza === undefined) return null;
      if (stanzas.length !== 1) throw new Error("scrypt is not the only stanza");
      const logN = stanza.args[2] ?? "";
      if (!/^[1-9][0-9]?$/.test(logN) || Number(logN) > workFactor.most)
        throw new Error("malformed work factor");
      return unwrap(stanza.body, await stretch(passphrase, decode(stanza.args[1], saltBytes), Number(logN)));
    },
  };
}
