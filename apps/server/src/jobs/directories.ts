// Reads directories when their time has come, and carries out runs that were started here or left by another server.

import { randomUUID } from "node:crypto";

import type { Database, Transaction } from "../db/database.ts";
import { insertRun, listRunsToWorkAt, loadRun, type RunId } from "../directory/runs/store.ts";
import {
  listDueDirectories,
  lockDirectory,
  updateNext,
  type Directory,
} from "../directory/connections/store.ts";
import { jittered, type Runner } from "../directory/commands/runner.ts";
import { workAtRun } from "../directory/commands/work.ts";
import { startRounds, type Rounds } from "../rounds.ts";
import { v7 as uuid } from "uuid";

interface DirectoryFailure {
  readonly organisationId: string;
  readonly directoryId: string;
  readonly runId: string;
  readonly failure: string;
}

export interface DirectoryJobOptions extends Omit<Runner, "runner" | "signal"> {
  readonly intervalMilliseconds: number;
  /** A directory could not be read: somebody must hear of it. */
  readonly onFailed: (failure: DirectoryFailure) => void;
  readonly onFailure: (error: unknown) => void;
}

const minute = 60_000;

/** So many at once; the others wait for the next round. */
const atOnce = 8;

/** A run that takes long keeps no other waiting. */
export function startDirectoryJob(options: DirectoryJobOptions): Rounds {
  const { intervalMilliseconds, onFailed, onFailure, ...parts } = options;
  // Each server process is one runner, whatever it is called.
  const runner = { ...parts, runner: randomUUID() };
  const working = new Set<Promise<void>>();
  const rounds = startRounds({
    intervalMilliseconds,
    onFailure,
    work: async (signal) => {
      await startDueRuns(runner);
      const runs = await runner.database.read((reader) => listRunsToWorkAt(reader, runner.clock()));
      for (const { organisationId, id: runId } of runs.slice(0, atOnce - working.size)) {
        const work = workAt({ ...runner, signal }, { organisationId, runId }, onFailed).catch(onFailure);
        working.add(work);
        void work.then(() => working.delete(work));
      }
    },
  });
  return {
    wake: rounds.wake,
    stop: async () => {
      await rounds.stop();
      await Promise.all(working);
    },
  };
}

/** Carries out every run that nobody works at, and waits for them. @throws the first failure. */
export async function workAtDirectories(runner: Runner): Promise<void> {
  const { database, clock } = runner;
  const runs = await database.read((reader) => listRunsToWorkAt(reader, clock()));
  const none = () => undefined;
  await Promise.all(
    runs.map(({ organisationId, id: runId }) => workAt(runner, { organisationId, runId }, none)),
  );
}

async function workAt(
  runner: Runner,
  of: Parameters<typeof loadRun>[1],
  onFailed: (failure: DirectoryFailure) => void,
): Promise<void> {
  const isMine = await workAtRun(runner, of);
  if (isMine) await tellFailure(runner.database, of, onFailed);
}

async function tellFailure(
  database: Database,
  of: Parameters<typeof loadRun>[1],
  onFailed: (failure: DirectoryFailure) => void,
): Promise<void> {
  const { directoryId, failure } = await database.read((reader) => loadRun(reader, of));
  if (failure !== null) onFailed({ ...of, directoryId, failure });
}

/** Whichever server comes first starts it. Everything is read now and then, only changes in between. */
export async function startDueRuns({
  database,
  clock,
  random,
}: Omit<Runner, "keyEncryption" | "runner">): Promise<void> {
  const at = clock();
  for (const { organisationId, id } of await database.read((reader) => listDueDirectories(reader, at))) {
    await database.transaction(async (transaction) => {
      const directory = await lockDirectory(transaction, organisationId, id);
      if (directory.nextRunAt === null || new Date(directory.nextRunAt) > at) return;
      await startDue(transaction, directory, at);
      const pause = jittered(directory.intervalMinutes * minute, random);
      await updateNext(transaction, directory, { runAt: new Date(at.getTime() + pause) });
    });
  }
}

async function startDue(transaction: Transaction, directory: Directory, at: Date): Promise<void> {
  const { organisationId, id: directoryId, nextFullAt, markValue } = directory;
  const isFull = markValue === null || nextFullAt === null || new Date(nextFullAt) <= at;
  const doer = { role: "system", userId: null };
  const run = { id: uuid() as RunId, directoryId, isDryRun: false, doer, at } as const;
  await insertRun(transaction, organisationId, { ...run, kind: isFull ? "full" : "changes" });
}
