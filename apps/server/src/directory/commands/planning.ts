// Plans what was read, window by window, and asks the guard. Whatever is planned stands in the database, to be looked at.

import type { PlanAction } from "@lockstep/api";
import type { UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import type { Change } from "../../db/change.ts";
import type { Transaction } from "../../db/database.ts";
import { changeFacts } from "../../facts/change.ts";
import { gatherKnown, gatherSettings } from "../gather.ts";
import { guardOf, planWindow, type ObjectId, type PlanRow, type Window } from "../plan.ts";
import { deletePlanRows, insertPlanRows } from "../plans/store.ts";
import { deleteRead, listUnread, listUnsettled, type OfRun } from "../reads/store.ts";
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
      const reached: ObjectId | null = await database.transaction(
        (transaction) => walk(transaction, work, after),
        { mayBeLost: true },
      );
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
  const repeated = new Set(entries.flatMap(({ isRepeated, objectId }) => (isRepeated ? [objectId] : [])));
  await planNext(transaction, work, { run, window: { entries, gone: [] }, repeated });
  return entries.at(-1)?.objectId ?? null;
};

/** The same for those who are linked and were not read, if everybody was. */
const walkUnread: Walk = async (transaction, work, after) => {
  const run = await work.keep(transaction);
  if (!run.isComplete) return null;
  const gone = await listUnread(transaction, ofRun(run), { after, limit: windowSize });
  await planNext(transaction, work, { run, window: { entries: [], gone }, repeated: new Set() });
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
  { run, window, repeated }: { run: Run; window: Window; repeated: ReadonlySet<ObjectId> },
): Promise<void> {
  if (window.entries.length + window.gone.length === 0) return;
  const of = ofRun(run);
  const { teams, settings } = await gatherSettings(transaction, directory);
  const known = await gatherKnown(transaction, of, window, { teams, repeated });
  const rows = planWindow(window, known, settings).map(withId);
  await insertPlanRows(transaction, of, { rows, after: run.rows });
  const counts = countsWith(run.counts, rows);
  await updateRun(transaction, run, { rows: run.rows + rows.length, counts });
}

/** Plans that were held are old ones by now, and so is what was read for them. */
async function supersede(change: Change, run: Run): Promise<void> {
  const { organisationId } = run;
  for (const runId of await supersedeHeld(change, run, change.at))
    await deleteRead(change, { organisationId, runId });
}

/** Whoever is created has an id from the beginning, so that nothing is to be written into the plan later. */
function withId(row: PlanRow): PlanRow {
  return row.action === "create" ? { ...row, userId: uuid() as UserId } : row;
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
  if (isComplete) await supersede(change, run);
  if (verdict.isHeld) {
    await holdRun(change, run);
    change.record({ kind: "directory-plan-held", detail: { directory: directory.name, vanishing, linked } });
    return { ...run, state: "held" };
  }
  if (rows === counts.skip) return finishRun(change, work, run);
  await updateRun(change, run, { state: "applying" });
  return { ...run, state: "applying" };
}
