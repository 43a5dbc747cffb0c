// How far the work that follows an organisation's deletion has come, and what goes at its end.

import { accounts } from "@lockstep/core";
import { z } from "zod";

import type { Change, ContentChange } from "../../db/change.ts";
import { id, instant } from "../../db/shape.ts";
import { sql } from "../../db/sql.ts";

const progress = z.object({
  people: z.int(),
  erased: z.int(),
  lastUserId: id<"user">().nullable(),
  erasedAt: instant.nullable(),
  endedAt: instant.nullable(),
});

export type Progress = z.output<typeof progress>;

/** Begins it, once. @returns how many people it will be about, or undefined if it was begun before. */
export async function insertProgress(change: Change): Promise<{ people: number } | undefined> {
  return change.row(
    z.object({ people: z.int() }),
    sql`
    insert into deletions (organisation_id, cause, begun_at, people)
    select o.id, case when o.deleted_at is null then 'authority' else 'organisation' end, ${change.at},
      (select count(*) from users u where u.organisation_id = ${change.organisationId} and u.account <> 'deleted')
    from organisations o where o.id = ${change.organisationId}
    on conflict do nothing returning people`,
  );
}

/** Locked until the transaction ends: of several servers one goes on. */
export async function lockProgress(change: Change): Promise<Progress | undefined> {
  return change.row(
    progress,
    sql`select people, erased, last_user_id as "lastUserId", erased_at as "erasedAt", ended_at as "endedAt"
      from deletions where organisation_id = ${change.organisationId} for update`,
  );
}

const person = z.object({
  id: id<"user">(),
  name: z.string(),
  email: z.string().nullable(),
  account: z.enum(accounts),
});

/** The next who are not erased yet, also of those who were removed; nobody else changes them until the end. */
export async function lockNextPeople(
  change: Change,
  { lastUserId }: Progress,
  limit: number,
): Promise<z.output<typeof person>[]> {
  return change.rows(
    person,
    sql`select id, name, email, account from users
      where organisation_id = ${change.organisationId} and account <> 'deleted'
        and (${lastUserId}::uuid is null or id > ${lastUserId}::uuid)
      order by id limit ${limit} for no key update`,
  );
}

/** @param lastUserId null to look at everybody once more. */
export async function updateProgress(
  change: Change,
  { erased, lastUserId }: { erased: number; lastUserId: Progress["lastUserId"] },
): Promise<void> {
  await change.execute(sql`
    update deletions set erased = erased + ${erased}, last_user_id = ${lastUserId}
    where organisation_id = ${change.organisationId}`);
}

export async function markProgress(change: Change, step: "erased" | "ended"): Promise<void> {
  const column = sql.ref(step === "erased" ? "erased_at" : "ended_at");
  await change.execute(
    sql`update deletions set ${column} = ${change.at} where organisation_id = ${change.organisationId}`,
  );
}

/** Whatever runs in an organisation that is not there any more ends; what it read of people goes. */
export async function endEverythingRunning(change: Change): Promise<void> {
  const { organisationId, at } = change;
  await change.execute(sql`
    update imports set ended_at = ${at}, source = null
    where organisation_id = ${organisationId} and ended_at is null`);
  await change.execute(sql`
    update postings set ended_at = ${at} where organisation_id = ${organisationId} and ended_at is null`);
  await change.execute(sql`
    update directory_runs set state = 'cancelled', ended_at = ${at}, runner = null, lease_until = null
    where organisation_id = ${organisationId} and ended_at is null`);
  await change.execute(sql`
    update directories set is_on = false, signs_in = false, next_run_at = null, next_full_at = null
    where organisation_id = ${organisationId}`);
}

/** Everything that was read of people who were never added is forgotten with the directories themselves. */
export async function deleteDirectoriesOf(change: Change): Promise<void> {
  const { organisationId } = change;
  for (const table of [
    "directory_reads",
    "directory_plan_rows",
    "directory_runs",
    "directory_entries",
    "directory_links",
    "directories",
  ]) {
    await change.execute(sql`delete from ${sql.table(table)} where organisation_id = ${organisationId}`);
  }
}

/** No key opens a file any more. Names and versions stay, for the record. */
export async function eraseKeys(change: ContentChange): Promise<void> {
  await change.execute(sql`
    update key_versions set recipient = null, material = null, kek_version = null, made_at = null
    where organisation_id = ${change.organisationId} and material is not null`);
}

/** So many workstations have not been told to wipe yet, or offers not been taken back: the relay has to hear of it. */
export async function countUndelivered(change: Change): Promise<number> {
  const { organisationId } = change;
  const row = await change.row(
    z.object({ left: z.int() }),
    sql`select (select count(*) from activations where organisation_id = ${organisationId}
        and orders_delivered_version < orders_version and device is not null)
      + (select count(*) from activation_codes where organisation_id = ${organisationId}
        and offered_at is not null and withdrawn_at is null and voided_at is not null and used_at is null) as left`,
  );
  return row?.left ?? 0;
}

/** What signs for the organisation, reads its workstations' reports and finds its mailboxes. */
export async function eraseSigningMaterial(change: Change): Promise<void> {
  const { organisationId, at } = change;
  await change.execute(sql`
    update signing_keys set retired_at = ${at}, material = null, kek_version = null
    where organisation_id = ${organisationId} and retired_at is null`);
  await change.execute(sql`delete from reply_keys where organisation_id = ${organisationId}`);
  await change.execute(sql`delete from machine_keys where organisation_id = ${organisationId}`);
  await change.execute(sql`
    update activations set code_id = null, device = null, device_x = null, box = null, orders_box = null,
      material = null, kek_version = null
    where organisation_id = ${organisationId} and device is not null`);
  await change.execute(sql`
    update activation_codes set activation_id = null, material = null, kek_version = null
    where organisation_id = ${organisationId} and material is not null`);
}
