// Which users came from a directory, and whether they are still in it.

import type { UserId } from "@lockstep/core";

import type { Change } from "../db/change.ts";
import { array, sql } from "../db/sql.ts";

/** Links a user to a directory account by its immutable id, or links again who had gone missing. */
export async function linkToDirectory(change: Change, userId: UserId, objectId: string): Promise<void> {
  await change.execute(sql`
    insert into directory_links (organisation_id, user_id, object_id, state)
    values (${change.organisationId}, ${userId}, ${objectId}, 'linked')
    on conflict (organisation_id, user_id)
      do update set object_id = excluded.object_id, state = 'linked', missing_since = null`);
  change.touchUsers([userId]);
}

export async function markMissingFromDirectory(change: Change, users: readonly UserId[]): Promise<void> {
  await change.execute(sql`
    update directory_links set state = 'missing', missing_since = ${change.at}
    where organisation_id = ${change.organisationId} and user_id = any(${array(users, "uuid")}) and state = 'linked'`);
  change.touchUsers(users);
}

export async function unlinkFromDirectory(change: Change, users: readonly UserId[]): Promise<void> {
  await change.execute(sql`
    delete from directory_links
    where organisation_id = ${change.organisationId} and user_id = any(${array(users, "uuid")})`);
  change.touchUsers(users);
}
