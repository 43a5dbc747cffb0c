// Everybody who was seen in a directory, and what was decided about them here.

import { nameOfDeleted, type OrganisationId, type TeamId, type UserId } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../../db/change.ts";
import type { Reader, Transaction } from "../../db/database.ts";
import { id, instant } from "../../db/shape.ts";
import { array, sql, type Statement } from "../../db/sql.ts";
import { Refusal } from "../../refusal.ts";
import type { RunId } from "../runs/store.ts";
import type { DirectoryId } from "../store.ts";

interface OfDirectory {
  readonly organisationId: OrganisationId;
  readonly directoryId: DirectoryId;
}

const seen = z.object({
  objectId: id<"directory-object">(),
  dn: z.string(),
  name: z.string(),
  username: z.string(),
  email: z.string().nullable(),
  units: z.array(z.string()),
  isDisabled: z.boolean(),
  goneAt: instant.nullable(),
  choice: z.enum(["none", "import", "ignore"]),
  userId: id<"user">().nullable(),
});

export type SeenEntry = z.output<typeof seen>;

const states = {
  unlinked: sql`l.user_id is null and e.choice <> 'ignore'`,
  linked: sql`l.user_id is not null`,
  ignored: sql`l.user_id is null and e.choice = 'ignore'`,
  // Of whom a plan that is held would say so, nothing has been said yet.
  missing: sql`l.state = 'missing'`,
};

export interface EntriesOf extends OfDirectory {
  readonly state: keyof typeof states | undefined;
  readonly search: string | undefined;
  readonly isGone: boolean | undefined;
  readonly after: string | undefined;
  readonly limit: number;
}

/** In the order of their ids, after one of them. */
export async function listSeenEntries(reader: Reader, asked: EntriesOf): Promise<SeenEntry[]> {
  const { organisationId, directoryId, state, search, isGone, after, limit } = asked;
  const begins = `${(search ?? "").toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
  return reader.rows(
    seen,
    sql`select e.object_id as "objectId", e.dn, e.name, e.username, e.email, e.units, e.is_disabled as "isDisabled",
        e.gone_at as "goneAt", e.choice, l.user_id as "userId"
      from directory_entries e
      left join lateral (
        select l.user_id, l.state from directory_links l
        where l.organisation_id = e.organisation_id and l.object_id = e.object_id and l.directory_id = e.directory_id limit 1
      ) l on true
      where e.organisation_id = ${organisationId} and e.directory_id = ${directoryId} and e.erased_at is null
        and e.object_id > coalesce(${after ?? null}::uuid, '00000000-0000-0000-0000-000000000000')
        and ${state === undefined ? sql`true` : states[state]}
        and ${search === undefined ? sql`true` : sql`(lower(e.name) like ${begins} or e.username like ${begins})`}
        and ${isGone === undefined ? sql`true` : isGone ? sql`e.gone_at is not null` : sql`e.gone_at is null`}
      order by e.object_id limit ${limit}`,
  );
}

/** Those of some, or all that are not linked, who are there and not ignored are chosen. @returns how many. */
export async function chooseEntries(
  transaction: Transaction,
  { organisationId, directoryId }: OfDirectory,
  { objectIds, teamId }: { objectIds: readonly string[] | null; teamId: TeamId | null },
): Promise<number> {
  const those =
    objectIds === null ? sql`e.choice <> 'ignore'` : sql`e.object_id = any(${array(objectIds, "uuid")})`;
  return transaction.execute(sql`
    update directory_entries e set choice = 'import', chosen_team_id = ${teamId}, chosen_user_id = null
    where e.organisation_id = ${organisationId} and e.directory_id = ${directoryId} and e.gone_at is null
      and e.erased_at is null and ${those}
      and not exists (select from directory_links l where l.organisation_id = ${organisationId}
        and l.object_id = e.object_id)`);
}

/** @throws Refusal directory_entry_not_found. */
export async function chooseUserFor(
  transaction: Transaction,
  { organisationId, directoryId }: OfDirectory,
  { objectId, userId }: { objectId: string; userId: UserId },
): Promise<void> {
  const chosen = await transaction.execute(sql`
    update directory_entries set choice = 'import', chosen_team_id = null, chosen_user_id = ${userId}
    where organisation_id = ${organisationId} and directory_id = ${directoryId} and object_id = ${objectId}
      and gone_at is null and erased_at is null`);
  if (chosen === 0) throw new Refusal("directory_entry_not_found");
}

/** @returns how many. */
export async function updateIgnored(
  transaction: Transaction,
  { organisationId, directoryId }: OfDirectory,
  { objectIds, isIgnored }: { objectIds: readonly string[]; isIgnored: boolean },
): Promise<number> {
  const choice = isIgnored ? "ignore" : "none";
  return transaction.execute(sql`
    update directory_entries e set choice = ${choice}, chosen_team_id = null, chosen_user_id = null
    where e.organisation_id = ${organisationId} and e.directory_id = ${directoryId}
      and e.object_id = any(${array(objectIds, "uuid")}) and e.erased_at is null and (e.choice = 'ignore') <> ${isIgnored}::boolean
      and not exists (select from directory_links l where l.organisation_id = ${organisationId}
        and l.object_id = e.object_id)`);
}

/** The entries that users are linked to are left alone from now on. @param whenGone also those that are gone. */
export async function ignoreEntriesOf(
  transaction: Transaction,
  organisationId: OrganisationId,
  { users, whenGone }: { users: readonly UserId[]; whenGone: boolean },
): Promise<void> {
  await transaction.execute(sql`
    update directory_entries e set choice = 'ignore', chosen_team_id = null, chosen_user_id = null
    from directory_links l
    where l.organisation_id = ${organisationId} and l.user_id = any(${array(users, "uuid")})
      and e.organisation_id = l.organisation_id and e.directory_id = l.directory_id and e.object_id = l.object_id
      and (e.gone_at is null or ${whenGone}::boolean)`);
}

/** They were linked: what was chosen for them is done. */
export async function forgetChoices(
  transaction: Transaction,
  { organisationId, directoryId }: OfDirectory,
  objectIds: readonly string[],
): Promise<void> {
  await transaction.execute(sql`
    update directory_entries set choice = 'none', chosen_team_id = null, chosen_user_id = null
    where organisation_id = ${organisationId} and directory_id = ${directoryId}
      and object_id = any(${array(objectIds, "uuid")}) and choice <> 'none'`);
}

/** Keeps what a run has read; whoever everybody was read without is gone. */
export async function mergeRead(
  transaction: Transaction,
  { organisationId, directoryId }: OfDirectory,
  { runId, isComplete, at }: { runId: string; isComplete: boolean; at: Date },
): Promise<void> {
  await transaction.execute(sql`
    insert into directory_entries
      (organisation_id, directory_id, object_id, dn, name, username, email, units, is_disabled)
    select organisation_id, ${directoryId}, object_id, dn, name, username, email, units, is_disabled
    from directory_reads where organisation_id = ${organisationId} and run_id = ${runId}
    on conflict (organisation_id, directory_id, object_id) do update
      set dn = excluded.dn, name = excluded.name, username = excluded.username, email = excluded.email,
        units = excluded.units, is_disabled = excluded.is_disabled, gone_at = null
      where directory_entries.erased_at is null and ((directory_entries.dn, directory_entries.name, directory_entries.username, directory_entries.email,
          directory_entries.units, directory_entries.is_disabled)
        is distinct from (excluded.dn, excluded.name, excluded.username, excluded.email, excluded.units,
          excluded.is_disabled)
        or directory_entries.gone_at is not null)`);
  if (!isComplete) return;
  await transaction.execute(sql`
    update directory_entries e set gone_at = ${at}
    where e.organisation_id = ${organisationId} and e.directory_id = ${directoryId} and e.gone_at is null
      and not exists (select from directory_reads r where r.organisation_id = ${organisationId}
        and r.run_id = ${runId} and r.object_id = e.object_id)`);
}

/** What rows of plans tell of somebody goes. @param those a condition on them. */
async function erasePlanRows(
  transaction: Transaction,
  organisationId: OrganisationId,
  those: Statement,
): Promise<void> {
  await transaction.execute(sql`
    update directory_plan_rows set dn = '', name = ${nameOfDeleted}, username = null, change = '{}'
    where organisation_id = ${organisationId} and ${those}`);
}

/** Whoever is still in the directory is not read from it any more: nothing is kept but the immutable id. */
export async function eraseEntriesOf(change: Change, users: readonly UserId[]): Promise<void> {
  const { organisationId, at } = change;
  const ofThem = sql`= any(${array(users, "uuid")})`;
  const those = sql`object_id in (
    select object_id from directory_links where organisation_id = ${organisationId} and user_id ${ofThem}
    union select object_id from directory_entries where organisation_id = ${organisationId}
      and (former_user_id ${ofThem} or chosen_user_id ${ofThem}))`;
  await erasePlanRows(change, organisationId, sql`(user_id ${ofThem} or ${those})`);
  await change.execute(
    sql`delete from directory_reads where organisation_id = ${organisationId} and ${those}`,
  );
  await change.execute(sql`
    update directory_entries set dn = '', name = '', username = '', email = null, units = '{}', choice = 'ignore',
      chosen_team_id = null, chosen_user_id = null, former_user_id = null, erased_at = ${at}
    where organisation_id = ${organisationId} and ${those}`);
}

/** Whoever was deleted is read and forgotten: nothing that the run has read, or plans, tells of them. */
export async function forgetErased(
  transaction: Transaction,
  { organisationId, directoryId }: OfDirectory,
  runId: RunId,
): Promise<void> {
  const those = sql`run_id = ${runId} and object_id in (
    select object_id from directory_entries
    where organisation_id = ${organisationId} and directory_id = ${directoryId} and erased_at is not null)`;
  await erasePlanRows(transaction, organisationId, those);
  await transaction.execute(
    sql`delete from directory_reads where organisation_id = ${organisationId} and ${those}`,
  );
}

const asSeen = seen.omit({ goneAt: true, choice: true, userId: true });

/** Those of some that are there, as they were seen last: perhaps by a later run than the one that asks. */
export async function listPresentEntries(
  reader: Reader,
  { organisationId, directoryId }: OfDirectory,
  objectIds: readonly string[],
): Promise<z.output<typeof asSeen>[]> {
  return reader.rows(
    asSeen,
    sql`select object_id as "objectId", dn, name, username, email, units, is_disabled as "isDisabled"
      from directory_entries
      where organisation_id = ${organisationId} and directory_id = ${directoryId}
        and object_id = any(${array(objectIds, "uuid")}) and gone_at is null`,
  );
}

const objectOnly = z.object({ objectId: z.string() });

/** Those of some that have not been seen again. */
export async function listGoneEntries(
  reader: Reader,
  { organisationId, directoryId }: OfDirectory,
  objectIds: readonly string[],
): Promise<string[]> {
  const rows = await reader.rows(
    objectOnly,
    sql`select object_id as "objectId" from directory_entries
      where organisation_id = ${organisationId} and directory_id = ${directoryId}
        and object_id = any(${array(objectIds, "uuid")}) and gone_at is not null`,
  );
  return rows.map(({ objectId }) => objectId);
}
