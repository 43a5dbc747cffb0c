// Takes the values of deleted people out of every table that has any; what directories tell of them goes with their entries.
// erasure.test.ts reads all columns of the database.

import { nameOfDeleted, type UserId } from "@lockstep/core";

import type { ContentChange } from "../../db/change.ts";
import { array, sql } from "../../db/sql.ts";

const erasedWords = "Erased with the user.";

const these = (users: readonly UserId[]) => array(users, "uuid");

/** Of the rows of users only ids, times and the username are left. */
export async function eraseUsers(change: ContentChange, users: readonly UserId[]): Promise<void> {
  await change.execute(sql`
    update users set account = 'deleted', blocked_at = null, disabled_at = null, name = ${nameOfDeleted},
      sort_name = lower(${nameOfDeleted}), email = null, revision = revision + 1
    where organisation_id = ${change.organisationId} and id = any(${these(users)})`);
  change.touchUsers(users);
}

/** What there is of people only as long as they are there. */
const owned = [
  "passwords",
  "second_factors",
  "pending_sign_ins",
  "single_sign_on_links",
  "sessions",
  "inactivity_exemptions",
  "inactivity_warnings",
  "user_groups",
  "role_grants",
  "deletion_requests",
  "known_browsers",
] as const;

export async function deleteRowsOf(change: ContentChange, users: readonly UserId[]): Promise<void> {
  for (const table of owned) {
    await change.execute(sql`
      delete from ${sql.table(table)}
      where organisation_id = ${change.organisationId} and user_id = any(${these(users)})`);
  }
  await change.execute(sql`
    update links set voided_at = ${change.at}
    where organisation_id = ${change.organisationId} and user_id = any(${these(users)})
      and used_at is null and voided_at is null`);
  change.touchOwnKeys(users);
}

/** Words that somebody has written about them, and what their workstations have. */
export async function eraseGroundsOf(change: ContentChange, users: readonly UserId[]): Promise<void> {
  const { organisationId, at } = change;
  await change.execute(sql`
    update blocks set reason = ${erasedWords}, user_reason = null, until = null,
      lifted_at = coalesce(lifted_at, ${at})
    where organisation_id = ${organisationId} and user_id = any(${these(users)})`);
  await change.execute(sql`
    update account_batches b set reason = case when b.reason is not null then ${erasedWords} end, user_reason = null
    where b.organisation_id = ${organisationId} and exists (select from account_batch_rows r
      where r.organisation_id = b.organisation_id and r.batch_id = b.id and r.user_id = any(${these(users)}))`);
  await change.execute(sql`
    update updates set outcome_detail = null
    where organisation_id = ${organisationId} and user_id = any(${these(users)}) and outcome_detail is not null`);
}

/** What calls were answered about them is kept for a day, wherever the callers live. */
export async function eraseCallsAbout(change: ContentChange, users: readonly UserId[]): Promise<void> {
  // Of every organisation_id there is.
  await change.execute(sql`
    delete from answered_calls where reply::text like any (${array(
      users.map((userId) => `%${userId}%`),
      "text",
    )})`);
}

/** Machines are called after their people; one that nobody else was active on is called after the username. */
export async function renameWorkstationsOf(change: ContentChange, users: readonly UserId[]): Promise<void> {
  const { organisationId } = change;
  await change.execute(sql`
    update workstations w set name = 'Workstation of ' || u.username
    from activations a join users u on u.organisation_id = a.organisation_id and u.id = a.user_id
    where w.organisation_id = ${organisationId} and a.organisation_id = ${organisationId}
      and a.workstation_id = w.id and a.user_id = any(${these(users)})
      and not exists (select from activations x join users y on y.organisation_id = x.organisation_id and y.id = x.user_id
        where x.organisation_id = ${organisationId} and x.workstation_id = w.id and y.account <> 'deleted')`);
}
