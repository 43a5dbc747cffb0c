// Activation codes, workstations, and who is active on which of them.

import type { ActivationId, ContentId, Id, OrganisationId, UserId, WorkstationId } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../db/change.ts";
import type { Reader } from "../db/database.ts";
import { id } from "../db/shape.ts";
import { sql } from "../db/sql.ts";
import { empty } from "../facts/identity.ts";

export type ActivationCodeId = Id<"activation-code">;

/** Issues a code and voids the one before it: at most one is outstanding for a user. */
export async function insertActivationCode(
  change: Change,
  { id, userId, expiresAt }: { id: ActivationCodeId; userId: UserId; expiresAt: Date },
): Promise<void> {
  await voidActivationCodes(change, userId);
  await change.execute(sql`
    insert into activation_codes (organisation_id, id, user_id, issued_at, expires_at)
    values (${change.organisationId}, ${id}, ${userId}, ${change.at}, ${expiresAt})`);
}

export async function voidActivationCodes(change: Change, userId: UserId): Promise<void> {
  await change.execute(sql`
    update activation_codes set voided_at = ${change.at}
    where organisation_id = ${change.organisationId} and user_id = ${userId}
      and used_at is null and voided_at is null`);
}

export async function insertWorkstation(
  change: Change,
  { id, name }: { id: WorkstationId; name: string },
): Promise<void> {
  await change.execute(sql`
    insert into workstations (organisation_id, id, name) values (${change.organisationId}, ${id}, ${name})
    on conflict do nothing`);
}

/** Admits a user on a workstation and uses up the code. At first it holds nothing. */
export async function insertActivation(
  change: Change,
  { id, userId, workstationId }: { id: ActivationId; userId: UserId; workstationId: WorkstationId },
): Promise<void> {
  await change.execute(sql`
    update activation_codes set used_at = ${change.at}
    where organisation_id = ${change.organisationId} and user_id = ${userId}
      and used_at is null and voided_at is null`);
  await change.execute(sql`
    insert into activations (organisation_id, id, user_id, workstation_id, admitted_at,
      applied_team_content_id, applied_own_content_id)
    values (${change.organisationId}, ${id}, ${userId}, ${workstationId}, ${change.at}, ${empty.id}, ${empty.id})`);
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
  await change.execute(sql`
    update activations set applied_version = ${applied.version}, last_report_at = ${change.at},
      applied_team_content_id = ${applied.team}, applied_own_content_id = ${applied.own}
    where organisation_id = ${change.organisationId} and id = ${applied.activationId}
      and applied_version <= ${applied.version}`);
  change.touchUsers([applied.userId]);
}

const activation = z.object({ id: id<"activation">(), workstation: z.string() });

/** Where a user is active, by the names of the workstations. */
export async function listActivationsOf(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<z.output<typeof activation>[]> {
  return reader.rows(
    activation,
    sql`
    select a.id, w.name as workstation from activations a
    join workstations w on w.organisation_id = a.organisation_id and w.id = a.workstation_id
    where a.organisation_id = ${organisationId} and a.user_id = ${userId} and a.ended_at is null
    order by w.name, a.id`,
  );
}
