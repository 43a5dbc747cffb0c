// The facts as they are written down, with nothing derived in SQL. The auditor reads them.

import {
  accounts,
  directories,
  updateKinds,
  updateScopes,
  updateStates,
  type OrganisationId,
  type Posture,
  type UserFacts,
  type UserId,
} from "@lockstep/core";
import { z } from "zod";

import type { Reader } from "../../db/database.ts";
import { id } from "../../db/shape.ts";
import { array, sql } from "../../db/sql.ts";

const userFacts = z.object({
  userId: id<"user">(),
  teamId: id<"team">(),
  licenceId: id<"licence">().nullable(),
  directory: z.enum(directories),
  account: z.enum(accounts),
  blocked: z.boolean(),
  disabled: z.boolean(),
  ownContent: id<"content">(),
});

const activation = z.object({
  activationId: id<"activation">(),
  userId: id<"user">(),
  appliedTeam: id<"content">(),
  appliedOwn: id<"content">(),
});

const update = z
  .object({
    activationId: id<"activation">(),
    kind: z.enum(updateKinds),
    scope: z.enum(updateScopes),
    state: z.enum(updateStates),
    version: z.int().nullable(),
    team: id<"content">().nullable(),
    own: id<"content">().nullable(),
  })
  .transform(({ version, team, own, ...rest }) => ({
    ...rest,
    keyFile: version === null || team === null || own === null ? null : { version, team, own },
  }));

/** What `postureOf` asks of each user; removed users are not among them. */
export async function loadUserFacts(
  reader: Reader,
  organisationId: OrganisationId,
  users: readonly UserId[],
): Promise<Map<UserId, UserFacts>> {
  const ids = array(users, "uuid");
  const people = await reader.rows(
    userFacts,
    sql`
    select u.id as "userId", u.team_id as "teamId", s.licence_id as "licenceId", coalesce(d.state, 'none') as directory,
      u.account, u.blocked_at is not null as blocked, u.disabled_at is not null as disabled,
      u.own_content_id as "ownContent"
    from users u
    left join seats s on s.organisation_id = u.organisation_id and s.user_id = u.id
    left join directory_links d on d.organisation_id = u.organisation_id and d.user_id = u.id
    where u.organisation_id = ${organisationId} and u.id = any(${ids}) and u.removed_at is null`,
    { prepared: true },
  );
  const activations = await reader.rows(
    activation,
    sql`select id as "activationId", user_id as "userId", applied_team_content_id as "appliedTeam",
        applied_own_content_id as "appliedOwn"
      from activations where organisation_id = ${organisationId} and user_id = any(${ids}) and ended_at is null
      order by id`,
    { prepared: true },
  );
  const updates = await reader.rows(
    update,
    sql`select p.activation_id as "activationId", p.kind, p.scope, p.state, p.version, p.team_content_id as team,
        p.own_content_id as own
      from activations a join updates p on p.organisation_id = a.organisation_id and p.activation_id = a.id
      where a.organisation_id = ${organisationId} and a.user_id = any(${ids}) and a.ended_at is null
      order by p.id`,
    { prepared: true },
  );
  const updatesOf = Map.groupBy(updates, ({ activationId }) => activationId);
  const activationsOf = Map.groupBy(activations, ({ userId }) => userId);
  return new Map(
    people.map(({ userId, ...facts }) => {
      const active = (activationsOf.get(userId) ?? []).map(({ activationId, appliedTeam, appliedOwn }) => ({
        appliedTeam,
        appliedOwn,
        updates: updatesOf.get(activationId) ?? [],
      }));
      return [userId, { ...facts, activations: active }];
    }),
  );
}

const postureOfUser = z.object({
  userId: id<"user">(),
  teamId: id<"team">(),
  licenceId: id<"licence">().nullable(),
  directory: z.enum(directories),
  account: z.enum(accounts),
  blocked: z.boolean(),
  disabled: z.boolean(),
  workstations: z.int(),
  teamHolds: z.enum(["none", "one", "mixed"]),
  teamContentId: id<"content">().nullable(),
  ownMatches: z.boolean(),
  ownKeys: z.boolean(),
  outstanding: z.boolean(),
});

/** The postures that users are in; who is in none is not among them. */
export async function loadPosturesOf(
  reader: Reader,
  organisationId: OrganisationId,
  users: readonly UserId[],
): Promise<Map<UserId, Posture>> {
  const rows = await reader.rows(
    postureOfUser,
    sql`
    select u.id as "userId", p.team_id as "teamId", p.licence_id as "licenceId", p.directory, p.account, p.blocked,
      p.disabled, p.workstations, p.team_holds as "teamHolds", p.team_content_id as "teamContentId",
      p.own_matches as "ownMatches", p.own_keys as "ownKeys", p.outstanding
    from users u join postures p on p.organisation_id = u.organisation_id and p.id = u.posture_id
    where u.organisation_id = ${organisationId} and u.id = any(${array(users, "uuid")})`,
  );
  return new Map(rows.map(({ userId, ...posture }) => [userId, posture]));
}

/** Users of an organisation by id, removed ones included. */
export async function listUserIds(
  reader: Reader,
  organisationId: OrganisationId,
  { after, limit }: { after: UserId | null; limit: number },
): Promise<UserId[]> {
  const rows = await reader.rows(
    z.object({ id: id<"user">() }),
    sql`select id from users where organisation_id = ${organisationId}
        and id > coalesce(${after}::uuid, '00000000-0000-0000-0000-000000000000')
      order by id limit ${limit}`,
  );
  return rows.map((row) => row.id);
}

const counter = z.object({ postureId: id<"posture">(), counted: z.int(), users: z.int() });

/** What every posture counts, pending deltas included, beside the users who are in it. */
export async function listCounters(
  reader: Reader,
  organisationId: OrganisationId,
): Promise<z.output<typeof counter>[]> {
  return reader.rows(
    counter,
    sql`
    select p.id as "postureId",
      p.n + coalesce((select sum(d.delta) from posture_deltas d
        where d.organisation_id = p.organisation_id and d.posture_id = p.id), 0)::bigint as counted,
      (select count(*) from users u where u.organisation_id = p.organisation_id and u.posture_id = p.id) as users
    from postures p where p.organisation_id = ${organisationId}`,
  );
}
