// Reads a directory into the database, page by page. Broken off, it begins anew: half of what was read proves nothing.

import type { Reader } from "../../db/database.ts";
import { openAccess, queryOf } from "../access.ts";
import { countLinks, type Directory } from "../connections/store.ts";
import { gatherSettings } from "../gather.ts";
import { withDirectory, type Connection } from "../ldap/connection.ts";
import { readPages, type Ending, type Mark, type Page } from "../ldap/read.ts";
import { loadServer, type Server } from "../ldap/server.ts";
import { placing, type Entry } from "../plan.ts";
import {
  deleteRead,
  insertChosen,
  insertRead,
  lookAgain,
  markRepeated,
  muchRead,
  type ReadEntry,
} from "../reads/store.ts";
import { updateRun, type Run } from "../runs/store.ts";
import { begun, type Work } from "./runner.ts";

/** @returns the run when it is time to plan. @throws DirectoryFailed, RunLost, RunStopped. */
export async function readRun(work: Work): Promise<Run> {
  const { database, keyEncryption, directory, keep } = work;
  const begun = await database.transaction(async (transaction) => {
    const run = await keep(transaction);
    await deleteRead(transaction, { organisationId: run.organisationId, runId: run.id });
    await updateRun(transaction, run, { state: "reading", read: 0 });
    return run;
  });
  if (begun.kind === "chosen") return takeChosen(work);
  const access = await openAccess(keyEncryption, directory);
  return withDirectory(access, async (connection) => {
    const server = await loadServer(connection, directory.kind, directory.host);
    const since = begun.kind === "full" ? null : markFor(directory, server);
    const ending = await readInto(work, { connection, server, since });
    return keepRead(work, { isFull: since === null, ending });
  });
}

/** Null, for everybody, where changes are not known of this very server. */
function markFor({ markServer, markValue }: Directory, { id }: Server): Mark | null {
  return markServer === id && markValue !== null ? { server: id, value: markValue } : null;
}

/** Nothing is read: those who were chosen are as they were seen last. */
async function takeChosen({ database, directory, keep }: Work): Promise<Run> {
  return database.transaction(async (transaction) => {
    const run = await keep(transaction);
    const { organisationId, id: runId } = run;
    const read = await insertChosen(transaction, { organisationId, directoryId: directory.id, runId });
    await markRepeated(transaction, { organisationId, runId });
    await updateRun(transaction, run, { state: "planning", read });
    return { ...run, state: "planning", read };
  });
}

interface From {
  readonly connection: Connection;
  readonly server: Server;
  readonly since: Mark | null;
}

async function readInto(work: Work, from: From): Promise<Ending> {
  const { database, directory, keep } = work;
  const pages = readPages({ ...from, query: queryOf(directory) });
  const placed = await placingIn(work);
  const write = ({ entries }: Page, read: number) =>
    database.transaction(
      async (transaction) => {
        const run = await keep(transaction);
        const of = { organisationId: run.organisationId, runId: run.id };
        await Promise.all([
          insertRead(transaction, of, entries.map(placed)),
          updateRun(transaction, run, { read }),
        ]);
      },
      { mayBeLost: true },
    );
  let written = Promise.resolve();
  for (let read = 0; ;) {
    // A page is taken apart while the one before it is written.
    const { done, value } = await pages.next().finally(() => written);
    if (done === true) return value;
    read += value.entries.length + value.unidentified;
    written = begun(write(value, read));
  }
}

/** With the team where somebody already belongs, so that only others need a look. */
async function placingIn({ database, directory }: Work): Promise<(entry: Entry) => ReadEntry> {
  const { teams, settings } = await database.snapshot((snapshot) => gatherSettings(snapshot, directory));
  const teamOf = placing(teams, settings);
  return (entry) => {
    const placement = teamOf(entry.units);
    return { ...entry, teamId: placement?.missing.length === 0 ? placement.teamId : null };
  };
}

/** What the guard compares with. Of changes alone nobody vanishes, and counting takes longer than they do. */
async function linkedOf(reader: Reader, { organisationId, id }: Directory): Promise<number> {
  const { linked, missing } = await countLinks(reader, organisationId, id);
  return linked + missing;
}

async function keepRead(
  { database, directory, keep }: Work,
  { isFull, ending }: { isFull: boolean; ending: Ending },
): Promise<Run> {
  return database.transaction(async (transaction) => {
    const run = await keep(transaction);
    const { organisationId, id: runId } = run;
    const { incompleteBecause, mark } = ending;
    const isComplete = isFull && incompleteBecause === null;
    const linked = isComplete ? await linkedOf(transaction, directory) : 0;
    if (run.read >= muchRead) await lookAgain(transaction, "reads");
    await markRepeated(transaction, { organisationId, runId });
    const kind = isFull ? "full" : "changes";
    await updateRun(transaction, run, {
      state: "planning",
      kind,
      isComplete,
      incompleteBecause,
      mark,
      linked,
    });
    return { ...run, state: "planning" };
  });
}
