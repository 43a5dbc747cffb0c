// Calls that were answered once and must not be carried out a second time (Idempotency-Key, as in the IETF's draft
// draft-ietf-httpapi-idempotency-key-header). The answer is written in the transaction of the change.

import type { OrganisationId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Reader, Transaction } from "../db/database.ts";
import { json, sql } from "../db/sql.ts";
import { Refusal } from "../refusal.ts";

export interface AnsweredOnce {
  /** Where the caller lives, and who it is: keys of different callers have nothing to do with each other. */
  readonly organisationId: OrganisationId;
  readonly userId: UserId;
  readonly key: string;
  /** SHA-256 of the whole request. */
  readonly fingerprint: Buffer;
}

/** Calls with one key take turns until the transaction ends: the second finds the answer of the first. */
export async function lockCall(
  transaction: Transaction,
  { userId, key }: Pick<AnsweredOnce, "userId" | "key">,
): Promise<void> {
  await transaction.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`call ${userId} ${key}`}, 0))`,
  );
}

const answered = z.object({ fingerprint: z.instanceof(Buffer), reply: z.json() });

/** @throws Refusal idempotency_key_reused when the key came with another request. */
export async function findAnsweredCall(
  reader: Reader,
  { organisationId, userId, key, fingerprint }: AnsweredOnce,
): Promise<{ reply: unknown } | undefined> {
  const row = await reader.row(
    answered,
    sql`select fingerprint, reply from answered_calls
      where organisation_id = ${organisationId} and user_id = ${userId} and key = ${key}`,
  );
  if (row !== undefined && !row.fingerprint.equals(fingerprint)) throw new Refusal("idempotency_key_reused");
  return row;
}

export async function insertAnsweredCall(
  transaction: Transaction,
  { organisationId, userId, key, fingerprint }: AnsweredOnce,
  { reply, at }: { reply: unknown; at: Date },
): Promise<void> {
  await transaction.execute(sql`
    insert into answered_calls (organisation_id, user_id, key, fingerprint, reply, at)
    values (${organisationId}, ${userId}, ${key}, ${fingerprint}, ${json(reply ?? null)}, ${at})`);
}

/** @returns how many were forgotten. */
export async function deleteAnsweredCalls(
  transaction: Transaction,
  organisationId: OrganisationId,
  before: Date,
): Promise<number> {
  return transaction.execute(
    sql`delete from answered_calls where organisation_id = ${organisationId} and at < ${before}`,
  );
}
