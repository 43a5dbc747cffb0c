// The tree of teams: what each sets itself, and what everybody in it should hold.

import { parsePolicy, type GroupId, type OrganisationId, type Policy, type TeamId } from "@lockstep/core";
import { z } from "zod";

import type { ContentChange } from "../db/change.ts";
import type { Reader } from "../db/database.ts";
import { id, instant } from "../db/shape.ts";
import { json, sql } from "../db/sql.ts";
import { empty } from "../facts/identity.ts";
import { Refusal } from "../refusal.ts";

const policy = z.unknown().transform(parsePolicy);

const team = z.object({
  id: id<"team">(),
  parentId: id<"team">().nullable(),
  name: z.string(),
  policy,
  groupIds: z.array(id<"group">()),
  revision: z.int(),
});

export type Team = z.output<typeof team>;

const columns = sql`t.id, t.parent_id as "parentId", t.name, t.policy, t.revision,
  array(select g.group_id::text from team_groups g
    where g.organisation_id = t.organisation_id and g.team_id = t.id order by g.group_id) as "groupIds"`;

/** All teams of the organisation, by name. */
export async function listTeams(reader: Reader, organisationId: OrganisationId): Promise<Team[]> {
  return reader.rows(
    team,
    sql`select ${columns} from teams t where t.organisation_id = ${organisationId} order by t.name, t.id`,
  );
}

export async function findTeam(
  reader: Reader,
  organisationId: OrganisationId,
  teamId: TeamId,
): Promise<Team | undefined> {
  return reader.row(
    team,
    sql`select ${columns} from teams t where t.organisation_id = ${organisationId} and t.id = ${teamId}`,
    { prepared: true },
  );
}

/** @throws Refusal team_not_found, or organisation_not_found if there is not even that. */
export async function loadTeam(
  reader: Reader,
  organisationId: OrganisationId,
  teamId: TeamId,
): Promise<Team> {
  const found = await findTeam(reader, organisationId, teamId);
  if (found !== undefined) return found;
  const [any] = await listTeams(reader, organisationId);
  // Every organisation has a root team.
  throw new Refusal(any === undefined ? "organisation_not_found" : "team_not_found");
}

/** @throws Refusal organisation_not_found. */
export async function loadRootTeam(reader: Reader, organisationId: OrganisationId): Promise<Team> {
  const root = await reader.row(
    team,
    sql`select ${columns} from teams t where t.organisation_id = ${organisationId} and t.parent_id is null`,
  );
  if (root === undefined) throw new Refusal("organisation_not_found");
  return root;
}

/** From the root down to the team itself; empty if there is no such team. */
export async function listTeamsAbove(
  reader: Reader,
  organisationId: OrganisationId,
  teamId: TeamId,
): Promise<Team[]> {
  return reader.rows(
    team,
    sql`
    with recursive up as (
      select id, parent_id, 0 as height from teams where organisation_id = ${organisationId} and id = ${teamId}
      union all
      select t.id, t.parent_id, up.height + 1 from up cross join lateral (
        select id, parent_id from teams where organisation_id = ${organisationId} and id = up.parent_id offset 0) t
    )
    select ${columns} from up join teams t on t.organisation_id = ${organisationId} and t.id = up.id
    order by up.height desc`,
  );
}

const answer = z.object({ answer: z.boolean() });

/** Whether a team below the same parent has the name. */
export async function isTeamNameTaken(
  reader: Reader,
  organisationId: OrganisationId,
  { parentId, name }: { parentId: TeamId | null; name: string },
): Promise<boolean> {
  const row = await reader.row(
    answer,
    sql`select exists (select from teams where organisation_id = ${organisationId}
      and parent_id is not distinct from ${parentId}::uuid and name = ${name}) as answer`,
  );
  return row?.answer ?? false;
}

/** Whether people, or teams, are in the team. */
export async function isTeamInUse(
  reader: Reader,
  organisationId: OrganisationId,
  teamId: TeamId,
): Promise<boolean> {
  const row = await reader.row(
    answer,
    sql`select exists (select from teams where organisation_id = ${organisationId} and parent_id = ${teamId})
      or exists (select from users where organisation_id = ${organisationId} and team_id = ${teamId}
        and removed_at is null) as answer`,
  );
  return row?.answer ?? false;
}

/** Whoever is being put into the team is in it after this; whoever comes later waits, and finds what became of it. */
export async function lockTeam(change: ContentChange, teamId: TeamId): Promise<void> {
  await change.execute(sql`
    select 1 from teams where organisation_id = ${change.organisationId} and id = ${teamId} for update`);
}

/**
 * Deletes a team without people and teams, with its past. Removed people, of whom only the username is left, are
 * kept by the team above.
 */
export async function deleteTeam(
  change: ContentChange,
  { id, parentId }: { id: TeamId; parentId: TeamId },
): Promise<void> {
  const { organisationId } = change;
  await change.execute(sql`
    update users set team_id = ${parentId}
    where organisation_id = ${organisationId} and team_id = ${id} and removed_at is not null`);
  await change.execute(sql`
    delete from posture_deltas d using postures p
    where d.organisation_id = ${organisationId} and p.organisation_id = ${organisationId}
      and p.id = d.posture_id and p.team_id = ${id}`);
  for (const table of ["postures", "team_groups", "team_revisions"]) {
    await change.execute(
      sql`delete from ${sql.table(table)} where organisation_id = ${organisationId} and team_id = ${id}`,
    );
  }
  await change.execute(sql`delete from teams where organisation_id = ${organisationId} and id = ${id}`);
}

export async function updateTeamName(change: ContentChange, teamId: TeamId, name: string): Promise<void> {
  await change.execute(sql`
    update teams set name = ${name} where organisation_id = ${change.organisationId} and id = ${teamId}`);
  change.touchTeams([teamId]);
}

export async function insertTeam(
  change: ContentChange,
  { id, parentId, name }: Pick<Team, "id" | "parentId" | "name">,
): Promise<void> {
  await change.execute(sql`
    insert into teams (organisation_id, id, parent_id, name, revision, desired_content_id)
    values (${change.organisationId}, ${id}, ${parentId}, ${name}, 1, ${empty.id})`);
  change.touchTeams([id]);
}

export async function updateTeamPolicy(
  change: ContentChange,
  teamId: TeamId,
  settings: Policy,
): Promise<void> {
  await change.execute(
    sql`
    update teams set policy = ${json(settings)}
    where organisation_id = ${change.organisationId} and id = ${teamId}`,
    { prepared: true },
  );
  change.touchTeams([teamId]);
}

export async function updateTeamParent(
  change: ContentChange,
  teamId: TeamId,
  parentId: TeamId,
): Promise<void> {
  await change.execute(sql`
    update teams set parent_id = ${parentId}
    where organisation_id = ${change.organisationId} and id = ${teamId} and parent_id is not null`);
  change.touchTeams([teamId]);
}

export async function giveGroupToTeam(
  change: ContentChange,
  teamId: TeamId,
  groupId: GroupId,
): Promise<void> {
  await change.execute(sql`
    insert into team_groups (organisation_id, team_id, group_id)
    values (${change.organisationId}, ${teamId}, ${groupId}) on conflict do nothing`);
  change.touchTeams([teamId]);
}

export async function takeGroupFromTeam(
  change: ContentChange,
  teamId: TeamId,
  groupId: GroupId,
): Promise<void> {
  await change.execute(sql`
    delete from team_groups
    where organisation_id = ${change.organisationId} and team_id = ${teamId} and group_id = ${groupId}`);
  change.touchTeams([teamId]);
}

const teamRevision = z.object({
  revision: z.int(),
  policy,
  groupIds: z.array(id<"group">()),
  desiredContentId: id<"content">(),
  causeTeamId: id<"team">().nullable(),
  at: instant,
});

export type TeamRevision = z.output<typeof teamRevision>;

const revisionColumns = sql`revision, policy, group_ids::text[] as "groupIds",
  desired_content_id as "desiredContentId", cause_team_id as "causeTeamId", at`;

/** What the team set and should hold, newest first. */
export async function listTeamRevisions(
  reader: Reader,
  organisationId: OrganisationId,
  teamId: TeamId,
  limit = 50,
): Promise<TeamRevision[]> {
  return reader.rows(
    teamRevision,
    sql`select ${revisionColumns} from team_revisions
      where organisation_id = ${organisationId} and team_id = ${teamId} order by revision desc limit ${limit}`,
  );
}

export async function findTeamRevision(
  reader: Reader,
  organisationId: OrganisationId,
  teamId: TeamId,
  revision: number,
): Promise<TeamRevision | undefined> {
  return reader.row(
    teamRevision,
    sql`select ${revisionColumns} from team_revisions
      where organisation_id = ${organisationId} and team_id = ${teamId} and revision = ${revision}`,
  );
}
