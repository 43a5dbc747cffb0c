// What is posted to workstations, and how far each update has come.

import type { OrganisationId, UpdateId, UpdateKind, UpdateState, UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";
import { z } from "zod";

import type { Change } from "../db/change.ts";
import type { Reader } from "../db/database.ts";
import { id } from "../db/shape.ts";
import { array, json, sql } from "../db/sql.ts";
import { empty } from "../facts/identity.ts";

const posted = z.object({
  id: id<"update">(),
  activationId: id<"activation">(),
  userId: id<"user">(),
  version: z.int(),
  team: id<"content">(),
  own: id<"content">(),
});

export type PostedKeyFile = z.output<typeof posted>;

/**
 * Posts a Key-File with what they should hold now to every active workstation of some users, or to one activation of
 * theirs; an unfetched Key-File of the same activation is superseded.
 */
export async function postKeyFiles(
  change: Change,
  users: readonly UserId[],
  { onlyTo = null }: { onlyTo?: PostedKeyFile["activationId"] | null } = {},
): Promise<PostedKeyFile[]> {
  const { organisationId, at } = change;
  const those = array(users, "uuid");
  await change.execute(sql`
    update updates set state = 'superseded', ended_at = ${at}
    where organisation_id = ${organisationId} and user_id = any(${those})
      and activation_id = coalesce(${onlyTo}::uuid, activation_id) and kind = 'key-file' and state = 'posted'`);
  const numbered = await change.rows(
    posted.omit({ id: true }),
    sql`
    update activations a set next_version = a.next_version + 1
    from users u
    join teams t on t.organisation_id = u.organisation_id and t.id = u.team_id
    left join seats s on s.organisation_id = u.organisation_id and s.user_id = u.id
    where u.organisation_id = ${organisationId} and u.id = any(${those})
      and a.organisation_id = u.organisation_id and a.user_id = u.id and a.ended_at is null
      and a.id = coalesce(${onlyTo}::uuid, a.id)
    returning a.id as "activationId", a.user_id as "userId", a.next_version - 1 as version,
      case when s.licence_id is null then ${empty.id}::uuid
      else t.desired_content_id end as team,
      case when s.licence_id is null then ${empty.id}::uuid
      else u.own_content_id end as own`,
  );
  const updates = numbered.map((each): PostedKeyFile => ({ id: uuid() as UpdateId, ...each }));
  const column = (pick: (update: PostedKeyFile) => string | number, type: "uuid" | "integer") =>
    array(updates.map(pick), type);
  await change.execute(sql`
    insert into updates (organisation_id, id, activation_id, user_id, kind, scope, version, team_content_id,
      own_content_id, posted_at, posted_by)
    select ${organisationId}, k.id, k.activation_id, k.user_id, 'key-file', 'user', k.version, k.team, k.own, ${at},
      ${json(change.doer)}
    from unnest(${column((each) => each.id, "uuid")}, ${column((each) => each.activationId, "uuid")},
      ${column((each) => each.userId, "uuid")}, ${column((each) => each.version, "integer")},
      ${column((each) => each.team, "uuid")}, ${column((each) => each.own, "uuid")}
    ) as k (id, activation_id, user_id, version, team, own)`);
  change.touchUsers(users);
  return updates;
}

export interface Command {
  readonly id: UpdateId;
  readonly kind: Exclude<UpdateKind, "key-file">;
  readonly activationId: PostedKeyFile["activationId"];
  readonly userId: UserId;
}

/** Posts a command to one activation; commands queue in order. */
export async function postCommand(
  change: Change,
  { id, kind, activationId, userId }: Command,
): Promise<void> {
  const scope = kind === "workstation-policy" ? "workstation" : "user";
  await change.execute(sql`
    insert into updates (organisation_id, id, activation_id, user_id, kind, scope, posted_at, posted_by)
    values (${change.organisationId}, ${id}, ${activationId}, ${userId}, ${kind}, ${scope}, ${change.at},
      ${json(change.doer)})`);
  await renewOrders(change, activationId);
  change.touchUsers([userId]);
}

/** What an activation is told to do has changed: its orders go out anew. */
export async function renewOrders(
  change: Change,
  activationId: PostedKeyFile["activationId"],
): Promise<void> {
  await change.execute(sql`
    update activations a set orders_version = a.orders_version + 1, orders_hash = null,
      is_locked = coalesce((select u.kind = 'lock' from updates u
        where u.organisation_id = a.organisation_id and u.activation_id = a.id and u.kind in ('lock', 'unlock')
          and u.state <> 'cancelled'
        order by u.id desc limit 1), false)
    where a.organisation_id = ${change.organisationId} and a.id = ${activationId}`);
}

/** Moves an outstanding update on; one that has ended stays as it ended. */
export async function updateUpdateState(
  change: Change,
  { id, userId }: Pick<PostedKeyFile, "id" | "userId">,
  state: Exclude<UpdateState, "posted">,
): Promise<void> {
  const ended = state !== "fetched";
  await change.execute(sql`
    update updates set state = ${state},
      fetched_at = case when ${state} = 'fetched' then ${change.at} else fetched_at end,
      ended_at = case when ${ended}::boolean then ${change.at}::timestamptz end
    where organisation_id = ${change.organisationId} and id = ${id} and state in ('posted', 'fetched')`);
  change.touchUsers([userId]);
}

const commanded = z.object({
  id: id<"activation">(),
  workstationId: id<"workstation">(),
  workstation: z.string(),
});

/** Where a user is active, and can be told something. */
export async function listActivationsToCommand(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<z.output<typeof commanded>[]> {
  return reader.rows(
    commanded,
    sql`select a.id, w.id as "workstationId", w.name as workstation from activations a
      join workstations w on w.organisation_id = a.organisation_id and w.id = a.workstation_id
      where a.organisation_id = ${organisationId} and a.user_id = ${userId} and a.ended_at is null
      order by w.name, a.id`,
  );
}

/** Key-Files that some users were posted go nowhere any more. */
export async function supersedeKeyFiles(change: Change, users: readonly UserId[]): Promise<void> {
  await change.execute(sql`
    update updates set state = 'superseded', ended_at = ${change.at}
    where organisation_id = ${change.organisationId} and user_id = any(${array(users, "uuid")})
      and kind = 'key-file' and state in ('posted', 'fetched')`);
  change.touchUsers(users);
}

const active = z.object({ id: id<"activation">(), userId: id<"user">(), workstation: z.string() });

/** Where some users are active. */
export async function listActivationsToEnd(
  reader: Reader,
  organisationId: OrganisationId,
  users: readonly UserId[],
): Promise<z.output<typeof active>[]> {
  return reader.rows(
    active,
    sql`select a.id, a.user_id as "userId", w.name as workstation from activations a
      join workstations w on w.organisation_id = a.organisation_id and w.id = a.workstation_id
      where a.organisation_id = ${organisationId} and a.user_id = any(${array(users, "uuid")}) and a.ended_at is null
      order by a.id`,
  );
}

const asked = z.object({ activationId: id<"activation">(), kind: z.string(), isCancelled: z.boolean() });

/**
 * Cancelled at once if it was never signed, in a Key-File or in orders: then it is nowhere but here, be it that there is
 * no relay or that the workstation knows none. Else the relay is asked for it at the next Proxy Sync.
 * @returns whether it is cancelled.
 */
export async function askToCancel(change: Change, updateId: UpdateId, userId: UserId): Promise<boolean> {
  const { organisationId, at } = change;
  // The activation first, as whoever puts its orders does it.
  await change.execute(sql`
    select from activations where organisation_id = ${organisationId} and id =
      (select activation_id from updates where organisation_id = ${organisationId} and id = ${updateId})
    for no key update`);
  const isUnsigned = sql`key_file_hash is null and orders_version is null`;
  const update = await change.row(
    asked,
    sql`
    update updates set cancel_asked_at = coalesce(cancel_asked_at, ${at}),
      state = case when ${isUnsigned} then 'cancelled' else state end,
      ended_at = case when ${isUnsigned} then ${at}::timestamptz end
    where organisation_id = ${organisationId} and id = ${updateId} and state in ('posted', 'fetched')
    returning activation_id as "activationId", kind, state = 'cancelled' as "isCancelled"`,
  );
  change.touchUsers([userId]);
  if (update?.isCancelled !== true) return false;
  if (update.kind !== "key-file") await renewOrders(change, update.activationId);
  return true;
}

/**
 * What the former issuer signed is worth nothing to whoever has heard of the new one. So Key-Files that were signed and are
 * not applied yet go out again, under the next numbers: other bytes are out there under their own. In the transaction of
 * `changeContents`, whose lock delivery takes as well.
 */
export async function signKeyFilesAgain(change: Change): Promise<void> {
  const { organisationId } = change;
  await change.execute(sql`
    with signed as (
      select u.id, u.activation_id, count(*) over (partition by u.activation_id)::integer as many,
        row_number() over (partition by u.activation_id order by u.version desc)::integer as place
      from updates u join activations a on a.organisation_id = u.organisation_id and a.id = u.activation_id
      where u.organisation_id = ${organisationId} and u.kind = 'key-file' and u.state in ('posted', 'fetched')
        and u.key_file_hash is not null and a.ended_at is null
    ), numbered as (
      update activations a set next_version = a.next_version + s.many
      from signed s where a.organisation_id = ${organisationId} and a.id = s.activation_id and s.place = 1
      returning a.id as activation_id, a.next_version
    )
    update updates u set version = n.next_version - s.place, key_file_hash = null, delivered_at = null
    from signed s join numbered n on n.activation_id = s.activation_id
    where u.organisation_id = ${organisationId} and u.id = s.id and u.state in ('posted', 'fetched')`);
}

/** As `signKeyFilesAgain`, for orders with which something is still to be carried out, or that are on their way. */
export async function signOrdersAgain(change: Change): Promise<void> {
  const { organisationId } = change;
  await change.execute(sql`
    update activations a set orders_version = orders_version + 1, orders_hash = null
    where organisation_id = ${organisationId} and device is not null
      and (orders_delivered_version < orders_version or exists (
        select from updates u where u.organisation_id = a.organisation_id and u.activation_id = a.id
          and u.kind <> 'key-file' and u.state in ('posted', 'fetched')))`);
}

const behind = z.object({ userId: id<"user">() });

/**
 * A new epoch has begun: every workstation's orders go out anew, also those that tell one that has ended to wipe, and
 * nobody is known to be ahead of the server any more.
 * @returns whose workstations were.
 */
export async function renewAllOrders(change: Change): Promise<UserId[]> {
  const { organisationId } = change;
  await change.execute(sql`
    update activations a set orders_version = orders_version + 1, orders_hash = null
    where organisation_id = ${organisationId} and device is not null and (ended_at is null or exists (
      select from updates u where u.organisation_id = a.organisation_id and u.activation_id = a.id
        and u.kind <> 'key-file' and u.state in ('posted', 'fetched')))`);
  const ahead = await change.rows(
    behind,
    sql`
    update activations set ahead_epoch = null, ahead_version = null
    where organisation_id = ${organisationId} and ahead_version is not null
    returning user_id as "userId"`,
  );
  return [...new Set(ahead.map(({ userId }) => userId))];
}
