// Plans what was read, window by window, and asks the guard. Whatever is planned stands in the database, to be looked at.

import type { PlanAction } from "@lockstep/api";

import type { Change } from "../../db/change.ts";
import type { Transaction } from "../../db/database.ts";
import { changeFacts } from "../../facts/change.ts";
import { gatherKnown, gatherSettings } from "../gather.ts";
import { guardOf, planWindow, type ObjectId, type PlanRow, type Window } from "../plan.ts";
import { deletePlanRows, insertPlanRows } from "../plans/store.ts";
import { listFirstOf, listUnread, listUnsettled, type OfRun } from "../reads/store.ts";
import { holdRun, supersedeHeld, updateRun, type Run } from "../runs/store.ts";
import { finishRun } from "./ending.ts";
import type { Work } from "./runner.ts";

const windowSize = 1000;

/** @returns the run when it is planned: to be applied, held, or done. @throws RunLost, RunStopped. */
export async function planRun(work: Work): Promise<Run> {
  const { database, clock, keep } = work;
  await database.transaction(async (transaction) => {
    const run = await keep(transaction);
    await deletePlanRows(transaction, { organisationId: run.organisationId, runId: run.id });
    await updateRun(transaction, run, { rows: 0, counts: {} });
  });
  for (const walk of [walkRead, walkUnread]) {
    for (let after: ObjectId | null = null; ;) {
      const reached = await database.transaction((transaction) => walk(transaction, work, after));
      if (reached === null) break;
      after = reached;
    }
  }
  const writing = { database, clock, doer: { role: "system", userId: null } };
  return changeFacts(writing, work.directory.organisationId, (change) => decide(change, work));
}

type Walk = (transaction: Transaction, work: Work, after: ObjectId | null) => Promise<ObjectId | null>;

/** @returns up to whom it has come; null when there was nobody any more. */
const walkRead: Walk = async (transaction, work, after) => {
  const run = await work.keep(transaction);
  const of = ofRun(run);
  const { mode, follows } = work.directory;
  const entries = await listUnsettled(transaction, of, {
    after,
    limit: windowSize,
    isManual: mode === "manual",
    follows: mode === "units" && follows,
  });
  await planNext(transaction, work, { run, window: { entries, gone: [] } });
  return entries.at(-1)?.objectId ?? null;
};

/** The same for those who are linked and were not read, if everybody was. */
const walkUnread: Walk = async (transaction, work, after) => {
  const run = await work.keep(transaction);
  if (!run.isComplete) return null;
  const gone = await listUnread(transaction, ofRun(run), { after, limit: windowSize });
  await planNext(transaction, work, { run, window: { entries: [], gone } });
  return gone.at(-1) ?? null;
};

const ofRun = ({ organisationId, directoryId, id: runId }: Run): OfRun => ({
  organisationId,
  directoryId,
  runId,
});

async function planNext(
  transaction: Transaction,
  { directory }: Work,
  { run, window }: { run: Run; window: Window },
): Promise<void> {
  if (window.entries.length + window.gone.length === 0) return;
  const of = ofRun(run);
  const { teams, settings } = await gatherSettings(transaction, directory);
  const usernames = window.entries.map(({ username }) => username);
  const firstOf = await listFirstOf(transaction, of, usernames);
  const known = await gatherKnown(transaction, of, window, { teams, firstOf });
  const rows = planWindow(window, known, settings);
  await insertPlanRows(transaction, of, { rows, after: run.rows });
  const counts = countsWith(run.counts, rows);
  await updateRun(transaction, run, { rows: run.rows + rows.length, counts });
}

function countsWith(
  before: Readonly<Record<PlanAction, number>>,
  rows: readonly PlanRow[],
): Readonly<Record<PlanAction, number>> {
  const counts = { ...before };
  for (const { action } of rows) counts[action] += 1;
  return counts;
}

/** What becomes of a plan that is whole. */
async function decide(change: Change, work: Work): Promise<Run> {
  const { directory } = work;
  const run = await work.keep(change);
  const { isDryRun, isComplete, counts, rows, linked } = run;
  const vanishing = counts.orphan + counts.remove;
  const { guardLeast: least, guardPercent: percent } = directory;
  const verdict = guardOf({ vanishing, linked }, { least, percent });
  if (verdict.isHeld) await updateRun(change, run, { held: { rule: verdict.rule, limit: verdict.limit } });
  if (isDryRun) return finishRun(change, work, run);
  if (isComplete) await supersedeHeld(change, run, change.at);
  if (verdict.isHeld) {
    await holdRun(change, run);
    change.record({ kind: "directory-plan-held", detail: { directory: directory.name, vanishing, linked } });
    return { ...run, state: "held" };
  }
  if (rows === counts.skip) return finishRun(change, work, run);
  await updateRun(change, run, { state: "applying" });
  return { ...run, state: "applying" };
}
