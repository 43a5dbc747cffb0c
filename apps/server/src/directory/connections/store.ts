// Directories: how each is reached and read, when it is due, and whether it can be read.

import { directories } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { z } from "zod";

import type { Reader, Transaction } from "../../db/database.ts";
import { id, instant } from "../../db/shape.ts";
import { json, sql } from "../../db/sql.ts";
import { Refusal } from "../../refusal.ts";
import type { DirectoryId } from "../store.ts";

const directory = z.object({
  id: id<"directory">(),
  organisationId: id<"organisation">(),
  name: z.string(),
  kind: z.enum(directories.directoryKinds),
  host: z.string(),
  port: z.int(),
  security: z.enum(["ldaps", "starttls"]),
  certificates: z.string().nullable(),
  bindName: z.string(),
  material: z.string(),
  kekVersion: z.int(),
  base: z.string(),
  filter: z.string(),
  mapping: z.object({ name: z.string(), username: z.string(), email: z.string() }),
  mode: z.enum(directories.directoryModes),
  teamId: id<"team">().nullable(),
  follows: z.boolean(),
  usernameSuffix: z.string(),
  intervalMinutes: z.int(),
  fullHours: z.int(),
  guardLeast: z.int(),
  guardPercent: z.int(),
  isOn: z.boolean(),
  signsIn: z.boolean(),
  revision: z.int(),
  markServer: z.string().nullable(),
  markValue: z.string().nullable(),
  nextRunAt: instant.nullable(),
  nextFullAt: instant.nullable(),
  failingSince: instant.nullable(),
  failure: z.string().nullable(),
  heldRunId: id<"directory-run">().nullable(),
});

export type Directory = z.output<typeof directory>;

/** What somebody sets; the rest the runs write. */
export type Settings = Omit<
  Directory,
  | "id"
  | "organisationId"
  | "revision"
  | "markServer"
  | "markValue"
  | "nextRunAt"
  | "nextFullAt"
  | "failingSince"
  | "failure"
  | "heldRunId"
>;

const columns = sql`d.id, d.organisation_id as "organisationId", d.name, d.kind, d.host, d.port, d.security, d.certificates,
  d.bind_name as "bindName", d.material, d.kek_version as "kekVersion", d.base, d.filter, d.mapping, d.mode,
  d.team_id as "teamId", d.follows, d.username_suffix as "usernameSuffix", d.interval_minutes as "intervalMinutes",
  d.full_hours as "fullHours", d.guard_least as "guardLeast", d.guard_percent as "guardPercent", d.is_on as "isOn",
  d.signs_in as "signsIn",
  d.revision, d.mark_server as "markServer", d.mark_value as "markValue", d.next_run_at as "nextRunAt",
  d.next_full_at as "nextFullAt", d.failing_since as "failingSince", d.failure, (
    select r.id from directory_runs r
    where r.organisation_id = d.organisation_id and r.directory_id = d.id and r.state = 'held'
    order by r.id desc limit 1
  ) as "heldRunId"`;

const linkCounts = z.object({ linked: z.int(), missing: z.int() });

/** How many users are linked to it, and how many of those are gone from it. */
export async function countLinks(
  reader: Reader,
  organisationId: OrganisationId,
  directoryId: DirectoryId,
): Promise<z.output<typeof linkCounts>> {
  const counted = await reader.row(
    linkCounts,
    sql`select count(*) filter (where state = 'linked') as linked, count(*) filter (where state = 'missing') as missing
      from directory_links where organisation_id = ${organisationId} and directory_id = ${directoryId}`,
  );
  return counted ?? { linked: 0, missing: 0 };
}

export async function listDirectories(reader: Reader, organisationId: OrganisationId): Promise<Directory[]> {
  return reader.rows(
    directory,
    sql`select ${columns} from directories d where d.organisation_id = ${organisationId} order by d.name, d.id`,
  );
}

/** @throws Refusal directory_not_found. */
export async function loadDirectory(
  reader: Reader,
  organisationId: OrganisationId,
  directoryId: DirectoryId,
): Promise<Directory> {
  const found = await reader.row(
    directory,
    sql`select ${columns} from directories d where d.organisation_id = ${organisationId} and d.id = ${directoryId}`,
  );
  if (found === undefined) throw new Refusal("directory_not_found");
  return found;
}

/** Nobody else changes the directory, or starts a run of it, until the transaction ends. @throws Refusal directory_not_found. */
export async function lockDirectory(
  transaction: Transaction,
  organisationId: OrganisationId,
  directoryId: DirectoryId,
): Promise<Directory> {
  await transaction.execute(
    sql`select 1 from directories where organisation_id = ${organisationId} and id = ${directoryId} for no key update`,
  );
  return loadDirectory(transaction, organisationId, directoryId);
}

const dueDirectory = z.object({ organisationId: id<"organisation">(), id: id<"directory">() });

/** Those whose time has come, over the whole installation, and that nobody is working at. */
export async function listDueDirectories(reader: Reader, at: Date): Promise<z.output<typeof dueDirectory>[]> {
  return reader.rows(
    dueDirectory,
    sql`select d.organisation_id as "organisationId", d.id from organisations o
      join directories d on d.organisation_id = o.id
      where d.next_run_at <= ${at} and d.is_on and o.disabled_at is null and o.deleted_at is null
      order by d.next_run_at, d.id`,
  );
}

/** @returns whether the name was free. */
export async function isDirectoryNameTaken(
  reader: Reader,
  organisationId: OrganisationId,
  { name, except }: { name: string; except: DirectoryId | null },
): Promise<boolean> {
  const row = await reader.row(
    z.object({ taken: z.boolean() }),
    sql`select exists (select from directories where organisation_id = ${organisationId} and name = ${name}
      and id is distinct from ${except}::uuid) as taken`,
  );
  return row?.taken ?? false;
}

export async function insertDirectory(
  transaction: Transaction,
  organisationId: OrganisationId,
  { id: directoryId, nextRunAt, ...set }: Settings & { id: DirectoryId; nextRunAt: Date | null },
): Promise<void> {
  await transaction.execute(sql`
    insert into directories (organisation_id, id, name, kind, host, port, security, certificates, bind_name, material,
      kek_version, base, filter, mapping, mode, team_id, follows, username_suffix, interval_minutes, full_hours,
      guard_least, guard_percent, is_on, signs_in, next_run_at)
    values (${organisationId}, ${directoryId}, ${set.name}, ${set.kind}, ${set.host}, ${set.port}, ${set.security},
      ${set.certificates}, ${set.bindName}, ${set.material}, ${set.kekVersion}, ${set.base}, ${set.filter},
      ${json(set.mapping)}, ${set.mode}, ${set.teamId}, ${set.follows}, ${set.usernameSuffix}, ${set.intervalMinutes},
      ${set.fullHours}, ${set.guardLeast}, ${set.guardPercent}, ${set.isOn}, ${set.signsIn}, ${nextRunAt})`);
}

/** Saves what was set. Everything is read anew: who is a person, and what is said of them, may be another now. */
export async function updateDirectory(
  transaction: Transaction,
  organisationId: OrganisationId,
  { id: directoryId, nextRunAt, ...set }: Settings & { id: DirectoryId; nextRunAt: Date | null },
): Promise<void> {
  await transaction.execute(sql`
    update directories set name = ${set.name}, kind = ${set.kind}, host = ${set.host}, port = ${set.port},
      security = ${set.security}, certificates = ${set.certificates}, bind_name = ${set.bindName},
      material = ${set.material}, kek_version = ${set.kekVersion}, base = ${set.base}, filter = ${set.filter},
      mapping = ${json(set.mapping)}, mode = ${set.mode}, team_id = ${set.teamId}, follows = ${set.follows},
      username_suffix = ${set.usernameSuffix}, interval_minutes = ${set.intervalMinutes}, full_hours = ${set.fullHours},
      guard_least = ${set.guardLeast}, guard_percent = ${set.guardPercent}, is_on = ${set.isOn},
      signs_in = ${set.signsIn}, next_run_at = ${nextRunAt}, mark_server = null, mark_value = null, next_full_at = null, revision = revision + 1
    where organisation_id = ${organisationId} and id = ${directoryId}`);
}

export async function deleteDirectory(
  transaction: Transaction,
  organisationId: OrganisationId,
  directoryId: DirectoryId,
): Promise<void> {
  const ofRuns = sql`where organisation_id = ${organisationId} and run_id in
    (select id from directory_runs where organisation_id = ${organisationId} and directory_id = ${directoryId})`;
  await transaction.execute(sql`delete from directory_reads ${ofRuns}`);
  await transaction.execute(sql`delete from directory_plan_rows ${ofRuns}`);
  for (const table of ["directory_runs", "directory_entries"] as const) {
    await transaction.execute(sql`delete from ${sql.table(table)}
      where organisation_id = ${organisationId} and directory_id = ${directoryId}`);
  }
  await transaction.execute(
    sql`delete from directories where organisation_id = ${organisationId} and id = ${directoryId}`,
  );
}

export interface Next {
  /** Null: not by time, until somebody puts it right. */
  readonly runAt: Date | null;
  /** Left as it is if left out. */
  readonly fullAt?: Date;
}

export async function updateNext(
  transaction: Transaction,
  { organisationId, id: directoryId }: Pick<Directory, "organisationId" | "id">,
  { runAt, fullAt }: Next,
): Promise<void> {
  const full = fullAt === undefined ? sql`next_full_at` : sql`${fullAt}`;
  await transaction.execute(sql`
    update directories set next_run_at = ${runAt}, next_full_at = ${full}
    where organisation_id = ${organisationId} and id = ${directoryId}`);
}

/** It was read: up to where, if the directory says something to go by. */
export async function updateRead(
  transaction: Transaction,
  { organisationId, id: directoryId }: Pick<Directory, "organisationId" | "id">,
  mark: { readonly server: string; readonly value: string } | null,
): Promise<void> {
  await transaction.execute(sql`
    update directories set mark_server = coalesce(${mark?.server ?? null}, mark_server),
      mark_value = coalesce(${mark?.value ?? null}, mark_value), failing_since = null, failure = null
    where organisation_id = ${organisationId} and id = ${directoryId}`);
}

/** It could not be read. The time at which that began is kept. */
export async function updateFailing(
  transaction: Transaction,
  { organisationId, id: directoryId }: Pick<Directory, "organisationId" | "id">,
  { at, failure }: { at: Date; failure: string },
): Promise<void> {
  await transaction.execute(sql`
    update directories set failing_since = coalesce(failing_since, ${at}), failure = ${failure}
    where organisation_id = ${organisationId} and id = ${directoryId}`);
}
