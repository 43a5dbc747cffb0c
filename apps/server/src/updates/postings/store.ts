// Postings of Key-Files to many, and who requires one. A user does whose posture says that a workstation holds, or will
// hold, something else than it should.

import type { Id, OrganisationId, TeamId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../../db/change.ts";
import type { Reader } from "../../db/database.ts";
import { id, instant } from "../../db/shape.ts";
import { array, sql } from "../../db/sql.ts";
import { empty } from "../../facts/identity.ts";
import { Refusal } from "../../refusal.ts";

export type PostingId = Id<"posting">;

const doer = z
  .object({
    role: z.string(),
    userId: id<"user">().nullable(),
    organisationId: id<"organisation">().nullable(),
  })
  .transform(({ organisationId, ...who }) => (organisationId === null ? who : { ...who, organisationId }));

const posting = z.object({
  id: id<"posting">(),
  users: z.int(),
  done: z.int(),
  posted: z.int(),
  startedAt: instant,
  endedAt: instant.nullable(),
  doer,
});

export type Posting = z.output<typeof posting>;

/** @throws Refusal posting_not_found. */
export async function loadPosting(
  reader: Reader,
  organisationId: OrganisationId,
  postingId: PostingId,
): Promise<Posting> {
  const row = await reader.row(
    posting,
    sql`select id, users, done, posted, started_at as "startedAt", ended_at as "endedAt", json_build_object(
        'role', actor_role, 'userId', actor_user_id, 'organisationId', actor_organisation_id) as doer
      from postings where organisation_id = ${organisationId} and id = ${postingId}`,
  );
  if (row === undefined) throw new Refusal("posting_not_found");
  return row;
}

const running = z.object({ organisationId: id<"organisation">(), id: id<"posting">() });

/** Those that have not ended, over the whole installation. */
export async function listRunningPostings(reader: Reader): Promise<z.output<typeof running>[]> {
  return reader.rows(
    running,
    sql`select organisation_id as "organisationId", id from postings where ended_at is null order by organisation_id, id`,
  );
}

export async function insertPosting(
  change: Change,
  added: { id: PostingId; teamId: TeamId | null; userIds: readonly UserId[] | null; users: number },
): Promise<void> {
  const { id, teamId, userIds, users } = added;
  const { role, userId, organisationId: home = null } = change.doer;
  await change.execute(sql`
    insert into postings (organisation_id, id, team_id, user_ids, users, actor_role, actor_organisation_id,
      actor_user_id, started_at)
    values (${change.organisationId}, ${id}, ${teamId}, ${userIds === null ? null : array(userIds, "uuid")}, ${users},
      ${role}, ${home}, ${userId}, ${change.at})`);
}

const held = z.object({
  teamId: id<"team">().nullable(),
  userIds: z.array(id<"user">()).nullable(),
  after: id<"user">().nullable(),
});

/** A posting that has not ended; nobody else carries it on until the transaction ends. */
export async function lockPosting(
  change: Change,
  postingId: PostingId,
): Promise<z.output<typeof held> | undefined> {
  return change.row(
    held,
    sql`select team_id as "teamId", user_ids::text[] as "userIds", last_user_id as after from postings
      where organisation_id = ${change.organisationId} and id = ${postingId} and ended_at is null for update`,
  );
}

export async function updatePosting(
  change: Change,
  postingId: PostingId,
  { users, posted, after, isLast }: { users: number; posted: number; after: UserId | null; isLast: boolean },
): Promise<void> {
  await change.execute(sql`
    update postings set done = case when ${isLast}::boolean then users else least(users, done + ${users}) end,
      posted = posted + ${posted}, last_user_id = coalesce(${after}::uuid, last_user_id),
      ended_at = case when ${isLast}::boolean then ${change.at}::timestamptz end
    where organisation_id = ${change.organisationId} and id = ${postingId}`);
}

/** Whose standing is asked: the chosen, those of some teams, or all. */
interface Among {
  readonly userIds: readonly UserId[] | null;
  readonly teamIds: readonly TeamId[] | null;
}

/**
 * Those of whom a workstation holds something else than it should, and whose account is not blocked. Compared as
 * standings are: what a posture holds with what its team should, the empty content without a licence.
 */
function requiring({ userIds, teamIds }: Among) {
  const chosen = userIds === null ? sql`true` : sql`u.id = any(${array(userIds, "uuid")})`;
  const inTeams = teamIds === null ? sql`true` : sql`u.team_id = any(${array(teamIds, "uuid")})`;
  return sql`
    from users u
    join postures p on p.organisation_id = u.organisation_id and p.id = u.posture_id
    join teams t on t.organisation_id = p.organisation_id and t.id = p.team_id
    where ${chosen} and ${inTeams} and u.blocked_at is null and p.workstations > 0 and (not p.own_matches
      or p.team_content_id is distinct from
        case when p.licence_id is null then ${empty.id}::uuid else t.desired_content_id end)`;
}

const counted = z.object({ users: z.int() });

export async function countRequiring(
  reader: Reader,
  organisationId: OrganisationId,
  among: Among,
): Promise<number> {
  const row = await reader.row(
    counted,
    sql`select count(*) as users ${requiring(among)} and u.organisation_id = ${organisationId}`,
  );
  return row?.users ?? 0;
}

const found = z.object({ id: id<"user">() });

/** In the order of their ids, after one of them. */
export async function listRequiring(
  reader: Reader,
  organisationId: OrganisationId,
  { after, limit, ...among }: Among & { after: UserId | null; limit: number },
): Promise<UserId[]> {
  const rows = await reader.rows(
    found,
    sql`select u.id ${requiring(among)} and u.organisation_id = ${organisationId}
        and u.id > coalesce(${after}::uuid, '00000000-0000-0000-0000-000000000000')
      order by u.id limit ${limit}`,
  );
  return rows.map((row) => row.id);
}
