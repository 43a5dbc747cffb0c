// Workstations: who is active on which of them, in which state it is, and what is done when one is lost.

import { workstations, workstationTeams, type Exposure, type WorkstationDetail } from "@lockstep/api";
import type { Command } from "commander";

import type { Invocation, Scope } from "../invocation.ts";
import { counted, dateOf, fields, momentOf, table } from "../layout.ts";
import { pick } from "../naming.ts";
import { remark } from "../terminal.ts";
import {
  findWorkstation,
  loadAllWorkstations,
  loadWorkstations,
  workstationArgument,
} from "../workstation-names.ts";

type State = WorkstationDetail["states"][number];

const stateWords: Record<State, string> = {
  normal: "normal",
  "requires-policy-update": "requires policy update",
  "update-pending": "update pending",
  locked: "locked",
  silent: "silent",
  "wipe-not-confirmed": "wipe not confirmed",
  cloned: "cloned?",
  lost: "lost",
};

function statesWord({ states }: WorkstationDetail): string {
  return states.map((state) => stateWords[state]).join(", ");
}

/** The newest of when its activations last reported; null if none did. */
function lastReportOf({ activations }: WorkstationDetail): string | null {
  const reports = activations.flatMap(({ lastReportAt }) => lastReportAt ?? []).sort();
  return reports.at(-1) ?? null;
}

export function listScreen(all: readonly WorkstationDetail[]): string {
  if (all.length === 0) return "None.";
  return table(
    ["WORKSTATION", "STATE", "USERS", "LAST REPORT"],
    all.map((workstation) => {
      const last = lastReportOf(workstation);
      const users = workstation.activations.map(({ user }) => user.name).join(", ");
      return [
        workstation.name,
        statesWord(workstation),
        users || null,
        last === null ? null : momentOf(last),
      ];
    }),
  );
}

async function listWorkstations(
  invocation: Invocation,
  { search, all }: { search?: string; all?: true },
): Promise<void> {
  const scope = await invocation.organisation();
  const filter = search === undefined ? {} : { search };
  const page = all ? await loadAllWorkstations(scope, filter) : await loadWorkstations(scope, filter);
  invocation.show(page, () => listScreen(page.workstations));
  if (page.more) remark("hint: there are more: --all lists all of them");
}

export function showScreen(workstation: WorkstationDetail, team: string): string {
  const { id, name, os, lostAt, activations } = workstation;
  const lost = lostAt === null ? [] : ([["declared lost", momentOf(lostAt)]] as const);
  const rows = activations.map(({ user, version, lastReportAt, openedAt, keystore, client }) => [
    user.name,
    version === 0 ? null : `version ${version}`,
    lastReportAt === null ? null : momentOf(lastReportAt),
    openedAt === null ? null : momentOf(openedAt),
    keystore,
    client,
  ]);
  return [
    fields([
      ["name", name],
      ["id", id],
      ["system", os ?? "–"],
      ["team", team],
      ["state", statesWord(workstation)],
      ...lost,
    ]),
    "",
    rows.length === 0
      ? "Nobody is active on it."
      : table(["USER", "KEY-FILE", "LAST REPORT", "LAST OPENED", "SECRETS IN", "CLIENT"], rows),
  ].join("\n");
}

async function loadTeams({ call, params }: Scope) {
  return (await call(workstationTeams.listWorkstationTeams, { params })).workstationTeams;
}

async function showWorkstation(invocation: Invocation, text: string): Promise<void> {
  const scope = await invocation.organisation();
  const found = await findWorkstation(scope, text);
  const params = { ...scope.params, workstationId: found.id };
  const workstation = await scope.call(workstations.showWorkstation, { params });
  const team = (await loadTeams(scope)).find(({ id }) => id === workstation.teamId);
  invocation.show(workstation, () => showScreen(workstation, team?.name ?? workstation.teamId));
}

async function moveWorkstation(invocation: Invocation, text: string, named: string): Promise<void> {
  const scope = await invocation.organisation();
  const team = pick(await loadTeams(scope), named, {
    noun: "workstation team",
    place: `in ${scope.organisation.name}`,
    namesOf: ({ id, name }) => [id, name],
    labelOf: ({ id }) => id,
    list: "all of them: lockstep workstation-teams list",
  });
  const { id: workstationId } = await findWorkstation(scope, text);
  const params = { ...scope.params, workstationId };
  const moved = await scope.call(workstations.moveWorkstation, { params, body: { teamId: team.id } });
  invocation.show(moved, () => `Moved ${moved.name} to ${team.name}: ${statesWord(moved)}.`);
}

async function postPolicy(invocation: Invocation, text: string): Promise<void> {
  const scope = await invocation.organisation();
  const { id: workstationId, name } = await findWorkstation(scope, text);
  const params = { ...scope.params, workstationId };
  const reply = await scope.call(workstations.postWorkstationPolicy, { params });
  invocation.show(reply, () => `Posted the policy to ${name}, to ${counted(reply.posted, "activation")}.`);
}

export function exposureScreen({ exposed }: Exposure): string {
  if (exposed.length === 0) return "It was never sent a key.";
  return table(
    ["KEY", "VERSION", "SINCE", "NEW FILES"],
    exposed.map(({ key, version, from, isInUse }) => [
      key.name,
      version,
      dateOf(from),
      isInUse ? "use it: rotate the key" : "use another",
    ]),
  );
}

async function showExposure(invocation: Invocation, text: string): Promise<void> {
  const scope = await invocation.organisation();
  const { id: workstationId } = await findWorkstation(scope, text);
  const params = { ...scope.params, workstationId };
  const exposure = await scope.call(workstations.showExposure, { params });
  invocation.show(exposure, () => exposureScreen(exposure));
}

async function declareLost(invocation: Invocation, text: string, rotateKeys: boolean): Promise<void> {
  const scope = await invocation.organisation();
  const { id: workstationId, name } = await findWorkstation(scope, text);
  const params = { ...scope.params, workstationId };
  const exposure = await scope.call(workstations.declareLost, { params, body: { rotateKeys } });
  const lines = [`Declared ${name} lost: nobody is active on it any more. What it was sent:`, ""];
  invocation.show(exposure, () => [...lines, exposureScreen(exposure)].join("\n"));
}

function addReadingCommands(noun: Command, invocation: Invocation): void {
  noun
    .command("list")
    .description("Workstations by name, with who is active on them: the first 50, or all of them.")
    .option("--search <text>", "only whose name begins so; capitals do not matter")
    .option("--all", "all of them, however many there are")
    .action((options: { search?: string; all?: true }) => listWorkstations(invocation, options));

  noun
    .command("show")
    .description("One workstation: its states, and everybody who is active on it.")
    .argument(...workstationArgument)
    .action((text: string) => showWorkstation(invocation, text));

  noun
    .command("exposure")
    .description("Which versions of which keys a workstation was ever sent.")
    .argument(...workstationArgument)
    .action((text: string) => showExposure(invocation, text));
}

export function addWorkstationCommands(program: Command, invocation: Invocation): void {
  const noun = program
    .command("workstations")
    .alias("workstation")
    .description("Workstations: machines, which appear by themselves when somebody activates on them.");
  addReadingCommands(noun, invocation);

  noun
    .command("move")
    .description("Puts a workstation into a workstation team, whose policy then holds on it.")
    .argument(...workstationArgument)
    .requiredOption("--team <team>", "the name of a workstation team, or its id")
    .action((text: string, { team }: { team: string }) => moveWorkstation(invocation, text, team));

  noun
    .command("post-policy")
    .description("Posts the policy that should hold on the workstation.")
    .argument(...workstationArgument)
    .action((text: string) => postPolicy(invocation, text));

  noun
    .command("lost")
    .description(
      [
        "Declares a workstation lost: whoever is active on it no longer is, a wipe is posted in case it calls",
        "again, and it is shown which keys it was sent.",
      ].join(" "),
    )
    .argument(...workstationArgument)
    .option("--rotate-keys", "makes new versions of the keys it holds that new files are encrypted with")
    .action((text: string, { rotateKeys }: { rotateKeys?: true }) =>
      declareLost(invocation, text, rotateKeys === true),
    );
}
