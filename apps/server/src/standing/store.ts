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

/**
 * The code of a posture's facts, see facts-code.ts: what the posture alone decides is stored with it, the rest is
 * compared here. Needs p, t, l and o from `joined`.
 */
function factsCode(today: Day, proposal: Proposal = nothingProposed): Statement {
  const { licenceId, until, content } = expectations(proposal);
  const suspended =
    proposal.licence?.suspended === true
      ? sql`- (p.licence_id is not null and ${licenceId} is null)::integer`
      : sql``;
  return sql`(p.facts_code ${suspended}
    + coalesce(${until} < ${today}::date and ${licenceId} is not null, false)::integer
    + ${sql.lit(weights.teamDiffers)}
      * (p.team_holds <> 'none' and p.team_content_id is distinct from ${content})::integer
    + o.code)`;
}

/** What a posture is compared with, joined to it. */
const joined = sql`
  join teams t on t.organisation_id = p.organisation_id and t.id = p.team_id
  left join licences l on l.organisation_id = p.organisation_id and l.id = p.licence_id
  join (
    select o.id, ${sql.lit(weights.organisation)}
        * case when o.deleted_at is not null then 2 when o.disabled_at is not null then 1 else 0 end
      + ${sql.lit(weights.authority)} * (a.deleted_at is not null)::integer as code
    from organisations o join authorities a on a.id = o.authority_id
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

const columns = sql`u.organisation_id, u.id, u.name, u.sort_name, u.username, u.posture_id`;

/** The users of a fragment with their team and code, in the order of names. */
function described(users: Statement, today: Day): Statement {
  return sql`
    select u.id, u.name, u.sort_name as "sortName", u.username, t.id as "teamId", t.name as team,
      ${factsCode(today)} as code
    from (${users}) u
    join postures p on p.organisation_id = u.organisation_id and p.id = u.posture_id ${joined}
    order by u.sort_name, u.id`;
}

export interface Wanted {
  readonly passing: readonly Passing[];
  readonly teams: readonly TeamId[] | null;
}

/** A circumstance in SQL. Needs p, t and l, as `matching` joins them. */
const isExpired = (today: Day) => sql`coalesce(l.valid_until < ${today}::date, false)`;
const differs = sql`p.team_holds <> 'none' and p.team_content_id is distinct from
  case when p.licence_id is null then ${empty.id}::uuid else t.desired_content_id end`;

/** In which circumstances a posture must be. Those that do not matter are not asked for. */
function inCircumstances(wanted: readonly boolean[], today: Day): Statement {
  const [matching, differing, matchingExpired, differingExpired] = wanted;
  const asked = (matches: boolean, differing: boolean) =>
    matches && differing
      ? sql`true`
      : matches
        ? sql`not (${differs})`
        : differing
          ? sql`(${differs})`
          : sql`false`;
  const current = asked(matching ?? false, differing ?? false);
  if (matching === matchingExpired && differing === differingExpired) return current;
  const expired = asked(matchingExpired ?? false, differingExpired ?? false);
  return sql`case when ${isExpired(today)} then ${expired} else ${current} end`;
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
