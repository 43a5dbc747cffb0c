// Roots, the keys that they name, and the two keys of an organisation that no root names. How the secrets are sealed is
// in keys/sealing.

import type { Id, OrganisationId } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../db/change.ts";
import type { Reader } from "../db/database.ts";
import { id, instant } from "../db/shape.ts";
import { sql } from "../db/sql.ts";

/** The roles of a root whose keys the server has. */
const signingRoles = ["issuer", "pulse"] as const;
export type SigningRole = (typeof signingRoles)[number];

const storedRoot = z.object({ version: z.int(), epoch: z.int(), signed: z.string() });

export type StoredRoot = z.output<typeof storedRoot>;

export async function findNewestRoot(
  reader: Reader,
  organisationId: OrganisationId,
): Promise<StoredRoot | undefined> {
  return reader.row(
    storedRoot,
    sql`select version, epoch, signed from organisation_roots where organisation_id = ${organisationId}
      order by version desc limit 1`,
  );
}

const newest = z.object({ version: z.int() });

/** The newest root's version: other than before as soon as any key or the epoch is another. */
export async function findNewestVersion(
  reader: Reader,
  organisationId: OrganisationId,
): Promise<number | undefined> {
  const row = await reader.row(
    newest,
    sql`select version from organisation_roots where organisation_id = ${organisationId}
      order by version desc limit 1`,
    { prepared: true },
  );
  return row?.version;
}

const signedRoot = z.object({ signed: z.string() });

/** The newest roots of a few organisations of the installation: all name its root holder, unless one is damaged. */
export async function listSomeRoots(reader: Reader): Promise<string[]> {
  const rows = await reader.rows(
    signedRoot,
    sql`select r.signed from organisations o cross join lateral (
        select signed from organisation_roots where organisation_id = o.id order by version desc limit 1) r
      limit 10`,
  );
  return rows.map(({ signed }) => signed);
}

const organisation = z.object({ id: id<"organisation">() });

/** Organisations from before there were roots. */
export async function listOrganisationsWithoutRoot(reader: Reader): Promise<OrganisationId[]> {
  const rows = await reader.rows(
    organisation,
    sql`select o.id from organisations o
      where not exists (select from organisation_roots r where r.organisation_id = o.id) order by o.id`,
  );
  return rows.map((row) => row.id);
}

/** A root's next version. */
export async function insertRoot(change: Change, { version, epoch, signed }: StoredRoot): Promise<void> {
  await change.execute(sql`insert into organisation_roots (organisation_id, version, epoch, signed, at)
    values (${change.organisationId}, ${version}, ${epoch}, ${signed}, ${change.at})`);
}

/** The key files were copied to a safe place. */
export async function updateExportedAt(change: Change, version: number): Promise<void> {
  await change.execute(sql`update organisation_roots set exported_at = ${change.at}
    where organisation_id = ${change.organisationId} and version = ${version}`);
}

const sealedKey = z.object({ id: id<"sealed-key">(), material: z.string(), kekVersion: z.int() });
const signingKey = sealedKey.extend({ role: z.enum(signingRoles), publicX: z.string() });
const replyKey = sealedKey.extend({ recipient: z.string() });

/** A key as it is stored; `publicX` as in a JWK. */
export type SigningKey = z.output<typeof signingKey>;
/** As `SigningKey`; `recipient` is the public half. */
export type ReplyKey = z.output<typeof replyKey>;
export type SealedKey = z.output<typeof sealedKey>;
export type SealedKeyId = Id<"sealed-key">;

export async function insertSigningKey(
  change: Change,
  { id, kid, role, publicX, material, kekVersion }: SigningKey & { readonly kid: string },
): Promise<void> {
  await change.execute(sql`
    insert into signing_keys (organisation_id, id, kid, role, public_x, material, kek_version, made_at)
    values (${change.organisationId}, ${id}, ${kid}, ${role}, ${publicX}, ${material}, ${kekVersion}, ${change.at})`);
}

/** It is in no root from now on; nobody needs its secret half any more. */
export async function retireSigningKey(change: Change, role: SigningRole): Promise<void> {
  await change.execute(sql`
    update signing_keys set retired_at = ${change.at}, material = null, kek_version = null
    where organisation_id = ${change.organisationId} and role = ${role} and retired_at is null`);
}

export async function insertReplyKey(
  change: Change,
  { id, recipient, material, kekVersion }: ReplyKey,
): Promise<void> {
  await change.execute(sql`
    insert into reply_keys (organisation_id, id, recipient, material, kek_version, made_at)
    values (${change.organisationId}, ${id}, ${recipient}, ${material}, ${kekVersion}, ${change.at})`);
}

export async function insertMachineKey(
  change: Change,
  { id, material, kekVersion }: SealedKey,
): Promise<void> {
  await change.execute(sql`
    insert into machine_keys (organisation_id, id, material, kek_version, made_at)
    values (${change.organisationId}, ${id}, ${material}, ${kekVersion}, ${change.at})`);
}

const everyKey = z.object({
  roots: z.array(z.string()),
  signing: z.array(signingKey),
  replies: z.array(replyKey).min(1),
  machine: sealedKey,
});

/** All that signs and opens for an organisation: its roots oldest first, its reply keys newest first. */
export type EveryKey = z.output<typeof everyKey>;

/** With one statement, so that the keys are those of the newest root. */
export async function findEveryKey(
  reader: Reader,
  organisationId: OrganisationId,
): Promise<EveryKey | undefined> {
  return reader.row(
    everyKey,
    sql`select
      (select json_agg(r.signed order by r.version) from organisation_roots r
        where r.organisation_id = m.organisation_id) as roots,
      (select json_agg(json_build_object('id', s.id, 'role', s.role, 'publicX', s.public_x,
          'material', s.material, 'kekVersion', s.kek_version)) from signing_keys s
        where s.organisation_id = m.organisation_id and s.retired_at is null) as signing,
      (select json_agg(json_build_object('id', p.id, 'recipient', p.recipient,
          'material', p.material, 'kekVersion', p.kek_version) order by p.made_at desc, p.id desc) from reply_keys p
        where p.organisation_id = m.organisation_id) as replies,
      json_build_object('id', m.id, 'material', m.material, 'kekVersion', m.kek_version) as machine
      from machine_keys m where m.organisation_id = ${organisationId}`,
  );
}

const shown = storedRoot.extend({
  /** When the first version was signed. */
  firstAt: instant,
  exportedAt: instant.nullable(),
  keys: z.array(z.object({ kid: z.string(), madeAt: instant })),
});

/** What is told of a root, without any secret. */
export type ShownRoot = z.output<typeof shown>;

export async function findShownRoot(
  reader: Reader,
  organisationId: OrganisationId,
): Promise<ShownRoot | undefined> {
  return reader.row(
    shown,
    sql`select r.version, r.epoch, r.signed, h."firstAt", h."exportedAt",
      (select json_agg(json_build_object('kid', s.kid,
          'madeAt', to_char(s.made_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))) from signing_keys s
        where s.organisation_id = r.organisation_id and s.retired_at is null) as keys
      from organisation_roots r
      cross join (select min(at) as "firstAt", max(exported_at) as "exportedAt" from organisation_roots
        where organisation_id = ${organisationId}) h
      where r.organisation_id = ${organisationId} order by r.version desc limit 1`,
  );
}

const ahead = z.object({ workstations: z.int(), epoch: z.int().nullable() });

/** How many workstations hold something newer than this server ever made, and the highest epoch among them. */
export async function findAhead(
  reader: Reader,
  organisationId: OrganisationId,
): Promise<{ workstations: number; epoch: number } | null> {
  const row = await reader.row(
    ahead,
    sql`select count(distinct workstation_id) as workstations, max(ahead_epoch) as epoch from activations
      where organisation_id = ${organisationId} and ended_at is null and ahead_version is not null`,
  );
  return row === undefined || row.epoch === null ? null : { ...row, epoch: row.epoch };
}
