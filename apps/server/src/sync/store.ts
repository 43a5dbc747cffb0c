// What the server has to tell a relay and has read from it: mailboxes, parcels due, devices, reports.

import type { ActivationId, ContentId, Id, OrganisationId, UpdateId } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../db/change.ts";
import type { Reader, Transaction } from "../db/database.ts";
import { id, instant } from "../db/shape.ts";
import { array, sql } from "../db/sql.ts";

const sealed = { material: z.string(), kekVersion: z.int() };

const device = {
  organisationId: id<"organisation">(),
  activationId: id<"activation">(),
  workstationId: id<"workstation">(),
  userId: id<"user">(),
  codeId: id<"activation-code">(),
  device: z.string(),
  box: z.string(),
  ordersBox: z.string(),
  rootVersion: z.int(),
  hasReported: z.boolean(),
  /** Where its mailbox down is. */
  down: z.string().nullable(),
  ...sealed,
};

const deviceColumns = sql`a.organisation_id as "organisationId", a.id as "activationId", a.workstation_id as "workstationId",
  a.user_id as "userId", a.code_id as "codeId", a.device, a.box, a.orders_box as "ordersBox",
  a.root_version as "rootVersion", a.report_number > 0 as "hasReported", a.material, a.kek_version as "kekVersion",
  (select m.address from mailboxes m where m.organisation_id = a.organisation_id and m.activation_id = a.id
    and m.direction = 'down') as down`;

const keyFileDue = z.object({
  ...device,
  workstationTeamId: id<"workstation-team">(),
  updateId: id<"update">(),
  version: z.int(),
  team: id<"content">(),
  own: id<"content">(),
  postedAt: instant,
});

export type KeyFileDue = z.output<typeof keyFileDue>;

/** Key-Files that the relay does not have, or will soon have dropped, oldest first within an organisation. */
export async function listKeyFilesDue(reader: Reader, limit: number): Promise<KeyFileDue[]> {
  return reader.rows(
    keyFileDue,
    sql`select ${deviceColumns}, u.id as "updateId", u.version, u.team_content_id as team, u.own_content_id as own,
        u.posted_at as "postedAt", w.team_id as "workstationTeamId"
      from updates u
      join activations a on a.organisation_id = u.organisation_id and a.id = u.activation_id
      join workstations w on w.organisation_id = a.organisation_id and w.id = a.workstation_id
      where u.state in ('posted', 'fetched') and u.delivered_at is null and u.kind = 'key-file'
        and a.device is not null and a.ended_at is null
      order by u.organisation_id, u.id limit ${limit}`,
  );
}

const ordersDue = z.object({
  ...device,
  workstationTeamId: id<"workstation-team">(),
  version: z.int(),
  isLocked: z.boolean(),
  changedAt: instant,
});

export type OrdersDue = z.output<typeof ordersDue>;

/** Activations whose newest orders the relay does not have. An ended one is still told to wipe. */
export async function listOrdersDue(reader: Reader, limit: number): Promise<OrdersDue[]> {
  return reader.rows(
    ordersDue,
    sql`select ${deviceColumns}, w.team_id as "workstationTeamId", a.orders_version as version, a.is_locked as "isLocked",
        coalesce((select max(u.posted_at) from updates u where u.organisation_id = a.organisation_id
          and u.activation_id = a.id and u.kind <> 'key-file'), a.admitted_at) as "changedAt"
      from activations a
      join workstations w on w.organisation_id = a.organisation_id and w.id = a.workstation_id
      where a.orders_delivered_version < a.orders_version and a.device is not null
      order by a.organisation_id, a.id limit ${limit}`,
  );
}

const outstanding = z.object({
  activationId: id<"activation">(),
  id: id<"update">(),
  kind: z.enum(["deactivate", "force-password-change", "lock", "unlock", "workstation-policy"]),
});

/** The commands that some activations have still to carry out, in their order. */
export async function listOutstandingCommands(
  reader: Reader,
  organisationId: OrganisationId,
  activations: readonly ActivationId[],
): Promise<z.output<typeof outstanding>[]> {
  return reader.rows(
    outstanding,
    sql`select activation_id as "activationId", id, kind from updates
      where organisation_id = ${organisationId} and activation_id = any(${array(activations, "uuid")})
        and kind <> 'key-file' and state in ('posted', 'fetched') order by id`,
  );
}

const pulseDue = z.object({
  ...device,
  latestVersion: z.int(),
  latestOrders: z.int(),
  keyFileHash: z.string().nullable(),
  licenceUntil: z.string().nullable(),
  isLicensed: z.boolean(),
});

export type PulseDue = z.output<typeof pulseDue>;

/** Activations whose last pulse was signed before a moment. */
export async function listPulsesDue(
  reader: Reader,
  { before, limit }: { before: Date; limit: number },
): Promise<PulseDue[]> {
  return reader.rows(
    pulseDue,
    sql`select ${deviceColumns}, coalesce(k.version, 0) as "latestVersion", k.key_file_hash as "keyFileHash",
        a.orders_delivered_version as "latestOrders", l.id is not null as "isLicensed",
        to_char(l.valid_until, 'YYYY-MM-DD') as "licenceUntil"
      from activations a
      left join seats s on s.organisation_id = a.organisation_id and s.user_id = a.user_id
      left join licences l on l.organisation_id = s.organisation_id and l.id = s.licence_id
      left join lateral (select u.version, u.key_file_hash from updates u
        where u.organisation_id = a.organisation_id and u.activation_id = a.id and u.key_file_hash is not null
          and u.delivered_at is not null and u.state <> 'cancelled'
        order by u.epoch desc, u.version desc limit 1) k on true
      where a.ended_at is null and a.device is not null and a.report_number > 0
        and (a.pulse_at is null or a.pulse_at < ${before})
      order by a.organisation_id, a.pulse_at nulls first limit ${limit}`,
  );
}

export async function updatePulses(
  transaction: Transaction,
  organisationId: OrganisationId,
  { activations, at }: { activations: readonly ActivationId[]; at: Date },
): Promise<void> {
  await transaction.execute(sql`
    update activations set former_pulse_at = pulse_at, pulse_at = ${at}
    where organisation_id = ${organisationId} and id = any(${array(activations, "uuid")})`);
}

/** A Key-File as it is about to be put: its own digest and its box's. */
export interface Composed {
  readonly updateId: UpdateId;
  readonly epoch: number;
  /** The newest root that it brings. */
  readonly rootVersion: number;
  readonly keyFileHash: string;
  readonly boxHash: string;
  readonly workstationContentId: ContentId;
}

const recorded = z.object({ updateId: id<"update">() });

/**
 * Says what is about to be put, before it is: a version is never used again with other content. In a transaction that has
 * locked the organisation, so that its root is the newest until then.
 * @returns those that may be put. Left out are those that have ended meanwhile, those of which other bytes may already be
 *   out there, and those that were signed under a root that is no longer the newest.
 */
export async function recordComposed(
  transaction: Transaction,
  organisationId: OrganisationId,
  composed: readonly Composed[],
): Promise<Set<UpdateId>> {
  const column = (pick: (each: Composed) => string | number, type: "uuid" | "text" | "integer") =>
    array(composed.map(pick), type);
  const rows = await transaction.rows(
    recorded,
    sql`
    update updates u set epoch = c.epoch, key_file_hash = c.hash, box_hashes = u.box_hashes || c.box,
      workstation_content_id = c.workstation, root_version = c.root
    from unnest(${column((each) => each.updateId, "uuid")}, ${column((each) => each.epoch, "integer")},
      ${column((each) => each.keyFileHash, "text")}, ${column((each) => each.boxHash, "text")},
      ${column((each) => each.workstationContentId, "uuid")}, ${column((each) => each.rootVersion, "integer")}
      ) as c (id, epoch, hash, box, workstation, root)
    where u.organisation_id = ${organisationId} and u.id = c.id and u.state in ('posted', 'fetched')
      and u.delivered_at is null and (u.key_file_hash is null or u.key_file_hash = c.hash)
      and c.root = (select max(version) from organisation_roots where organisation_id = ${organisationId})
    returning u.id as "updateId"`,
  );
  return new Set(rows.map(({ updateId }) => updateId));
}

/** Of these, other bytes may be out there under their version: each takes the next one. */
export async function renumberKeyFiles(
  transaction: Transaction,
  organisationId: OrganisationId,
  updates: readonly UpdateId[],
): Promise<void> {
  await transaction.execute(sql`
    with numbered as (
      update activations a set next_version = a.next_version + 1
      from updates u
      where u.organisation_id = ${organisationId} and u.id = any(${array(updates, "uuid")})
        and u.state in ('posted', 'fetched') and u.delivered_at is null
        and a.organisation_id = u.organisation_id and a.id = u.activation_id
      returning u.id, a.next_version - 1 as version
    )
    update updates u set version = n.version, key_file_hash = null
    from numbered n where u.organisation_id = ${organisationId} and u.id = n.id`);
}

/** A Key-File that the relay has, under a number. */
export interface Delivered {
  readonly updateId: UpdateId;
  /** Of what was put. */
  readonly keyFileHash: string;
  readonly seq: number;
}

/**
 * The relay has them; what has to be signed anew meanwhile stays due. One that was put after a newer one of the same
 * workstation, as when two deliver at once, has taken its place: the newer one goes out again.
 */
export async function updateDelivered(
  transaction: Transaction,
  organisationId: OrganisationId,
  { delivered, at }: { delivered: readonly Delivered[]; at: Date },
): Promise<void> {
  const ids = array(
    delivered.map(({ updateId }) => updateId),
    "uuid",
  );
  await transaction.execute(sql`
    update updates u set delivered_at = ${at}, relay_seq = d.seq
    from unnest(${ids}, ${array(
      delivered.map(({ keyFileHash }) => keyFileHash),
      "text",
    )}, ${sql`${delivered.map(({ seq }) => seq)}::bigint[]`}) as d (id, hash, seq)
    where u.organisation_id = ${organisationId} and u.id = d.id and u.key_file_hash = d.hash`);
  await transaction.execute(sql`
    update updates u set delivered_at = null
    from updates d
    where d.organisation_id = ${organisationId} and d.id = any(${ids})
      and u.organisation_id = d.organisation_id and u.activation_id = d.activation_id and u.kind = 'key-file'
      and u.state in ('posted', 'fetched') and (u.epoch, u.version) > (d.epoch, d.version) and u.relay_seq < d.relay_seq`);
}

/** As `recordComposed`, for orders and the commands in them. @returns whether they may be put. */
export async function recordOrders(
  transaction: Transaction,
  { organisationId, activationId, version }: Pick<OrdersDue, "organisationId" | "activationId" | "version">,
  hash: string,
): Promise<boolean> {
  const written = await transaction.execute(sql`
    update activations set orders_hash = ${hash}
    where organisation_id = ${organisationId} and id = ${activationId} and orders_version = ${version}
      and (orders_hash is null or orders_hash = ${hash})`);
  if (written === 0) return false;
  await transaction.execute(sql`
    update updates set orders_version = coalesce(orders_version, ${version}::integer)
    where organisation_id = ${organisationId} and activation_id = ${activationId} and kind <> 'key-file'
      and state in ('posted', 'fetched')`);
  return true;
}

/** Other bytes may be out there under their version: they take the next one. */
export async function renumberOrders(
  transaction: Transaction,
  { organisationId, activationId, version }: Pick<OrdersDue, "organisationId" | "activationId" | "version">,
): Promise<void> {
  await transaction.execute(sql`
    update activations set orders_version = orders_version + 1, orders_hash = null
    where organisation_id = ${organisationId} and id = ${activationId} and orders_version = ${version}`);
}

export async function updateOrdersDelivered(
  transaction: Transaction,
  { organisationId, activationId, version }: Pick<OrdersDue, "organisationId" | "activationId" | "version">,
  { seq, workstationContentId }: { seq: number; workstationContentId: ContentId },
): Promise<void> {
  await transaction.execute(sql`
    update activations set orders_delivered_version = ${version}, orders_seq = ${seq}, orders_hash = null
    where organisation_id = ${organisationId} and id = ${activationId}`);
  await transaction.execute(sql`
    update updates set delivered_at = coalesce(delivered_at, now()), orders_version = coalesce(orders_version, ${version}),
      workstation_content_id = case when kind = 'workstation-policy' then ${workstationContentId}::uuid end
    where organisation_id = ${organisationId} and activation_id = ${activationId} and kind <> 'key-file'
      and state in ('posted', 'fetched')`);
}

const cancelled = z.object({
  ...device,
  updateId: id<"update">(),
  kind: z.string(),
  seq: z.int().nullable(),
});

export type CancelDue = z.output<typeof cancelled>;

/** Updates that somebody wants back and the relay may still have. */
export async function listCancelsDue(reader: Reader, limit: number): Promise<CancelDue[]> {
  return reader.rows(
    cancelled,
    sql`select ${deviceColumns}, u.id as "updateId", u.kind,
        coalesce(u.relay_seq, case when u.kind <> 'key-file' and u.delivered_at is not null then a.orders_seq end) as seq
      from updates u join activations a on a.organisation_id = u.organisation_id and a.id = u.activation_id
      where u.cancel_asked_at is not null and u.state = 'posted' and a.device is not null
      order by u.organisation_id, u.id limit ${limit}`,
  );
}

const counted = z.object({ due: z.int() });

/** How much the relay does not have yet. */
export async function countDue(reader: Reader): Promise<number> {
  const row = await reader.row(
    counted,
    sql`select
      (select count(*) from activation_codes where material is not null and offered_at is null and voided_at is null
        and used_at is null)
      + (select count(*) from updates u join activations a on a.organisation_id = u.organisation_id
          and a.id = u.activation_id and a.device is not null and a.ended_at is null
        where u.state in ('posted', 'fetched') and u.delivered_at is null and u.kind = 'key-file')
      + (select count(*) from activations where orders_delivered_version < orders_version and device is not null) as due`,
  );
  return row?.due ?? 0;
}

/** Updates that the workstation has from the relay, by the numbers of their parcels. */
export async function markFetched(
  change: Change,
  activationId: ActivationId,
  numbers: readonly number[],
): Promise<void> {
  const { organisationId, at } = change;
  const fetched = sql`${numbers}::bigint[]`;
  await change.execute(sql`
    update updates u set state = 'fetched', fetched_at = greatest(${at}, u.posted_at)
    from activations a
    where u.organisation_id = ${organisationId} and u.activation_id = ${activationId} and u.state = 'posted'
      and a.organisation_id = u.organisation_id and a.id = u.activation_id
      and (u.relay_seq = any(${fetched}) or (u.orders_version <= a.orders_delivered_version and a.orders_seq = any(${fetched})))`);
}

const found = z.object({ id: id<"activation">() });

/** The activation that a code has become. */
export async function findActivationOfCode(
  reader: Reader,
  organisationId: OrganisationId,
  codeId: Id<"activation-code">,
): Promise<ActivationId | undefined> {
  const row = await reader.row(
    found,
    sql`select a.id from activation_codes c
      join activations a on a.organisation_id = c.organisation_id and a.id = c.activation_id
      where c.organisation_id = ${organisationId} and c.id = ${codeId}`,
  );
  return row?.id;
}
