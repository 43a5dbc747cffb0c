// Sealed key material as it is stored, and the runs of the canary.

import type { Id, KeyId, OrganisationId } from "@lockstep/core";
import { z } from "zod";

import type { Reader, Transaction } from "../../db/database.ts";
import { id, instant } from "../../db/shape.ts";
import { array, sql } from "../../db/sql.ts";

const sealedVersion = z.object({
  organisationId: id<"organisation">(),
  keyId: id<"key">(),
  version: z.int(),
  recipient: z.string(),
  material: z.string(),
  kekVersion: z.int(),
});

export type SealedVersion = z.output<typeof sealedVersion>;

const columns = sql`k.organisation_id as "organisationId", k.key_id as "keyId", k.version, k.recipient, k.material,
  k.kek_version as "kekVersion"`;

const count = z.object({ total: z.int(), left: z.int() });

/** An organisation's pieces of sealed material, and how many of them still wait for the current version. */
export async function countSealed(
  reader: Reader,
  organisationId: OrganisationId,
  currentVersion: number,
): Promise<z.output<typeof count>> {
  const row = await reader.row(
    count,
    sql`select count(*) as total, count(*) filter (where kek_version <> ${currentVersion}) as left
      from key_versions where organisation_id = ${organisationId} and material is not null`,
  );
  return row ?? { total: 0, left: 0 };
}

/** The versions of the key-encryption key that any row of the installation needs, ascending. */
export async function listNeededKekVersions(reader: Reader): Promise<number[]> {
  const rows = await reader.rows(
    z.object({ version: z.int() }),
    sql`select distinct k.kek_version as version from organisations o
      join key_versions k on k.organisation_id = o.id where k.material is not null order by version`,
  );
  return rows.map(({ version }) => version);
}

/** A random sample over the whole installation, or of what is sealed under one version. */
export async function sampleSealed(
  reader: Reader,
  { limit, kekVersion = null }: { limit: number; kekVersion?: number | null },
): Promise<SealedVersion[]> {
  return reader.rows(
    sealedVersion,
    sql`select ${columns} from organisations o join key_versions k on k.organisation_id = o.id
      where k.material is not null and k.kek_version = coalesce(${kekVersion}::integer, k.kek_version)
      order by random() limit ${limit}`,
  );
}

export interface Batch {
  readonly currentVersion: number;
  readonly after: { readonly keyId: KeyId; readonly version: number } | null;
  readonly limit: number;
}

const first = { keyId: "00000000-0000-0000-0000-000000000000", version: 0 };

/** Holds the next pieces that are not sealed under the current version, and passes over those that another holds. */
export async function takeBatchToRewrap(
  transaction: Transaction,
  organisationId: OrganisationId,
  { currentVersion, after, limit }: Batch,
): Promise<SealedVersion[]> {
  const { keyId, version } = after ?? first;
  return transaction.rows(
    sealedVersion,
    sql`select ${columns} from key_versions k
      where k.organisation_id = ${organisationId} and k.material is not null and k.kek_version <> ${currentVersion}
        and (k.key_id, k.version) > (${keyId}::uuid, ${version}::integer)
      order by k.key_id, k.version limit ${limit} for update skip locked`,
  );
}

/** Only for rows that the transaction holds. */
export async function updateSealed(
  transaction: Transaction,
  organisationId: OrganisationId,
  pieces: readonly Pick<SealedVersion, "keyId" | "version" | "material" | "kekVersion">[],
): Promise<void> {
  const column = <Name extends keyof (typeof pieces)[number]>(name: Name) =>
    pieces.map((piece) => piece[name]);
  await transaction.execute(sql`
    update key_versions k set material = s.material, kek_version = s.kek_version
    from unnest(${array(column("keyId"), "uuid")}, ${array(column("version"), "integer")},
      ${array(column("material"), "text")}, ${array(column("kekVersion"), "integer")}
    ) as s (key_id, version, material, kek_version)
    where k.organisation_id = ${organisationId} and k.key_id = s.key_id and k.version = s.version`);
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
