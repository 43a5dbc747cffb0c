// Reads standings of many users: counts and pages. SQL reduces postures to the code of their facts; it compares
// contents and adds up, and decides nothing.

import type { ContentId, Day, LicenceId, OrganisationId, PostureId, TeamId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Reader } from "../db/database.ts";
import { id } from "../db/shape.ts";
import { array, sql, type Statement } from "../db/sql.ts";
import { empty } from "../facts/identity.ts";
import { weights } from "./facts-code.ts";

/** Whose standings: the installation's, an organisation's, or those of some teams of it. */
export interface Scope {
  readonly organisationId: OrganisationId | null;
  readonly teams: readonly TeamId[] | null;
}

/** What would be different after a change that is not saved. */
export interface Proposal {
  readonly desired: ReadonlyMap<TeamId, ContentId>;
  /** A licence's last day (null: never ends), or its suspension, which frees its seats. */
  readonly licence: {
    readonly id: LicenceId;
    readonly until: Day | null;
    readonly suspended: boolean;
  } | null;
}

export const nothingProposed: Proposal = { desired: new Map(), licence: null };

const flag = (weight: number, condition: Statement) => sql`${sql.lit(weight)} * (${condition})::integer`;
const digit = (weight: number, column: string, words: readonly string[]) =>
  sql`${sql.lit(weight)} * case ${sql.raw(column)} ${sql.join(
    words.map((word, at) => sql`when ${sql.lit(word)} then ${sql.lit(at)}`),
    sql` `,
  )} end`;

/** `licence_id`, the last day and the desired content as they are, or as they would be. */
function expectations({ desired, licence }: Proposal): {
  licenceId: Statement;
  until: Statement;
  content: Statement;
} {
  const proposed = sql`p.licence_id = ${licence?.id ?? null}::uuid`;
  const licenceId = licence?.suspended
    ? sql`case when ${proposed} then null else p.licence_id end`
    : sql`p.licence_id`;
  const until =
    licence === null
      ? sql`l.valid_until`
      : sql`case when ${proposed} then ${licence.until}::date else l.valid_until end`;
  const wanted =
    desired.size === 0
      ? sql`t.desired_content_id`
      : sql`coalesce((${array([...desired.values()], "uuid")})[array_position(${array([...desired.keys()], "uuid")}, p.team_id)],
          t.desired_content_id)`;
  return {
    licenceId,
    until,
    content: sql`case when ${licenceId} is null then ${empty.id}::uuid else ${wanted} end`,
  };
}

/** The code of a posture's facts, see facts-code.ts. Needs p, t, l, o and a from `postures`. */
function factsCode(today: Day, proposal: Proposal = nothingProposed): Statement {
  const { licenceId, until, content } = expectations(proposal);
  return sql`(
    case when ${licenceId} is null then 0 when ${until} < ${today}::date then 2 else 1 end
    + ${digit(weights.directory, "p.directory", ["none", "linked", "missing"])}
    + ${flag(weights.activated, sql`p.workstations > 0 or p.outstanding`)}
    + ${flag(weights.teamDiffers, sql`p.workstations > 0 and p.team_content_id is distinct from ${content}`)}
    + ${flag(weights.ownDiffers, sql`not p.own_matches`)}
    + ${flag(weights.ownKeys, sql`p.own_keys`)}
    + ${flag(weights.outstanding, sql`p.outstanding`)}
    + ${digit(weights.account, "p.account", ["none", "pending", "active", "deleted"])}
    + ${flag(weights.blocked, sql`p.blocked`)}
    + ${flag(weights.disabled, sql`p.disabled`)}
    + ${sql.lit(weights.organisation)} * case when o.deleted_at is not null then 2
        when o.disabled_at is not null then 1 else 0 end
    + ${flag(weights.authority, sql`a.deleted_at is not null`)})`;
}

/** What a posture is compared with, joined to it. */
const joined = sql`
  join teams t on t.organisation_id = p.organisation_id and t.id = p.team_id
  left join licences l on l.organisation_id = p.organisation_id and l.id = p.licence_id
  join organisations o on o.id = p.organisation_id
  join authorities a on a.id = o.authority_id`;

function within({ organisationId, teams }: Scope): Statement {
  if (organisationId === null) return sql`true`;
  const inTeams = teams === null ? sql`true` : sql`p.team_id = any(${array(teams, "uuid")})`;
  return sql`p.organisation_id = ${organisationId} and ${inTeams}`;
}

const count = z.object({ code: z.int(), users: z.int(), workstations: z.int() });

export type Count = z.output<typeof count>;

/** For each code the users who have it and the workstations they are active on. Exact: pending deltas included. */
export async function countByCode(
  reader: Reader,
  scope: Scope,
  today: Day,
  proposal: Proposal = nothingProposed,
): Promise<Count[]> {
  const ofDeltas = scope.organisationId === null ? sql`true` : sql`organisation_id = ${scope.organisationId}`;
  return reader.rows(
    count,
    sql`
    select c.code, sum(c.n)::bigint as users, sum(c.n * c.workstations)::bigint as workstations
    from (
      select ${factsCode(today, proposal)} as code, p.workstations, p.n + coalesce(d.delta, 0) as n
      from postures p ${joined}
      left join (select organisation_id, posture_id, sum(delta) as delta from posture_deltas where ${ofDeltas}
        group by 1, 2) d on d.organisation_id = p.organisation_id and d.posture_id = p.id
      where ${within(scope)}
    ) c
    where c.n <> 0 group by c.code`,
  );
}

const listed = z.object({
  id: id<"user">(),
  name: z.string(),
  sortName: z.string(),
  username: z.string(),
  teamId: id<"team">(),
  team: z.string(),
  code: z.int(),
});

export type ListedUser = z.output<typeof listed>;

/** Where a page begins: after this user, in the order of names. */
export interface Cursor {
  readonly sortName: string;
  readonly id: UserId;
}

export interface PageOf {
  readonly organisationId: OrganisationId;
  readonly after: Cursor | null;
  readonly today: Day;
  readonly limit: number;
}

const beyond = (after: Cursor | null) =>
  after === null ? sql`true` : sql`(u.sort_name, u.id) > (${after.sortName}, ${after.id}::uuid)`;

/** Users out of `u` (a fragment with their columns) with their team and code, in the order of names. */
function described(users: Statement, today: Day): Statement {
  return sql`
    select u.id, u.name, u.sort_name as "sortName", u.username, t.id as "teamId", t.name as team,
      ${factsCode(today)} as code
    from (${users}) u
    join postures p on p.organisation_id = u.organisation_id and p.id = u.posture_id ${joined}
    order by u.sort_name, u.id`;
}

const columns = sql`u.organisation_id, u.id, u.name, u.sort_name, u.username, u.posture_id`;

/** The next users by name, whatever their facts. */
export async function listUsersByName(reader: Reader, page: PageOf): Promise<ListedUser[]> {
  const { organisationId, after, today, limit } = page;
  const users = sql`
    select ${columns} from users u
    where u.organisation_id = ${organisationId} and u.posture_id is not null and ${beyond(after)}
    order by u.sort_name, u.id limit ${limit}`;
  return reader.rows(listed, described(users, today));
}

const posture = z.object({ id: id<"posture">(), n: z.int() });

/** The postures whose facts have one of the codes, with the users in each. */
export async function listPostures(
  reader: Reader,
  scope: Scope,
  today: Day,
  codes: readonly number[],
): Promise<z.output<typeof posture>[]> {
  return reader.rows(
    posture,
    sql`
    select p.id, p.n from (
      select p.*, ${factsCode(today)} as code from postures p ${joined} where ${within(scope)}
    ) p
    where p.code = any(${array(codes, "integer")})`,
  );
}

/** Users of an organisation, but for those whom unfolded deltas tell of: near enough to choose a plan by. */
export async function countUsers(reader: Reader, organisationId: OrganisationId): Promise<number> {
  const row = await reader.row(
    z.object({ n: z.int() }),
    sql`select coalesce(sum(n), 0)::bigint as n from postures where organisation_id = ${organisationId}`,
  );
  return row?.n ?? 0;
}

/** The next users by name who are in one of the postures. For many users: walks the names and skips the others. */
export async function walkPostures(
  reader: Reader,
  { organisationId, after, today, limit }: PageOf,
  postures: readonly PostureId[],
): Promise<ListedUser[]> {
  // `is true` keeps the planner from sorting the posture index instead; the literal array is hashed.
  const users = sql`
    select ${columns} from users u
    where u.organisation_id = ${organisationId} and ${beyond(after)}
      and (u.posture_id = any(${array(postures, "uuid")})) is true
    order by u.sort_name, u.id limit ${limit}`;
  return reader.rows(listed, described(users, today));
}

/** The same for few users: takes the first of each posture and merges them. */
export async function mergePostures(
  reader: Reader,
  { organisationId, after, today, limit }: PageOf,
  postures: readonly PostureId[],
): Promise<ListedUser[]> {
  const users = sql`
    select u.* from unnest(${array(postures, "uuid")}) as m (posture_id)
    cross join lateral (
      select ${columns} from users u
      where u.organisation_id = ${organisationId} and u.posture_id = m.posture_id and ${beyond(after)}
      order by u.sort_name, u.id limit ${limit}
    ) u
    order by u.sort_name, u.id limit ${limit}`;
  return reader.rows(listed, described(users, today));
}

export interface Search {
  /** What a name or a username begins with, as `sortNameOf` writes it. */
  readonly beginning: string;
  /** Only users in these postures; null for all. */
  readonly postures: readonly PostureId[] | null;
}

/** The next users by name whose name, or username, begins so. */
export async function searchUsers(
  reader: Reader,
  { organisationId, after, today, limit }: PageOf,
  { beginning, postures }: Search,
): Promise<ListedUser[]> {
  const passes =
    postures === null ? sql`true` : sql`(u.posture_id = any(${array(postures, "uuid")})) is true`;
  // Every text that begins with it sorts, in code point order, before it followed by the last code point.
  const end = `${beginning}\u{10FFFF}`;
  const by = (column: string) => sql`
    select ${columns} from users u
    where u.organisation_id = ${organisationId} and u.posture_id is not null and ${beyond(after)} and ${passes}
      and ${sql.ref(column)} >= ${beginning} and ${sql.ref(column)} < ${end}
    order by u.sort_name, u.id limit ${limit}`;
  const users = sql`
    select * from ((${by("u.sort_name")}) union (${by("u.username")})) u
    order by u.sort_name, u.id limit ${limit}`;
  return reader.rows(listed, described(users, today));
}

/** A team and all teams below it. */
export async function listSubTeams(
  reader: Reader,
  organisationId: OrganisationId,
  teamId: TeamId,
): Promise<TeamId[]> {
  const rows = await reader.rows(
    z.object({ id: id<"team">() }),
    sql`
    with recursive below as (
      select id from teams where organisation_id = ${organisationId} and id = ${teamId}
      union all
      select t.id from teams t join below b on t.parent_id = b.id where t.organisation_id = ${organisationId}
    )
    select id from below`,
  );
  return rows.map((row) => row.id);
}
