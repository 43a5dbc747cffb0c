// Carries a run out: reads, plans, asks the guard, applies. One server works at a run, for as long as it keeps saying so;
// what it has left is taken on by another one, from the last thing that was finished.

import type { Change, Doer } from "../../db/change.ts";
import type { Transaction } from "../../db/database.ts";
import { changeContents, changeFacts, type Writing } from "../../facts/change.ts";
import { loadDirectory } from "../connections/store.ts";
import { lookAgain } from "../reads/store.ts";
import { keepRun, takeRun, updateRun, type Lease, type Run, type RunId } from "../runs/store.ts";
import { applyBatch, createBatch, endOf, isApart, readBatch, type Batch } from "./apply.ts";
import { breakOff, finishRun } from "./ending.ts";
import { planRun } from "./planning.ts";
import { readRun } from "./reading.ts";
import { begun, RunLost, RunStopped, type Runner, type Work } from "./runner.ts";

/** For how long a run is another server's who says nothing. */
const leaseMilliseconds = 2 * 60 * 1000;

/** @returns whether there was anything to do: not while another server works at it. */
export async function workAtRun(
  runner: Runner,
  of: { organisationId: Run["organisationId"]; runId: RunId },
): Promise<boolean> {
  const { database, clock } = runner;
  const lease = (): Lease => {
    const at = clock();
    return { ...of, runner: runner.runner, at, until: new Date(at.getTime() + leaseMilliseconds) };
  };
  const run = await database.transaction((transaction) => takeRun(transaction, lease()));
  if (run === undefined) return false;
  const directory = await database.read((reader) =>
    loadDirectory(reader, of.organisationId, run.directoryId),
  );
  const keep = async (transaction: Transaction) => {
    const kept = await keepRun(transaction, lease());
    if (kept === undefined) throw new RunLost();
    if (kept.cancelAskedAt !== null) throw new RunStopped(true);
    if (runner.signal?.aborted === true) throw new RunStopped(false);
    return kept;
  };
  const work: Work = { ...runner, directory, keep };
  await carryOut(work, run).catch((error: unknown) => breakOff(work, run, error));
  return true;
}

async function carryOut(work: Work, taken: Run): Promise<void> {
  let run = taken;
  if (run.state === "waiting" || run.state === "reading") run = await readRun(work);
  if (run.state === "planning") run = await planRun(work);
  if (run.state === "applying") await applyAll(work, run);
}

const batchSize = 2000;
/** A third one would overtake the second one too often. */
const batchesAtOnce = 2;

interface UnderWay {
  readonly batch: Batch;
  /** Null when nothing came of it. */
  readonly applied: Promise<Run | null>;
}

/**
 * A batch is read while those before it are applied. Where it cannot be about the same people it is written then as well, and
 * committed after them: how far a run has come stays one number.
 */
async function applyAll(work: Work, planned: Run): Promise<void> {
  const { organisationId, directoryId, id: runId } = planned;
  const of = { organisationId, directoryId, runId };
  const limit = work.batchSize ?? batchSize;
  const readOn = (after: number) =>
    begun(work.database.snapshot((snapshot) => readBatch(snapshot, of, { after, limit })));
  let run = planned;
  let reading = readOn(run.done);
  const underWay: UnderWay[] = [];
  const start = (batch: Batch, apply: typeof applyBeside) => {
    underWay.push({ batch, applied: begun(apply(work, run, batch)) });
    reading = readOn(endOf(batch));
  };
  try {
    while (run.state === "applying") {
      const batch = await reading;
      const [first] = underWay;
      const isFree = underWay.length < batchesAtOnce;
      if (first === undefined) start(batch, applyNext);
      else if (isFree && underWay.every((former) => isApart(batch, former.batch))) start(batch, applyBeside);
      else {
        run = (await first.applied) ?? (await applyNext(work, run, first.batch));
        underWay.shift();
      }
    }
  } finally {
    await Promise.allSettled([reading, ...underWay.map(({ applied }) => applied)]);
  }
}

/**
 * The run is held last, so that PostgreSQL lets this one wait there for the one before it.
 * @returns null when nothing came of it: it was faster than that one, or is no batch for this. Whatever it was shows, or does
 *   not, when it is the batch's turn.
 */
async function applyBeside(work: Work, run: Run, batch: Batch): Promise<Run | null> {
  const writing = writingOf(work, run, batch);
  return changeFacts(writing, run.organisationId, async (change) => {
    await createBatch(change, work.directory, batch);
    return progress(work, { change, run: await work.keep(change) }, batch);
  }).catch(() => null);
}

/** Whether so many rows are applied by now that the people may be ten times as many as when they were last looked at. */
const hasGrown = (before: number, done: number) =>
  [1000, 10_000, 100_000, 1_000_000].some((mark) => before < mark && done >= mark);

/** In whose name: who confirmed it, else who started it. */
function doerOf({ actor, confirmed, confirmedAt }: Run): Doer {
  const { role, userId, organisationId } = confirmedAt === null ? actor : confirmed;
  return { role, userId, ...(organisationId === null ? {} : { organisationId }) };
}

function writingOf({ database, clock }: Work, run: Run, batch: Batch): Writing {
  // Whoever is told that the run is done can rely on it; what it had done before that is done again.
  return { database, clock, doer: doerOf(run), mayBeLost: endOf(batch) < run.rows };
}

async function applyNext(work: Work, former: Run, batch: Batch): Promise<Run> {
  return changeContents(writingOf(work, former, batch), former.organisationId, async (change) => {
    const run = await work.keep(change);
    await applyBatch(change, work.directory, batch);
    return progress(work, { change, run }, batch);
  });
}

/** @throws RunLost when it is not where the batch begins: somebody else has gone on with it, or not come so far. */
async function progress(
  work: Work,
  { change, run }: { change: Change; run: Run },
  batch: Batch,
): Promise<Run> {
  const { done: before, rows } = run;
  if (before !== batch.after) throw new RunLost();
  const done = endOf(batch);
  await updateRun(change, run, { done });
  if (done < rows && hasGrown(before, done)) await lookAgain(change, "people");
  return done < rows ? { ...run, done } : finishRun(change, work, { ...run, done });
}
