// Blocks, unblocks or invites again many accounts, each in a transaction of its own with its verdict. A batch does what its starter may
// at the moment of each row: whoever is blocked meanwhile blocks nobody any more.

import type { OrganisationId, UserId } from "@lockstep/core";
import { dayOf } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import type { Clock } from "../../clock.ts";
import type { Change } from "../../db/change.ts";
import type { Database } from "../../db/database.ts";
import { changeFacts, type Writing } from "../../facts/change.ts";
import type { KeyEncryption } from "../../keys/sealing/sealing.ts";
import { Refusal } from "../../refusal.ts";
import { loadUser, lockPresentUsers } from "../../users/store.ts";
import {
  cancelRows,
  findWaiting,
  insertBatch,
  loadBatch,
  putVerdict,
  type Batch,
  type BatchId,
  type NewBatch,
} from "../batches/store.ts";
import { judge, loadActors } from "../verdict.ts";
import { blockWithin, unblockWithin, type Unblocking } from "./block.ts";
import { resendWithin } from "./invite.ts";

export type Ordered = Omit<NewBatch, "id" | "doer">;

/** @throws Refusal user_not_found, block_ends_in_the_past. */
export async function startBatch(
  writing: Writing,
  organisationId: OrganisationId,
  { userIds, ...ordered }: Ordered,
): Promise<Batch> {
  const { role, userId, organisationId: home } = writing.doer;
  if (userId === null || home === undefined) throw new Error("a batch is started by somebody");
  return changeFacts(writing, organisationId, async (change) => {
    if (ordered.until !== null && ordered.until <= change.at) throw new Refusal("block_ends_in_the_past");
    await lockPresentUsers(change, userIds);
    const id = uuid() as BatchId;
    const doer = { role, userId, organisationId: home };
    await insertBatch(change, { ...ordered, id, doer, userIds: [...new Set(userIds)] });
    return loadBatch(change, organisationId, id);
  });
}

/** What it has not looked at yet stays as it is. @throws Refusal account_batch_not_found. */
export async function cancelBatch(
  writing: Writing,
  organisationId: OrganisationId,
  batchId: BatchId,
): Promise<Batch> {
  return changeFacts(writing, organisationId, async (change) => {
    await loadBatch(change, organisationId, batchId);
    await cancelRows(change, batchId);
    return loadBatch(change, organisationId, batchId);
  });
}

interface Surroundings {
  readonly database: Database;
  readonly clock: Clock;
  readonly keyEncryption: KeyEncryption;
  readonly signal?: AbortSignal;
}

interface Row {
  readonly row: number;
  readonly userId: UserId;
}

/** Carries a batch on from where it was; told to stop, it leaves it after a row. */
export async function runBatch(
  around: Surroundings,
  organisationId: OrganisationId,
  batchId: BatchId,
): Promise<void> {
  const { database, signal } = around;
  const batch = await database.read((reader) => loadBatch(reader, organisationId, batchId));
  while (signal?.aborted !== true) {
    const next = await database.read((reader) => findWaiting(reader, organisationId, batchId));
    if (next === undefined) return;
    const step = { batch, next };
    try {
      await (batch.isDryRun ? plan : carryOut)(around, organisationId, step);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      await passOver(around, organisationId, { ...step, refusal: error });
    }
  }
}

interface Step {
  readonly batch: Batch;
  readonly next: Row;
}

const writingAs = ({ database, clock }: Surroundings, { doer }: Batch): Writing => ({
  database,
  clock,
  doer,
});

async function passOver(
  around: Surroundings,
  organisationId: OrganisationId,
  { batch, next, refusal: { code, detail } }: Step & { refusal: Refusal },
): Promise<void> {
  const verdict = code === "permission_denied" ? (detail ?? code) : code;
  await changeFacts(writingAs(around, batch), organisationId, async (change) => {
    await putVerdict(change, batch.id, { row: next.row, verdict, isChanged: false });
  });
}

async function plan(
  around: Surroundings,
  organisationId: OrganisationId,
  { batch, next }: Step,
): Promise<void> {
  const { database, clock } = around;
  const { action, doer } = batch;
  const { userId } = next;
  const { allowed, rule } = await database.snapshot(async (snapshot) => {
    const actors = await loadActors(snapshot, doer);
    const verdict = await judge(snapshot, organisationId, { action, userId, actors, today: dayOf(clock()) });
    // What the matrix and the state of the account do not know: the mail needs somewhere to go.
    if (verdict.allowed && action === "resend-invitation") {
      const { email } = await loadUser(snapshot, organisationId, userId);
      if (email === null) throw new Refusal("email_missing");
    }
    return verdict;
  });
  const verdict = allowed ? "would-be-done" : rule;
  await changeFacts(writingAs(around, batch), organisationId, async (change) => {
    await putVerdict(change, batch.id, { row: next.row, verdict, isChanged: allowed });
  });
}

async function carryOut(
  around: Surroundings,
  organisationId: OrganisationId,
  { batch, next }: Step,
): Promise<void> {
  const { row, userId } = next;
  const actors = await around.database.snapshot((snapshot) => loadActors(snapshot, batch.doer));
  await changeFacts(writingAs(around, batch), organisationId, async (change) => {
    // First, so that of two servers only one does it.
    if (!(await putVerdict(change, batch.id, { row, verdict: "done", isChanged: true }))) return;
    if (actors === null) throw new Refusal("permission_denied", { detail: "cannot-sign-in" });
    const { keyEncryption } = around;
    await act(change, { actors, keyEncryption }, { batch, userId });
  });
}

async function act(
  change: Change,
  acting: Pick<Unblocking, "actors" | "keyEncryption">,
  { batch: { action, reason, userReason, until }, userId }: { batch: Batch; userId: UserId },
): Promise<void> {
  if (action === "resend-invitation") return resendWithin(change, acting, userId);
  if (action === "unblock-account") return unblockWithin(change, acting, { userId });
  const end = until === null ? null : new Date(until);
  return blockWithin(change, acting.actors, { userId, reason: reason ?? "", userReason, until: end });
}
