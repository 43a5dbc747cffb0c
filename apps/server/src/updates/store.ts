// What is posted to workstations, and how far each update has come.

import type { UpdateId, UpdateKind, UpdateState, UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";
import { z } from "zod";

import type { Change } from "../db/change.ts";
import { id } from "../db/shape.ts";
import { array, sql } from "../db/sql.ts";
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
 * Posts a Key-File with what they should hold now to every active workstation of some users; an unfetched
 * Key-File of the same activation is superseded.
 */
export async function postKeyFiles(change: Change, users: readonly UserId[]): Promise<PostedKeyFile[]> {
  const { organisationId, at } = change;
  await change.execute(sql`
    update updates set state = 'superseded', ended_at = ${at}
    where organisation_id = ${organisationId} and user_id = any(${array(users, "uuid")})
      and kind = 'key-file' and state = 'posted'`);
  const numbered = await change.rows(
    posted.omit({ id: true }),
    sql`
    update activations a set next_version = a.next_version + 1
    from users u
    join teams t on t.organisation_id = u.organisation_id and t.id = u.team_id
    left join seats s on s.organisation_id = u.organisation_id and s.user_id = u.id
    where u.organisation_id = ${organisationId} and u.id = any(${array(users, "uuid")})
      and a.organisation_id = u.organisation_id and a.user_id = u.id and a.ended_at is null
    returning a.id as "activationId", a.user_id as "userId", a.next_version - 1 as version,
      case when s.licence_id is null then ${empty.id}::uuid
      else t.desired_content_id end as team,
      case when s.licence_id is null then ${empty.id}::uuid
      else u.own_content_id end as own`,
  );
  const updates = numbered.map((each): PostedKeyFile => ({ id: uuid() as UpdateId, ...each }));
  await change.execute(sql`
    insert into updates (organisation_id, id, activation_id, user_id, kind, scope, version, team_content_id,
      own_content_id, posted_at)
    select ${organisationId}, k.id, k.activation_id, k.user_id, 'key-file', 'user', k.version, k.team, k.own, ${at}
    from unnest(${array(
      updates.map((update) => update.id),
      "uuid",
    )},
      ${array(
        updates.map(({ activationId }) => activationId),
        "uuid",
      )},
      ${array(
        updates.map(({ userId }) => userId),
        "uuid",
      )},
      ${array(
        updates.map(({ version }) => version),
        "integer",
      )},
      ${array(
        updates.map(({ team }) => team),
        "uuid",
      )}, ${array(
        updates.map(({ own }) => own),
        "uuid",
      )}
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
    insert into updates (organisation_id, id, activation_id, user_id, kind, scope, posted_at)
    values (${change.organisationId}, ${id}, ${activationId}, ${userId}, ${kind}, ${scope}, ${change.at})`);
  change.touchUsers([userId]);
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
