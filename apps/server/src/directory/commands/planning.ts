// Plans what was read, window by window, and asks the guard. Whatever is planned stands in the database, to be looked at.

import type { PlanAction } from "@lockstep/api";
import type { UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import type { Change } from "../../db/change.ts";
import type { Reader } from "../../db/database.ts";
import { changeContents } from "../../facts/change.ts";
import { forgetErased, mergeRead } from "../entries/store.ts";
import { gatherKnown, gatherSettings } from "../gather.ts";
import { guardOf, planWindow, type ObjectId, type PlanRow, type Window } from "../plan.ts";
import { deletePlanRows, insertPlanRows } from "../plans/store.ts";
import { deleteRead, listUnread, listUnsettled, lookAgain, muchRead, type OfRun } from "../reads/store.ts";
import { holdRun, supersedeHeld, updateRun, type Run } from "../runs/store.ts";
import { finishRun } from "./ending.ts";
import { begun, type Work } from "./runner.ts";

const windowSize = 2000;

/** @returns the run when it is planned: to be applied, held, or done. @throws RunLost, RunStopped. */
export async function planRun(work: Work): Promise<Run> {
  const { database, clock, keep } = work;
  const run = await database.transaction(async (transaction) => {
    const kept = await keep(transaction);
    await deletePlanRows(transaction, { organisationId: kept.organisationId, runId: kept.id });
    await forgetErased(transaction, kept, kept.id);
    await updateRun(transaction, kept, { rows: 0, counts: {} });
    return kept;
  });
  const seeing = begun(keepSeen(work, run));
  try {
    await planAll(work, run, walkRead);
    // Only where everybody was read somebody is proved to be gone.
    if (run.isComplete) await planAll(work, run, walkUnread);
  } finally {
    await Promise.allSettled([seeing]);
  }
  await seeing;
  const writing = { database, clock, doer: { role: "system", userId: null } };
  // No deletion is under way meanwhile: it could have missed rows that were not written yet, and would be missed here.
  return changeContents(writing, work.directory.organisationId, (change) => decide(change, work));
}

/** Keeps everybody as the run has read them. It goes on beside the planning, which asks for what was decided and not for this. */
async function keepSeen({ database, clock, directory, keep }: Work, run: Run): Promise<void> {
  const { organisationId, id: runId, kind, isDryRun, isComplete, read } = run;
  if (isDryRun || kind === "chosen") return;
  const of = { organisationId, directoryId: directory.id };
  await database.transaction(
    async (transaction) => {
      await mergeRead(transaction, of, { runId, isComplete, at: clock() });
      if (read >= muchRead) await lookAgain(transaction, "entries");
      // The run is held last, because the plan is written meanwhile.
      await keep(transaction);
    },
    { mayBeLost: true },
  );
}

interface Walked {
  readonly window: Window;
  readonly repeated: ReadonlySet<ObjectId>;
  /** Up to whom it has come; null when there was nobody any more. */
  readonly reached: ObjectId | null;
}

type Walk = (reader: Reader, work: Work, of: OfRun, after: ObjectId | null) => Promise<Walked>;

const walkRead: Walk = async (reader, { directory: { mode, follows } }, of, after) => {
  const entries = await listUnsettled(reader, of, {
    after,
    limit: windowSize,
    isManual: mode === "manual",
    follows: mode === "units" && follows,
  });
  const repeated = new Set(entries.flatMap(({ isRepeated, objectId }) => (isRepeated ? [objectId] : [])));
  return { window: { entries, gone: [] }, repeated, reached: entries.at(-1)?.objectId ?? null };
};

/** The same for those who are linked and were not read. */
const walkUnread: Walk = async (reader, _, of, after) => {
  const gone = await listUnread(reader, of, { after, limit: windowSize });
  return { window: { entries: [], gone }, repeated: new Set(), reached: gone.at(-1) ?? null };
};

const ofRun = ({ organisationId, directoryId, id: runId }: Run): OfRun => ({
  organisationId,
  directoryId,
  runId,
});

interface Planned {
  readonly rows: readonly PlanRow[];
  readonly reached: ObjectId | null;
}

/** A window is planned while the one before it is written: what it is planned on no window writes. */
async function planAll(work: Work, run: Run, walk: Walk): Promise<void> {
  const of = ofRun(run);
  const planOn = (after: ObjectId | null) => begun(planNext(work, of, { walk, after }));
  let planning = planOn(null);
  let writing = Promise.resolve();
  try {
    for (;;) {
      const { rows, reached } = await planning;
      if (reached === null) break;
      planning = planOn(reached);
      await writing;
      writing = begun(writeRows(work, rows));
    }
    await writing;
  } finally {
    // Whoever stops leaves nothing behind that still runs.
    await Promise.allSettled([planning, writing]);
  }
}

async function planNext(
  work: Work,
  of: OfRun,
  { walk, after }: { walk: Walk; after: ObjectId | null },
): Promise<Planned> {
  return work.database.snapshot(async (snapshot) => {
    const { window, repeated, reached } = await walk(snapshot, work, of, after);
    if (reached === null) return { rows: [], reached };
    const { teams, settings } = await gatherSettings(snapshot, work.directory);
    const known = await gatherKnown(snapshot, of, window, { teams, repeated });
    return { rows: planWindow(window, known, settings).map(withId), reached };
  });
}

async function writeRows({ database, keep }: Work, rows: readonly PlanRow[]): Promise<void> {
  await database.transaction(
    async (transaction) => {
      const run = await keep(transaction);
      if (rows.length === 0) return;
      await insertPlanRows(transaction, ofRun(run), { rows, after: run.rows });
      await updateRun(transaction, run, {
        rows: run.rows + rows.length,
        counts: countsWith(run.counts, rows),
      });
    },
    { mayBeLost: true },
  );
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
  await forgetErased(change, run, run.id);
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
