// Which users came from a directory, and whether they are still in it.

import type { Id, OrganisationId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../db/change.ts";
import type { Reader } from "../db/database.ts";
import { id } from "../db/shape.ts";
import { array, sql } from "../db/sql.ts";

export type DirectoryId = Id<"directory">;

export interface NewLink {
  readonly userId: UserId;
  readonly objectId: string;
  readonly isDisabled: boolean;
}

/**
 * Links users to directory accounts by their immutable ids, or links again who had gone missing.
 * @param former whom of them this makes others than they were: not those who were added as linked in the same change.
 */
export async function linkAllToDirectory(
  change: Change,
  directoryId: DirectoryId | null,
  links: readonly NewLink[],
  former: readonly UserId[] = links.map(({ userId }) => userId),
): Promise<void> {
  const users = links.map(({ userId }) => userId);
  if (former.length > 0) await rememberLinks(change, former);
  await change.execute(sql`
    insert into directory_links (organisation_id, user_id, object_id, state, directory_id, disabled_at)
    select ${change.organisationId}, l.user_id, l.object_id, 'linked', ${directoryId}::uuid,
      case when l.is_disabled = 1 then ${change.at}::timestamptz end
    from unnest(${array(users, "uuid")}, ${array(
      links.map(({ objectId }) => objectId),
      "uuid",
    )}, ${array(
      links.map(({ isDisabled }) => (isDisabled ? 1 : 0)),
      "integer",
    )}) as l (user_id, object_id, is_disabled)
    on conflict (organisation_id, user_id)
      do update set object_id = excluded.object_id, state = 'linked', missing_since = null,
        directory_id = excluded.directory_id,
        disabled_at = case when excluded.disabled_at is not null
          then coalesce(directory_links.disabled_at, excluded.disabled_at) end`);
  change.touchUsers(former);
}

/** Entries remember whom they were linked to when that ends, so that linking writes nothing into them. */
async function rememberLinks(change: Change, users: readonly UserId[]): Promise<void> {
  await change.execute(sql`
    update directory_entries e set former_user_id = l.user_id
    from directory_links l
    where l.organisation_id = ${change.organisationId} and l.user_id = any(${array(users, "uuid")})
      and e.organisation_id = l.organisation_id and e.directory_id = l.directory_id and e.object_id = l.object_id
      and e.erased_at is null`);
}

/** One of them, by no directory in particular. */
export async function linkToDirectory(change: Change, userId: UserId, objectId: string): Promise<void> {
  await linkAllToDirectory(change, null, [{ userId, objectId, isDisabled: false }]);
}

export async function markMissingFromDirectory(change: Change, users: readonly UserId[]): Promise<void> {
  await change.execute(sql`
    update directory_links set state = 'missing', missing_since = ${change.at}
    where organisation_id = ${change.organisationId} and user_id = any(${array(users, "uuid")}) and state = 'linked'`);
  change.touchUsers(users);
}

/** Whether the directory accounts of users are disabled: no status depends on it. */
export async function markDisabledInDirectory(
  change: Change,
  users: readonly UserId[],
  isDisabled: boolean,
): Promise<void> {
  await change.execute(sql`
    update directory_links set disabled_at = case when ${isDisabled}::boolean then ${change.at}::timestamptz end
    where organisation_id = ${change.organisationId} and user_id = any(${array(users, "uuid")})`);
}

export async function unlinkFromDirectory(change: Change, users: readonly UserId[]): Promise<void> {
  await rememberLinks(change, users);
  await change.execute(sql`
    delete from directory_links
    where organisation_id = ${change.organisationId} and user_id = any(${array(users, "uuid")})`);
  change.touchUsers(users);
}

const unlinked = z.object({ userId: id<"user">() });

/** Everybody who came from a directory, which is about to be forgotten with all its entries. @returns whom. */
export async function unlinkAllFromDirectory(change: Change, directoryId: DirectoryId): Promise<UserId[]> {
  const rows = await change.rows(
    unlinked,
    sql`delete from directory_links
      where organisation_id = ${change.organisationId} and directory_id = ${directoryId}
      returning user_id as "userId"`,
  );
  const users = rows.map(({ userId }) => userId);
  change.touchUsers(users);
  return users;
}

const link = z.object({ userId: id<"user">(), state: z.enum(["linked", "missing"]) });

/** Who of some users is linked, and whether the account is gone. */
export async function listLinksOf(
  reader: Reader,
  organisationId: OrganisationId,
  users: readonly UserId[],
): Promise<z.output<typeof link>[]> {
  return reader.rows(
    link,
    sql`select user_id as "userId", state from directory_links
      where organisation_id = ${organisationId} and user_id = any(${array(users, "uuid")})`,
  );
}
