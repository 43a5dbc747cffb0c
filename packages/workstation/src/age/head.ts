// What stands before the payload of an age file: the header, which holds the file key for each recipient, and the nonce.
// age-encryption writes, parses and authenticates the header; its payload cipher is not used.

import { randomBytes, type KeyObject } from "node:crypto";

import { payloadKey, payloadNonceBytes, tagBytes, unwrapperFor, wrapperFor } from "@lockstep/keyfile";
import { Decrypter, Encrypter, type Recipient, type Stanza } from "age-encryption";

import { WorkstationRefusal } from "../refusal.ts";
import { scryptIdentity, scryptRecipient } from "./scrypt.ts";
import type { Source } from "./source.ts";

/** Who can open a new file: the holders of keys (`age1…`), or whoever knows a passphrase. */
export type Lock = { readonly recipients: readonly string[] } | { readonly passphrase: string };

/** What opens files: identities (`AGE-SECRET-KEY-…`), and a passphrase for files from outside. */
export interface Keys {
  readonly identities: readonly string[];
  readonly passphrase?: string;
}

/** Well over a thousand recipients of the classic kind. What is longer keeps a workstation busy and is refused. */
const longestHeaderBytes = 128 * 1024;
const firstLine = "age-encryption.org/v1\n";
/** A line end, `--- ` and 32 bytes in base64. */
const macLineBytes = 1 + 4 + 43;

function addLock(encrypter: Encrypter, lock: Lock): void {
  if ("passphrase" in lock) {
    encrypter.addRecipient(scryptRecipient(lock.passphrase));
    return;
  }
  if (lock.recipients.length === 0) throw new RangeError("a file without recipients could never be opened");
  for (const recipient of lock.recipients) encrypter.addRecipient(wrapperFor(recipient));
}

export interface Head {
  /** The header and the nonce. */
  readonly bytes: Buffer;
  /** What the payload is sealed with. */
  readonly key: KeyObject;
}

/**
 * The head of a new file. Each is for one payload only.
 * @throws RangeError for no recipients, and for one that is none.
 */
export async function sealHead(lock: Lock): Promise<Head> {
  const encrypter = new Encrypter();
  addLock(encrypter, lock);
  // The library makes the file key and tells it to recipients only, so one that adds nothing to the header listens.
  let fileKey = new Uint8Array(0);
  const listener: Recipient = {
    wrapFileKey: (key) => {
      fileKey = Uint8Array.from(key);
      return [];
    },
  };
  encrypter.addRecipient(listener);
  const empty = await encrypter.encrypt(new Uint8Array(0));
  const header = empty.subarray(0, empty.length - payloadNonceBytes - tagBytes);
  const nonce = randomBytes(payloadNonceBytes);
  return { bytes: Buffer.concat([header, nonce]), key: payloadKey(fileKey, nonce) };
}

/** Takes the header off a source: until the end of the line of its MAC. */
async function takeHeader(source: Source): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  for (let step = 4096; ; step *= 2) {
    const more = Buffer.alloc(step);
    const filled = await source.fill(more);
    bytes = Buffer.concat([bytes, more.subarray(0, filled)]);
    if (bytes.toString("latin1", 0, firstLine.length) !== firstLine)
      throw new WorkstationRefusal("not-encrypted");
    const mac = bytes.indexOf("\n--- ");
    const end = mac < 0 ? -1 : bytes.indexOf("\n", mac + 1);
    if (end >= 0) {
      if (end !== mac + macLineBytes) throw damagedHeader();
      source.giveBack(bytes.subarray(end + 1));
      return bytes.subarray(0, end + 1);
    }
    if (filled < step || bytes.length > longestHeaderBytes) throw damagedHeader();
  }
}

function damagedHeader(cause?: unknown): WorkstationRefusal {
  return new WorkstationRefusal("file-damaged", { detail: "header", cause });
}

function decrypterOf({ identities, passphrase }: Keys): Decrypter {
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(unwrapperFor(identity));
  if (passphrase !== undefined) decrypter.addIdentity(scryptIdentity(passphrase));
  return decrypter;
}

function refusalWithoutKey(stanzas: readonly Stanza[], { passphrase }: Keys): WorkstationRefusal {
  if (!stanzas.some(({ args }) => args[0] === "scrypt")) return new WorkstationRefusal("key-missing");
  return new WorkstationRefusal(passphrase === undefined ? "passphrase-needed" : "passphrase-wrong");
}

/**
 * Takes the head off a source, which then stands at the payload.
 * @throws WorkstationRefusal `not-encrypted`, `key-missing`, `passphrase-needed`, `passphrase-wrong` or `file-damaged`;
 * RangeError for an identity that is none.
 */
export async function openHead(source: Source, keys: Keys): Promise<KeyObject> {
  const decrypter = decrypterOf(keys);
  // Asked last, when no key has opened the file.
  decrypter.addIdentity({
    unwrapFileKey: (stanzas) => {
      throw refusalWithoutKey(stanzas, keys);
    },
  });
  const header = await takeHeader(source);
  const fileKey = await decrypter.decryptHeader(header).catch((error: unknown) => {
    throw error instanceof WorkstationRefusal ? error : damagedHeader(error);
  });
  const nonce = Buffer.alloc(payloadNonceBytes);
  if ((await source.fill(nonce)) < nonce.length) throw damagedHeader();
  return payloadKey(fileKey, nonce);
}
