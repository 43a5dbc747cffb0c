// Runs of a directory: reading now, looking at a plan, confirming one that is held.

import {
  directoryRuns,
  planActions,
  type DirectoryPlanRow,
  type DirectoryRun,
  type PlanAction,
} from "@lockstep/api";
import { Option, type Command } from "commander";

import { directoryArgument, findDirectory, untilDecided, type Place } from "../directory-names.ts";
import { exitCodes } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import type { Invocation, Scope } from "../invocation.ts";
import { counted, momentOf, paragraph, table } from "../layout.ts";

function sumsOf({ counts }: DirectoryRun): string {
  const there = planActions.filter((action) => counts[action] > 0);
  return there.length === 0
    ? "nothing to change"
    : there.map((action) => `${action} ${counts[action]}`).join(", ");
}

/** A run in sentences, with what to do where something is to be done. */
function runScreen(run: DirectoryRun): string {
  const { state, read, isDryRun, failure, incompleteBecause, held } = run;
  const lines = [
    `Read ${counted(read, "entry", "entries")}: ${sumsOf(run)}. The run is ${state}${isDryRun ? ", a dry run" : ""}.`,
  ];
  for (const each of [failure, incompleteBecause]) {
    if (each !== null) lines.push(paragraph("", `${each.sentence} ${each.remedy}`));
  }
  if (held !== null) {
    const many = `${held.sentence} ${held.vanishing} of ${held.linked}.`;
    const next =
      state === "held" ? "Look at the plan; if it is true, confirm it; else repair the directory." : "";
    lines.push(paragraph("", `${many} ${next}`.trim()));
  }
  return lines.join("\n");
}

export function showRun(invocation: Invocation, run: DirectoryRun): void {
  invocation.show(run, () => runScreen(run));
  if (run.state === "failed" || run.state === "held") process.exitCode = exitCodes.failed;
}

async function newestRun({ call }: Scope, { params, directory }: Place): Promise<DirectoryRun> {
  const { runs } = await call(directoryRuns.listDirectoryRuns, { params, query: { limit: 1 } });
  const [newest] = runs;
  if (newest === undefined) {
    throw new Failure(`${directory.name} was never read`, `lockstep directories sync ${directory.name}`);
  }
  return newest;
}

/** The one that waits, or else the newest. */
async function concernedRun(scope: Scope, place: Place): Promise<DirectoryRun["id"]> {
  return place.directory.heldRunId ?? (await newestRun(scope, place)).id;
}

/** The one that waits, which need not be the newest: changes are read meanwhile. */
function heldRun({ directory: { name, heldRunId } }: Place): DirectoryRun["id"] {
  if (heldRunId !== null) return heldRunId;
  throw new Failure(`no plan of ${name} is held`, `its runs: lockstep directories runs ${name}`);
}

function planScreen(rows: readonly DirectoryPlanRow[], hasMore: boolean): string {
  if (rows.length === 0) return "Nobody is in the plan.";
  const lines = rows.map(({ action, name, username, changes, meaning, remedy, heals, outcome }) => {
    const whom = `${name} (${username ?? "no username"})`;
    const healing = heals ? "It heals by itself." : "";
    const late = outcome === "changed-meanwhile" ? "Left out: it was changed meanwhile." : "";
    const text = [`${whom}: ${meaning}`, ...changes, remedy, healing, late].filter((each) => each !== "");
    return paragraph(`${action.padEnd(7)}  `, text.join(" "));
  });
  return [...lines, ...(hasMore ? ["", "There are more; --json with the interface shows all."] : [])].join(
    "\n",
  );
}

async function showPlan(
  invocation: Invocation,
  named: string,
  action: PlanAction | undefined,
): Promise<void> {
  const scope = await invocation.organisation();
  const place = await findDirectory(scope, named);
  const runId = await concernedRun(scope, place);
  const query = { limit: 1000, ...(action === undefined ? {} : { action }) };
  const reply = await scope.call(directoryRuns.listPlanRows, { params: { ...place.params, runId }, query });
  invocation.show(reply, () => planScreen(reply.rows, reply.next !== null));
}

async function confirm(invocation: Invocation, named: string, vanishing: number): Promise<void> {
  const scope = await invocation.organisation();
  const place = await findDirectory(scope, named);
  const runId = heldRun(place);
  const params = { ...place.params, runId };
  const begun = await scope.call(directoryRuns.confirmDirectoryRun, { params, body: { vanishing } });
  showRun(invocation, await untilDecided(scope, place, begun));
}

interface SyncOptions {
  readonly changes?: true;
  readonly dryRun?: true;
}

async function sync(invocation: Invocation, named: string, options: SyncOptions): Promise<void> {
  const scope = await invocation.organisation();
  const place = await findDirectory(scope, named);
  const kind = options.changes === true ? "changes" : "full";
  const body = { kind, isDryRun: options.dryRun === true } as const;
  const begun = await scope.call(directoryRuns.startDirectoryRun, { params: place.params, body });
  showRun(invocation, await untilDecided(scope, place, begun));
}

function runsScreen(runs: readonly DirectoryRun[]): string {
  if (runs.length === 0) return "No runs.";
  const rows = runs.map((run) => [
    momentOf(run.startedAt),
    run.kind,
    run.state,
    run.read,
    sumsOf(run),
    run.by ?? "by time",
  ]);
  return table(["STARTED", "KIND", "STATE", "READ", "PLAN", "BY"], rows);
}

export function addDirectoryRunCommands(noun: Command, invocation: Invocation): void {
  noun
    .command("sync")
    .description("Reads a directory now, and applies the plan.")
    .argument(...directoryArgument)
    .option("--changes", "reads only what has changed; nobody is seen to be gone by that")
    .option("--dry-run", "shows the plan and changes nothing")
    .action((named: string, options: SyncOptions) => sync(invocation, named, options));
  noun
    .command("runs")
    .description("The last runs of a directory.")
    .argument(...directoryArgument)
    .action(async (named: string) => {
      const scope = await invocation.organisation();
      const { params } = await findDirectory(scope, named);
      const reply = await scope.call(directoryRuns.listDirectoryRuns, { params, query: {} });
      invocation.show(reply, () => runsScreen(reply.runs));
    });
  noun
    .command("plan")
    .description(
      "The plan that is held, or of the last run: what becomes of each person, why, and what to do.",
    )
    .argument(...directoryArgument)
    .addOption(new Option("--action <action>", "only these").choices([...planActions]))
    .action((named: string, { action }: { action?: PlanAction }) => showPlan(invocation, named, action));
  noun
    .command("confirm")
    .description("Lets a plan that was held be applied, in your name.")
    .argument(...directoryArgument)
    .requiredOption("--vanishing <number>", "how many will vanish, as the plan says", Number)
    .action((named: string, { vanishing }: { vanishing: number }) => confirm(invocation, named, vanishing));
  noun
    .command("cancel")
    .description("Ends the run that works, or lets a plan that is held fall. What was applied stays.")
    .argument(...directoryArgument)
    .action(async (named: string) => {
      const scope = await invocation.organisation();
      const place = await findDirectory(scope, named);
      const newest = await newestRun(scope, place);
      const runId = newest.endedAt === null ? newest.id : await concernedRun(scope, place);
      const run = await scope.call(directoryRuns.cancelDirectoryRun, { params: { ...place.params, runId } });
      invocation.show(run, () => runScreen(run));
    });
}
