// Accounts that nobody uses: who is warned, who is due, who is exempt, and what is held. Disabling them writes the users.

import type { OrganisationId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../../db/change.ts";
import type { Reader, Transaction } from "../../db/database.ts";
import { id, instant } from "../../db/shape.ts";
import { array, sql, type Statement } from "../../db/sql.ts";

const dayMilliseconds = 86_400_000;
/** Nobody is disabled without having been warned so many days before. */
export const firstWarningDays = 14;

/** By what an account is due. */
export interface Terms {
  readonly at: Date;
  readonly inactiveDays: number;
  /** Whom it does not concern, as the last administrators. */
  readonly not: readonly UserId[];
  /** Whom alone it concerns; everybody if left out. */
  readonly only?: UserId;
}

const daysBefore = (at: Date, days: number) => new Date(at.getTime() - days * dayMilliseconds);

/** Of the user u: idle for more than the days, less some; and nothing keeps the system from disabling the account. */
function idle({ at, inactiveDays, not }: Terms, { early = 0 } = {}): Statement {
  return sql`u.account = 'active' and u.disabled_at is null and u.removed_at is null
    and u.active_at < ${daysBefore(at, inactiveDays - early)} and not (u.id = any(${array(not, "uuid")}))
    and not exists (select from inactivity_exemptions e where e.organisation_id = u.organisation_id and e.user_id = u.id)`;
}

/** Of the user u: idle for long enough, and warned two weeks ago or earlier. */
export function isDue(terms: Terms): Statement {
  // Asked for each by key: joined, all who are idle would be compared with all who were warned.
  const { only } = terms;
  return sql`${only === undefined ? sql`true` : sql`u.id = ${only}`} and ${idle(terms)} and (
    select w.recorded_at from inactivity_warnings w
    where w.organisation_id = u.organisation_id and w.user_id = u.id and w.active_at = u.active_at
      and w.days = ${sql.lit(firstWarningDays)}) <= ${daysBefore(terms.at, firstWarningDays)}::timestamptz`;
}

/** What workstations have reported of Key-Files being opened is activity too: taken over for those who seem idle. */
export async function takeOverOpenings(
  transaction: Transaction,
  organisationId: OrganisationId,
  terms: Terms,
): Promise<void> {
  await transaction.execute(sql`
    with opened as materialized (
      select u.id, u.active_at, (select max(a.opened_at) from activations a
        where a.organisation_id = u.organisation_id and a.user_id = u.id and a.opened_at is not null) as at
      from users u where u.organisation_id = ${organisationId} and ${idle(terms, { early: firstWarningDays })}
    )
    update users u set active_at = o.at from opened o
    -- As an array they are found by key; joined alone, everybody would be read.
    where u.organisation_id = ${organisationId} and u.id = any(array(select id from opened where active_at < at))
      and u.id = o.id and u.active_at < o.at`);
}

const warned = z.object({ userId: id<"user">(), days: z.int(), disabledOn: instant });

/**
 * Warns those whose time has come: first two weeks before, and then again 7, 3 and 1 day before.
 * @returns who was warned, and when the account will be disabled.
 */
export async function warnIdle(
  change: Change,
  terms: Terms,
  limit: number,
): Promise<z.output<typeof warned>[]> {
  const { organisationId } = change;
  const { at, inactiveDays } = terms;
  return change.rows(
    warned,
    sql`
    with idle as materialized (
      -- Found first, and then asked for each by key, as in isDue: everybody would be read in the order of the limit.
      select u.id, u.active_at, (select w.recorded_at from inactivity_warnings w
        where w.organisation_id = u.organisation_id and w.user_id = u.id and w.active_at = u.active_at
          and w.days = ${sql.lit(firstWarningDays)}) as warned_at
      from users u where u.organisation_id = ${organisationId} and ${idle(terms, { early: firstWarningDays })}
    ), dated as (
      select *, greatest(active_at + make_interval(hours => ${24 * inactiveDays}::integer),
        coalesce(warned_at, ${at}) + make_interval(hours => ${sql.lit(24 * firstWarningDays)})) as disabled_on
      from idle
    ), timely as (
      select id, active_at, disabled_on, case when warned_at is null then ${sql.lit(firstWarningDays)}
        when disabled_on <= ${at}::timestamptz + interval '24 hours' then 1
        when disabled_on <= ${at}::timestamptz + interval '72 hours' then 3
        when disabled_on <= ${at}::timestamptz + interval '168 hours' then 7 end as days
      from dated
    ), chosen as (
      select t.* from timely t where t.days is not null and not exists (
        select from inactivity_warnings x where x.organisation_id = ${organisationId} and x.user_id = t.id
          and x.active_at = t.active_at and x.days = t.days)
      order by t.id limit ${limit}
    ), recorded as (
      insert into inactivity_warnings (organisation_id, user_id, active_at, days, recorded_at)
      select ${organisationId}, id, active_at, days, ${at} from chosen on conflict do nothing returning user_id
    )
    select c.id as "userId", c.days, c.disabled_on as "disabledOn"
    from chosen c join recorded r on r.user_id = c.id order by c.id`,
  );
}

const counted = z.object({ due: z.int(), early: z.int(), accounts: z.int() });

/** How many are due, how many are not but in their last two weeks or longer idle, and how many accounts are in use. */
export async function countDue(
  reader: Reader,
  organisationId: OrganisationId,
  terms: Terms,
): Promise<z.output<typeof counted>> {
  const row = await reader.row(
    counted,
    sql`
    select (select count(*) from users u where u.organisation_id = ${organisationId} and ${isDue(terms)}) as due,
      (select count(*) from users u
        where u.organisation_id = ${organisationId} and ${idle(terms, { early: firstWarningDays })}) as early,
      (select coalesce(sum(p.n + coalesce((select sum(d.delta) from posture_deltas d
          where d.organisation_id = p.organisation_id and d.posture_id = p.id), 0)), 0)::bigint
        from postures p where p.organisation_id = ${organisationId} and p.account = 'active'
          and not p.disabled) as accounts`,
  );
  const { due, early, accounts } = row ?? { due: 0, early: 0, accounts: 0 };
  return { due, early: early - due, accounts };
}

const since = z.object({ disabled: z.int() });

/** How many were disabled within a day, not counting those that somebody has confirmed. */
export async function countDisabledOfDay(
  reader: Reader,
  organisationId: OrganisationId,
  at: Date,
): Promise<number> {
  const row = await reader.row(
    since,
    sql`
    select count(*) as disabled from users where organisation_id = ${organisationId} and disabled_at > greatest(
      ${daysBefore(at, 1)}::timestamptz,
      (select done_at from inactivity_holds where organisation_id = ${organisationId}))`,
  );
  return row?.disabled ?? 0;
}

const found = z.object({ userId: id<"user">() });

/** Which of some users are due. */
export async function listDueAmong(
  reader: Reader,
  organisationId: OrganisationId,
  { users, ...terms }: Terms & { users: readonly UserId[] },
): Promise<UserId[]> {
  const rows = await reader.rows(
    found,
    sql`select u.id as "userId" from users u
      where u.organisation_id = ${organisationId} and u.id = any(${array(users, "uuid")}) and ${isDue(terms)}
      order by u.id`,
  );
  return rows.map(({ userId }) => userId);
}

const coming = z.object({
  id: id<"user">(),
  name: z.string(),
  username: z.string(),
  disabledOn: instant,
});

/** Who will be disabled until some moment if nothing is done. */
function comingUntil(
  organisationId: OrganisationId,
  { until, ...terms }: Terms & { until: Date },
): Statement {
  const { at, inactiveDays } = terms;
  const early = Math.max(firstWarningDays, 1 + Math.ceil((until.getTime() - at.getTime()) / dayMilliseconds));
  return sql`(
    select * from (
      select u.id, u.name, u.username, greatest(u.active_at + make_interval(hours => ${24 * inactiveDays}::integer),
        coalesce(w.recorded_at, ${at}) + make_interval(hours => ${sql.lit(24 * firstWarningDays)})) as "disabledOn"
      from users u left join inactivity_warnings w on w.organisation_id = u.organisation_id and w.user_id = u.id
        and w.active_at = u.active_at and w.days = ${sql.lit(firstWarningDays)}
      where u.organisation_id = ${organisationId} and ${idle(terms, { early })}
    ) c where "disabledOn" <= ${until})`;
}

/** Who will be disabled until some moment if nothing is done, soonest first. */
export async function listComing(
  reader: Reader,
  organisationId: OrganisationId,
  { limit, ...terms }: Terms & { until: Date; limit: number },
): Promise<z.output<typeof coming>[]> {
  return reader.rows(
    coming,
    sql`select * from ${comingUntil(organisationId, terms)} d order by "disabledOn", id limit ${limit}`,
  );
}

const howMany = z.object({ coming: z.int() });

/** How many will be disabled until some moment if nothing is done. */
export async function countComing(
  reader: Reader,
  organisationId: OrganisationId,
  terms: Terms & { until: Date },
): Promise<number> {
  const row = await reader.row(
    howMany,
    sql`select count(*) as coming from ${comingUntil(organisationId, terms)} d`,
  );
  return row?.coming ?? 0;
}

/** Of the user u, first warned by w: when the account would be disabled. */
export function disabledOn({ at, inactiveDays }: Pick<Terms, "at" | "inactiveDays">): Statement {
  return sql`greatest(u.active_at + make_interval(hours => ${24 * inactiveDays}::integer),
    coalesce(w.recorded_at, ${at}) + make_interval(hours => ${sql.lit(24 * firstWarningDays)}))`;
}

/** The first warning w of the user u since the last activity, if there was one. */
export const firstWarned = sql`left join inactivity_warnings w on w.organisation_id = u.organisation_id
  and w.user_id = u.id and w.active_at = u.active_at and w.days = ${sql.lit(firstWarningDays)}`;

const outlook = z.object({
  disabledOn: instant,
  warnedAt: instant.nullable(),
  exemption: z.string().nullable(),
});

/** When one account would be disabled; undefined for one that is not in use. */
export async function findOutlook(
  reader: Reader,
  organisationId: OrganisationId,
  { userId, at, inactiveDays }: { userId: UserId; at: Date; inactiveDays: number },
): Promise<z.output<typeof outlook> | undefined> {
  return reader.row(
    outlook,
    sql`
    select ${disabledOn({ at, inactiveDays })} as "disabledOn", w.recorded_at as "warnedAt", e.reason as exemption
    from users u ${firstWarned}
    left join inactivity_exemptions e on e.organisation_id = u.organisation_id and e.user_id = u.id
    where u.organisation_id = ${organisationId} and u.id = ${userId} and u.account = 'active' and u.disabled_at is null
      and u.removed_at is null`,
  );
}

const hold = z.object({ at: instant, due: z.int(), accounts: z.int(), confirmedAt: instant.nullable() });

export type Hold = z.output<typeof hold>;

/** What is held, or confirmed and not yet carried out. Within a transaction nobody else changes it. */
export async function findHold(
  reader: Reader,
  organisationId: OrganisationId,
  { locked = false } = {},
): Promise<Hold | undefined> {
  return reader.row(
    hold,
    sql`select at, due, accounts, confirmed_at as "confirmedAt" from inactivity_holds
      where organisation_id = ${organisationId} and done_at is null ${locked ? sql`for update` : sql``}`,
  );
}

export async function putHold(
  transaction: Transaction,
  organisationId: OrganisationId,
  { at, due, accounts }: { at: Date; due: number; accounts: number },
): Promise<void> {
  await transaction.execute(sql`
    insert into inactivity_holds (organisation_id, at, due, accounts)
    values (${organisationId}, ${at}, ${due}, ${accounts})
    on conflict (organisation_id) do update set at = excluded.at, due = excluded.due, accounts = excluded.accounts,
      confirmed_at = null, done_at = null
    where inactivity_holds.confirmed_at is null or inactivity_holds.done_at is not null`);
}

export async function updateHold(
  transaction: Transaction,
  organisationId: OrganisationId,
  step: "confirmed" | "done",
  at: Date,
): Promise<void> {
  const column = sql.ref(step === "confirmed" ? "confirmed_at" : "done_at");
  await transaction.execute(
    sql`update inactivity_holds set ${column} = ${at} where organisation_id = ${organisationId}`,
  );
}

export async function deleteHold(transaction: Transaction, organisationId: OrganisationId): Promise<void> {
  await transaction.execute(
    sql`delete from inactivity_holds where organisation_id = ${organisationId} and done_at is null`,
  );
}

const exemption = z.object({
  id: id<"user">(),
  name: z.string(),
  username: z.string(),
  reason: z.string(),
  at: instant,
});

export async function listExemptions(
  reader: Reader,
  organisationId: OrganisationId,
): Promise<z.output<typeof exemption>[]> {
  return reader.rows(
    exemption,
    sql`select u.id, u.name, u.username, e.reason, e.at
      from inactivity_exemptions e join users u on u.organisation_id = e.organisation_id and u.id = e.user_id
      where e.organisation_id = ${organisationId} order by u.sort_name, u.id`,
  );
}

export async function putExemption(change: Change, userId: UserId, reason: string): Promise<void> {
  await change.execute(sql`
    insert into inactivity_exemptions (organisation_id, user_id, reason, at)
    values (${change.organisationId}, ${userId}, ${reason}, ${change.at})
    on conflict (organisation_id, user_id) do update set reason = excluded.reason`);
}

/** @returns how many: one or none. */
export async function deleteExemption(change: Change, userId: UserId): Promise<number> {
  return change.execute(sql`
    delete from inactivity_exemptions where organisation_id = ${change.organisationId} and user_id = ${userId}`);
}
