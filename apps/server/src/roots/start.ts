// Roots at the start of the server: the holder's key is made for a new installation and for no other, and organisations
// from before there were roots get theirs.

import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { OperatorError } from "../db/operator-error.ts";
import { ensureRoot, isHolderOf, type RootMaking } from "./commands.ts";
import { makeRootKeyFile, openRootHolder, type RootHolder } from "./root-key-file.ts";
import { listOrganisationsWithoutRoot, listSomeRoots } from "./store.ts";

/**
 * Makes the file if the database has no roots yet. Later it may be away: what needs it refuses then.
 * @throws OperatorError `root-key-invalid` when the file is there and cannot be used, `root-key-of-another-database` when
 *   the roots in the database were signed with another key.
 */
export async function loadRootHolder({
  file,
  database,
}: {
  file: string;
  database: Database;
}): Promise<RootHolder> {
  const roots = await database.snapshot(listSomeRoots);
  if (roots.length === 0) makeRootKeyFile(file);
  const holder = openRootHolder(file);
  const key = holder.find();
  if (key !== null && !isHolderOf(roots, key)) throw isAnother(file);
  return holder;
}

/** @returns how many organisations still have none, because the holder's key is away. */
export async function ensureRoots({
  database,
  clock,
  ...making
}: RootMaking & { readonly database: Database; readonly clock: Clock }): Promise<number> {
  const lacking = await database.snapshot(listOrganisationsWithoutRoot);
  if (lacking.length > 0 && making.rootHolder.find() === null) return lacking.length;
  const writing = { database, clock, doer: { role: "system", userId: null }, ...making };
  for (const organisationId of lacking) await ensureRoot(writing, organisationId);
  return 0;
}

function isAnother(file: string): OperatorError {
  return new OperatorError({
    code: "root-key-of-another-database",
    sentence: `the file of the root holder's key, ${file}, holds another key than the one that signed the roots in the database`,
    hint: "put back the file that belongs to this database, or take this one away to run without it",
  });
}
