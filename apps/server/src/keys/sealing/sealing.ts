// The key-encryption key seals what must not be readable in the database. Each piece is bound to its row: it opens
// nowhere else, so that whoever edits a stolen database cannot pass one piece off as another.

import type { KeyObject } from "node:crypto";

import type { Id, OrganisationId } from "@lockstep/core";
import { CompactEncrypt } from "jose";
import { z } from "zod";

import { openJwe } from "./jwe.ts";
import {
  addKeyVersion,
  dropKeyVersions,
  markOf,
  readKeyRing,
  type Dropping,
  type KeyRing,
} from "./key-encryption-file.ts";
import type { SealedPurpose, SealedTable } from "./tables.ts";

/** The row that a sealed piece belongs to, and what it is there for. */
export interface Binding {
  readonly organisationId: OrganisationId;
  readonly table: SealedTable;
  readonly rowId: Id<string>;
  readonly purpose: SealedPurpose;
  /** Of the row's versions; 1 where an id has one row. */
  readonly version: number;
}

/** A piece as it is stored: a compact JWE, and the version that it is sealed under in a column of its own. */
export interface Sealed {
  readonly material: string;
  readonly kekVersion: number;
}

/** Where the key-encryption key is, and all that it is used for. */
export interface KeyEncryption {
  /** Under which everything is sealed from now on; the highest. */
  readonly currentVersion: number;
  /** Every version that opens what was sealed under it, ascending. */
  readonly versions: readonly number[];
  seal(binding: Binding, plaintext: Uint8Array): Promise<Sealed>;
  /** @throws SealBroken when it is not what was sealed for this row, or was sealed under an unknown version. */
  open(binding: Binding, sealed: Sealed): Promise<Uint8Array>;
  /** Looks again at what is kept outside the database. @throws OperatorError when it can no longer be read. */
  refresh(): void;
  /** Makes a new current version and keeps the former ones. It is safe on the disk before anything uses it. */
  addVersion(): number;
  /** Forgets former versions for ever; `dropUnusedVersions` knows which nobody needs. */
  dropVersions(dropping: Dropping): number[];
}

const breaks = {
  altered: "it is not what was sealed",
  "other-row": "it was sealed for another row",
  "unknown-version": "the key-encryption key does not have the version that it was sealed under",
} as const;

/** A sealed piece does not open. Nothing of it, and nothing of a key, is in here. */
export class SealBroken extends Error {
  readonly reason: keyof typeof breaks;
  readonly binding: Binding;

  constructor(reason: keyof typeof breaks, binding: Binding) {
    super(`what is sealed for ${boundTo(binding)} does not open: ${breaks[reason]}`);
    this.name = "SealBroken";
    this.reason = reason;
    this.binding = binding;
  }
}

/** No part can hold the separator: ids, words of ours and a number. */
function boundTo({ organisationId, table, rowId, purpose, version }: Binding): string {
  return [organisationId, table, rowId, purpose, version].join("|");
}

const alg = "A256KW";
const enc = "A256GCM";
const header = z.strictObject({ alg: z.literal(alg), enc: z.literal(enc), kid: z.string(), row: z.string() });
/** @throws OperatorError `key-encryption-key-missing` or `key-encryption-key-invalid`. */
export function openKeyEncryption(file: string): KeyEncryption {
  return new FileKeyEncryption(file);
}

function opened(binding: Binding, material: string, key: KeyObject): Uint8Array {
  let found: { header: z.output<typeof header>; plaintext: Buffer };
  try {
    found = openJwe(material, key, (head) => header.parse(head));
  } catch {
    throw new SealBroken("altered", binding);
  }
  if (found.header.row !== boundTo(binding)) throw new SealBroken("other-row", binding);
  return new Uint8Array(found.plaintext);
}

class FileKeyEncryption implements KeyEncryption {
  readonly #file: string;
  #ring: KeyRing;

  constructor(file: string) {
    this.#file = file;
    this.#ring = readKeyRing(file);
  }

  get currentVersion(): number {
    return this.#fresh().current;
  }

  get versions(): readonly number[] {
    return [...this.#fresh().keys.keys()];
  }

  async seal(binding: Binding, plaintext: Uint8Array): Promise<Sealed> {
    const { current, keys } = this.#fresh();
    const material = await new CompactEncrypt(plaintext)
      .setProtectedHeader({ alg, enc, kid: String(current), row: boundTo(binding) })
      .encrypt(keyOf(keys, current));
    return { material, kekVersion: current };
  }

  async open(binding: Binding, { material, kekVersion }: Sealed): Promise<Uint8Array> {
    // Another server may have added it.
    if (!this.#ring.keys.has(kekVersion)) this.#fresh();
    const key = this.#ring.keys.get(kekVersion);
    if (key === undefined) throw new SealBroken("unknown-version", binding);
    return Promise.resolve(opened(binding, material, key));
  }

  addVersion(): number {
    addKeyVersion(this.#file);
    return this.currentVersion;
  }

  dropVersions(dropping: Dropping): number[] {
    return dropKeyVersions(this.#file, dropping);
  }

  refresh(): void {
    this.#fresh();
  }

  /** What the file holds now; several servers may share it. */
  #fresh(): KeyRing {
    if (markOf(this.#file) !== this.#ring.mark) this.#ring = readKeyRing(this.#file);
    return this.#ring;
  }
}

function keyOf<Key>(keys: ReadonlyMap<number, Key>, version: number): Key {
  const key = keys.get(version);
  if (key === undefined) throw new Error("the file was read without its current version");
  return key;
}
