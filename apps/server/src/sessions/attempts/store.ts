// How often a password was tried, as rows: of a username, whoever has it, if anybody, of a known browser, of a session.

import type { OrganisationId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Reader, Transaction } from "../../db/database.ts";
import { id, instant } from "../../db/shape.ts";
import { sql } from "../../db/sql.ts";

const places = ["strangers", "known-browser", "session"] as const;
export type Place = (typeof places)[number];

/** So many are tried, ... */
export const mostTries = 10;
/** ... for at least so long; each time it comes to that again at once twice as long, up to a day. */
const leastMinutes = 15;
const mostMinutes = 24 * 60;

const isOver = (at: Date) => sql`${at}::timestamptz >= a.began_at + a.minutes * interval '1 minute'`;
const isForgotten = (at: Date) => sql`${at}::timestamptz >= a.began_at + 2 * a.minutes * interval '1 minute'`;

const tried = z.object({ tries: z.int() });

/**
 * Counts one more, before it is known whether it is right: of many at once no more than `mostTries` get through. The
 * same statement, whether anybody has the name or not.
 * @returns whether it may be tried.
 */
export async function countTry(
  transaction: Transaction,
  { key, place, of, at }: { key: Buffer; place: Place; of: Tried | null; at: Date },
): Promise<boolean> {
  const { organisationId = null, userId = null } = of ?? {};
  const row = await transaction.row(
    tried,
    sql`
    insert into password_attempts as a (key, organisation_id, user_id, place, began_at, minutes, tries)
    values (${key}, ${organisationId}, ${userId}, ${place}, ${at}, ${leastMinutes}, 1)
    on conflict (key) do update set
      organisation_id = excluded.organisation_id, user_id = excluded.user_id,
      began_at = case when ${isOver(at)} then excluded.began_at else a.began_at end,
      minutes = case when not ${isOver(at)} then a.minutes
        when a.tries >= ${mostTries} and not ${isForgotten(at)} then least(2 * a.minutes, ${mostMinutes}::integer)
        else ${leastMinutes} end,
      tries = case when ${isOver(at)} then 1 else a.tries + 1 end,
      told_at = case when ${isOver(at)} then null else a.told_at end
    where ${isOver(at)} or a.tries <= ${mostTries}
    returning tries`,
    { prepared: true },
  );
  return row !== undefined && row.tries <= mostTries;
}

export interface Tried {
  readonly organisationId: OrganisationId;
  readonly userId: UserId;
}

/** It was not tried after all. */
export async function takeBackTry(transaction: Transaction, key: Buffer): Promise<void> {
  await transaction.execute(
    sql`update password_attempts set tries = tries - 1 where key = ${key} and tries between 1 and ${mostTries}`,
  );
}

/** It was right. */
export async function forgetTries(transaction: Transaction, key: Buffer): Promise<void> {
  await transaction.execute(sql`delete from password_attempts where key = ${key}`, { prepared: true });
}

export async function deleteOldTries(transaction: Transaction, at: Date): Promise<void> {
  await transaction.execute(sql`delete from password_attempts a where ${isForgotten(at)}`);
}

const until = z.object({ until: instant });

/** Until when passwords are refused; null if they are not. */
export async function findLock(reader: Reader, key: Buffer, at: Date): Promise<string | null> {
  const row = await reader.row(
    until,
    sql`select a.began_at + a.minutes * interval '1 minute' as until from password_attempts a
      where a.key = ${key} and a.tries > ${mostTries} and not ${isOver(at)}`,
  );
  return row?.until ?? null;
}

const untold = z.object({
  key: z.instanceof(Buffer),
  organisationId: id<"organisation">(),
  userId: id<"user">(),
  place: z.enum(places),
  until: instant,
});
export type Untold = z.output<typeof untold>;

/** Of somebody, and not in the timeline yet. */
export async function listUntold(reader: Reader): Promise<Untold[]> {
  return reader.rows(
    untold,
    sql`select a.key, a.organisation_id as "organisationId", a.user_id as "userId", a.place,
        a.began_at + a.minutes * interval '1 minute' as until
      from password_attempts a
      where a.tries > ${mostTries} and a.told_at is null and a.organisation_id is not null limit 1000`,
  );
}

/** @returns whether nobody else has told it meanwhile. */
export async function markTold(transaction: Transaction, key: Buffer, at: Date): Promise<boolean> {
  const told = await transaction.execute(
    sql`update password_attempts set told_at = ${at} where key = ${key} and tries > ${mostTries} and told_at is null`,
  );
  return told > 0;
}
