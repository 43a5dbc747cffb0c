// What the explanation of one user rests on: the facts, what they are compared with, and since when each stands.

import {
  accounts,
  directories,
  parsePolicy,
  keyVersionUses,
  roles,
  updateKinds,
  updateStates,
  type Content,
  type ContentId,
  type Day,
  type OrganisationId,
  type UserId,
} from "@lockstep/core";
import { z } from "zod";

import type { Reader } from "../../db/database.ts";
import { day, id, instant } from "../../db/shape.ts";
import { array, sql } from "../../db/sql.ts";

/** JSON writes an instant in the connection's time zone. */
const instantInJson = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString());

const update = z.object({
  id: id<"update">(),
  kind: z.enum(updateKinds),
  state: z.enum(updateStates),
  version: z.int().nullable(),
  team: id<"content">().nullable(),
  own: id<"content">().nullable(),
  postedAt: instantInJson,
  endedAt: instantInJson.nullable(),
});

export type WorkstationUpdate = z.output<typeof update>;

const workstation = z.object({
  id: id<"workstation">(),
  name: z.string(),
  version: z.int(),
  lastReportAt: instantInJson.nullable(),
  appliedTeam: id<"content">(),
  appliedOwn: id<"content">(),
  /** Those of the user's that are outstanding or ended badly, newest first. */
  updates: z.array(update),
});

export type ActiveWorkstation = z.output<typeof workstation>;

const revision = z.object({
  revision: z.int(),
  desiredContentId: id<"content">(),
  at: instantInJson,
  causeTeamId: id<"team">().nullable(),
  /** Whose change it was. */
  team: z.string(),
});

export type CausedRevision = z.output<typeof revision>;

const circumstances = z.object({
  asOf: instant,
  name: z.string(),
  username: z.string(),
  email: z.string().nullable(),
  addedAt: instant,
  teamId: id<"team">(),
  team: z.string(),
  account: z.enum(accounts),
  licenceId: id<"licence">().nullable(),
  directory: z.enum(directories),
  ownContentId: id<"content">(),
  desiredContentId: id<"content">(),
  licenceUntil: day.nullable(),
  organisation: z.enum(["enabled", "disabled", "deleted"]),
  authority: z.enum(["enabled", "deleted"]),
  activationCode: z.enum(["none", "outstanding", "expired"]),
  codeExpiresAt: instant.nullable(),
  /** Counted for a user without a seat only: nobody else is told of it, and counting takes its time. */
  seats: z.enum(["free", "exhausted"]),
  missingSince: instant.nullable(),
  disabledThereSince: instant.nullable(),
  blockedAt: instant.nullable(),
  /** Null also for a block from before it was written down who set it. */
  block: z.object({ role: z.enum(roles), until: instantInJson.nullable() }).nullable(),
  disabledAt: instant.nullable(),
  postureChangedAt: instant.nullable(),
  /** On which the user is active, by name. */
  workstations: z.array(workstation),
  /** The latest of the team, newest first. */
  revisions: z.array(revision),
});

export type Circumstances = z.output<typeof circumstances>;

/** Of the activation a: what it has been posted, as `update`. */
const updates = sql`
  select json_agg(json_build_object('id', p.id, 'kind', p.kind, 'state', p.state, 'version', p.version,
    'team', p.team_content_id, 'own', p.own_content_id, 'postedAt', p.posted_at, 'endedAt', p.ended_at)
    order by p.posted_at desc, p.id desc)
  from updates p
  where p.organisation_id = a.organisation_id and p.activation_id = a.id and p.scope = 'user'
    and p.state in ('posted', 'fetched', 'failed', 'rejected')`;

/** Of the user u, as `workstation`. */
const workstations = sql`
  select json_agg(json_build_object('id', w.id, 'name', w.name, 'version', a.applied_version,
    'lastReportAt', a.last_report_at, 'appliedTeam', a.applied_team_content_id,
    'appliedOwn', a.applied_own_content_id, 'updates', coalesce((${updates}), '[]')) order by w.name, w.id)
  from activations a join workstations w on w.organisation_id = a.organisation_id and w.id = a.workstation_id
  where a.organisation_id = u.organisation_id and a.user_id = u.id and a.ended_at is null`;

/** How far back the beginning of a status is looked for. */
const revisionsLookedAt = 50;

/** Of the team t, as `revision`. */
const revisions = sql`
  select json_agg(json_build_object('revision', r.revision, 'desiredContentId', r.desired_content_id, 'at', r.at,
    'causeTeamId', r.cause_team_id, 'team', coalesce(c.name, t.name)) order by r.revision desc)
  from (
    select * from team_revisions r where r.organisation_id = t.organisation_id and r.team_id = t.id
    order by r.revision desc limit ${sql.lit(revisionsLookedAt)}
  ) r left join teams c on c.organisation_id = r.organisation_id and c.id = r.cause_team_id`;

/** Who a user is, the user's own facts, and what they are compared with: all that most standings rest on. */
export async function loadCircumstances(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
  today: Day,
): Promise<Circumstances | undefined> {
  return reader.row(
    circumstances,
    sql`
    select now() as "asOf", u.name, u.username, u.email, u.added_at as "addedAt", u.team_id as "teamId", t.name as team, u.account,
      s.licence_id as "licenceId", coalesce(d.state, 'none') as directory, u.own_content_id as "ownContentId",
      t.desired_content_id as "desiredContentId", l.valid_until as "licenceUntil",
      case when o.deleted_at is not null then 'deleted' when o.disabled_at is not null then 'disabled'
        else 'enabled' end as organisation,
      case when a.deleted_at is not null then 'deleted' else 'enabled' end as authority,
      case when c.id is null then 'none' when c.expires_at <= now() then 'expired'
        else 'outstanding' end as "activationCode",
      c.expires_at as "codeExpiresAt",
      case when s.licence_id is not null or exists (
        select from licences f
        where f.organisation_id = u.organisation_id and f.valid_from <= ${today}
          and (f.valid_until is null or f.valid_until >= ${today})
          and f.seats > (select count(*) from seats x
            where x.organisation_id = f.organisation_id and x.licence_id = f.id)
      ) then 'free' else 'exhausted' end as seats,
      d.missing_since as "missingSince", d.disabled_at as "disabledThereSince", u.blocked_at as "blockedAt", (
        select json_build_object('role', b.role, 'until', b.until) from blocks b
        where b.organisation_id = u.organisation_id and b.user_id = u.id and b.lifted_at is null) as block, u.disabled_at as "disabledAt",
      u.posture_changed_at as "postureChangedAt", coalesce((${workstations}), '[]') as workstations,
      coalesce((${revisions}), '[]') as revisions
    from users u
    join teams t on t.organisation_id = u.organisation_id and t.id = u.team_id
    join organisations o on o.id = u.organisation_id
    left join authorities a on a.id = o.authority_id
    left join seats s on s.organisation_id = u.organisation_id and s.user_id = u.id
    left join licences l on l.organisation_id = s.organisation_id and l.id = s.licence_id
    left join directory_links d on d.organisation_id = u.organisation_id and d.user_id = u.id
    left join activation_codes c on c.organisation_id = u.organisation_id and c.user_id = u.id
      and c.used_at is null and c.voided_at is null
    where u.organisation_id = ${organisationId} and u.id = ${userId} and u.removed_at is null`,
    { prepared: true },
  );
}

const content = z.object({
  id: id<"content">(),
  document: z.object({
    policy: z.unknown().transform(parsePolicy),
    keys: z.array(z.object({ key: id<"key">(), version: z.int(), use: z.enum(keyVersionUses) })),
  }),
});

export async function loadContents(
  reader: Reader,
  organisationId: OrganisationId,
  contents: readonly ContentId[],
): Promise<Map<ContentId, Content>> {
  const rows = await reader.rows(
    content,
    sql`select id, document from contents
      where organisation_id = ${organisationId} and id = any(${array(contents, "uuid")})`,
    { prepared: true },
  );
  return new Map(rows.map(({ id, document }) => [id, document]));
}

const author = z.object({
  name: z.string(),
  actorOrganisationId: id<"organisation">().nullable(),
  actorUserId: id<"user">().nullable(),
});

/** Who made a revision, by the name known here; undefined for a change of keys, which no team made. */
export async function findAuthor(
  reader: Reader,
  organisationId: OrganisationId,
  { causeTeamId, at }: Pick<CausedRevision, "causeTeamId" | "at">,
): Promise<z.output<typeof author> | undefined> {
  return reader.row(
    author,
    sql`
    select coalesce(u.name, e.actor_role) as name, e.actor_organisation_id as "actorOrganisationId",
      e.actor_user_id as "actorUserId"
    from events e left join users u on u.organisation_id = e.organisation_id and u.id = e.actor_user_id
    where e.organisation_id = ${organisationId} and e.team_id = ${causeTeamId}::uuid and e.at = ${at}
    order by e.id limit 1`,
    { prepared: true },
  );
}
