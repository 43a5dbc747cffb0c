// Imports of people and the verdicts on their rows.

import { rowVerdicts, type RowVerdict } from "@lockstep/api";
import type { Id, OrganisationId, TeamId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Change, Doer } from "../db/change.ts";
import type { Reader, Transaction } from "../db/database.ts";
import { id, instant } from "../db/shape.ts";
import { array, sql } from "../db/sql.ts";
import { Refusal } from "../refusal.ts";

export type ImportId = Id<"import">;

const peopleImport = z.object({
  id: id<"import">(),
  fileName: z.string(),
  isDryRun: z.boolean(),
  startedAt: instant,
  endedAt: instant.nullable(),
  rows: z.int(),
  done: z.int(),
  added: z.int(),
  skipped: z.int(),
});

export type PeopleImport = z.output<typeof peopleImport>;

const columns = sql`i.id, i.file_name as "fileName", i.is_dry_run as "isDryRun", i.started_at as "startedAt",
  i.ended_at as "endedAt", i.rows, i.done, i.added, i.done - i.added as skipped`;

/** @throws Refusal import_not_found. */
export async function loadImport(
  reader: Reader,
  organisationId: OrganisationId,
  importId: ImportId,
): Promise<PeopleImport> {
  const found = await reader.row(
    peopleImport,
    sql`select ${columns} from imports i where i.organisation_id = ${organisationId} and i.id = ${importId}`,
  );
  if (found === undefined) throw new Refusal("import_not_found");
  return found;
}

const running = z.object({ organisationId: id<"organisation">(), id: id<"import">() });

/** Every import of the installation that still has rows without a verdict, oldest first. */
export async function listRunningImports(reader: Reader): Promise<z.output<typeof running>[]> {
  return reader.rows(
    running,
    sql`select i.organisation_id as "organisationId", i.id
      from organisations o join imports i on i.organisation_id = o.id
      where i.ended_at is null order by i.started_at, i.id`,
  );
}

const source = z.object({
  source: z.string(),
  fileName: z.string(),
  teamId: id<"team">(),
  isDryRun: z.boolean(),
  actorRole: z.string(),
  actorOrganisationId: id<"organisation">().nullable(),
  actorUserId: id<"user">().nullable(),
});

export type ImportSource = z.output<typeof source>;

/** What is imported and by whom; undefined once every row has its verdict. */
export async function findImportSource(
  reader: Reader,
  organisationId: OrganisationId,
  importId: ImportId,
): Promise<ImportSource | undefined> {
  return reader.row(
    source,
    sql`select source, file_name as "fileName", team_id as "teamId", is_dry_run as "isDryRun",
        actor_role as "actorRole", actor_organisation_id as "actorOrganisationId", actor_user_id as "actorUserId"
      from imports where organisation_id = ${organisationId} and id = ${importId} and ended_at is null`,
  );
}

export interface NewImport {
  readonly id: ImportId;
  readonly fileName: string;
  readonly source: string;
  readonly teamId: TeamId;
  readonly isDryRun: boolean;
  readonly rows: number;
  readonly doer: Doer;
}

export async function insertImport(change: Change, made: NewImport): Promise<void> {
  const { id, fileName, source: text, teamId, isDryRun, rows, doer } = made;
  const isEmpty = rows === 0;
  await change.execute(sql`
    insert into imports (organisation_id, id, file_name, source, team_id, is_dry_run, actor_role,
      actor_organisation_id, actor_user_id, rows, started_at, ended_at)
    values (${change.organisationId}, ${id}, ${fileName}, ${isEmpty ? null : text}, ${teamId}, ${isDryRun},
      ${doer.role}, ${doer.organisationId ?? null}, ${doer.userId}, ${rows}, ${change.at},
      ${isEmpty ? change.at : null})`);
}

/**
 * How many rows have their verdict; nobody gives another one until the transaction ends.
 * @returns undefined when all of them have.
 */
export async function lockProgress(change: Change, importId: ImportId): Promise<number | undefined> {
  const row = await change.row(
    z.object({ done: z.int() }),
    sql`select done from imports
      where organisation_id = ${change.organisationId} and id = ${importId} and ended_at is null for no key update`,
  );
  return row?.done;
}

const planned = z.object({ username: z.string() });

/** The usernames of rows that have their verdict: of those that were people, added or not. */
export async function listUsernamesBetween(
  reader: Reader,
  organisationId: OrganisationId,
  { importId, after, until }: { importId: ImportId; after: number; until: number },
): Promise<string[]> {
  const rows = await reader.rows(
    planned,
    sql`select username from import_rows
      where organisation_id = ${organisationId} and import_id = ${importId} and row > ${after} and row <= ${until}
        and verdict in ('added', 'would-be-added', 'username-taken')`,
  );
  return rows.map(({ username }) => username);
}

/**
 * PostgreSQL keeps the plan by which it checks a foreign key, and one that it made while a table was nearly empty reads
 * the whole table for every row.
 */
export async function forgetPlans(transaction: Transaction): Promise<void> {
  await transaction.execute(sql`discard plans`);
}

export interface GivenVerdict {
  /** Counted from 1. */
  readonly row: number;
  readonly verdict: RowVerdict;
  readonly username: string | null;
  readonly userId: UserId | null;
}

/** Writes the verdicts on the next rows. With the last one the import has ended, and its text is forgotten. */
export async function insertVerdicts(
  change: Change,
  importId: ImportId,
  verdicts: readonly GivenVerdict[],
): Promise<void> {
  const { organisationId } = change;
  const text = (pick: (verdict: GivenVerdict) => string | null, type: "text" | "uuid") =>
    array(verdicts.map(pick), type);
  await change.execute(sql`
    insert into import_rows (organisation_id, import_id, row, verdict, username, user_id)
    select ${organisationId}, ${importId}, v.row, v.verdict, v.username, v.user_id
    from unnest(${array(
      verdicts.map(({ row }) => row),
      "integer",
    )}, ${text(({ verdict }) => verdict, "text")}, ${text(({ username }) => username, "text")},
      ${text(({ userId }) => userId, "uuid")}) as v (row, verdict, username, user_id)`);
  const added = verdicts.filter(({ verdict }) => verdict === "added" || verdict === "would-be-added");
  await change.execute(sql`
    update imports set done = done + ${verdicts.length}, added = added + ${added.length},
      ended_at = case when done + ${verdicts.length} = rows then ${change.at}::timestamptz end,
      source = case when done + ${verdicts.length} < rows then source end
    where organisation_id = ${organisationId} and id = ${importId}`);
}

const importRow = z.object({
  row: z.int(),
  verdict: z.enum(Object.keys(rowVerdicts) as [RowVerdict, ...RowVerdict[]]),
  username: z.string().nullable(),
  userId: id<"user">().nullable(),
});

export type ImportRow = z.output<typeof importRow>;

export interface RowsOf {
  readonly importId: ImportId;
  readonly verdict: RowVerdict | undefined;
  readonly skipped: boolean;
  /** Rows after this one. */
  readonly after: number;
  readonly limit: number;
}

/** The next rows that have a verdict, in their order in the file. */
export async function listImportRows(
  reader: Reader,
  organisationId: OrganisationId,
  { importId, verdict, skipped, after, limit }: RowsOf,
): Promise<ImportRow[]> {
  const that = verdict === undefined ? sql`true` : sql`verdict = ${verdict}`;
  const those = skipped ? sql`verdict not in ('added', 'would-be-added')` : sql`true`;
  return reader.rows(
    importRow,
    sql`select row, verdict, username, user_id as "userId" from import_rows
      where organisation_id = ${organisationId} and import_id = ${importId} and row > ${after} and ${that} and ${those}
      order by row limit ${limit}`,
  );
}
