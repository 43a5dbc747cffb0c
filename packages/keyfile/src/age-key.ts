// age keys as text: Bech32 with the prefixes and lengths of age, public halves in lower case, secret ones in upper case.

import { randomBytes } from "node:crypto";

import { decodeBech32, encodeBech32 } from "./bech32.ts";
import { hybridPublicBytes, hybridPublicOf } from "./hybrid-kem.ts";
import { x25519PublicOf, x25519Secret } from "./x25519.ts";

/** X25519 (`age1…`), or hybrid with ML-KEM-768 (`age1pq1…`), which withstands quantum computers. */
export type AgeKind = "classic" | "hybrid";

const prefixes = {
  classic: { recipient: "age", identity: "age-secret-key-" },
  hybrid: { recipient: "age1pq", identity: "age-secret-key-pq-" },
} as const;
const recipientBytes = { classic: 32, hybrid: hybridPublicBytes } as const;
const identityBytes = 32;

/** What is in a key's text. */
export interface AgeKey {
  readonly kind: AgeKind;
  readonly bytes: Buffer;
}

/** A prefix ends at the 1 after it, which is in no text's own part: one of a thousand classic ones goes on with `pq`. */
function kindOf(text: string, half: "recipient" | "identity"): AgeKind {
  return text.startsWith(`${prefixes.hybrid[half]}1`) ? "hybrid" : "classic";
}

/** A public half, of 32 bytes or hybrid of 1,216; null for a text that is none. */
export function readRecipient(text: string): AgeKey | null {
  const kind = kindOf(text, "recipient");
  const bytes = decodeBech32(text, prefixes[kind].recipient, recipientBytes[kind]);
  return bytes === null ? null : { kind, bytes };
}

/** A secret half (`AGE-SECRET-KEY-1…`, `AGE-SECRET-KEY-PQ-1…`), of 32 bytes either way; null for a text that is none. */
export function readIdentity(text: string): AgeKey | null {
  if (text !== text.toUpperCase()) return null;
  const lower = text.toLowerCase();
  const kind = kindOf(lower, "identity");
  const bytes = decodeBech32(lower, prefixes[kind].identity, identityBytes);
  return bytes === null ? null : { kind, bytes };
}

export function isRecipient(text: string): boolean {
  return readRecipient(text) !== null;
}

export function isIdentity(text: string): boolean {
  return readIdentity(text) !== null;
}

/** A new secret half. */
export function newIdentity(kind: AgeKind): string {
  return encodeBech32(prefixes[kind].identity, randomBytes(identityBytes)).toUpperCase();
}

/**
 * The public half that belongs to a secret one.
 * @throws RangeError for what is none; nothing of it is in the error.
 */
export function recipientOf(identity: string): string {
  const key = readIdentity(identity);
  if (key === null) throw new RangeError("not an age identity");
  const { kind, bytes } = key;
  const half = kind === "hybrid" ? hybridPublicOf(bytes) : x25519PublicOf(x25519Secret(bytes));
  return encodeBech32(prefixes[kind].recipient, half);
}
