// Batches of accounts that are blocked, unblocked or invited again, and the verdict on each of them.

import type { Id, OrganisationId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../../db/change.ts";
import type { Reader } from "../../db/database.ts";
import { id, instant } from "../../db/shape.ts";
import { array, sql } from "../../db/sql.ts";
import { Refusal } from "../../refusal.ts";

export type BatchId = Id<"account-batch">;

/** The verdict on an account that was not looked at any more. */
export const cancelled = "cancelled";

const batch = z.object({
  id: id<"account-batch">(),
  action: z.enum(["block-account", "unblock-account", "resend-invitation"]),
  reason: z.string().nullable(),
  userReason: z.string().nullable(),
  until: instant.nullable(),
  isDryRun: z.boolean(),
  doer: z.object({ role: z.string(), organisationId: id<"organisation">(), userId: id<"user">() }),
  users: z.int(),
  done: z.int(),
  changed: z.int(),
  cancelled: z.int(),
  startedAt: instant,
  endedAt: instant.nullable(),
});

export type Batch = z.output<typeof batch>;

/** @throws Refusal account_batch_not_found. */
export async function loadBatch(
  reader: Reader,
  organisationId: OrganisationId,
  batchId: BatchId,
): Promise<Batch> {
  const found = await reader.row(
    batch,
    sql`select id, action, reason, user_reason as "userReason", until, is_dry_run as "isDryRun", users, done, changed,
        case when ended_at is null then 0 else (select count(*)::int from account_batch_rows r
          where r.organisation_id = b.organisation_id and r.batch_id = b.id and r.verdict = ${cancelled}) end as cancelled,
        started_at as "startedAt", ended_at as "endedAt", json_build_object('role', actor_role, 'organisationId',
        actor_organisation_id, 'userId', actor_user_id) as doer
      from account_batches b where organisation_id = ${organisationId} and id = ${batchId}`,
  );
  if (found === undefined) throw new Refusal("account_batch_not_found");
  return found;
}

const running = z.object({ organisationId: id<"organisation">(), id: id<"account-batch">() });

/** Those that have not ended, over the whole installation, oldest first. */
export async function listRunningBatches(reader: Reader): Promise<z.output<typeof running>[]> {
  return reader.rows(
    running,
    sql`select organisation_id as "organisationId", id from account_batches b where ended_at is null
        and not exists (select from deletions d where d.organisation_id = b.organisation_id)
      order by started_at, id`,
  );
}

export interface NewBatch extends Pick<Batch, "id" | "action" | "reason" | "userReason" | "isDryRun"> {
  readonly until: Date | null;
  readonly doer: Batch["doer"];
  /** In the order of their rows, each once. */
  readonly userIds: readonly UserId[];
}

export async function insertBatch(change: Change, made: NewBatch): Promise<void> {
  const { id: batchId, action, reason, userReason, until, isDryRun, doer, userIds } = made;
  const { organisationId, at } = change;
  await change.execute(sql`
    insert into account_batches (organisation_id, id, action, reason, user_reason, until, is_dry_run, actor_role,
      actor_organisation_id, actor_user_id, users, started_at)
    values (${organisationId}, ${batchId}, ${action}, ${reason}, ${userReason}, ${until}, ${isDryRun}, ${doer.role},
      ${doer.organisationId}, ${doer.userId}, ${userIds.length}, ${at})`);
  await change.execute(sql`
    insert into account_batch_rows (organisation_id, batch_id, row, user_id)
    select ${organisationId}, ${batchId}, n.row, n.user_id
    from unnest(${array(userIds, "uuid")}) with ordinality as n (user_id, row)`);
}

const waiting = z.object({ row: z.int(), userId: id<"user">() });

/** The next account without a verdict. */
export async function findWaiting(
  reader: Reader,
  organisationId: OrganisationId,
  batchId: BatchId,
): Promise<z.output<typeof waiting> | undefined> {
  return reader.row(
    waiting,
    sql`select row, user_id as "userId" from account_batch_rows
      where organisation_id = ${organisationId} and batch_id = ${batchId} and verdict is null order by row limit 1`,
  );
}

/** Gives a row its verdict, unless it has one. @returns whether it was this call. */
export async function putVerdict(
  change: Change,
  batchId: BatchId,
  { row, verdict, isChanged }: { row: number; verdict: string; isChanged: boolean },
): Promise<boolean> {
  const { organisationId, at } = change;
  const written = await change.execute(sql`
    update account_batch_rows set verdict = ${verdict}
    where organisation_id = ${organisationId} and batch_id = ${batchId} and row = ${row} and verdict is null`);
  if (written === 0) return false;
  await change.execute(sql`
    update account_batches set done = done + 1, changed = changed + ${isChanged ? 1 : 0},
      ended_at = case when done + 1 = users then ${at}::timestamptz end
    where organisation_id = ${organisationId} and id = ${batchId}`);
  return true;
}

/** Gives every row without a verdict the one of having been left, and ends the batch. One that has ended stays as it is. */
export async function cancelRows(change: Change, batchId: BatchId): Promise<void> {
  const { organisationId, at } = change;
  // The rows first, as `putVerdict`: of a row that is being carried out this waits for the verdict.
  await change.execute(sql`
    update account_batch_rows set verdict = ${cancelled}
    where organisation_id = ${organisationId} and batch_id = ${batchId} and verdict is null`);
  await change.execute(sql`
    update account_batches set done = users, ended_at = ${at}
    where organisation_id = ${organisationId} and id = ${batchId} and ended_at is null`);
}

const shownRow = z.object({
  row: z.int(),
  user: z.object({ id: id<"user">(), name: z.string(), username: z.string() }),
  verdict: z.string().nullable(),
});

export async function listRows(
  reader: Reader,
  organisationId: OrganisationId,
  { batchId, after, limit }: { batchId: BatchId; after: number; limit: number },
): Promise<z.output<typeof shownRow>[]> {
  return reader.rows(
    shownRow,
    sql`
    select r.row, r.verdict, json_build_object('id', u.id, 'name', u.name, 'username', u.username) as user
    from account_batch_rows r join users u on u.organisation_id = r.organisation_id and u.id = r.user_id
    where r.organisation_id = ${organisationId} and r.batch_id = ${batchId} and r.row > ${after}
    order by r.row limit ${limit}`,
  );
}
