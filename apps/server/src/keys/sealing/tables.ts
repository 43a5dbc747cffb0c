// Every table that holds something sealed. What is in this list is sealed anew under a new version of the key-encryption
// key, keeps the versions it needs, and is sampled by the canary. Each has the columns `organisation_id`, `material` (a
// compact JWE, null where there is none) and `kek_version`.

import { recipientOf, signingKeyFrom } from "@lockstep/keyfile";

export interface SealedTableShape {
  /** What the secret is there for; part of what it is bound to, so for ever. */
  readonly purpose: string;
  /** The column of UUIDs that, with the organisation, names a row. */
  readonly id: string;
  /** The column that counts the versions of one id from 1; null where an id has one row. */
  readonly version: string | null;
  /** The column with the public half in the clear, and how it follows from the secret; null where there is none. */
  readonly publicHalf: {
    readonly column: string;
    readonly of: (plaintext: Uint8Array) => string;
  } | null;
}

const text = (plaintext: Uint8Array) => Buffer.from(plaintext).toString("utf8");
const recipientIn = (plaintext: Uint8Array) => recipientOf(text(plaintext));

export const sealedTables = {
  /** An age identity, as text. */
  key_versions: {
    purpose: "encryption-key",
    id: "key_id",
    version: "version",
    publicHalf: { column: "recipient", of: recipientIn },
  },
  /** The 32 bytes of an Ed25519 seed. */
  signing_keys: {
    purpose: "signing-key",
    id: "id",
    version: null,
    publicHalf: { column: "public_x", of: (seed) => signingKeyFrom(seed).x },
  },
  /** An age identity, as text. */
  reply_keys: {
    purpose: "reply-key",
    id: "id",
    version: null,
    publicHalf: { column: "recipient", of: recipientIn },
  },
  /** 32 random bytes. */
  machine_keys: { purpose: "machine-key", id: "id", version: null, publicHalf: null },
  /** What grew from a code, as JSON (activations/secrets.ts). */
  activation_codes: { purpose: "activation-code", id: "id", version: null, publicHalf: null },
  /** The secrets of an activation's mailboxes, as JSON (activations/secrets.ts). */
  activations: { purpose: "activation", id: "id", version: null, publicHalf: null },
  /** The password of the account that reads, as text. */
  directories: { purpose: "directory-password", id: "id", version: null, publicHalf: null },
  /** The password with which mails are handed over, as text. */
  mail_servers: { purpose: "mail-password", id: "id", version: null, publicHalf: null },
  /** What an authenticator app and the server share, in base32. */
  second_factors: { purpose: "second-factor", id: "id", version: null, publicHalf: null },
  /** The secret with which the server shows itself to the provider, as text. */
  single_sign_on: { purpose: "client-secret", id: "id", version: null, publicHalf: null },
  /** The secret of the link in a mail that waits, as text; of the last mail to somebody the name and address, as JSON. */
  mails: { purpose: "mail-link", id: "id", version: null, publicHalf: null },
} as const satisfies Readonly<Record<string, SealedTableShape>>;

export type SealedTable = keyof typeof sealedTables;
export type SealedPurpose = (typeof sealedTables)[SealedTable]["purpose"];
export const sealedTableNames = Object.keys(sealedTables) as SealedTable[];

/** The entry as any entry: the functions over all tables ask no more of it. */
export function shapeOf(table: SealedTable): SealedTableShape {
  return sealedTables[table];
}
