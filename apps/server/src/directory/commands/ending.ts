// How runs end: done, cancelled or failed; what the directory is remembered by, and when it is read next.

import { failureOf, type RunFailure } from "@lockstep/api";

import type { Change } from "../../db/change.ts";
import { isDatabaseGone } from "../../db/database.ts";
import { changeFacts } from "../../facts/change.ts";
import { loadDirectory, updateFailing, updateNext, updateRead } from "../connections/store.ts";
import { DirectoryFailed, locksOut } from "../ldap/failure.ts";
import { deleteRead } from "../reads/store.ts";
import { deleteOldPlans, endRun, leaveRun, type Run } from "../runs/store.ts";
import { jittered, RunLost, RunStopped, type Work } from "./runner.ts";

const plansKept = 30;
const minute = 60_000;

/** Everything is applied, or there was nothing to do. */
export async function finishRun(change: Change, work: Work, run: Run): Promise<Run> {
  const { directory } = work;
  const ended: Run = { ...run, state: "done" };
  await endRun(change, run, { state: "done", at: change.at, failure: null });
  await deleteRead(change, { organisationId: run.organisationId, runId: run.id });
  await deleteOldPlans(change, run, plansKept);
  if (run.kind === "chosen") return ended;
  await rememberRead(change, work, run);
  if (directory.failingSince !== null) {
    change.record({ kind: "directory-recovered", detail: { directory: directory.name } });
  }
  return ended;
}

/** Up to where it was read, unless the plan was only looked at; and when to read again. */
async function rememberRead(change: Change, { directory, random }: Work, run: Run): Promise<void> {
  const { markServer: server, markValue: value, incompleteBecause, isDryRun, isComplete } = run;
  const isWhole = incompleteBecause === null && !isDryRun && server !== null && value !== null;
  await updateRead(change, directory, isWhole ? { server, value } : null);
  const { isOn, intervalMinutes, fullHours, nextRunAt } = await loadDirectory(
    change,
    run.organisationId,
    directory.id,
  );
  const after = (milliseconds: number) => new Date(change.at.getTime() + jittered(milliseconds, random));
  const later = after(intervalMinutes * minute);
  const kept = nextRunAt === null ? later : new Date(nextRunAt);
  const full = isComplete && !isDryRun ? { fullAt: after(fullHours * 60 * minute) } : {};
  await updateNext(change, directory, { runAt: isOn ? kept : null, ...full });
}

/** What is left when it broke off. @throws whatever is a bug, or the database's. */
export async function breakOff(work: Work, run: Run, error: unknown): Promise<void> {
  const { database, clock, runner } = work;
  const { organisationId, id: runId } = run;
  if (error instanceof RunLost) return;
  if (error instanceof RunStopped && !error.isCancelled) {
    await database.transaction((transaction) => leaveRun(transaction, { organisationId, runId, runner }));
    return;
  }
  if (isDatabaseGone(error)) throw error;
  const code: RunFailure = error instanceof DirectoryFailed ? error.code : "server-failed";
  const isCancelled = error instanceof RunStopped;
  const writing = { database, clock, doer: { role: "system", userId: null } };
  await changeFacts(writing, organisationId, async (change) => {
    const state = isCancelled ? "cancelled" : "failed";
    await endRun(change, run, { state, at: change.at, failure: isCancelled ? null : code });
    await deleteRead(change, { organisationId, runId });
    if (!isCancelled) await fail(change, work, code);
  });
  if (code === "server-failed" && !isCancelled) throw error;
}

/** Told once for each time that it begins to fail. What would lock the account is not tried again by time. */
async function fail(change: Change, { directory }: Work, code: RunFailure): Promise<void> {
  await updateFailing(change, directory, { at: change.at, failure: code });
  if (locksOut(code)) await updateNext(change, directory, { runAt: null });
  if (directory.failingSince !== null && directory.failure === code) return;
  const { sentence } = failureOf(code);
  change.record({ kind: "directory-failing", detail: { directory: directory.name, code, sentence } });
}
