// The rows of a run's plan, and what became of each.

import { planActions, planCodes, type PlanAction, type PlanCode } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { z } from "zod";

import type { Reader, Transaction } from "../../db/database.ts";
import { id } from "../../db/shape.ts";
import { array, sql } from "../../db/sql.ts";
import type { Change as Changes, PlanRow } from "../plan.ts";
import type { RunId } from "../runs/store.ts";

interface OfRun {
  readonly organisationId: OrganisationId;
  readonly runId: RunId;
}

/** @param after how many rows there are before them. */
export async function insertPlanRows(
  transaction: Transaction,
  { organisationId, runId }: OfRun,
  { rows, after }: { rows: readonly PlanRow[]; after: number },
): Promise<void> {
  const column = (pick: (row: PlanRow) => string | null, type: "text" | "uuid") =>
    array(rows.map(pick), type);
  await transaction.execute(sql`
    insert into directory_plan_rows
      (organisation_id, run_id, row, object_id, action, code, user_id, dn, name, username, change)
    select ${organisationId}, ${runId}, ${after} + p.row, p.object_id, p.action, p.code, p.user_id, p.dn, p.name,
      p.username, p.change::jsonb
    from unnest(${array(
      rows.map((_, at) => at + 1),
      "integer",
    )}, ${column(({ objectId }) => objectId, "uuid")}, ${column(({ action }) => action, "text")},
      ${column(({ code }) => code, "text")}, ${column(({ userId }) => userId, "uuid")},
      ${column(({ dn }) => dn, "text")}, ${column(({ name }) => name, "text")},
      ${column(({ username }) => username, "text")}, ${column(({ change }) => JSON.stringify(change), "text")})
      as p (row, object_id, action, code, user_id, dn, name, username, change)`);
}

export async function deletePlanRows(
  transaction: Transaction,
  { organisationId, runId }: OfRun,
): Promise<void> {
  await transaction.execute(
    sql`delete from directory_plan_rows where organisation_id = ${organisationId} and run_id = ${runId}`,
  );
}

const placement = z.object({ teamId: id<"team">(), missing: z.array(z.string()) });

const change: z.ZodType<Changes> = z.object({
  name: z.string().exactOptional(),
  email: z.string().nullable().exactOptional(),
  isDisabled: z.boolean().exactOptional(),
  placement: placement.exactOptional(),
});

const planRow = z.object({
  row: z.int(),
  objectId: id<"directory-object">(),
  action: z.enum(planActions),
  code: z.enum(Object.keys(planCodes) as [PlanCode, ...PlanCode[]]),
  userId: id<"user">().nullable(),
  dn: z.string(),
  name: z.string(),
  username: z.string().nullable(),
  change,
  outcome: z.enum(["applied", "changed-meanwhile"]).nullable(),
});

export type StoredRow = z.output<typeof planRow>;

const plannedRow = planRow.pick({ row: true, objectId: true, action: true, userId: true });

export type PlannedRow = z.output<typeof plannedRow>;

export interface RowsOf {
  readonly action?: PlanAction | undefined;
  readonly after: number;
  readonly limit: number;
}

/** The next rows, in their order. */
export async function listPlanRows(
  reader: Reader,
  { organisationId, runId }: OfRun,
  { action, after, limit }: RowsOf,
): Promise<StoredRow[]> {
  const those = action === undefined ? sql`true` : sql`action = ${action}`;
  return reader.rows(
    planRow,
    sql`select row, object_id as "objectId", action, code, user_id as "userId", dn, name, username, change, outcome
      from directory_plan_rows
      where organisation_id = ${organisationId} and run_id = ${runId} and row > ${after} and ${those}
      order by row limit ${limit}`,
  );
}

/** The next rows as far as applying them asks: what to do about whom. What else they say is planned anew. */
export async function listPlanned(
  reader: Reader,
  { organisationId, runId }: OfRun,
  { after, limit }: { after: number; limit: number },
): Promise<PlannedRow[]> {
  return reader.rows(
    plannedRow,
    sql`select row, object_id as "objectId", action, user_id as "userId" from directory_plan_rows
      where organisation_id = ${organisationId} and run_id = ${runId} and row > ${after}
      order by row limit ${limit}`,
  );
}

export interface Outcome {
  readonly row: number;
  readonly outcome: "applied" | "changed-meanwhile";
  readonly userId: string | null;
}

/** What became of rows that are not simply applied, or about others than was planned. */
export async function updateOutcomes(
  transaction: Transaction,
  { organisationId, runId }: OfRun,
  outcomes: readonly Outcome[],
): Promise<void> {
  await transaction.execute(sql`
    update directory_plan_rows p set outcome = o.outcome, user_id = coalesce(o.user_id, p.user_id)
    from unnest(${array(
      outcomes.map(({ row }) => row),
      "integer",
    )}, ${array(
      outcomes.map(({ outcome }) => outcome),
      "text",
    )}, ${array(
      outcomes.map(({ userId }) => userId),
      "uuid",
    )}) as o (row, outcome, user_id)
    where p.organisation_id = ${organisationId} and p.run_id = ${runId} and p.row = o.row`);
}
