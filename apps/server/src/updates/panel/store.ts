// The updates as administrators see them: newest first, with whom they are for and how far they have come.

import {
  updateKinds,
  updateStates,
  type OrganisationId,
  type UpdateId,
  type UpdateState,
  type UserId,
  type WorkstationId,
} from "@lockstep/core";
import { z } from "zod";

import type { Reader } from "../../db/database.ts";
import { id, instant } from "../../db/shape.ts";
import { sql, type Statement } from "../../db/sql.ts";
import { Refusal } from "../../refusal.ts";

const shown = z.object({
  id: id<"update">(),
  kind: z.enum(updateKinds),
  state: z.enum(updateStates),
  user: z.object({ id: id<"user">(), name: z.string() }),
  workstation: z.object({ id: id<"workstation">(), name: z.string() }),
  version: z.int().nullable(),
  by: z.string(),
  postedAt: instant,
  deliveredAt: instant.nullable(),
  fetchedAt: instant.nullable(),
  endedAt: instant.nullable(),
  isCancelAsked: z.boolean(),
  outcome: z.string().nullable(),
  detail: z.string().nullable(),
});

export type ShownUpdate = z.output<typeof shown>;

/** Who posted it is known by name where they live in this organisation, else by role. */
const columns = sql`
  select u.id, u.kind, u.state, json_build_object('id', p.id, 'name', p.name) as user,
    json_build_object('id', w.id, 'name', w.name) as workstation, u.version,
    coalesce(b.name, u.posted_by ->> 'role', 'system') as by, u.posted_at as "postedAt", u.delivered_at as "deliveredAt",
    u.fetched_at as "fetchedAt", u.ended_at as "endedAt", u.cancel_asked_at is not null as "isCancelAsked",
    u.outcome_code as outcome, u.outcome_detail as detail
  from updates u
  join activations a on a.organisation_id = u.organisation_id and a.id = u.activation_id
  join workstations w on w.organisation_id = a.organisation_id and w.id = a.workstation_id
  join users p on p.organisation_id = u.organisation_id and p.id = u.user_id
  left join users b on b.organisation_id = u.organisation_id and b.id = (u.posted_by ->> 'userId')::uuid`;

export interface Panel {
  readonly user?: UserId | undefined;
  readonly workstation?: WorkstationId | undefined;
  readonly state?: UpdateState | "outstanding" | undefined;
  readonly after?: UpdateId | undefined;
  readonly limit: number;
}

function matching({ user, workstation, state, after }: Panel): Statement {
  const conditions = [
    user === undefined ? undefined : sql`u.user_id = ${user}`,
    workstation === undefined ? undefined : sql`a.workstation_id = ${workstation}`,
    state === "outstanding" ? sql`u.state in ('posted', 'fetched')` : undefined,
    state === undefined || state === "outstanding" ? undefined : sql`u.state = ${state}`,
    after === undefined ? undefined : sql`u.id < ${after}`,
  ];
  const stated = conditions.filter((condition) => condition !== undefined);
  return stated.length === 0 ? sql`true` : sql.join(stated, sql` and `);
}

/** Newest first. */
export async function listUpdates(
  reader: Reader,
  organisationId: OrganisationId,
  panel: Panel,
): Promise<ShownUpdate[]> {
  return reader.rows(
    shown,
    sql`${columns} where u.organisation_id = ${organisationId} and ${matching(panel)}
      order by u.id desc limit ${panel.limit}`,
  );
}

/** @throws Refusal update_not_found. */
export async function loadUpdate(
  reader: Reader,
  organisationId: OrganisationId,
  updateId: UpdateId,
): Promise<ShownUpdate> {
  const row = await reader.row(
    shown,
    sql`${columns} where u.organisation_id = ${organisationId} and u.id = ${updateId}`,
  );
  if (row === undefined) throw new Refusal("update_not_found");
  return row;
}
