// The choke point's SQL: who is locked, what teams and users should hold, and which posture a user is in.

import {
  emptyContent,
  keyVersionUses,
  parsePolicy,
  type Content,
  type ContentIdentity,
  type GroupId,
  type OrganisationId,
  type TeamId,
  type UserId,
} from "@lockstep/core";
import { z } from "zod";

import type { Reader, Transaction } from "../db/database.ts";
import { id } from "../db/shape.ts";
import { array, json, sql, type Statement } from "../db/sql.ts";
import { empty } from "./identity.ts";

const keyVersion = z.object({
  key: id<"key">(),
  version: z.int(),
  use: z.enum(keyVersionUses),
});

const keyVersions = z.array(keyVersion);

/** Key versions `v` of a group, as `keyVersions` parses them. */
const keysAsJson = sql`json_agg(json_build_object('key', v.key_id, 'version', v.version, 'use', v.use))`;

/** One user's statements are planned once for a connection; those of many when they come, by how many there are by now. */
const forFew = ({ length }: readonly UserId[]) => ({ prepared: length === 1 });

/**
 * The rows stay locked until the transaction ends. It must come before the facts are read: the statement
 * after it sees whatever the former holder of the lock has committed.
 */
export async function lockUsers(
  transaction: Transaction,
  organisationId: OrganisationId,
  users: readonly UserId[],
): Promise<void> {
  await transaction.execute(
    sql`
    select 1 from users where organisation_id = ${organisationId} and id = any(${array(users, "uuid")})
    order by id for no key update`,
    forFew(users),
  );
}

/** The facts of some users as SQL knows them: the left side of the one sanctioned copy of `postureOf`. */
function classes(organisationId: OrganisationId, users: readonly UserId[]): Statement {
  return sql`
    select u.id as user_id, u.posture_id as former, u.removed_at is not null as removed,
      u.team_id, s.licence_id, coalesce(d.state, 'none') as directory,
      u.account, u.blocked_at is not null as blocked, u.disabled_at is not null as disabled,
      w.workstations,
      case when w.workstations = 0 then 'none' when w.contents = 1 then 'one' else 'mixed' end as team_holds,
      case when w.contents = 1 then w.any_content end as team_content_id,
      w.own_matches, u.own_content_id <> ${empty.id} as own_keys, w.outstanding
    from users u
    left join seats s on s.organisation_id = u.organisation_id and s.user_id = u.id
    left join directory_links d on d.organisation_id = u.organisation_id and d.user_id = u.id
    cross join lateral (
      select count(*) filter (where not e.leaving)::integer as workstations,
        count(distinct e.team) filter (where not e.leaving) as contents,
        (min(e.team::text) filter (where not e.leaving))::uuid as any_content,
        coalesce(bool_and(e.own = case when s.licence_id is null then ${empty.id} else u.own_content_id end)
          filter (where not e.leaving), true) as own_matches,
        coalesce(bool_or(e.outstanding), false) as outstanding
      from (
        select coalesce(k.team_content_id, a.applied_team_content_id) as team,
          coalesce(k.own_content_id, a.applied_own_content_id) as own,
          coalesce(k.leaving, false) as leaving, coalesce(k.outstanding, false) as outstanding
        from activations a
        cross join lateral (
          select bool_or(p.kind = 'deactivate') as leaving, bool_or(p.scope = 'user') as outstanding,
            (array_agg(p.team_content_id order by p.version desc) filter (where p.kind = 'key-file'))[1] as team_content_id,
            (array_agg(p.own_content_id order by p.version desc) filter (where p.kind = 'key-file'))[1] as own_content_id
          from updates p
          where p.organisation_id = a.organisation_id and p.user_id = a.user_id and p.activation_id = a.id
            and p.state in ('posted', 'fetched')
        ) k
        where a.organisation_id = u.organisation_id and a.user_id = u.id and a.ended_at is null
      ) e
    ) w
    where u.organisation_id = ${organisationId} and u.id = any(${array(users, "uuid")})`;
}

/** Everything that tells one posture from another; equal tuples have equal ids without a look-up. */
export const postureColumns = sql`team_id, licence_id, directory, account, blocked, disabled, workstations, team_holds,
  team_content_id, own_matches, own_keys, outstanding`;

/** Of a row with these columns. */
export const postureId = sql`encode(substring(sha256(convert_to(concat_ws(' ', team_id, coalesce(licence_id::text, '-'),
  directory, account, blocked, disabled, workstations, team_holds, coalesce(team_content_id::text, '-'),
  own_matches, own_keys, outstanding), 'UTF8')) for 16), 'hex')::uuid`;

/**
 * Puts the users into the postures that their facts give, and keeps the counters. One statement for any
 * number of users. This is the one sanctioned copy of core's `postureOf`.
 */
export async function refreshPostures(
  transaction: Transaction,
  organisationId: OrganisationId,
  users: readonly UserId[],
  at: Date,
): Promise<void> {
  await transaction.execute(
    sql`
    with classed as materialized (
      select *, case when not removed then ${postureId} end as posture_id
      from (${classes(organisationId, users)}) as class
    ), made as (
      insert into postures (organisation_id, id, ${postureColumns})
      select distinct ${organisationId}::uuid, c.posture_id, ${postureColumns} from classed c
      where c.posture_id is not null and not exists (
        select from postures p where p.organisation_id = ${organisationId} and p.id = c.posture_id)
      on conflict do nothing
    ), changed as (
      update users u set posture_id = c.posture_id, posture_changed_at = ${at}
      from classed c
      where u.organisation_id = ${organisationId} and u.id = c.user_id
        and u.posture_id is distinct from c.posture_id
      returning c.former, c.posture_id
    ), moves as (
      select former as posture_id, -1 as delta from changed where former is not null
      union all
      select posture_id, 1 from changed where posture_id is not null
    )
    insert into posture_deltas (organisation_id, posture_id, delta)
    select ${organisationId}, posture_id, sum(delta) from moves group by posture_id having sum(delta) <> 0`,
    forFew(users),
  );
}

const teamLevel = z.object({
  id: id<"team">(),
  parentId: id<"team">().nullable(),
  policy: z.unknown().transform(parsePolicy),
  keys: keyVersions,
  affected: z.boolean(),
});

export type TeamLevel = z.output<typeof teamLevel>;

/**
 * The teams with all that is above and below them; `affected` are the teams themselves and all below. The planner
 * takes recursions for huge: `offset 0` keeps it at one index look-up for each level, and `union all` from making
 * room for millions.
 */
export async function loadTeamLevels(
  reader: Reader,
  organisationId: OrganisationId,
  teams: readonly TeamId[],
): Promise<TeamLevel[]> {
  const levels = await reader.rows(
    teamLevel,
    sql`
    with recursive down as (
      select id from teams where organisation_id = ${organisationId} and id = any(${array(teams, "uuid")})
      union all
      select t.id from down d cross join lateral (
        select id from teams where organisation_id = ${organisationId} and parent_id = d.id offset 0) t
    ), up as (
      select parent_id as id from teams where organisation_id = ${organisationId} and id = any(${array(teams, "uuid")})
      union all
      select t.parent_id from up cross join lateral (
        select parent_id from teams where organisation_id = ${organisationId} and id = up.id offset 0) t
    ), levels as (
      select id, true as affected from down union all select id, false from up where id is not null
    )
    select t.id, t.parent_id as "parentId", t.policy, levels.affected,
      coalesce((
        select ${keysAsJson}
        from team_groups g
        join group_keys k on k.organisation_id = g.organisation_id and k.group_id = g.group_id
        join key_versions v on v.organisation_id = k.organisation_id and v.key_id = k.key_id
        where g.organisation_id = t.organisation_id and g.team_id = t.id
      ), '[]') as keys
    from levels cross join lateral (
      select * from teams where organisation_id = ${organisationId} and id = levels.id offset 0) t
    order by levels.affected`,
    { prepared: true },
  );
  // A team below one of the others comes twice or more; as affected, last, it counts.
  return [...new Map(levels.map((level) => [level.id, level])).values()];
}

export interface Wish<Whose> {
  readonly of: Whose;
  readonly content: Content;
  readonly identity: ContentIdentity;
}

/** Contents are never changed, so one that is there already is the same one. */
function makeContents(organisationId: OrganisationId, wishes: readonly Wish<unknown>[]): Statement {
  const distinct = [...new Map(wishes.map((wish) => [wish.identity.id, wish])).values()];
  return sql`
    insert into contents (organisation_id, id, fingerprint, document)
    select ${organisationId}, c.id, decode(c.fingerprint, 'hex'), c.document::jsonb
    from unnest(${array(
      distinct.map(({ identity }) => identity.id),
      "uuid",
    )},
      ${array(
        distinct.map(({ identity }) => identity.fingerprint),
        "text",
      )},
      ${array(
        distinct.map(({ content }) => JSON.stringify(content)),
        "text",
      )}) as c (id, fingerprint, document)
    on conflict do nothing`;
}

export interface TeamWishes {
  readonly wishes: readonly Wish<TeamId>[];
  /** Teams whose own settings were edited: they get a revision even if nothing they hold changes. */
  readonly edited: readonly TeamId[];
  readonly at: Date;
}

/** Writes what teams should hold, with a revision for each that changed or was edited: at the end, as no posture knows it. */
export function writeDesiredContents(
  transaction: Transaction,
  organisationId: OrganisationId,
  { wishes, edited, at }: TeamWishes,
): void {
  transaction.executeLast(
    sql`
    with made as (${makeContents(organisationId, wishes)}), changed as (
      update teams t set desired_content_id = w.content_id, revision = t.revision + 1
      from unnest(${array(
        wishes.map((wish) => wish.of),
        "uuid",
      )},
        ${array(
          wishes.map(({ identity }) => identity.id),
          "uuid",
        )}) as w (team_id, content_id)
      where t.organisation_id = ${organisationId} and t.id = w.team_id
        and (t.desired_content_id <> w.content_id or t.id = any(${array(edited, "uuid")}))
      returning t.id, t.revision, t.policy, t.desired_content_id
    )
    insert into team_revisions
      (organisation_id, team_id, revision, policy, group_ids, desired_content_id, cause_team_id, at)
    select ${organisationId}, c.id, c.revision, c.policy,
      array(select g.group_id from team_groups g
        where g.organisation_id = ${organisationId} and g.team_id = c.id order by g.group_id),
      c.desired_content_id, ${edited[0] ?? null}::uuid, ${at}
    from changed c`,
    { prepared: true },
  );
}

const groupKeys = z.object({ groupId: id<"group">(), keys: keyVersions });

/** The keys of some groups; a group that does not exist is missing. */
export async function loadGroupKeys(
  reader: Reader,
  organisationId: OrganisationId,
  groups: readonly GroupId[],
): Promise<z.output<typeof groupKeys>[]> {
  return reader.rows(
    groupKeys,
    sql`
    select g.id as "groupId", coalesce((
      select ${keysAsJson}
      from group_keys k
      join key_versions v on v.organisation_id = k.organisation_id and v.key_id = k.key_id
      where k.organisation_id = g.organisation_id and k.group_id = g.id
    ), '[]') as keys
    from encryption_groups g
    where g.organisation_id = ${organisationId} and g.id = any(${array(groups, "uuid")})`,
  );
}

const keyHolder = z.object({ userId: id<"user">(), keys: keyVersions });

/** The keys that users have of their own, through user-specific encryption groups. */
export async function loadOwnKeys(
  reader: Reader,
  organisationId: OrganisationId,
  users: readonly UserId[],
): Promise<z.output<typeof keyHolder>[]> {
  return reader.rows(
    keyHolder,
    sql`
    select u.id as "userId", coalesce((
      select ${keysAsJson}
      from user_groups g
      join group_keys k on k.organisation_id = g.organisation_id and k.group_id = g.group_id
      join key_versions v on v.organisation_id = k.organisation_id and v.key_id = k.key_id
      where g.organisation_id = u.organisation_id and g.user_id = u.id
    ), '[]') as keys
    from users u where u.organisation_id = ${organisationId} and u.id = any(${array(users, "uuid")})`,
  );
}

export async function writeOwnContents(
  transaction: Transaction,
  organisationId: OrganisationId,
  wishes: readonly Wish<UserId>[],
): Promise<void> {
  await transaction.execute(sql`
    with made as (${makeContents(organisationId, wishes)})
    update users u set own_content_id = w.content_id
    from unnest(${array(
      wishes.map((wish) => wish.of),
      "uuid",
    )},
      ${array(
        wishes.map(({ identity }) => identity.id),
        "uuid",
      )}) as w (user_id, content_id)
    where u.organisation_id = ${organisationId} and u.id = w.user_id and u.own_content_id <> w.content_id`);
}

const teamHolder = z.object({ teamId: id<"team">() });
const groupHolder = z.object({ userId: id<"user">() });

/** Who is given some groups: the teams, and the users who have them of their own. */
export async function loadGroupHolders(
  reader: Reader,
  organisationId: OrganisationId,
  groups: readonly GroupId[],
): Promise<{ teams: TeamId[]; users: UserId[] }> {
  const teams = await reader.rows(
    teamHolder,
    sql`select distinct team_id as "teamId" from team_groups
      where organisation_id = ${organisationId} and group_id = any(${array(groups, "uuid")})`,
  );
  const users = await reader.rows(
    groupHolder,
    sql`select distinct user_id as "userId" from user_groups
      where organisation_id = ${organisationId} and group_id = any(${array(groups, "uuid")})`,
  );
  return { teams: teams.map(({ teamId }) => teamId), users: users.map(({ userId }) => userId) };
}

/** The content that everything starts from; each organisation has it once. */
export async function insertEmptyContent(
  transaction: Transaction,
  organisationId: OrganisationId,
): Promise<void> {
  await transaction.execute(sql`
    insert into contents (organisation_id, id, fingerprint, document)
    values (${organisationId}, ${empty.id}, decode(${empty.fingerprint}, 'hex'), ${json(emptyContent)})`);
}

const folded = z.object({ postures: z.int() });

/** Folds the deltas of one organisation into the counters. Right without any lock: each delta is taken once. */
export async function foldDeltas(transaction: Transaction, organisationId: OrganisationId): Promise<number> {
  const row = await transaction.row(
    folded,
    sql`
    with taken as (
      delete from posture_deltas where organisation_id = ${organisationId} returning posture_id, delta
    ), summed as (
      select posture_id, sum(delta) as delta from taken group by posture_id
    ), counted as (
      update postures p set n = p.n + s.delta from summed s
      where p.organisation_id = ${organisationId} and p.id = s.posture_id returning 1
    )
    select count(*)::integer as postures from counted`,
  );
  return row?.postures ?? 0;
}

/** Deletes postures that nobody is in any more. Whoever enters one meanwhile keeps it alive. */
export async function deleteDeadPostures(
  transaction: Transaction,
  organisationId: OrganisationId,
): Promise<number> {
  return transaction.execute(sql`
    delete from postures p where p.organisation_id = ${organisationId} and p.n = 0
      and not exists (select from posture_deltas d
        where d.organisation_id = p.organisation_id and d.posture_id = p.id)
      and not exists (select from users u where u.organisation_id = p.organisation_id and u.posture_id = p.id)`);
}
