// Asks a directory whether a password is somebody's. Who that is says the immutable id: under the same name there may be
// somebody else by now. So the account that reads looks for the entry first, and only then the password goes out.

import type { OrganisationId } from "@lockstep/core";
import { AndFilter, EqualityFilter, FilterParser } from "ldapts";

import type { Database } from "../../db/database.ts";
import type { KeyEncryption } from "../../keys/sealing/sealing.ts";
import { openAccess, queryOf } from "../access.ts";
import { loadDirectory, type Directory } from "../connections/store.ts";
import { withDirectory, type Connection } from "../ldap/connection.ts";
import { unitsBelow } from "../ldap/dn.ts";
import { entryOf } from "../ldap/entry.ts";
import { DirectoryFailed } from "../ldap/failure.ts";
import { attributesOf, presets } from "../ldap/presets.ts";
import type { Entry } from "../plan.ts";
import type { DirectoryId } from "../store.ts";

interface Whose {
  readonly organisationId: OrganisationId;
  readonly directoryId: DirectoryId;
  readonly objectId: string;
}

/**
 * A directory that cannot be asked, or not in time, says no.
 * @param answerAt as `performance.now` counts.
 */
export async function isPasswordThere(
  { database, keyEncryption }: { database: Database; keyEncryption: KeyEncryption },
  { organisationId, directoryId, objectId }: Whose,
  { password, answerAt }: { password: string; answerAt: number },
): Promise<boolean> {
  const directory = await database.read((reader) => loadDirectory(reader, organisationId, directoryId));
  const access = await openAccess(keyEncryption, directory);
  const asking = withDirectory(access, async (connection) => {
    const entry = await findEntry(connection, directory, objectId);
    if (entry === undefined || entry.isDisabled) return false;
    return connection.isPassword(entry.dn, password);
  }).catch((error: unknown) => {
    if (error instanceof DirectoryFailed) return false;
    throw error;
  });
  return inTime(asking, answerAt);
}

async function inTime(asking: Promise<boolean>, answerAt: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), answerAt - performance.now());
  try {
    return await Promise.race([asking, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whoever the directory's settings leave out is not found either. */
async function findEntry(
  connection: Connection,
  directory: Directory,
  objectId: string,
): Promise<Entry | undefined> {
  const query = queryOf(directory);
  const preset = presets[query.kind];
  const { attribute, written } = preset.id;
  const byId = new EqualityFilter({ attribute, value: written(objectId) });
  const { entries } = await connection.search(query.base, {
    scope: "sub",
    filter: new AndFilter({ filters: [FilterParser.parseString(query.filter), byId] }),
    attributes: attributesOf(preset, query.mapping),
    explicitBufferAttributes: [attribute],
  });
  const telling = { ...query, preset, unitsOf: unitsBelow(query.base) };
  const found = entries.map((raw) => entryOf(raw, telling)).filter((entry) => entry !== null);
  return found.find((entry) => entry.objectId === objectId);
}
