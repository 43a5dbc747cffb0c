// Tries a directory out: connects, looks at the first entries, and says what would become of them. Nothing is written.

import { failureOf, type PlanAction } from "@lockstep/api";
import type { directories } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import type { z } from "zod";

import type { Database } from "../../db/database.ts";
import type { KeyEncryption } from "../../keys/sealing/sealing.ts";
import { Refusal } from "../../refusal.ts";
import { openAccess } from "../access.ts";
import { loadDirectory, type Directory } from "../connections/store.ts";
import { gatherKnown, gatherSettings } from "../gather.ts";
import { withDirectory, type Access } from "../ldap/connection.ts";
import { DirectoryFailed } from "../ldap/failure.ts";
import { readPages } from "../ldap/read.ts";
import { loadServer } from "../ldap/server.ts";
import { planWindow, repeatedOf, type Entry, type PlanRow } from "../plan.ts";
import { shownRowOf } from "../shown.ts";
import type { DirectoryId } from "../store.ts";
import { isSentElsewhere, settingsFor, type Unsealed } from "./directories.ts";

export type Tried = z.output<typeof directories.testDirectory.reply>;
type Asked = z.output<typeof directories.testDirectory.body>;

const looked = 1000;
const told = 50;
const pageSize = 500;
/** Of one that is not saved: nobody is linked by it. */
const nowhere = "00000000-0000-0000-0000-000000000000" as DirectoryId;

/** @throws Refusal directory_not_found, team_not_found, directory_settings_invalid, directory_password_required. */
export async function tryDirectory(
  { database, keyEncryption }: { database: Database; keyEncryption: KeyEncryption },
  organisationId: OrganisationId,
  { directoryId, settings: given }: Asked,
): Promise<Tried> {
  const { former, settings } = await database.snapshot(async (snapshot) => {
    const saved =
      directoryId === undefined ? null : await loadDirectory(snapshot, organisationId, directoryId);
    const named = { ...given, name: given.name ?? saved?.name ?? "Directory" };
    return {
      former: saved,
      settings: await settingsFor(snapshot, organisationId, { given: named, former: saved }),
    };
  });
  const { host, port, security, certificates, bindName } = settings;
  const password = given.password ?? (await savedPassword(keyEncryption, former, settings));
  const sample = await look({ host, port, security, certificates, bindName, password }, settings);
  const rows = await database.snapshot(async (snapshot) => {
    // Of a manual one it is told what would become of people if they were chosen.
    const mode = settings.mode === "manual" ? "team" : settings.mode;
    const grounds = await gatherSettings(snapshot, { ...settings, mode, organisationId });
    const of = { organisationId, directoryId: former?.id ?? nowhere };
    const window = { entries: sample.entries, gone: [] };
    const known = await gatherKnown(snapshot, of, window, {
      teams: grounds.teams,
      repeated: repeatedOf(sample.entries),
    });
    return planWindow(window, known, grounds.settings);
  });
  return { ...sumsOf(sample, rows), rows: tellingFirst(rows) };
}

/** It is sent nowhere else than where it has always gone. @throws Refusal directory_password_required. */
async function savedPassword(
  keyEncryption: KeyEncryption,
  former: Directory | null,
  settings: Unsealed,
): Promise<string> {
  if (former === null || isSentElsewhere(former, settings)) throw new Refusal("directory_password_required");
  return (await openAccess(keyEncryption, former)).password;
}

interface Sample {
  readonly failure: Tried["failure"];
  readonly server: string | null;
  readonly entries: readonly Entry[];
  readonly hasMore: boolean;
  readonly unidentified: number;
}

async function look(access: Access, settings: Unsealed): Promise<Sample> {
  const entries: Entry[] = [];
  let name: string | null = null;
  let unidentified = 0;
  try {
    return await withDirectory(access, async (connection) => {
      const server = await loadServer(connection, settings.kind, access.host);
      ({ name } = server);
      const pages = readPages({ connection, server, query: settings, since: null, pageSize });
      for (;;) {
        const { done, value } = await pages.next();
        const rest = { server: name, entries, unidentified };
        if (done === true) {
          const { incompleteBecause: code } = value;
          return { ...rest, failure: code === null ? null : failureOf(code), hasMore: false };
        }
        entries.push(...value.entries);
        unidentified += value.unidentified;
        if (entries.length >= looked) return { ...rest, unidentified, failure: null, hasMore: true };
      }
    });
  } catch (error) {
    if (!(error instanceof DirectoryFailed)) throw error;
    return { failure: failureOf(error.code), server: name, entries, hasMore: false, unidentified };
  }
}

function sumsOf({ entries, ...sample }: Sample, rows: readonly PlanRow[]): Omit<Tried, "rows"> {
  const counts: Record<string, number> = {};
  for (const { code } of rows) counts[code] = (counts[code] ?? 0) + 1;
  return { ...sample, found: entries.length, counts };
}

const order: readonly PlanAction[] = ["skip", "orphan", "remove", "link", "relink", "update", "create"];

/** What somebody should look at comes first. */
function tellingFirst(rows: readonly PlanRow[]): Tried["rows"] {
  const sorted = rows.toSorted((a, b) => order.indexOf(a.action) - order.indexOf(b.action));
  return sorted.slice(0, told).map((row) => shownRowOf(row));
}
