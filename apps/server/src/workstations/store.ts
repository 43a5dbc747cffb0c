// Workstations: machines, who is active on them, and which keys they were ever sent.

import type { ContentId, OrganisationId, WorkstationId, Id } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../db/change.ts";
import type { Reader } from "../db/database.ts";
import { id, instant } from "../db/shape.ts";
import { array, sql, type Statement } from "../db/sql.ts";

/** JSON writes an instant in the connection's time zone. */
const instantInJson = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString());

const activation = z.object({
  id: id<"activation">(),
  user: z.object({ id: id<"user">(), name: z.string() }),
  version: z.int(),
  admittedAt: instantInJson,
  lastReportAt: instantInJson.nullable(),
  openedAt: instantInJson.nullable(),
  keystore: z.string().nullable(),
  client: z.string().nullable(),
  isLocked: z.boolean(),
  isForked: z.boolean(),
  hasOutstanding: z.boolean(),
  contentId: id<"content">().nullable(),
});

const workstation = z.object({
  id: id<"workstation">(),
  name: z.string(),
  os: z.string().nullable(),
  teamId: id<"workstation-team">(),
  lostAt: instant.nullable(),
  isWipeOutstanding: z.boolean(),
  activations: z.array(activation),
});

export type Workstation = z.output<typeof workstation>;

function workstations(organisationId: OrganisationId): Statement {
  return sql`
  select w.id, w.name, coalesce(w.team_id, r.id) as "teamId", w.lost_at as "lostAt",
    (select a.os from activations a where a.organisation_id = w.organisation_id and a.workstation_id = w.id
      order by a.admitted_at desc limit 1) as os,
    exists (select from activations a
      join updates u on u.organisation_id = a.organisation_id and u.activation_id = a.id
      where a.organisation_id = w.organisation_id and a.workstation_id = w.id and a.ended_at is not null
        and u.kind = 'deactivate' and u.state in ('posted', 'fetched')) as "isWipeOutstanding",
    coalesce((select json_agg(json_build_object('id', a.id, 'user', json_build_object('id', u.id, 'name', u.name),
        'version', a.applied_version, 'admittedAt', a.admitted_at, 'lastReportAt', a.last_report_at,
        'openedAt', a.opened_at, 'keystore', a.keystore, 'client', a.client, 'isLocked', coalesce((select x.kind = 'lock' from updates x where x.organisation_id = a.organisation_id
          and x.activation_id = a.id and x.kind in ('lock', 'unlock') and x.state = 'processed'
          order by x.id desc limit 1), false),
        'isForked', a.forked_at is not null, 'contentId', a.workstation_content_id,
        'hasOutstanding', exists (select from updates x where x.organisation_id = a.organisation_id
          and x.activation_id = a.id and x.scope = 'workstation' and x.state in ('posted', 'fetched')))
        order by u.sort_name, u.id)
      from activations a join users u on u.organisation_id = a.organisation_id and u.id = a.user_id
      where a.organisation_id = w.organisation_id and a.workstation_id = w.id and a.ended_at is null), '[]') as activations
  from workstations w
  join workstation_teams r on r.organisation_id = w.organisation_id and r.parent_id is null
  where w.organisation_id = ${organisationId}`;
}

/** By name, after one of them. */
export async function listWorkstations(
  reader: Reader,
  organisationId: OrganisationId,
  { search, after, limit }: { search?: string | undefined; after?: WorkstationId | undefined; limit: number },
): Promise<Workstation[]> {
  const named = search === undefined ? sql`true` : sql`starts_with(lower(w.name), lower(${search}))`;
  const beyond =
    after === undefined
      ? sql`true`
      : sql`(lower(w.name), w.id) > (select lower(name), id from workstations
          where organisation_id = ${organisationId} and id = ${after})`;
  return reader.rows(
    workstation,
    sql`${workstations(organisationId)} and ${named} and ${beyond} order by lower(w.name), w.id limit ${limit}`,
  );
}

export async function findWorkstation(
  reader: Reader,
  organisationId: OrganisationId,
  workstationId: WorkstationId,
): Promise<Workstation | undefined> {
  return reader.row(workstation, sql`${workstations(organisationId)} and w.id = ${workstationId}`);
}

export async function updateWorkstationTeam(
  change: Change,
  workstationId: WorkstationId,
  teamId: Id<"workstation-team">,
): Promise<void> {
  await change.execute(sql`
    update workstations set team_id = ${teamId}
    where organisation_id = ${change.organisationId} and id = ${workstationId}`);
}

/** The workstation, which nobody else declares lost until the transaction ends. */
export async function lockWorkstation(change: Change, workstationId: WorkstationId): Promise<void> {
  await change.execute(sql`
    select 1 from workstations where organisation_id = ${change.organisationId} and id = ${workstationId} for update`);
}

export async function updateWorkstationLost(change: Change, workstationId: WorkstationId): Promise<void> {
  await change.execute(sql`
    update workstations set lost_at = ${change.at}
    where organisation_id = ${change.organisationId} and id = ${workstationId}`);
}

const sent = z.object({ contentId: id<"content">(), at: instant });

/** Every content that a workstation was ever sent or held, and since when. */
export async function listSentContents(
  reader: Reader,
  organisationId: OrganisationId,
  workstationId: WorkstationId,
): Promise<{ contentId: ContentId; at: string }[]> {
  return reader.rows(
    sent,
    sql`
    select c.id as "contentId", min(u.posted_at) as at
    from activations a
    join updates u on u.organisation_id = a.organisation_id and u.activation_id = a.id and u.kind = 'key-file'
    join lateral (values (u.team_content_id), (u.own_content_id)) as c (id) on true
    where a.organisation_id = ${organisationId} and a.workstation_id = ${workstationId}
      and (u.delivered_at is not null or u.state in ('fetched', 'processed')) and u.state <> 'cancelled'
    group by c.id order by at, c.id`,
  );
}

const keyName = z.object({ id: id<"key">(), name: z.string(), active: z.int().nullable() });

/** The names of some keys, and which version new files are encrypted with. */
export async function listKeysNamed(
  reader: Reader,
  organisationId: OrganisationId,
  keys: readonly Id<"key">[],
): Promise<z.output<typeof keyName>[]> {
  return reader.rows(
    keyName,
    sql`select k.id, k.name, v.version as active from encryption_keys k
      left join key_versions v on v.organisation_id = k.organisation_id and v.key_id = k.id and v.use = 'active'
      where k.organisation_id = ${organisationId} and k.id = any(${array(keys, "uuid")})`,
  );
}

/** How many workstations are in a workstation team itself. */
export async function countWorkstations(
  reader: Reader,
  organisationId: OrganisationId,
  teamId: Id<"workstation-team">,
): Promise<number> {
  const row = await reader.row(
    z.object({ workstations: z.int() }),
    sql`select count(*) as workstations from workstations
      where organisation_id = ${organisationId} and team_id = ${teamId}`,
  );
  return row?.workstations ?? 0;
}
