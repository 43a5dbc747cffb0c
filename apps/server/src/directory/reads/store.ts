// What a run has read, until it has ended: who of it needs a look, and who is not among it.

import type { OrganisationId, TeamId } from "@lockstep/core";
import { z } from "zod";

import type { Reader, Transaction } from "../../db/database.ts";
import { array, sql, type Statement } from "../../db/sql.ts";
import type { Entry, ObjectId } from "../plan.ts";
import type { RunId } from "../runs/store.ts";
import type { DirectoryId } from "../store.ts";

export interface OfRun {
  readonly organisationId: OrganisationId;
  readonly directoryId: DirectoryId;
  readonly runId: RunId;
}

export interface ReadEntry extends Entry {
  /** The team of the units, if there is one already. */
  readonly teamId: TeamId | null;
}

/** As PostgreSQL writes an array: one within an array of arrays as long as they please. */
const arrayLiteral = (values: readonly string[]) =>
  `{${values.map((value) => `"${value.replace(/["\\]/g, "\\$&")}"`).join(",")}}`;

/** Adds a page. Who was moved meanwhile comes twice, and the later one counts. */
export async function insertRead(
  transaction: Transaction,
  { organisationId, runId }: Pick<OfRun, "organisationId" | "runId">,
  entries: readonly ReadEntry[],
): Promise<void> {
  const once = [...new Map(entries.map((entry) => [entry.objectId, entry])).values()];
  const column = (pick: (entry: ReadEntry) => string | null, type: "text" | "uuid") =>
    array(once.map(pick), type);
  await transaction.execute(sql`
    insert into directory_reads
      (organisation_id, run_id, object_id, dn, name, username, email, units, is_disabled, team_id)
    select ${organisationId}, ${runId}, r.object_id, r.dn, r.name, r.username, r.email,
      r.units::text[], r.is_disabled = 'y', r.team_id
    from unnest(${column(({ objectId }) => objectId, "uuid")}, ${column(({ dn }) => dn, "text")},
      ${column(({ name }) => name, "text")}, ${column(({ username }) => username, "text")},
      ${column(({ email }) => email, "text")}, ${column(({ units }) => arrayLiteral(units), "text")},
      ${column(({ isDisabled }) => (isDisabled ? "y" : "n"), "text")}, ${column(({ teamId }) => teamId, "uuid")})
      as r (object_id, dn, name, username, email, units, is_disabled, team_id)
    on conflict (organisation_id, run_id, object_id) do update
      set dn = excluded.dn, name = excluded.name, username = excluded.username, email = excluded.email,
        units = excluded.units, is_disabled = excluded.is_disabled, team_id = excluded.team_id`);
}

/** Instead of reading: those who were chosen, as they were seen last. @returns how many. */
export async function insertChosen(
  transaction: Transaction,
  { organisationId, directoryId, runId }: OfRun,
): Promise<number> {
  return transaction.execute(sql`
    insert into directory_reads (organisation_id, run_id, object_id, dn, name, username, email, units, is_disabled)
    select organisation_id, ${runId}, object_id, dn, name, username, email, units, is_disabled
    from directory_entries
    where organisation_id = ${organisationId} and directory_id = ${directoryId} and choice = 'import'
      and gone_at is null`);
}

export async function deleteRead(
  transaction: Transaction,
  { organisationId, runId }: Pick<OfRun, "organisationId" | "runId">,
): Promise<void> {
  await transaction.execute(
    sql`delete from directory_reads where organisation_id = ${organisationId} and run_id = ${runId}`,
  );
}

/** From so many entries on it pays to look at a table again. */
export const muchRead = 1000;

const analysed = {
  reads: sql`analyze directory_reads`,
  entries: sql`analyze directory_entries`,
  people: sql`analyze users, directory_links, events`,
} as const;

/**
 * Lets PostgreSQL look at a table that has grown many times over: what it knew of it before leads to statements whose
 * work is the square of the rows. By itself it looks later, in between runs.
 */
export async function lookAgain(transaction: Transaction, table: keyof typeof analysed): Promise<void> {
  await transaction.execute(analysed[table]);
}

const read = z.object({
  objectId: z.string(),
  dn: z.string(),
  name: z.string(),
  username: z.string(),
  email: z.string().nullable(),
  units: z.array(z.string()),
  isDisabled: z.boolean(),
  isRepeated: z.boolean(),
});

const columns = sql`r.object_id as "objectId", r.dn, r.name, r.username, r.email, r.units, r.is_disabled as "isDisabled",
  r.is_repeated as "isRepeated"`;

/** Where a list goes on. */
const beyond = (column: Statement, after: ObjectId | null) =>
  sql`${column} > coalesce(${after}::uuid, '00000000-0000-0000-0000-000000000000')`;

export interface Unsettled {
  readonly after: ObjectId | null;
  readonly limit: number;
  readonly isManual: boolean;
  readonly follows: boolean;
}

/**
 * The next entries of which a plan may say something, by their ids. Those that are here just as they are there, and of a
 * manual directory those that nobody chose and who were never here, are passed over: a test holds it against the plan.
 */
export async function listUnsettled(
  reader: Reader,
  { organisationId, directoryId, runId }: OfRun,
  { after, limit, isManual, follows }: Unsettled,
): Promise<z.output<typeof read>[]> {
  return reader.rows(
    read,
    // Each is looked up by its key: joined as PostgreSQL chooses, everybody would be walked through for each window.
    sql`select ${columns} from directory_reads r
      left join lateral (
        select l.user_id, l.directory_id, l.state, l.disabled_at, u.name, u.email, u.team_id
        from directory_links l join users u on u.organisation_id = l.organisation_id and u.id = l.user_id
        where l.organisation_id = r.organisation_id and l.object_id = r.object_id limit 1
      ) l on true
      left join lateral (
        select e.choice <> 'none' or e.former_user_id is not null as is_known from directory_entries e
        where ${isManual}::boolean and e.organisation_id = r.organisation_id and e.directory_id = ${directoryId}
          and e.object_id = r.object_id limit 1
      ) e on true
      where r.organisation_id = ${organisationId} and r.run_id = ${runId} and ${beyond(sql`r.object_id`, after)}
        and not coalesce(l.directory_id = ${directoryId} and l.state = 'linked' and l.name = r.name
          and l.email is not distinct from r.email and (l.disabled_at is not null) = r.is_disabled
          and (not ${follows}::boolean or l.team_id = r.team_id), false)
        and (not ${isManual}::boolean or l.user_id is not null or e.is_known)
      order by r.object_id limit ${limit}`,
  );
}

const objectOnly = z.object({ objectId: z.string() });

/** The next of those who are linked and were not read, and of the orphans who hold no seat any more, by their ids. */
export async function listUnread(
  reader: Reader,
  { organisationId, directoryId, runId }: OfRun,
  { after, limit }: { after: ObjectId | null; limit: number },
): Promise<ObjectId[]> {
  const rows = await reader.rows(
    objectOnly,
    // Those who were read are walked through alongside, from where the list goes on and not from the first one.
    sql`select l.object_id as "objectId" from directory_links l
      where l.organisation_id = ${organisationId} and l.directory_id = ${directoryId}
        and (l.state = 'linked' or not exists (select from seats s
          where s.organisation_id = l.organisation_id and s.user_id = l.user_id))
        and ${beyond(sql`l.object_id`, after)}
        and not exists (select from directory_reads r where r.organisation_id = ${organisationId}
          and r.run_id = ${runId} and r.object_id = l.object_id and ${beyond(sql`r.object_id`, after)})
      order by l.object_id limit ${limit}`,
  );
  return rows.map(({ objectId }) => objectId);
}

/** Of those who were read with one username all but the first are marked, once everybody is read. */
export async function markRepeated(
  transaction: Transaction,
  { organisationId, runId }: Pick<OfRun, "organisationId" | "runId">,
): Promise<void> {
  await transaction.execute(sql`
    update directory_reads r set is_repeated = true
    from (
      select object_id, row_number() over (partition by username order by object_id) as place
      from directory_reads
      where organisation_id = ${organisationId} and run_id = ${runId} and username in (
        select username from directory_reads where organisation_id = ${organisationId} and run_id = ${runId}
        group by username having count(*) > 1)
    ) s
    where r.organisation_id = ${organisationId} and r.run_id = ${runId} and r.object_id = s.object_id and s.place > 1`);
}

/** Who of some is marked so. */
export async function listRepeated(
  reader: Reader,
  { organisationId, runId }: Pick<OfRun, "organisationId" | "runId">,
  objectIds: readonly ObjectId[],
): Promise<Set<ObjectId>> {
  const rows = await reader.rows(
    objectOnly,
    sql`select object_id as "objectId" from directory_reads
      where organisation_id = ${organisationId} and run_id = ${runId}
        and object_id = any(${array(objectIds, "uuid")}) and is_repeated`,
  );
  return new Set(rows.map(({ objectId }) => objectId));
}
