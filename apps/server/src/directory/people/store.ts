// What a plan asks of the people here: who is linked to an entry, remembered or chosen for it, or has its username.

import type { OrganisationId, TeamId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../../db/change.ts";
import type { Reader } from "../../db/database.ts";
import { id } from "../../db/shape.ts";
import { array, sql } from "../../db/sql.ts";
import { Refusal } from "../../refusal.ts";
import type { Choice, Person } from "../plan.ts";
import type { DirectoryId } from "../store.ts";

const choice = z.object({
  objectId: z.string(),
  kind: z.enum(["none", "import", "ignore"]),
  teamId: id<"team">().nullable(),
  userId: id<"user">().nullable(),
  formerUserId: id<"user">().nullable(),
});

interface About {
  readonly organisationId: OrganisationId;
  readonly directoryId: DirectoryId;
  readonly objectIds: readonly string[];
}

/** What was decided about entries; those about whom nothing was are left out. */
export async function listChoices(
  reader: Reader,
  { organisationId, directoryId, objectIds }: About,
): Promise<Map<string, Choice>> {
  const rows = await reader.rows(
    choice,
    sql`select object_id as "objectId", choice as kind, chosen_team_id as "teamId", chosen_user_id as "userId",
        former_user_id as "formerUserId"
      from directory_entries
      where organisation_id = ${organisationId} and directory_id = ${directoryId}
        and object_id = any(${array(objectIds, "uuid")})
        and (choice <> 'none' or former_user_id is not null)`,
  );
  return new Map(rows.map(({ objectId, ...decided }) => [objectId, decided]));
}

const owner = z.object({ username: z.string(), userId: id<"user">().nullable() });

/** Whose usernames are that were ever given; null for those of other organisations and of the deleted. A look-up by name. */
export async function listOwners(
  reader: Reader,
  organisationId: OrganisationId,
  usernames: readonly string[],
): Promise<Map<string, UserId | null>> {
  const rows = await reader.rows(
    owner,
    sql`select n.username, u.id as "userId" from usernames n
      left join users u on u.organisation_id = ${organisationId} and u.organisation_id = n.organisation_id
        and u.id = n.user_id and u.account <> 'deleted'
      where n.username = any(${array(usernames, "text")})`,
  );
  return new Map(rows.map(({ username, userId }) => [username, userId]));
}

const linked = z.object({ userId: id<"user">() });

/** Who is linked to entries, by whichever directory. */
export async function listLinkedTo(
  reader: Reader,
  organisationId: OrganisationId,
  objectIds: readonly string[],
): Promise<UserId[]> {
  const rows = await reader.rows(
    linked,
    sql`select user_id as "userId" from directory_links
      where organisation_id = ${organisationId} and object_id = any(${array(objectIds, "uuid")})`,
  );
  return rows.map(({ userId }) => userId);
}

const person = z
  .object({
    id: id<"user">(),
    username: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    teamId: id<"team">(),
    isRemoved: z.boolean(),
    hasAccount: z.boolean(),
    isLicensed: z.boolean(),
    isActive: z.boolean(),
    objectId: z.string().nullable(),
    state: z.enum(["linked", "missing"]).nullable(),
    isDisabled: z.boolean(),
    isOurs: z.boolean(),
  })
  .transform(({ objectId, state, isDisabled, isOurs, ...rest }): Person => ({
    ...rest,
    link: objectId === null || state === null ? null : { objectId, state, isDisabled, isOurs },
  }));

/** Whether anything of the user is on a workstation, or on its way to one, is for the activations and updates to say. */
export async function listPeople(
  reader: Reader,
  { organisationId, directoryId }: Omit<About, "objectIds">,
  users: readonly UserId[],
): Promise<Map<UserId, Person>> {
  const rows = await reader.rows(
    person,
    sql`select u.id, u.username, u.name, u.email, u.team_id as "teamId", u.removed_at is not null as "isRemoved",
        u.account <> 'none' as "hasAccount",
        exists (select from seats s where s.organisation_id = u.organisation_id and s.user_id = u.id) as "isLicensed",
        exists (select from activations a where a.organisation_id = u.organisation_id and a.user_id = u.id
          and a.ended_at is null)
        or exists (select from updates p where p.organisation_id = u.organisation_id and p.user_id = u.id
          and p.state in ('posted', 'fetched')) as "isActive",
        l.object_id as "objectId", l.state, l.disabled_at is not null as "isDisabled",
        coalesce(l.directory_id = ${directoryId}, false) as "isOurs"
      from users u
      left join directory_links l on l.organisation_id = u.organisation_id and l.user_id = u.id
      where u.organisation_id = ${organisationId} and u.id = any(${array(users, "uuid")})`,
  );
  return new Map(rows.map((each) => [each.id, each]));
}

const team = z.object({ id: id<"team">(), parentId: id<"team">().nullable(), name: z.string() });

/** Every team, as units are compared with them. */
export async function listNamedTeams(
  reader: Reader,
  organisationId: OrganisationId,
): Promise<{ id: TeamId; parentId: TeamId | null; name: string }[]> {
  return reader.rows(
    team,
    sql`select id, parent_id as "parentId", name from teams where organisation_id = ${organisationId}`,
  );
}

/** Nothing of the user, who may be a removed one, changes until the transaction ends. @throws Refusal user_not_found. */
export async function lockKnownUser(change: Change, userId: UserId): Promise<void> {
  const found = await change.execute(sql`
    select 1 from users where organisation_id = ${change.organisationId} and id = ${userId}
      and account <> 'deleted' for no key update`);
  if (found === 0) throw new Refusal("user_not_found");
}
