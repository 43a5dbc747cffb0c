// People: who they are, in which team, with which marks on their accounts and which keys of their own.

import {
  accounts,
  type AccountMarks,
  type GroupId,
  type OrganisationId,
  type TeamId,
  type UserId,
} from "@lockstep/core";
import { z } from "zod";

import type { Change, ContentChange } from "../db/change.ts";
import type { Reader } from "../db/database.ts";
import { id, instant } from "../db/shape.ts";
import { array, sql } from "../db/sql.ts";
import { empty } from "../facts/identity.ts";

const user = z.object({
  id: id<"user">(),
  teamId: id<"team">(),
  username: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  account: z.enum(accounts),
  blocked: z.boolean(),
  disabled: z.boolean(),
  addedAt: instant,
});

export type User = z.output<typeof user>;

export async function findUser(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<User | undefined> {
  return reader.row(
    user,
    sql`select id, team_id as "teamId", username, name, email, account, blocked_at is not null as blocked,
        disabled_at is not null as disabled, added_at as "addedAt"
      from users where organisation_id = ${organisationId} and id = ${userId} and removed_at is null`,
  );
}

/**
 * What names are sorted and searched by: no accents, no capitals (Unicode compatibility decomposition,
 * UAX #15), so that Élodie is found by "elo".
 */
export function sortNameOf(name: string): string {
  return name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

export interface NewUser {
  readonly id: UserId;
  readonly teamId: TeamId;
  readonly username: string;
  readonly name: string;
  readonly email: string | null;
  readonly account: AccountMarks["account"];
}

/**
 * Adds people. Usernames are unique over the installation, for ever.
 * @throws pg.DatabaseError 23505 when a username was ever given before; nothing is added.
 */
export async function insertUsers(change: Change, users: readonly NewUser[]): Promise<void> {
  const text = (pick: (user: NewUser) => string | null) => array(users.map(pick), "text");
  const ids = array(
    users.map(({ id }) => id),
    "uuid",
  );
  await change.execute(sql`
    insert into usernames (username, organisation_id, user_id)
    select n.username, ${change.organisationId}, n.id
    from unnest(${text(({ username }) => username)}, ${ids}) as n (username, id) order by n.username`);
  await change.execute(sql`
    insert into users
      (organisation_id, id, team_id, username, name, sort_name, email, added_at, account, own_content_id)
    select ${change.organisationId}, n.id, n.team_id, n.username, n.name, n.sort_name, n.email, ${change.at},
      n.account, ${empty.id}
    from unnest(${ids}, ${array(
      users.map(({ teamId }) => teamId),
      "uuid",
    )}, ${text(({ username }) => username)},
      ${text(({ name }) => name)}, ${text(({ name }) => sortNameOf(name))}, ${text(({ email }) => email)},
      ${text(({ account }) => account)}
    ) as n (id, team_id, username, name, sort_name, email, account)`);
  change.touchUsers(users.map(({ id }) => id));
}

export async function updateUsersTeam(
  change: Change,
  users: readonly UserId[],
  teamId: TeamId,
): Promise<void> {
  await change.execute(sql`
    update users set team_id = ${teamId}
    where organisation_id = ${change.organisationId} and id = any(${array(users, "uuid")})`);
  change.touchUsers(users);
}

/** Puts the marks on an account. A mark that stands keeps its time. */
export async function updateAccountMarks(change: Change, userId: UserId, marks: AccountMarks): Promise<void> {
  await change.execute(sql`
    update users set account = ${marks.account},
      blocked_at = case when ${marks.blocked}::boolean then coalesce(blocked_at, ${change.at}) end,
      disabled_at = case when ${marks.disabled}::boolean then coalesce(disabled_at, ${change.at}) end
    where organisation_id = ${change.organisationId} and id = ${userId}`);
  change.touchUsers([userId]);
}

/** Takes a user out of every list and count. The row stays, and with it the username. */
export async function markUserRemoved(change: Change, userId: UserId): Promise<void> {
  await change.execute(sql`
    update users set removed_at = ${change.at}
    where organisation_id = ${change.organisationId} and id = ${userId} and removed_at is null`);
  change.touchUsers([userId]);
}

export async function giveGroupToUser(
  change: ContentChange,
  userId: UserId,
  groupId: GroupId,
): Promise<void> {
  await change.execute(sql`
    insert into user_groups (organisation_id, user_id, group_id)
    values (${change.organisationId}, ${userId}, ${groupId}) on conflict do nothing`);
  change.touchOwnKeys([userId]);
}

export async function takeGroupFromUser(
  change: ContentChange,
  userId: UserId,
  groupId: GroupId,
): Promise<void> {
  await change.execute(sql`
    delete from user_groups
    where organisation_id = ${change.organisationId} and user_id = ${userId} and group_id = ${groupId}`);
  change.touchOwnKeys([userId]);
}
