// Second factors, recovery codes and sign-ins that wait for one, as rows.

import type { Id, OrganisationId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../db/change.ts";
import type { Reader, Transaction } from "../db/database.ts";
import { id, instant } from "../db/shape.ts";
import { sql } from "../db/sql.ts";

export type FactorId = Id<"second-factor">;
export type PendingId = Id<"pending-sign-in">;
/** How the first step of a sign-in was done. */
export type Way = "password" | "single-sign-on";

const factor = z.object({
  id: id<"second-factor">(),
  material: z.string(),
  kekVersion: z.int(),
  madeAt: instant,
  confirmedAt: instant.nullable(),
  wrongCodes: z.int(),
  waitsUntil: instant.nullable(),
});
export type Factor = z.output<typeof factor>;

/**
 * The user's factor. The user's row is locked already: of many guesses at once each knows of the one before.
 */
export async function findFactor(
  change: Change,
  userId: UserId,
  { isConfirmed }: { isConfirmed: boolean },
): Promise<Factor | undefined> {
  return change.row(
    factor,
    sql`
    select id, material, kek_version as "kekVersion", made_at as "madeAt", confirmed_at as "confirmedAt",
      wrong_codes as "wrongCodes", waits_until as "waitsUntil"
    from second_factors
    where organisation_id = ${change.organisationId} and user_id = ${userId}
      and (confirmed_at is not null) = ${isConfirmed}`,
  );
}

/** Whether signing in asks for a second factor. */
export async function hasSecondFactor(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<boolean> {
  const row = await reader.row(
    z.object({ has: z.boolean() }),
    sql`select exists (select from second_factors where organisation_id = ${organisationId}
      and user_id = ${userId} and confirmed_at is not null) as has`,
  );
  return row?.has ?? false;
}

const shown = z.object({ since: instant.nullable(), recoveryCodes: z.int(), isRequired: z.boolean() });

/** What a user is told of the own one. */
export async function loadShown(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<z.output<typeof shown>> {
  const row = await reader.row(
    shown,
    sql`
    select f.confirmed_at as since, (
        select count(*)::integer from recovery_codes c
        where c.organisation_id = f.organisation_id and c.factor_id = f.id and c.used_at is null
      ) as "recoveryCodes",
      coalesce(r.second_factor = 'required', false) as "isRequired"
    from organisations o
    left join account_rules r on r.organisation_id = o.id
    left join second_factors f
      on f.organisation_id = o.id and f.user_id = ${userId} and f.confirmed_at is not null
    where o.id = ${organisationId}`,
  );
  return row ?? { since: null, recoveryCodes: 0, isRequired: false };
}

const ways = z.object({
  secondFactor: z.object({ since: z.string() }).nullable(),
  singleSignOn: z.object({ issuer: z.string(), subject: z.string(), since: z.string() }).nullable(),
});

const utc = (column: string) =>
  sql`to_char(${sql.raw(column)} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** With what a user signs in beside the password. */
export async function loadSignInWays(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<z.output<typeof ways>> {
  const row = await reader.row(
    ways,
    sql`
    select case when f.id is not null then json_build_object('since', ${utc("f.confirmed_at")}) end as "secondFactor",
      case when l.user_id is not null then
        json_build_object('issuer', l.issuer, 'subject', l.subject, 'since', ${utc("l.made_at")})
      end as "singleSignOn"
    from users u
    left join second_factors f
      on f.organisation_id = u.organisation_id and f.user_id = u.id and f.confirmed_at is not null
    left join single_sign_on_links l on l.organisation_id = u.organisation_id and l.user_id = u.id
    where u.organisation_id = ${organisationId} and u.id = ${userId}`,
  );
  return row ?? { secondFactor: null, singleSignOn: null };
}

/** In place of one that was never confirmed. */
export async function putUnconfirmed(
  change: Change,
  userId: UserId,
  { id: factorId, material, kekVersion }: Pick<Factor, "id" | "material" | "kekVersion">,
): Promise<void> {
  const { organisationId, at } = change;
  await change.execute(sql`
    delete from second_factors
    where organisation_id = ${organisationId} and user_id = ${userId} and confirmed_at is null`);
  await change.execute(sql`
    insert into second_factors (organisation_id, id, user_id, material, kek_version, made_at)
    values (${organisationId}, ${factorId}, ${userId}, ${material}, ${kekVersion}, ${at})`);
}

export async function confirmFactor(change: Change, factorId: FactorId): Promise<void> {
  await change.execute(sql`
    update second_factors set confirmed_at = ${change.at}
    where organisation_id = ${change.organisationId} and id = ${factorId}`);
}

/** The code of a time step is taken, unless it or a later one was taken before. @returns whether it was. */
export async function takeStep(change: Change, factorId: FactorId, step: number): Promise<boolean> {
  const written = await change.execute(sql`
    update second_factors set used_step = ${step}, wrong_codes = 0, waits_until = null
    where organisation_id = ${change.organisationId} and id = ${factorId} and used_step < ${step}`);
  return written > 0;
}

export async function noteWrongCode(
  change: Change,
  factorId: FactorId,
  { wrongCodes, waitsUntil }: { wrongCodes: number; waitsUntil: Date | null },
): Promise<void> {
  await change.execute(sql`
    update second_factors set wrong_codes = ${wrongCodes}, waits_until = ${waitsUntil}
    where organisation_id = ${change.organisationId} and id = ${factorId}`);
}

/** The former ones are void. */
export async function putRecoveryCodes(
  change: Change,
  factorId: FactorId,
  hashes: readonly Buffer[],
): Promise<void> {
  const { organisationId } = change;
  await change.execute(
    sql`delete from recovery_codes where organisation_id = ${organisationId} and factor_id = ${factorId}`,
  );
  for (const hash of hashes) {
    await change.execute(sql`
      insert into recovery_codes (organisation_id, factor_id, code_hash)
      values (${organisationId}, ${factorId}, ${hash})`);
  }
}

/** @returns how many are left; null if it is none, or was used before. */
export async function spendRecoveryCode(
  change: Change,
  factorId: FactorId,
  hash: Buffer,
): Promise<number | null> {
  const { organisationId, at } = change;
  const written = await change.execute(sql`
    update recovery_codes set used_at = ${at}
    where organisation_id = ${organisationId} and factor_id = ${factorId} and code_hash = ${hash} and used_at is null`);
  if (written === 0) return null;
  const row = await change.row(
    z.object({ left: z.int() }),
    sql`select count(*)::integer as left from recovery_codes
      where organisation_id = ${organisationId} and factor_id = ${factorId} and used_at is null`,
  );
  return row?.left ?? 0;
}

/** @returns whether there was one that was confirmed. */
export async function deleteFactors(change: Change, userId: UserId): Promise<boolean> {
  const those = sql`organisation_id = ${change.organisationId} and user_id = ${userId}`;
  await change.execute(sql`delete from pending_sign_ins where ${those}`);
  await change.execute(sql`delete from second_factors where ${those} and confirmed_at is null`);
  return (await change.execute(sql`delete from second_factors where ${those}`)) > 0;
}

/** Whoever holds the secret of a sign-in that waits. */
export interface PendingKey {
  readonly organisationId: OrganisationId;
  readonly id: PendingId;
  readonly secretHash: Buffer;
}

export async function insertPending(
  transaction: Transaction,
  { organisationId, id: pendingId, secretHash }: PendingKey,
  { userId, way, at, expiresAt }: { userId: UserId; way: Way; at: Date; expiresAt: Date },
): Promise<void> {
  await transaction.execute(sql`
    delete from pending_sign_ins
    where organisation_id = ${organisationId} and user_id = ${userId} and expires_at <= ${at}`);
  await transaction.execute(sql`
    insert into pending_sign_ins (organisation_id, id, user_id, way, secret_hash, made_at, expires_at)
    values (${organisationId}, ${pendingId}, ${userId}, ${way}, ${secretHash}, ${at}, ${expiresAt})`);
}

/** It waits still, and the password is the one with which it began. */
const waits = (
  { id: pendingId, secretHash }: PendingKey,
  at: Date,
) => sql`p.id = ${pendingId} and p.secret_hash = ${secretHash}
  and p.expires_at > ${at} and not exists (
    select from passwords w where w.organisation_id = p.organisation_id and w.user_id = p.user_id
      and p.way = 'password' and w.changed_at >= p.made_at)`;

const pending = z.object({ userId: id<"user">() });

export async function findPending(reader: Reader, key: PendingKey, at: Date): Promise<UserId | undefined> {
  const row = await reader.row(
    pending,
    sql`select p.user_id as "userId" from pending_sign_ins p
      where p.organisation_id = ${key.organisationId} and ${waits(key, at)}`,
  );
  return row?.userId;
}

/** @returns whether it still waited: of two who finish it one does. */
export async function spendPending(change: Change, key: PendingKey): Promise<boolean> {
  const spent = await change.execute(sql`
    delete from pending_sign_ins p where p.organisation_id = ${key.organisationId} and ${waits(key, change.at)}`);
  return spent > 0;
}
