// Reads standings of many users: counts and pages. SQL reduces postures to the code of their facts; it compares
// contents and adds up, and decides nothing.

import type { ContentId, Day, LicenceId, OrganisationId, TeamId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Reader } from "../db/database.ts";
import { id } from "../db/shape.ts";
import { array, sql, type Statement } from "../db/sql.ts";
import { empty } from "../facts/identity.ts";
import { weights, type Passing } from "./facts-code.ts";

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

/** The team's content that a posture is compared with, as it is or would be. Needs p and t from `compared`. */
function differs({ desired, licence }: Proposal): Statement {
  const wanted =
    desired.size === 0
      ? sql`t.desired_content_id`
      : sql`coalesce((${array([...desired.values()], "uuid")})[
          array_position(${array([...desired.keys()], "uuid")}, p.team_id)], t.desired_content_id)`;
  const unlicensed = licence?.suspended
    ? sql`(p.licence_id is null or p.licence_id = ${licence.id}::uuid)`
    : sql`p.licence_id is null`;
  return sql`(p.workstations > 0 and p.team_content_id is distinct from
    case when ${unlicensed} then ${empty.id}::uuid else ${wanted} end)`;
}

/**
 * The code of facts, see facts-code.ts: what a posture alone decides is stored with it, `differs` is compared, the
 * rest is the licence's and the organisation's. Needs p, and l and o from `surrounded`.
 */
function factsCode(today: Day, comparison: Statement, { licence }: Proposal = nothingProposed): Statement {
  const proposed = sql`p.licence_id = ${licence?.id ?? null}::uuid`;
  const suspended = licence?.suspended ? sql`- coalesce(${proposed}, false)::integer` : sql``;
  const until =
    licence === null || licence.suspended
      ? sql`l.valid_until`
      : sql`case when ${proposed} then ${licence.until}::date else l.valid_until end`;
  const expired = licence?.suspended
    ? sql`${until} < ${today}::date and p.licence_id <> ${licence.id}::uuid`
    : sql`${until} < ${today}::date`;
  return sql`(p.facts_code ${suspended} + coalesce(${expired}, false)::integer
    + ${sql.lit(weights.teamDiffers)} * ${comparison}::integer + o.code)`;
}

const compared = sql`join teams t on t.organisation_id = p.organisation_id and t.id = p.team_id`;

const surrounded = sql`
  left join licences l on l.organisation_id = p.organisation_id and l.id = p.licence_id
  join (
    select o.id, ${sql.lit(weights.organisation)}
        * case when o.deleted_at is not null then 2 when o.disabled_at is not null then 1 else 0 end
      + ${sql.lit(weights.authority)} * (a.deleted_at is not null)::integer as code
    from organisations o left join authorities a on a.id = o.authority_id
  ) o on o.id = p.organisation_id`;

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
  // Compared and added up first, so that what organisations and licences decide is asked once for each sum.
  const summed = (n: Statement, from: Statement) => sql`
    select p.organisation_id, p.facts_code, p.licence_id, ${differs(proposal)} as differs,
      sum(${n})::bigint as n, sum(${n} * p.workstations)::bigint as workstations
    from ${from} ${compared} where ${within(scope)} group by 1, 2, 3, 4`;
  const pending = sql`posture_deltas d
    join postures p on p.organisation_id = d.organisation_id and p.id = d.posture_id`;
  return reader.rows(
    count,
    sql`
    select ${factsCode(today, sql`p.differs`, proposal)} as code, sum(p.n)::bigint as users,
      sum(p.workstations)::bigint as workstations
    from (${summed(sql`p.n`, sql`postures p`)} union all ${summed(sql`d.delta`, pending)}) p ${surrounded}
    group by 1 having sum(p.n) <> 0`,
    { prepared: proposal === nothingProposed },
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

const columns = sql`u.organisation_id, u.id, u.name, u.sort_name, u.username, u.posture_id`;

/** The users of a fragment with their team and code, in the order of names. */
function described(users: Statement, today: Day): Statement {
  return sql`
    select u.id, u.name, u.sort_name as "sortName", u.username, t.id as "teamId", t.name as team,
      ${factsCode(today, differs(nothingProposed))} as code
    from (${users}) u
    join postures p on p.organisation_id = u.organisation_id and p.id = u.posture_id ${compared} ${surrounded}
    order by u.sort_name, u.id`;
}

export interface Wanted {
  readonly passing: readonly Passing[];
  readonly teams: readonly TeamId[] | null;
}

/** In which circumstances a posture must be; those that do not matter are not asked for. Needs p, t and l. */
function inCircumstances(wanted: readonly boolean[], today: Day): Statement {
  const [matching, differing, matchingExpired, differingExpired] = wanted;
  const isDifferent = differs(nothingProposed);
  const asked = (matches: boolean, differing: boolean) => {
    if (matches) return differing ? sql`true` : sql`not ${isDifferent}`;
    return differing ? isDifferent : sql`false`;
  };
  const current = asked(matching ?? false, differing ?? false);
  if (matching === matchingExpired && differing === differingExpired) return current;
  const expired = asked(matchingExpired ?? false, differingExpired ?? false);
  return sql`case when coalesce(l.valid_until < ${today}::date, false) then ${expired} else ${current} end`;
}

/** The postures that pass. Their codes stand in the text, so that the planner hashes them. */
function matching({ passing, teams }: Wanted, { organisationId, today }: PageOf): Statement {
  const ways = passing
    .filter((each) => each.inCircumstances.includes(true))
    .map(
      (each) => sql`p.facts_code in (${sql.join(each.codes.map((code) => sql.lit(code)))})
        and ${inCircumstances(each.inCircumstances, today)}`,
    );
  return sql`
    select p.id, p.n from postures p
    left join teams t on t.organisation_id = p.organisation_id and t.id = p.team_id
    left join licences l on l.organisation_id = p.organisation_id and l.id = p.licence_id
    where ${within({ organisationId, teams })} and (${ways.length === 0 ? sql`false` : sql.join(ways, sql` or `)})`;
}

/**
 * The next users by name who pass. Many are found by walking the names and skipping the others; few by taking the
 * first of each posture and merging them. The numbers of the postures choose: a row walked past costs about a
 * third of looking into a posture.
 */
export async function listPassing(reader: Reader, page: PageOf, wanted: Wanted): Promise<ListedUser[]> {
  const { organisationId, after, today, limit } = page;
  const ordered = sql`order by u.sort_name, u.id limit ${limit}`;
  // Twice negated, because the planner hashes "not in" and would turn "in" into a join and a sort.
  const users = sql`
    with matching as materialized (${matching(wanted, page)}), plan as materialized (
      select ${limit}::float8 * (select reltuples from pg_class where oid = 'users'::regclass)
        <= sum(n) * (3 * count(*) + least(sum(n), ${limit} * count(*))) as walks from matching
    )
    select * from (
      (select ${columns} from users u
        where (select walks from plan) and u.organisation_id = ${organisationId} and u.posture_id is not null
          and ${beyond(after)} and not (u.posture_id not in (select id from matching))
        ${ordered})
      union all
      (select u.* from matching m cross join lateral (
          select ${columns} from users u
          where u.organisation_id = ${organisationId} and u.posture_id = m.id and ${beyond(after)}
          ${ordered}) u
        where (select walks from plan) is not true
        ${ordered})
    ) u
    ${ordered}`;
  return reader.rows(listed, described(users, today), { prepared: true });
}

/** The next users by name who pass and whose name, or username, begins so (as `sortNameOf` writes it). */
export async function listBeginning(
  reader: Reader,
  page: PageOf,
  { beginning, ...wanted }: Wanted & { readonly beginning: string },
): Promise<ListedUser[]> {
  const { organisationId, after, today, limit } = page;
  // Every text that begins with it sorts, in code point order, before it followed by the last code point.
  const end = `${beginning}\u{10FFFF}`;
  const by = (column: string) => sql`
    select ${columns} from users u
    where u.organisation_id = ${organisationId} and u.posture_id is not null and ${beyond(after)}
      and ${sql.ref(column)} >= ${beginning} and ${sql.ref(column)} < ${end}
      and not (u.posture_id not in (select id from matching))
    order by u.sort_name, u.id limit ${limit}`;
  const users = sql`
    with matching as materialized (${matching(wanted, page)})
    select * from ((${by("u.sort_name")}) union (${by("u.username")})) u
    order by u.sort_name, u.id limit ${limit}`;
  return reader.rows(listed, described(users, today));
}

/** Some users with their team and code, whoever of them is there. */
export function describedAmong(
  organisationId: OrganisationId,
  users: readonly UserId[],
  today: Day,
): Statement {
  return described(
    sql`select ${columns} from users u where u.organisation_id = ${organisationId}
      and u.id = any(${array(users, "uuid")}) and u.removed_at is null`,
    today,
  );
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
