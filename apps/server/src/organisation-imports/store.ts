// Imports of organisations and their people, and the verdicts on their rows. They are kept with the authority's office.

import { organisationRowVerdicts, type OrganisationRowVerdict } from "@lockstep/api";
import type { Id, OrganisationId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Change, Doer } from "../db/change.ts";
import type { Reader, Transaction } from "../db/database.ts";
import { id, instant } from "../db/shape.ts";
import { array, sql } from "../db/sql.ts";
import { Refusal } from "../refusal.ts";

export type OrganisationImportId = Id<"organisation-import">;

/** Which import, and the office that has it. */
export interface Place {
  readonly officeId: OrganisationId;
  readonly importId: OrganisationImportId;
}

const organisationImport = z.object({
  id: id<"organisation-import">(),
  fileName: z.string(),
  isDryRun: z.boolean(),
  startedAt: instant,
  endedAt: instant.nullable(),
  rows: z.int(),
  done: z.int(),
  organisations: z.int(),
  added: z.int(),
  invited: z.int(),
  there: z.int(),
  skipped: z.int(),
});

export type OrganisationImport = z.output<typeof organisationImport>;

/** @throws Refusal organisation_import_not_found. */
export async function loadImport(reader: Reader, { officeId, importId }: Place): Promise<OrganisationImport> {
  const found = await reader.row(
    organisationImport,
    sql`select id, file_name as "fileName", is_dry_run as "isDryRun", started_at as "startedAt",
        ended_at as "endedAt", rows, done, organisations, added, invited, there, done - added - there as skipped
      from organisation_imports where organisation_id = ${officeId} and id = ${importId}`,
  );
  if (found === undefined) throw new Refusal("organisation_import_not_found");
  return found;
}

const running = z.object({ officeId: id<"organisation">(), importId: id<"organisation-import">() });

/** Every import that still has rows without a verdict, over the whole installation, oldest first. */
export async function listRunningImports(reader: Reader): Promise<Place[]> {
  return reader.rows(
    running,
    sql`select organisation_id as "officeId", id as "importId" from organisation_imports
      where ended_at is null order by started_at, id`,
  );
}

const source = z.object({
  source: z.string(),
  fileName: z.string(),
  isDryRun: z.boolean(),
  authorityId: id<"authority">(),
  doer: z.object({ role: z.string(), organisationId: id<"organisation">(), userId: id<"user">() }),
});

export type ImportSource = z.output<typeof source>;

/** What is imported, below which authority and by whom; undefined once every row has its verdict. */
export async function findImportSource(
  reader: Reader,
  { officeId, importId }: Place,
): Promise<ImportSource | undefined> {
  return reader.row(
    source,
    sql`select i.source, i.file_name as "fileName", i.is_dry_run as "isDryRun", o.authority_id as "authorityId",
        json_build_object('role', i.actor_role, 'organisationId', i.actor_organisation_id, 'userId',
          i.actor_user_id) as doer
      from organisation_imports i join organisations o on o.id = i.organisation_id
      where i.organisation_id = ${officeId} and i.id = ${importId} and i.ended_at is null`,
  );
}

export interface NewImport {
  readonly id: OrganisationImportId;
  readonly fileName: string;
  readonly source: string;
  readonly isDryRun: boolean;
  readonly rows: number;
  readonly doer: Required<Doer>;
}

export async function insertImport(change: Change, made: NewImport): Promise<void> {
  const { id: importId, fileName, source: text, isDryRun, rows, doer } = made;
  const isEmpty = rows === 0;
  await change.execute(sql`
    insert into organisation_imports (organisation_id, id, file_name, source, is_dry_run, actor_role,
      actor_organisation_id, actor_user_id, rows, started_at, ended_at)
    values (${change.organisationId}, ${importId}, ${fileName}, ${isEmpty ? null : text}, ${isDryRun}, ${doer.role},
      ${doer.organisationId}, ${doer.userId}, ${rows}, ${change.at}, ${isEmpty ? change.at : null})`);
}

const progress = z.object({ done: z.int() });

/** How many rows have their verdict; undefined when all of them have. */
export async function findProgress(
  reader: Reader,
  { officeId, importId }: Place,
): Promise<number | undefined> {
  const row = await reader.row(
    progress,
    sql`select done from organisation_imports
      where organisation_id = ${officeId} and id = ${importId} and ended_at is null`,
  );
  return row?.done;
}

/** As `findProgress`; nobody gives another verdict until the transaction ends. */
export async function lockProgress(
  transaction: Transaction,
  { officeId, importId }: Place,
): Promise<number | undefined> {
  const row = await transaction.row(
    progress,
    sql`select done from organisation_imports
      where organisation_id = ${officeId} and id = ${importId} and ended_at is null for no key update`,
  );
  return row?.done;
}

const making = z.object({ isMade: z.boolean() });

/** Whether an earlier row of the import has made the organisation, or would have. */
export async function isMadeBy(
  reader: Reader,
  { officeId, importId }: Place,
  organisation: string,
): Promise<boolean> {
  const row = await reader.row(
    making,
    sql`select exists (select from organisation_import_rows
      where organisation_id = ${officeId} and import_id = ${importId} and makes_organisation
        and organisation = ${organisation}) as "isMade"`,
  );
  return row?.isMade ?? false;
}

export interface GivenVerdict {
  /** Counted from 1. */
  readonly row: number;
  readonly verdict: OrganisationRowVerdict;
  readonly organisation: string | null;
  readonly username: string | null;
  readonly organisationId: OrganisationId | null;
  readonly userId: UserId | null;
  readonly makesOrganisation: boolean;
  readonly isInvited: boolean;
}

const isAdded = ({ verdict }: GivenVerdict) => verdict === "added" || verdict === "would-be-added";

/** Writes the verdicts on the next rows. With the last one the import has ended, and its text is forgotten. */
export async function insertVerdicts(
  transaction: Transaction,
  { officeId, importId, at }: Place & { readonly at: Date },
  verdicts: readonly GivenVerdict[],
): Promise<void> {
  const each = (pick: (given: GivenVerdict) => string | null, type: "text" | "uuid") =>
    array(verdicts.map(pick), type);
  const numbers = (pick: (given: GivenVerdict) => number) => array(verdicts.map(pick), "integer");
  await transaction.execute(sql`
    insert into organisation_import_rows (organisation_id, import_id, row, verdict, organisation, username, target_id,
      user_id, makes_organisation, is_invited)
    select ${officeId}, ${importId}, v.row, v.verdict, v.organisation, v.username, v.target_id, v.user_id, v.makes = 1, v.invited = 1
    from unnest(${numbers(({ row }) => row)}, ${each(({ verdict }) => verdict, "text")}, ${each(({ organisation }) => organisation, "text")},
      ${each(({ username }) => username, "text")}, ${each(({ organisationId }) => organisationId, "uuid")},
      ${each(({ userId }) => userId, "uuid")}, ${numbers((given) => (given.makesOrganisation ? 1 : 0))},
      ${numbers(({ isInvited }) => (isInvited ? 1 : 0))})
      as v (row, verdict, organisation, username, target_id, user_id, makes, invited)`);
  const count = (which: (given: GivenVerdict) => boolean) => verdicts.filter(which).length;
  await transaction.execute(sql`
    update organisation_imports set done = done + ${verdicts.length}, added = added + ${count(isAdded)},
      organisations = organisations + ${count((given) => given.makesOrganisation)},
      invited = invited + ${count((given) => given.isInvited)},
      there = there + ${count(({ verdict }) => verdict === "already-there")},
      ended_at = case when done + ${verdicts.length} = rows then ${at}::timestamptz end,
      source = case when done + ${verdicts.length} < rows then source end
    where organisation_id = ${officeId} and id = ${importId}`);
}

const codes = Object.keys(organisationRowVerdicts) as [OrganisationRowVerdict, ...OrganisationRowVerdict[]];

const importRow = z.object({
  row: z.int(),
  verdict: z.enum(codes),
  organisation: z.string().nullable(),
  username: z.string().nullable(),
  organisationId: id<"organisation">().nullable(),
  userId: id<"user">().nullable(),
  makesOrganisation: z.boolean(),
  isInvited: z.boolean(),
});

export interface RowsWanted {
  readonly only: "skipped" | "organisations" | undefined;
  /** Rows after this one. */
  readonly after: number;
  readonly limit: number;
}

const these = {
  skipped: sql`verdict not in ('added', 'would-be-added', 'already-there')`,
  organisations: sql`makes_organisation`,
};

/** The next rows that have a verdict, in their order in the file. */
export async function listImportRows(
  reader: Reader,
  { officeId, importId }: Place,
  { only, after, limit }: RowsWanted,
): Promise<z.output<typeof importRow>[]> {
  return reader.rows(
    importRow,
    sql`select row, verdict, organisation, username, target_id as "organisationId", user_id as "userId",
        makes_organisation as "makesOrganisation", is_invited as "isInvited"
      from organisation_import_rows
      where organisation_id = ${officeId} and import_id = ${importId} and row > ${after}
        and ${only === undefined ? sql`true` : these[only]}
      order by row limit ${limit}`,
  );
}
