// Boxes: a signed object, padded and sealed to one recipient as a standard age v1 file. The signature is inside and names
// the recipient, so nobody who opens a box can pass it on as meant for somebody else.

import {
  Decrypter,
  Encrypter,
  generateHybridIdentity,
  generateX25519Identity,
  identityToRecipient,
} from "age-encryption";

import { digestOf } from "./digest.ts";
import { pad, unpad } from "./padding.ts";

/** A sealed box is at most as large as what a relay takes. */
export const boxSizeBytes = 256 * 1024;

/** `identity` is the secret half (`AGE-SECRET-KEY-PQ-1…`), `recipient` the public one (`age1pq1…`). */
export interface BoxKey {
  readonly identity: string;
  readonly recipient: string;
}

/**
 * A new box key: ML-KEM-768 with X25519, since a relay may keep boxes until there are quantum computers. The classic kind
 * opens faster and suits what may be read by then.
 */
export async function newBoxKey(kind: "hybrid" | "classic" = "hybrid"): Promise<BoxKey> {
  const identity = await (kind === "hybrid" ? generateHybridIdentity() : generateX25519Identity());
  return { identity, recipient: await identityToRecipient(identity) };
}

/**
 * Seals a JWS to one recipient.
 * @returns an age v1 file, at most 256 KiB.
 * @throws RangeError for a JWS above 192 KiB.
 */
export async function sealBox(jws: string, recipient: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(pad(jws));
}

/** The secret halves that open boxes: the one that was announced last and, until a box came under it, the former one. */
export interface BoxIdentities {
  readonly current: string;
  readonly previous?: string;
}

/** What came out of a box, for `accept` to judge. */
export interface Opened {
  /** The digest of the box as it arrived: what a rejection is reported under. */
  readonly blobHash: string;
  /** The JWS, not verified yet; null when the box did not open. */
  readonly jws: string | null;
  /** Which key opened it. A box under `current` shows that the server has it, and `previous` may go. */
  readonly by: keyof BoxIdentities | null;
}

// Exactly one stanza, and of a kind that asks for no work: thousands of them, or a passphrase with work factor 63, would
// keep a workstation busy before anything is verified.
const header =
  /^age-encryption[.]org\/v1\n-> (?:mlkem768x25519 [A-Za-z0-9+/]{1494}|X25519 [A-Za-z0-9+/]{43})\n[A-Za-z0-9+/]{43}\n--- [A-Za-z0-9+/]{43}\n/;
const headerBytes = 2048;

async function decrypt(blob: Uint8Array, identity: string): Promise<Uint8Array | null> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(blob);
  } catch {
    return null;
  }
}

/**
 * Opens a box with whichever key fits. Never throws for what is in the box: limits, header, recipient, authenticity and
 * padding that do not fit all give a null `jws`.
 * @throws Error for identities that are none.
 */
export async function openBox(blob: Uint8Array, { current, previous }: BoxIdentities): Promise<Opened> {
  const blobHash = digestOf(blob);
  const closed: Opened = { blobHash, jws: null, by: null };
  if (blob.length > boxSizeBytes) return closed;
  if (!header.test(Buffer.from(blob.subarray(0, headerBytes)).toString("latin1"))) return closed;
  const candidates = [["current", current] as const, ["previous", previous] as const];
  for (const [by, identity] of candidates) {
    const plain = identity === undefined ? null : await decrypt(blob, identity);
    const jws = plain === null ? null : unpad(plain);
    if (jws !== null) return { blobHash, jws, by };
  }
  return closed;
}
