// The one append-only table of events, and the seals over it.

import type { LicenceId, OrganisationId, TeamId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Doer, Happening } from "../db/change.ts";
import type { Reader, Transaction } from "../db/database.ts";
import { id, instant } from "../db/shape.ts";
import { array, sql } from "../db/sql.ts";
import { openPersonal } from "./sealed-parts.ts";

/** An event that is about to be written. */
export interface Recorded extends Happening {
  readonly id: string;
}

export interface Recording {
  readonly happenings: readonly Recorded[];
  readonly doer: Doer;
  readonly at: Date;
}

/** Where the doer lives, if not in the organisation itself. */
const awayFrom = (organisationId: OrganisationId, { organisationId: home }: Doer) =>
  home === undefined || home === organisationId ? null : home;

/** Records events, unsealed. They are written in the transaction of the change and never touched again. */
export function insertEvents(
  transaction: Transaction,
  organisationId: OrganisationId,
  { happenings, doer, at }: Recording,
): void {
  if (happenings.length === 0) return;
  const column = (pick: (happening: Happening) => string | undefined) =>
    happenings.map((each) => pick(each) ?? null);
  transaction.executeLast(
    sql`
    with recorded as (
      insert into events
        (organisation_id, id, at, kind, actor_role, actor_organisation_id, actor_user_id, user_id, team_id,
          licence_id, detail)
      select ${organisationId}, e.id, ${at}, e.kind, ${doer.role}, ${awayFrom(organisationId, doer)}::uuid,
        ${doer.userId}::uuid, e.user_id, e.team_id, e.licence_id, e.detail::jsonb
      from unnest(${array(
        happenings.map(({ id }) => id),
        "uuid",
      )}, ${array(
        column(({ kind }) => kind),
        "text",
      )},
        ${array(
          column(({ userId }) => userId),
          "uuid",
        )}, ${array(
          column(({ teamId }) => teamId),
          "uuid",
        )},
        ${array(
          column(({ licenceId }) => licenceId),
          "uuid",
        )},
        ${array(
          column(({ detail }) => JSON.stringify(detail ?? {})),
          "text",
        )}
      ) as e (id, kind, user_id, team_id, licence_id, detail)
      returning id
    )
    insert into unsealed_events (organisation_id, event_id) select ${organisationId}, id from recorded`,
    { prepared: true },
  );
}

const columnsOfEvent = z.object({
  id: id<"event">(),
  at: instant,
  kind: z.string(),
  actorRole: z.string(),
  actorOrganisationId: id<"organisation">().nullable(),
  actorUserId: id<"user">().nullable(),
  userId: id<"user">().nullable(),
  teamId: id<"team">().nullable(),
  licenceId: id<"licence">().nullable(),
  detail: z.record(z.string(), z.json()),
});

/** Who acts from elsewhere says from where; of all others it is absent, as it is from the seals made before. */
function withoutHome<Row extends { actorOrganisationId: OrganisationId | null }>({
  actorOrganisationId,
  ...row
}: Row) {
  return actorOrganisationId === null ? row : { ...row, actorOrganisationId };
}

const event = columnsOfEvent.transform(withoutHome);

export type Event = z.output<typeof event>;
export type EventId = Event["id"];

const eventColumns = sql`e.id, e.at, e.kind, e.actor_role as "actorRole",
  e.actor_organisation_id as "actorOrganisationId", e.actor_user_id as "actorUserId",
  e.user_id as "userId", e.team_id as "teamId", e.licence_id as "licenceId", e.detail`;

const seal = z.object({
  number: z.int(),
  eventIds: z.array(id<"event">()),
  previousHash: z.string(),
  hash: z.string(),
});

export type Seal = z.output<typeof seal>;

/** Sealers of one organisation take turns; writers of events never wait for them. */
export async function lockSeals(transaction: Transaction, organisationId: OrganisationId): Promise<void> {
  await transaction.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`seals ${organisationId}`}, 0))`,
  );
}

export async function findLastSeal(
  reader: Reader,
  organisationId: OrganisationId,
): Promise<Seal | undefined> {
  const [last] = await listSeals(reader, organisationId, { order: "newest first", limit: 1 });
  return last;
}

export async function listSeals(
  reader: Reader,
  organisationId: OrganisationId,
  { order = "oldest first", after = 0, limit = 100 }: { order?: string; after?: number; limit?: number },
): Promise<Seal[]> {
  return reader.rows(
    seal,
    sql`select number, event_ids as "eventIds", encode(previous_hash, 'hex') as "previousHash", encode(hash, 'hex') as hash
      from event_seals where organisation_id = ${organisationId} and number > ${after}
      order by number ${sql.raw(order === "newest first" ? "desc" : "asc")} limit ${limit}`,
  );
}

/** Takes events off the tail for a seal, oldest first; they stay in the table of events. */
export async function takeUnsealed(
  transaction: Transaction,
  organisationId: OrganisationId,
  limit: number,
): Promise<Event[]> {
  return transaction.rows(
    event,
    sql`
    with taken as (
      delete from unsealed_events where organisation_id = ${organisationId} and event_id in (
        select event_id from unsealed_events where organisation_id = ${organisationId} order by event_id limit ${limit})
      returning event_id
    )
    select ${eventColumns} from events e join taken on taken.event_id = e.id
    where e.organisation_id = ${organisationId} order by e.id`,
  );
}

export async function insertSeal(
  transaction: Transaction,
  organisationId: OrganisationId,
  { number, eventIds, previousHash, hash }: Seal,
  at: Date,
): Promise<void> {
  await transaction.execute(sql`
    insert into event_seals (organisation_id, number, event_ids, previous_hash, hash, sealed_at)
    values (${organisationId}, ${number}, ${array(eventIds, "uuid")},
      decode(${previousHash}, 'hex'), decode(${hash}, 'hex'), ${at})`);
}

/** Events in the order of their ids; one that was deleted is missing. */
export async function loadEvents(
  reader: Reader,
  organisationId: OrganisationId,
  ids: readonly EventId[],
): Promise<Map<EventId, Event>> {
  const events = await reader.rows(
    event,
    sql`select ${eventColumns} from events e
      where e.organisation_id = ${organisationId} and e.id = any(${array(ids, "uuid")})`,
  );
  return new Map(events.map((each) => [each.id, each]));
}

const told = columnsOfEvent
  .extend({ actor: z.string(), team: z.string().nullable(), personKey: z.instanceof(Buffer).nullable() })
  .extend({ organisationId: id<"organisation">() })
  .transform(({ personKey: key, organisationId, ...event }) => {
    return { ...event, detail: openPersonal(event.detail, { organisationId, eventId: event.id, key }) };
  });

export type ToldEvent = z.output<typeof told>;

const toldEvents = sql`
  select ${eventColumns}, coalesce(u.name, e.actor_role) as actor, t.name as team, k.key as "personKey",
    e.organisation_id as "organisationId"
  from events e
  left join users u on u.organisation_id = e.organisation_id and u.id = e.actor_user_id
  left join person_keys k on k.organisation_id = e.organisation_id and k.user_id = e.user_id
  left join teams t on t.organisation_id = e.organisation_id and t.id = e.team_id`;

/** Who acted, and from which other organisation, if from another. */
export interface Away {
  readonly actorOrganisationId: OrganisationId | null;
  readonly actorUserId: UserId | null;
}

const named = z.object({ id: id<"user">(), name: z.string() });

/** The names of those who acted from elsewhere, asked for where they live: no query spans two organisations. */
export async function loadNamesOfAway(reader: Reader, those: readonly Away[]): Promise<Map<UserId, string>> {
  const names = new Map<UserId, string>();
  const byHome = Map.groupBy(those, ({ actorOrganisationId }) => actorOrganisationId);
  for (const [organisationId, actors] of byHome) {
    if (organisationId === null) continue;
    const ids = [...new Set(actors.map(({ actorUserId }) => actorUserId))];
    const rows = await reader.rows(
      named,
      sql`select id, name from users
        where organisation_id = ${organisationId} and id = any(${array(ids, "uuid")})`,
      { prepared: true },
    );
    for (const row of rows) names.set(row.id, row.name);
  }
  return names;
}

/** Where a user belonged and when: the user's own moves, oldest first. */
export async function listEventsOfUser(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<ToldEvent[]> {
  return reader.rows(
    told,
    sql`${toldEvents} where e.organisation_id = ${organisationId} and e.user_id = ${userId} order by e.id`,
  );
}

/** From a moment on, and before another; null is still. */
export interface Period<Of> {
  readonly of: Of;
  readonly from: string;
  readonly before: string | null;
}

export interface TimelineOf {
  readonly userId: UserId;
  readonly teams: readonly Period<readonly TeamId[]>[];
  readonly licences: readonly Period<readonly LicenceId[]>[];
  readonly limit: number;
}

/** Everything that touched a user, newest first. */
export async function listTimelineEvents(
  reader: Reader,
  organisationId: OrganisationId,
  { userId, teams, licences, limit }: TimelineOf,
): Promise<ToldEvent[]> {
  const during = (column: string, { of, from, before }: Period<readonly string[]>) => sql`
    (e.user_id is null and ${sql.ref(column)} = any(${array(of, "uuid")}) and e.at >= ${from}
      and (${before}::timestamptz is null or e.at < ${before}::timestamptz))`;
  const ways = [
    sql`e.user_id = ${userId}`,
    sql`(e.user_id is null and e.team_id is null and e.licence_id is null)`,
    ...teams.map((period) => during("e.team_id", period)),
    ...licences.map((period) => during("e.licence_id", period)),
  ];
  const events = await reader.rows(
    told,
    sql`${toldEvents} where e.organisation_id = ${organisationId} and (${sql.join(ways, sql` or `)})
      order by e.id desc limit ${limit}`,
  );
  const names = await loadNamesOfAway(reader, events);
  return events.map((each) => ({
    ...each,
    actor: (each.actorUserId === null ? undefined : names.get(each.actorUserId)) ?? each.actor,
  }));
}

const tail = z.object({ unsealed: z.int(), total: z.int() });

export async function countEvents(
  reader: Reader,
  organisationId: OrganisationId,
): Promise<z.output<typeof tail>> {
  const row = await reader.row(
    tail,
    sql`select (select count(*) from unsealed_events where organisation_id = ${organisationId}) as unsealed,
      (select count(*) from events where organisation_id = ${organisationId}) as total`,
  );
  return row ?? { unsealed: 0, total: 0 };
}
