// The key-encryption key at the start of the server: it is made for a new installation, and never for one that has
// lost it, because a new key would open nothing.

import type { Database } from "../../db/database.ts";
import { OperatorError } from "../../db/operator-error.ts";
import { findBreak } from "./canary.ts";
import { makeKeyFile } from "./key-encryption-file.ts";
import { openKeyEncryption, type KeyEncryption } from "./sealing.ts";
import { listNeededKekVersions, sampleSealed } from "./store.ts";

/** Of what is sealed under each version in each table; a single damaged piece keeps no server from starting. */
const limit = 10;

/**
 * Makes the file if the database has no sealed material yet.
 * @throws OperatorError `key-encryption-key-missing` when what is sealed could not be opened,
 *   `key-encryption-key-invalid` when the file cannot be used.
 */
export async function loadKeyEncryption({
  file,
  database,
}: {
  file: string;
  database: Database;
}): Promise<KeyEncryption> {
  const needed = await database.snapshot(listNeededKekVersions);
  if (needed.length === 0) makeKeyFile(file);
  const keyEncryption = openKeyEncryption(file);
  for (const version of needed) {
    if (!keyEncryption.versions.includes(version)) throw lacks(file, version);
    if (!(await opensAny(database, keyEncryption, version))) throw isAnother(file, version);
  }
  return keyEncryption;
}

async function opensAny(
  database: Database,
  keyEncryption: KeyEncryption,
  kekVersion: number,
): Promise<boolean> {
  const sample = await database.snapshot((snapshot) => sampleSealed(snapshot, { limit, kekVersion }));
  const found = await Promise.all(sample.map((piece) => findBreak(keyEncryption, piece)));
  return found.length === 0 || found.includes(null);
}

function lacks(file: string, version: number): OperatorError {
  return new OperatorError({
    code: "key-encryption-key-missing",
    sentence: `the file of the key-encryption key, ${file}, lacks version ${version}, under which encryption keys in the database are sealed`,
    hint: "put back a copy of the file that has this version",
  });
}

function isAnother(file: string, version: number): OperatorError {
  return new OperatorError({
    code: "key-encryption-key-missing",
    sentence: `the file of the key-encryption key, ${file}, has another version ${version} than the one under which encryption keys in the database are sealed`,
    hint: "put back the file that belongs to this database",
  });
}
