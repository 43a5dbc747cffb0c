// Activation codes, workstations, and who is active on which of them.

import type { ActivationId, ContentId, Id, OrganisationId, UserId, WorkstationId } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../db/change.ts";
import type { Reader } from "../db/database.ts";
import { id, instant } from "../db/shape.ts";
import { array, sql } from "../db/sql.ts";
import { empty } from "../facts/identity.ts";

export type ActivationCodeId = Id<"activation-code">;

interface Sealed {
  readonly material: string;
  readonly kekVersion: number;
}

/** What a code needs to be used over a relay: the activation it will become, and its sealed secrets. */
export interface Offered extends Sealed {
  readonly activationId: ActivationId;
}

export interface NewCode {
  readonly id: ActivationCodeId;
  readonly userId: UserId;
  readonly expiresAt: Date;
  readonly offered?: Offered;
}

/** Issues a code and voids the one before it: at most one is outstanding for a user. */
export async function insertActivationCode(
  change: Change,
  { id, userId, expiresAt, offered }: NewCode,
): Promise<void> {
  await voidActivationCodes(change, userId);
  await change.execute(sql`
    insert into activation_codes (organisation_id, id, user_id, issued_at, expires_at, activation_id, material, kek_version)
    values (${change.organisationId}, ${id}, ${userId}, ${change.at}, ${expiresAt},
      ${offered?.activationId ?? null}, ${offered?.material ?? null}, ${offered?.kekVersion ?? null})`);
}

/** @returns how many: one or none. */
export async function voidActivationCodes(change: Change, userId: UserId): Promise<number> {
  return change.execute(sql`
    update activation_codes set voided_at = ${change.at}
    where organisation_id = ${change.organisationId} and user_id = ${userId}
      and used_at is null and voided_at is null`);
}

/** As `voidActivationCodes`, for many; the relay's offers of them are taken back. */
export async function voidActivationCodesOf(change: Change, users: readonly UserId[]): Promise<void> {
  await change.execute(sql`
    update activation_codes set voided_at = ${change.at}
    where organisation_id = ${change.organisationId} and user_id = any(${array(users, "uuid")})
      and used_at is null and voided_at is null`);
}

const shownCode = z.object({
  id: id<"activation-code">(),
  state: z.enum(["outstanding", "used", "expired", "voided"]),
  issuedAt: instant,
  expiresAt: instant,
  usedAt: instant.nullable(),
  isOffered: z.boolean(),
  workstation: z.string().nullable(),
});

/** The codes that a user was ever given, newest first. */
export async function listActivationCodes(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<z.output<typeof shownCode>[]> {
  return reader.rows(
    shownCode,
    sql`
    select c.id, c.issued_at as "issuedAt", c.expires_at as "expiresAt", c.used_at as "usedAt",
      c.offered_at is not null as "isOffered", w.name as workstation,
      case when c.used_at is not null then 'used' when c.voided_at is not null then 'voided'
        when c.expires_at <= now() then 'expired' else 'outstanding' end as state
    from activation_codes c
    left join activations a on a.organisation_id = c.organisation_id and a.id = c.activation_id
    left join workstations w on w.organisation_id = a.organisation_id and w.id = a.workstation_id
    where c.organisation_id = ${organisationId} and c.user_id = ${userId}
    order by c.issued_at desc, c.id desc`,
  );
}

const lockedCode = z.object({
  id: id<"activation-code">(),
  userId: id<"user">(),
  activationId: id<"activation">(),
  material: z.string(),
  kekVersion: z.int(),
  device: z.string().nullable(),
  usedAt: instant.nullable(),
  voidedAt: instant.nullable(),
  expiresAt: instant,
});

export type LockedCode = z.output<typeof lockedCode>;

/** The code, which nobody else uses until the transaction ends: of two joins exactly one wins. */
export async function lockActivationCode(
  change: Change,
  codeId: ActivationCodeId,
): Promise<LockedCode | undefined> {
  return change.row(
    lockedCode,
    sql`select id, user_id as "userId", activation_id as "activationId", material, kek_version as "kekVersion", device,
      used_at as "usedAt", voided_at as "voidedAt", expires_at as "expiresAt"
      from activation_codes
      where organisation_id = ${change.organisationId} and id = ${codeId} and material is not null for update`,
  );
}

/** Uses a code up for one device. */
export async function updateCodeUsed(
  change: Change,
  codeId: ActivationCodeId,
  device: string,
): Promise<void> {
  await change.execute(sql`
    update activation_codes set used_at = ${change.at}, device = ${device}
    where organisation_id = ${change.organisationId} and id = ${codeId}`);
}

export async function insertWorkstation(
  change: Change,
  { id, name }: { id: WorkstationId; name: string },
): Promise<void> {
  await change.execute(sql`
    insert into workstations (organisation_id, id, name, team_id)
    select ${change.organisationId}, ${id}, ${name}, t.id
    from workstation_teams t where t.organisation_id = ${change.organisationId} and t.parent_id is null
    on conflict do nothing`);
}

const recognised = z.object({ id: id<"workstation">() });

/** The workstation that is this machine; it appears when it is new. Its name is what it calls itself now. */
export async function recogniseWorkstation(
  change: Change,
  { id, name, machineHash }: { id: WorkstationId; name: string; machineHash: string },
): Promise<WorkstationId> {
  const row = await change.row(
    recognised,
    sql`
    insert into workstations (organisation_id, id, name, machine_hash, team_id)
    select ${change.organisationId}, ${id}, ${name}, ${machineHash}, t.id
    from workstation_teams t where t.organisation_id = ${change.organisationId} and t.parent_id is null
    on conflict (organisation_id, machine_hash) where machine_hash is not null
      do update set name = excluded.name, lost_at = null
    returning id`,
  );
  if (row === undefined) throw new Error("every organisation has a root workstation team");
  return row.id;
}

/** The device of an activation: its public keys, and the sealed secrets of its mailboxes. */
export interface Device extends Sealed {
  readonly codeId: ActivationCodeId;
  readonly device: string;
  readonly deviceX: string;
  readonly box: string;
  readonly ordersBox: string;
  readonly os: string;
  readonly client: string;
  readonly keystore: string;
  readonly rootVersion: number;
}

export interface NewActivation {
  readonly id: ActivationId;
  readonly userId: UserId;
  readonly workstationId: WorkstationId;
  /** Null for who was active before there was a relay. */
  readonly device?: Device | null;
}

/** Admits a user on a workstation and uses up the code. At first it holds nothing. */
export async function insertActivation(
  change: Change,
  { id, userId, workstationId, device = null }: NewActivation,
): Promise<void> {
  await change.execute(sql`
    update activation_codes set used_at = ${change.at}
    where organisation_id = ${change.organisationId} and user_id = ${userId}
      and used_at is null and voided_at is null`);
  await change.execute(sql`
    insert into activations (organisation_id, id, user_id, workstation_id, admitted_at,
      applied_team_content_id, applied_own_content_id)
    values (${change.organisationId}, ${id}, ${userId}, ${workstationId}, ${change.at}, ${empty.id}, ${empty.id})`);
  if (device !== null) await updateActivationDevice(change, id, device);
  change.touchUsers([userId]);
}

async function updateActivationDevice(change: Change, id: ActivationId, device: Device): Promise<void> {
  await change.execute(sql`
    update activations set code_id = ${device.codeId}, device = ${device.device}, device_x = ${device.deviceX},
      box = ${device.box}, orders_box = ${device.ordersBox}, material = ${device.material},
      kek_version = ${device.kekVersion}, os = ${device.os}, client = ${device.client}, keystore = ${device.keystore},
      root_version = ${device.rootVersion}
    where organisation_id = ${change.organisationId} and id = ${id}`);
}

/** Ends what a user had before on a workstation: whoever activates there anew takes its place. */
export async function endFormerActivation(
  change: Change,
  { userId, workstationId }: { userId: UserId; workstationId: WorkstationId },
): Promise<void> {
  await change.execute(sql`
    with ended as (
      update activations set ended_at = ${change.at}
      where organisation_id = ${change.organisationId} and user_id = ${userId}
        and workstation_id = ${workstationId} and ended_at is null
      returning id
    )
    update updates u set state = 'superseded', ended_at = ${change.at}
    from ended e where u.organisation_id = ${change.organisationId} and u.activation_id = e.id
      and u.state in ('posted', 'fetched')`);
  change.touchUsers([userId]);
}

export async function endActivation(
  change: Change,
  activationId: ActivationId,
  userId: UserId,
): Promise<void> {
  await change.execute(sql`
    update activations set ended_at = ${change.at}
    where organisation_id = ${change.organisationId} and id = ${activationId} and ended_at is null`);
  change.touchUsers([userId]);
}

export interface AppliedKeyFile {
  readonly activationId: ActivationId;
  readonly userId: UserId;
  readonly version: number;
  readonly team: ContentId;
  readonly own: ContentId;
}

/** What a workstation reports that it holds. An older version than the one known changes nothing. */
export async function updateApplied(change: Change, applied: AppliedKeyFile): Promise<void> {
  await change.execute(
    sql`
    update activations set applied_version = ${applied.version}, last_report_at = ${change.at},
      applied_team_content_id = ${applied.team}, applied_own_content_id = ${applied.own}
    where organisation_id = ${change.organisationId} and id = ${applied.activationId}
      and applied_version <= ${applied.version}`,
    { prepared: true },
  );
  change.touchUsers([applied.userId]);
}
