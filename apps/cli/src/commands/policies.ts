// What a team sets: changed with its impact on everybody, reverted, compared, and its revisions.

import { teams, type Difference } from "@lockstep/api";
import type { Policy } from "@lockstep/core";
import type { Command } from "commander";

import { listGroups, namesOf } from "../groups.ts";
import { valueWord } from "../holdings.ts";
import { saveWithImpact } from "../impact.ts";
import type { Invocation } from "../invocation.ts";
import { momentOf, table } from "../layout.ts";
import { collected, wholeNumber } from "../arguments.ts";
import { typed } from "../naming.ts";
import { editedPolicy, policyWord, savedSentence } from "../policy.ts";
import { loadTeams, teamArgument } from "../team-tree.ts";

interface PolicyOptions {
  readonly unset?: readonly string[];
  readonly preview?: true;
}

async function setPolicy(
  invocation: Invocation,
  named: string,
  { set, unset = [], preview }: { set: readonly string[] } & PolicyOptions,
): Promise<void> {
  const scope = await invocation.organisation();
  const team = (await loadTeams(scope)).pick(named);
  const policy: Policy = editedPolicy(team.policy, { set, unset });
  await saveWithImpact(invocation, scope, {
    proposal: { kind: "team-policy", teamId: team.id, policy },
    isPreview: preview === true,
    save: async () => {
      const params = { ...scope.params, teamId: team.id };
      const reply = await scope.call(teams.setTeamPolicy, { params, match: team.revision, body: { policy } });
      const undo = `lockstep team revert ${typed(named)} --to ${team.revision}`;
      return { reply, screen: `${savedSentence(reply)}\nTo undo it: ${undo}` };
    },
  });
}

async function revertTeam(invocation: Invocation, named: string, to: number): Promise<void> {
  const scope = await invocation.organisation();
  const { id: teamId, revision: match } = (await loadTeams(scope)).pick(named);
  const team = await scope.call(teams.revertTeam, {
    params: { ...scope.params, teamId },
    match,
    body: { to },
  });
  invocation.show(team, () => `${team.name} is as in revision ${to} again. ${savedSentence(team)}`);
}

function differenceScreen({ settings, keysAdded, keysTakenAway }: Difference): string {
  const rows = settings.map(({ setting, from, to }) => [
    setting,
    valueWord(from.value),
    valueWord(to.value),
    to.origin === null ? "default" : to.origin.name,
  ]);
  const keys = [
    ...keysAdded.map(({ name, groups }) => ["added", name, groups.join(", ")]),
    ...keysTakenAway.map(({ name, groups }) => ["taken away", name, groups.join(", ")]),
  ];
  const parts = [
    ...(rows.length === 0 ? [] : [table(["SETTING", "HERE", "THERE", "FROM"], rows)]),
    ...(keys.length === 0 ? [] : [table(["THERE", "KEY", "GROUPS"], keys)]),
  ];
  return parts.length === 0 ? "No difference." : parts.join("\n\n");
}

async function compareTeams(invocation: Invocation, named: string, other: string): Promise<void> {
  const scope = await invocation.organisation();
  const tree = await loadTeams(scope);
  const params = { ...scope.params, teamId: tree.pick(named).id };
  const reply = await scope.call(teams.compareTeams, { params, query: { to: tree.pick(other).id } });
  invocation.show(reply, () => differenceScreen(reply));
}

async function listRevisions(invocation: Invocation, named: string): Promise<void> {
  const scope = await invocation.organisation();
  const params = { ...scope.params, teamId: (await loadTeams(scope)).pick(named).id };
  const reply = await scope.call(teams.showTeam, { params });
  const groups = reply.revisions.some(({ groupIds }) => groupIds.length > 0) ? await listGroups(scope) : [];
  const rows = reply.revisions.map(({ revision, at, own, policy, groupIds }) => [
    revision,
    momentOf(at),
    own ? "here" : "elsewhere",
    policyWord(policy),
    namesOf(groupIds, groups),
  ]);
  invocation.show(reply, () => table(["REVISION", "AT", "CHANGED", "SETS", "GROUPS"], rows));
}

export function addPolicyCommands(noun: Command, invocation: Invocation): void {
  noun
    .command("set-policy")
    .description(
      [
        "Changes what a team sets itself; settings that are not named stay as they are. Shows first,",
        "in exact numbers, what that does to everybody's status. Nobody is posted a Key-File by it.",
      ].join(" "),
    )
    .argument(...teamArgument)
    .argument("[setting=value...]", "all of them: lockstep settings")
    .option("--unset <setting>", "inherits it again; may be repeated", collected)
    .option("--preview", "shows what it would do, and saves nothing")
    .addHelpText(
      "after",
      "\nExample:\n  lockstep team set-policy Pilots removable-media.mode=block --unset sync.interval --preview",
    )
    .action((named: string, set: string[], options: PolicyOptions) =>
      setPolicy(invocation, named, { set, ...options }),
    );

  noun
    .command("revert")
    .description(
      "Gives a team the settings and groups of an earlier revision. Everybody's former status returns by itself.",
    )
    .argument(...teamArgument)
    .requiredOption("--to <revision>", "the revision: lockstep team revisions TEAM", wholeNumber)
    .action((named: string, { to }: { to: number }) => revertTeam(invocation, named, to));

  noun
    .command("compare")
    .description("What is held in another team and not in this one: what a move there adds and takes away.")
    .argument(...teamArgument)
    .argument("<other>")
    .action((named: string, other: string) => compareTeams(invocation, named, other));

  noun
    .command("revisions")
    .description("What a team has set and given, newest first.")
    .argument(...teamArgument)
    .action((named: string) => listRevisions(invocation, named));
}
