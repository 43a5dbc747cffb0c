// Runs of directories: who works at each, how far it has come, and how it ended.

import { directoryRunStates, planActions, type PlanAction, type RunFailure } from "@lockstep/api";
import type { Id, OrganisationId } from "@lockstep/core";
import { z } from "zod";

import type { Doer } from "../../db/change.ts";
import type { Reader, Transaction } from "../../db/database.ts";
import { id, instant } from "../../db/shape.ts";
import { json, sql } from "../../db/sql.ts";
import { Refusal } from "../../refusal.ts";
import type { DirectoryId } from "../store.ts";

export type RunId = Id<"directory-run">;
export type RunKind = "full" | "changes" | "chosen";
type RunState = (typeof directoryRunStates)[number];

/** Of these there is at most one for a directory, and some server works at it. */
export const workingStates = ["waiting", "reading", "planning", "applying"] as const;

const planCounts = z
  .partialRecord(z.enum(planActions), z.int())
  .transform(
    (counted) =>
      Object.fromEntries(planActions.map((action) => [action, counted[action] ?? 0])) as Record<
        PlanAction,
        number
      >,
  );

const doerColumns = z.object({
  role: z.string(),
  userId: id<"user">().nullable(),
  organisationId: id<"organisation">().nullable(),
  name: z.string().nullable(),
});

const run = z.object({
  id: id<"directory-run">(),
  organisationId: id<"organisation">(),
  directoryId: id<"directory">(),
  kind: z.enum(["full", "changes", "chosen"]),
  isDryRun: z.boolean(),
  state: z.enum(directoryRunStates),
  actor: doerColumns,
  startedAt: instant,
  endedAt: instant.nullable(),
  cancelAskedAt: instant.nullable(),
  read: z.int(),
  isComplete: z.boolean(),
  incompleteBecause: z.string().nullable(),
  markServer: z.string().nullable(),
  markValue: z.string().nullable(),
  linked: z.int(),
  counts: planCounts,
  rows: z.int(),
  done: z.int(),
  heldLimit: z.int().nullable(),
  heldRule: z.string().nullable(),
  confirmedAt: instant.nullable(),
  confirmed: doerColumns,
  failure: z.string().nullable(),
});

export type Run = z.output<typeof run>;

const columns = sql`r.id, r.organisation_id as "organisationId", r.directory_id as "directoryId", r.kind,
  r.is_dry_run as "isDryRun", r.state, r.started_at as "startedAt", r.ended_at as "endedAt",
  r.cancel_asked_at as "cancelAskedAt", r.read, r.is_complete as "isComplete",
  r.incomplete_because as "incompleteBecause", r.mark_server as "markServer", r.mark_value as "markValue", r.linked,
  r.counts, r.rows, r.done, r.held_limit as "heldLimit", r.held_rule as "heldRule", r.confirmed_at as "confirmedAt",
  r.failure,
  json_build_object('role', r.actor_role, 'userId', r.actor_user_id, 'organisationId', r.actor_organisation_id,
    'name', (select u.name from users u where u.organisation_id = coalesce(r.actor_organisation_id, r.organisation_id)
      and u.id = r.actor_user_id)) as actor,
  json_build_object('role', coalesce(r.confirmed_role, ''), 'userId', r.confirmed_user_id,
    'organisationId', r.confirmed_organisation_id, 'name',
    (select u.name from users u where u.organisation_id = coalesce(r.confirmed_organisation_id, r.organisation_id)
      and u.id = r.confirmed_user_id)) as confirmed`;

/** @throws Refusal directory_run_not_found. */
export async function loadRun(
  reader: Reader,
  { organisationId, runId }: { organisationId: OrganisationId; runId: RunId },
): Promise<Run> {
  const found = await reader.row(
    run,
    sql`select ${columns} from directory_runs r where r.organisation_id = ${organisationId} and r.id = ${runId}`,
  );
  if (found === undefined) throw new Refusal("directory_run_not_found");
  return found;
}

/** The newest first; ids ascend with time. */
export async function listRuns(
  reader: Reader,
  asked: { organisationId: OrganisationId; directoryId: DirectoryId; before: RunId | null; limit: number },
): Promise<Run[]> {
  const { organisationId, directoryId, before, limit } = asked;
  return reader.rows(
    run,
    sql`select ${columns} from directory_runs r
      where r.organisation_id = ${organisationId} and r.directory_id = ${directoryId}
        and r.id < coalesce(${before}::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
      order by r.id desc limit ${limit}`,
  );
}

export interface NewRun {
  readonly id: RunId;
  readonly directoryId: DirectoryId;
  readonly kind: RunKind;
  readonly isDryRun: boolean;
  readonly doer: Doer;
  readonly at: Date;
}

/** @returns whether it was begun: not while another one of the directory works. */
export async function insertRun(
  transaction: Transaction,
  organisationId: OrganisationId,
  { id: runId, directoryId, kind, isDryRun, doer, at }: NewRun,
): Promise<boolean> {
  const begun = await transaction.execute(sql`
    insert into directory_runs (organisation_id, id, directory_id, kind, is_dry_run, state, actor_role,
      actor_organisation_id, actor_user_id, started_at)
    values (${organisationId}, ${runId}, ${directoryId}, ${kind}, ${isDryRun}, 'waiting', ${doer.role},
      ${doer.organisationId ?? null}, ${doer.userId}, ${at})
    on conflict do nothing`);
  return begun > 0;
}

const waiting = z.object({ organisationId: id<"organisation">(), id: id<"directory-run">() });

/** Those that nobody works at, over the whole installation; or nobody has said so for too long. */
export async function listRunsToWorkAt(reader: Reader, at: Date): Promise<z.output<typeof waiting>[]> {
  return reader.rows(
    waiting,
    sql`select r.organisation_id as "organisationId", r.id from organisations o
      join directory_runs r on r.organisation_id = o.id
      where r.state in ('waiting', 'reading', 'planning', 'applying')
        and (r.lease_until is null or r.lease_until <= ${at})
      order by r.id`,
  );
}

export interface Lease {
  readonly organisationId: OrganisationId;
  readonly runId: RunId;
  readonly runner: string;
  readonly at: Date;
  readonly until: Date;
}

/** A server takes a run on. @returns undefined while another one works at it, or when it has ended. */
export async function takeRun(transaction: Transaction, lease: Lease): Promise<Run | undefined> {
  const { organisationId, runId, runner, at, until } = lease;
  return transaction.row(
    run,
    sql`update directory_runs r set runner = ${runner}, lease_until = ${until}
      where r.organisation_id = ${organisationId} and r.id = ${runId}
        and r.state in ('waiting', 'reading', 'planning', 'applying')
        and (r.lease_until is null or r.lease_until <= ${at})
      returning ${columns}`,
  );
}

/**
 * The run as it is now, and nobody else changes it until the transaction ends.
 * @returns undefined when another server has taken it on, or it has ended: whoever worked at it must leave it.
 */
export async function keepRun(
  transaction: Transaction,
  { organisationId, runId, runner, until }: Omit<Lease, "at">,
): Promise<Run | undefined> {
  return transaction.row(
    run,
    sql`update directory_runs r set lease_until = ${until}
      where r.organisation_id = ${organisationId} and r.id = ${runId} and r.runner = ${runner}
        and r.state in ('waiting', 'reading', 'planning', 'applying')
      returning ${columns}`,
  );
}

/** Nobody works at it for now. */
export async function leaveRun(
  transaction: Transaction,
  { organisationId, runId, runner }: Pick<Lease, "organisationId" | "runId" | "runner">,
): Promise<void> {
  await transaction.execute(sql`
    update directory_runs set runner = null, lease_until = null
    where organisation_id = ${organisationId} and id = ${runId} and runner = ${runner}`);
}

export interface Progress {
  readonly kind?: RunKind;
  readonly state?: RunState;
  readonly read?: number;
  readonly isComplete?: boolean;
  readonly incompleteBecause?: RunFailure | null;
  readonly mark?: { readonly server: string; readonly value: string } | null;
  readonly linked?: number;
  readonly counts?: Readonly<Partial<Record<PlanAction, number>>>;
  readonly rows?: number;
  readonly done?: number;
  readonly held?: { readonly rule: string; readonly limit: number };
}

const columnOf = {
  kind: "kind",
  state: "state",
  read: "read",
  isComplete: "is_complete",
  incompleteBecause: "incomplete_because",
  linked: "linked",
  rows: "rows",
  done: "done",
} as const satisfies Readonly<Record<keyof Omit<Progress, "mark" | "counts" | "held">, string>>;

/** Writes what is given. */
export async function updateRun(
  transaction: Transaction,
  { organisationId, id: runId }: Pick<Run, "organisationId" | "id">,
  progress: Progress,
): Promise<void> {
  const { mark, counts, held, ...plain } = progress;
  const set = [
    ...Object.entries(plain).map(
      ([name, value]) => sql`${sql.ref(columnOf[name as keyof typeof plain])} = ${value}`,
    ),
    ...(mark === undefined
      ? []
      : [sql`mark_server = ${mark?.server ?? null}, mark_value = ${mark?.value ?? null}`]),
    ...(counts === undefined ? [] : [sql`counts = ${json(counts)}`]),
    ...(held === undefined ? [] : [sql`held_rule = ${held.rule}, held_limit = ${held.limit}`]),
  ];
  await transaction.execute(sql`
    update directory_runs set ${sql.join(set)} where organisation_id = ${organisationId} and id = ${runId}`);
}

/** Nobody works at a plan that is held: it waits for somebody to confirm it. */
export async function holdRun(
  transaction: Transaction,
  { organisationId, id: runId }: Pick<Run, "organisationId" | "id">,
): Promise<void> {
  await transaction.execute(sql`
    update directory_runs set state = 'held', runner = null, lease_until = null
    where organisation_id = ${organisationId} and id = ${runId}`);
}

/** @param failure why it failed; null for all other ends. */
export async function endRun(
  transaction: Transaction,
  { organisationId, id: runId }: Pick<Run, "organisationId" | "id">,
  ended: { state: "done" | "failed" | "cancelled"; at: Date; failure: string | null },
): Promise<void> {
  await transaction.execute(sql`
    update directory_runs set state = ${ended.state}, ended_at = ${ended.at}, failure = ${ended.failure}, runner = null,
      lease_until = null
    where organisation_id = ${organisationId} and id = ${runId}`);
}

const runOnly = z.object({ id: id<"directory-run">() });

/** A newer plan of the same directory stands in the place of those that are held. @returns which. */
export async function supersedeHeld(
  transaction: Transaction,
  { organisationId, directoryId, id: runId }: Pick<Run, "organisationId" | "directoryId" | "id">,
  at: Date,
): Promise<RunId[]> {
  const rows = await transaction.rows(
    runOnly,
    sql`update directory_runs set state = 'superseded', ended_at = ${at}
      where organisation_id = ${organisationId} and directory_id = ${directoryId} and id <> ${runId} and state = 'held'
      returning id`,
  );
  return rows.map((row) => row.id);
}

/** The run, unchanged by anybody else until the transaction ends. @throws Refusal directory_run_not_found. */
export async function lockRun(
  transaction: Transaction,
  of: { organisationId: OrganisationId; runId: RunId },
): Promise<Run> {
  await transaction.execute(
    sql`select 1 from directory_runs where organisation_id = ${of.organisationId} and id = ${of.runId} for update`,
  );
  return loadRun(transaction, of);
}

/** @returns whether it goes on: not while another run of the directory works. */
export async function isDirectoryBusy(
  reader: Reader,
  { organisationId, directoryId }: Pick<Run, "organisationId" | "directoryId">,
): Promise<boolean> {
  const row = await reader.row(
    z.object({ busy: z.boolean() }),
    sql`select exists (select from directory_runs where organisation_id = ${organisationId}
      and directory_id = ${directoryId} and state in ('waiting', 'reading', 'planning', 'applying')) as busy`,
  );
  return row?.busy ?? false;
}

export async function confirmRun(
  transaction: Transaction,
  { organisationId, id: runId }: Pick<Run, "organisationId" | "id">,
  { doer, at }: { doer: Doer; at: Date },
): Promise<void> {
  await transaction.execute(sql`
    update directory_runs set state = 'applying', confirmed_at = ${at}, confirmed_role = ${doer.role},
      confirmed_user_id = ${doer.userId}, confirmed_organisation_id = ${doer.organisationId ?? null}
    where organisation_id = ${organisationId} and id = ${runId}`);
}

export async function askToCancelRun(
  transaction: Transaction,
  { organisationId, id: runId }: Pick<Run, "organisationId" | "id">,
  at: Date,
): Promise<void> {
  await transaction.execute(sql`
    update directory_runs set cancel_asked_at = coalesce(cancel_asked_at, ${at})
    where organisation_id = ${organisationId} and id = ${runId}`);
}

/** Of runs long past only the sums are kept. */
export async function deleteOldPlans(
  transaction: Transaction,
  { organisationId, directoryId }: Pick<Run, "organisationId" | "directoryId">,
  kept: number,
): Promise<void> {
  await transaction.execute(sql`
    delete from directory_plan_rows where organisation_id = ${organisationId} and run_id in (
      select r.id from directory_runs r where r.organisation_id = ${organisationId}
        and r.directory_id = ${directoryId} and r.ended_at is not null
      order by r.id desc offset ${kept})`);
}
