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
import { Refusal } from "../refusal.ts";

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
  /** The user's own encryption groups. */
  groupIds: z.array(id<"group">()),
  licenceId: id<"licence">().nullable(),
  revision: z.int(),
});

export type User = z.output<typeof user>;

const columns = sql`u.id, u.team_id as "teamId", u.username, u.name, u.email, u.account,
  u.blocked_at is not null as blocked, u.disabled_at is not null as disabled, u.added_at as "addedAt", u.revision,
  array(select g.group_id::text from user_groups g
    where g.organisation_id = u.organisation_id and g.user_id = u.id order by g.group_id) as "groupIds",
  (select s.licence_id from seats s
    where s.organisation_id = u.organisation_id and s.user_id = u.id) as "licenceId"`;

export async function findUser(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<User | undefined> {
  return reader.row(
    user,
    sql`select ${columns} from users u
      where u.organisation_id = ${organisationId} and u.id = ${userId} and u.removed_at is null`,
    { prepared: true },
  );
}

/** @throws Refusal user_not_found; whoever was removed is not there any more. */
export async function loadUser(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<User> {
  const found = await findUser(reader, organisationId, userId);
  if (found === undefined) throw new Refusal("user_not_found");
  return found;
}

const present = z.object({ id: id<"user">() });

/**
 * Locks the rows of some users until the transaction ends.
 * @throws Refusal user_not_found unless all of them are there.
 */
export async function lockPresentUsers(change: Change, users: readonly UserId[]): Promise<void> {
  const rows = await change.rows(
    present,
    sql`select id from users
      where organisation_id = ${change.organisationId} and id = any(${array(users, "uuid")}) and removed_at is null
      order by id for no key update`,
  );
  if (rows.length < new Set(users).size) throw new Refusal("user_not_found");
}

const undeleted = z.object({ isDeleted: z.boolean() });

/** As `lockPresentUsers`. @throws Refusal user_not_found; account_deleted if anybody was deleted: nothing is given to them. */
export async function lockUndeletedUsers(change: Change, users: readonly UserId[]): Promise<void> {
  await lockPresentUsers(change, users);
  const row = await change.row(
    undeleted,
    sql`select exists (select from users where organisation_id = ${change.organisationId}
      and id = any(${array(users, "uuid")}) and account = 'deleted') as "isDeleted"`,
  );
  if (row?.isDeleted === true) throw new Refusal("account_deleted");
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

const firstPosture = z.object({
  id: z.string(),
  teamId: id<"team">(),
  account: z.enum(["none", "pending", "active", "deleted"]),
});

/** The posture that somebody begins in, as far as somebody is in it already; null where nobody is. */
async function findFirstPostures(
  reader: Reader & { readonly organisationId: OrganisationId },
  users: readonly NewUser[],
  directory: "none" | "linked",
): Promise<(user: NewUser) => string | null> {
  const teams = [...new Set(users.map(({ teamId }) => teamId))];
  const rows = await reader.rows(
    firstPosture,
    sql`select id, team_id as "teamId", account from postures
      where organisation_id = ${reader.organisationId} and team_id = any(${array(teams, "uuid")})
        and not blocked and not disabled and licence_id is null and directory = ${directory} and workstations = 0
        and not own_keys and not outstanding`,
  );
  const keyOf = ({ teamId, account }: Pick<NewUser, "teamId" | "account">) => `${teamId} ${account}`;
  const postures = new Map(rows.map((row) => [keyOf(row), row.id]));
  return (user) => postures.get(keyOf(user)) ?? null;
}

/**
 * Adds people. Usernames are unique over the installation, for ever: whoever would get one that was ever given, also
 * by somebody else at this moment, is left out. Whoever is like others from the first moment on is put into their
 * posture at once, because writing thousands of rows a second time takes longer than the first; the refresh of
 * postures sees to all others.
 * @param directory whether they are linked to one in the same change.
 * @returns who was added.
 */
export async function insertUsers(
  change: Change,
  users: readonly NewUser[],
  directory: "none" | "linked" = "none",
): Promise<Set<UserId>> {
  const text = (pick: (user: NewUser) => string | null) => array(users.map(pick), "text");
  const uuids = (pick: (user: NewUser) => string | null) => array(users.map(pick), "uuid");
  const postureOf = await findFirstPostures(change, users, directory);
  const added = await change.rows(
    present.extend({ hasPosture: z.boolean() }),
    sql`
    with given as materialized (
      select * from unnest(${uuids(({ id }) => id)}, ${uuids(({ teamId }) => teamId)},
        ${text(({ username }) => username)}, ${text(({ name }) => name)}, ${text(({ name }) => sortNameOf(name))},
        ${text(({ email }) => email)}, ${text(({ account }) => account)}, ${uuids((user) => postureOf(user))})
        as n (id, team_id, username, name, sort_name, email, account, posture_id)
    ), named as (
      insert into usernames (username, organisation_id, user_id)
      select username, ${change.organisationId}, id from given order by username
      on conflict do nothing returning user_id
    ), added as (
      insert into users (organisation_id, id, team_id, username, name, sort_name, email, added_at, active_at, account,
        own_content_id, posture_id, posture_changed_at)
      select ${change.organisationId}, n.id, n.team_id, n.username, n.name, n.sort_name, n.email, ${change.at}, ${change.at},
        n.account, ${empty.id}, n.posture_id, case when n.posture_id is not null then ${change.at}::timestamptz end
      from given n
      -- Written as a condition of its own it is hashed; joined, thousands would be compared with thousands.
      where (n.id in (select user_id from named)) is true
      returning id, posture_id
    ), counted as (
      insert into posture_deltas (organisation_id, posture_id, delta)
      select ${change.organisationId}, posture_id, count(*) from added where posture_id is not null group by posture_id
    )
    select id, posture_id is not null as "hasPosture" from added`,
  );
  change.touchUsers(added.filter(({ hasPosture }) => !hasPosture).map((user) => user.id));
  return new Set(added.map((user) => user.id));
}

/** Which of some usernames were ever given, to whomever: a look-up by name, so it names no organisation. */
export async function listTakenUsernames(reader: Reader, these: readonly string[]): Promise<Set<string>> {
  const rows = await reader.rows(
    z.object({ username: z.string() }),
    sql`select username from usernames where username = any(${array(these, "text")})`,
  );
  return new Set(rows.map(({ username }) => username));
}

/** Which of some usernames people have who are in an organisation at this moment; the others were given elsewhere or are gone. */
export async function listPresentUsernames(
  reader: Reader,
  organisationId: OrganisationId,
  these: readonly string[],
): Promise<Set<string>> {
  const rows = await reader.rows(
    z.object({ username: z.string() }),
    sql`select u.username from usernames n
      join users u on u.organisation_id = n.organisation_id and u.id = n.user_id
      where n.username = any(${array(these, "text")}) and n.organisation_id = ${organisationId}
        and u.removed_at is null and u.account <> 'deleted'`,
  );
  return new Set(rows.map(({ username }) => username));
}

/** What of a person is changed; what is left out stays. */
export interface Names {
  readonly name?: string | undefined;
  readonly email?: string | null | undefined;
}

/** What a person is called; no status depends on it. @returns undefined unless the person is there, in this revision. */
export async function updateUserNames(
  change: Change,
  userId: UserId,
  { name, email, revision }: Names & { revision: number },
): Promise<User | undefined> {
  const given = [
    ...(name === undefined ? [] : [sql`name = ${name}, sort_name = ${sortNameOf(name)}`]),
    ...(email === undefined ? [] : [sql`email = ${email}`]),
  ];
  return change.row(
    user,
    sql`
    update users u set ${sql.join([...given, sql`revision = u.revision + 1`])}
    where u.organisation_id = ${change.organisationId} and u.id = ${userId} and u.revision = ${revision}
      and u.removed_at is null
    returning ${columns}`,
    { prepared: true },
  );
}

/** As `updateUserNames` for many, of whichever revision: the directory that they come from leads. */
export async function renameUsers(
  change: Change,
  users: readonly (Names & { readonly id: UserId })[],
): Promise<void> {
  const text = (pick: (user: Names) => string | null | undefined) =>
    array(
      users.map((user) => pick(user) ?? null),
      "text",
    );
  await change.execute(sql`
    update users u set name = coalesce(n.name, u.name), sort_name = coalesce(n.sort_name, u.sort_name),
      email = case when n.has_email = 1 then n.email else u.email end, revision = u.revision + 1
    from unnest(${array(
      users.map(({ id }) => id),
      "uuid",
    )}, ${text(({ name }) => name)}, ${text(({ name }) => (name === undefined ? null : sortNameOf(name)))},
      ${text(({ email }) => email)}, ${array(
        users.map(({ email }) => (email === undefined ? 0 : 1)),
        "integer",
      )}) as n (id, name, sort_name, email, has_email)
    where u.organisation_id = ${change.organisationId} and u.id = n.id`);
}

/** Puts removed users back into every list and count; those of some that were removed. @returns who was. */
export async function reviveUsers(change: Change, users: readonly UserId[]): Promise<UserId[]> {
  const rows = await change.rows(
    present,
    sql`update users set removed_at = null, revision = revision + 1
      where organisation_id = ${change.organisationId} and id = any(${array(users, "uuid")}) and removed_at is not null
        and account <> 'deleted'
      returning id`,
  );
  const those = rows.map(({ id }) => id);
  change.touchUsers(those);
  return those;
}

/** Whoever has loaded the user before sees that there is another revision now. */
export async function updateUserRevision(change: Change, userId: UserId): Promise<void> {
  await change.execute(sql`
    update users set revision = revision + 1
    where organisation_id = ${change.organisationId} and id = ${userId}`);
}

export async function updateUsersTeam(
  change: Change,
  users: readonly UserId[],
  teamId: TeamId,
): Promise<void> {
  await change.execute(sql`
    update users set team_id = ${teamId}, revision = revision + 1
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

/** Days without activity count from now on. */
export async function restartClock(change: Change, userId: UserId): Promise<void> {
  await change.execute(sql`
    update users set active_at = ${change.at}
    where organisation_id = ${change.organisationId} and id = ${userId}`);
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
