// What is sealed, as it is stored, over all sealed tables; and the runs of the canary.

import type { Id, OrganisationId } from "@lockstep/core";
import { z } from "zod";

import type { Reader, Transaction } from "../../db/database.ts";
import { id, instant } from "../../db/shape.ts";
import { array, sql, type Statement } from "../../db/sql.ts";
import { sealedTableNames, shapeOf, type SealedTable } from "./tables.ts";

const row = z.object({
  organisationId: id<"organisation">(),
  rowId: id<string>(),
  version: z.int(),
  publicHalf: z.string().nullable(),
  material: z.string(),
  kekVersion: z.int(),
});

/** A row of a sealed table, with what is sealed in it. */
export type SealedRow = z.output<typeof row> & { readonly table: SealedTable };

/** Of the row `k` of a sealed table. */
const idOf = (table: SealedTable) => sql.ref(`k.${shapeOf(table).id}`);

function columnsOf(table: SealedTable): Statement {
  const { version, publicHalf } = shapeOf(table);
  return sql`k.organisation_id as "organisationId", ${idOf(table)} as "rowId",
    ${version === null ? sql`1` : sql.ref(`k.${version}`)} as version,
    ${publicHalf === null ? sql`null` : sql.ref(`k.${publicHalf.column}`)} as "publicHalf",
    k.material, k.kek_version as "kekVersion"`;
}

/** A number of each table, added up. */
function summed(of: (table: Statement) => Statement): Statement {
  return sql.join(
    sealedTableNames.map((name) => sql`(${of(sql.table(name))})`),
    sql` + `,
  );
}

const left = z.object({ left: z.int() });

/** How many of an organisation's sealed pieces still wait for the current version. */
export async function countLeft(
  reader: Reader,
  organisationId: OrganisationId,
  currentVersion: number,
): Promise<number> {
  // Two ranges of the index; one inequality would read every row.
  const waiting = (
    table: Statement,
  ) => sql`select count(*) from ${table} where organisation_id = ${organisationId}
    and material is not null and (kek_version < ${currentVersion} or kek_version > ${currentVersion})`;
  const counted = await reader.row(left, sql`select ${summed(waiting)} as left`);
  return counted?.left ?? 0;
}

const total = z.object({ total: z.int() });

/** An organisation's pieces of sealed material, and how many of them still wait for the current version. */
export async function countSealed(
  reader: Reader,
  organisationId: OrganisationId,
  currentVersion: number,
): Promise<{ total: number; left: number }> {
  const all = (table: Statement) =>
    sql`select count(*) from ${table} where organisation_id = ${organisationId} and material is not null`;
  const counted = await reader.row(total, sql`select ${summed(all)} as total`);
  return { total: counted?.total ?? 0, left: await countLeft(reader, organisationId, currentVersion) };
}

/** The versions of the key-encryption key that any row of the installation needs, ascending. */
export async function listNeededKekVersions(reader: Reader): Promise<number[]> {
  const needed = sealedTableNames.map(
    (name) => sql`select k.kek_version as version from organisations o
      join ${sql.table(name)} k on k.organisation_id = o.id where k.material is not null`,
  );
  const rows = await reader.rows(
    z.object({ version: z.int() }),
    sql`${sql.join(needed, sql` union `)} order by version`,
  );
  return rows.map(({ version }) => version);
}

/** A random sample of every table over the whole installation, or of what is sealed under one version. */
export async function sampleSealed(
  reader: Reader,
  { limit, kekVersion = null }: { limit: number; kekVersion?: number | null },
): Promise<SealedRow[]> {
  const sample: SealedRow[] = [];
  for (const table of sealedTableNames) {
    const rows = await reader.rows(
      row,
      sql`select ${columnsOf(table)} from organisations o join ${sql.table(table)} k on k.organisation_id = o.id
        where k.material is not null and k.kek_version = coalesce(${kekVersion}::integer, k.kek_version)
        order by random() limit ${limit}`,
    );
    sample.push(...rows.map((each) => ({ ...each, table })));
  }
  return sample;
}

export interface Batch {
  readonly table: SealedTable;
  readonly currentVersion: number;
  readonly after: Pick<SealedRow, "rowId" | "version"> | null;
  readonly limit: number;
}

const first = { rowId: "00000000-0000-0000-0000-000000000000", version: 0 };

/** Holds the next pieces that are not sealed under the current version, and passes over those that another holds. */
export async function takeBatchToRewrap(
  transaction: Transaction,
  organisationId: OrganisationId,
  { table, currentVersion, after, limit }: Batch,
): Promise<SealedRow[]> {
  const { version: counting } = shapeOf(table);
  const { rowId, version } = after ?? first;
  const later =
    counting === null
      ? sql`${idOf(table)} > ${rowId}::uuid`
      : sql`(${idOf(table)}, ${sql.ref(`k.${counting}`)}) > (${rowId}::uuid, ${version}::integer)`;
  const order = counting === null ? idOf(table) : sql`${idOf(table)}, ${sql.ref(`k.${counting}`)}`;
  const rows = await transaction.rows(
    row,
    sql`select ${columnsOf(table)} from ${sql.table(table)} k
      where k.organisation_id = ${organisationId} and k.material is not null
        and k.kek_version <> ${currentVersion} and ${later}
      order by ${order} limit ${limit} for update skip locked`,
  );
  return rows.map((each) => ({ ...each, table }));
}

/** Only for rows of one table that the transaction holds. */
export async function updateSealed(
  transaction: Transaction,
  organisationId: OrganisationId,
  { table, pieces }: { readonly table: SealedTable; readonly pieces: readonly SealedRow[] },
): Promise<void> {
  const column = <Name extends keyof SealedRow>(name: Name) => pieces.map((piece) => piece[name]);
  const { version } = shapeOf(table);
  const same = version === null ? sql`` : sql` and ${sql.ref(`k.${version}`)} = s.version`;
  await transaction.execute(sql`
    update ${sql.table(table)} k set material = s.material, kek_version = s.kek_version
    from unnest(${array(column("rowId"), "uuid")}, ${array(column("version"), "integer")},
      ${array(column("material"), "text")}, ${array(column("kekVersion"), "integer")}
    ) as s (row_id, version, material, kek_version)
    where k.organisation_id = ${organisationId} and ${idOf(table)} = s.row_id${same}`);
}

const canaryRun = z.object({
  id: id<"canary-run">(),
  at: instant,
  sampled: z.int(),
  unreadable: z.int(),
});

export type CanaryRun = z.output<typeof canaryRun>;
export type CanaryRunId = Id<"canary-run">;

export async function insertCanaryRun(
  transaction: Transaction,
  { id, at, sampled, unreadable }: Omit<CanaryRun, "at"> & { readonly at: Date },
): Promise<void> {
  await transaction.execute(sql`
    insert into canary_runs (id, at, sampled, unreadable) values (${id}, ${at}, ${sampled}, ${unreadable})`);
}

export async function findLastCanaryRun(reader: Reader): Promise<CanaryRun | undefined> {
  return reader.row(
    canaryRun,
    sql`select id, at, sampled, unreadable from canary_runs order by at desc, id desc limit 1`,
  );
}
