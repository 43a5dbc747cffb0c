// Teams: the tree, one of them with what holds in it, and how the tree is changed.

import { teams, type Team } from "@lockstep/api";
import type { Command } from "commander";

import { findGroups, listGroups, namesOf, replacing } from "../groups.ts";
import { holdingsScreen } from "../holdings.ts";
import { saveWithImpact } from "../impact.ts";
import type { Invocation } from "../invocation.ts";
import { fields, table } from "../layout.ts";
import { policyWord } from "../policy.ts";
import { loadTeams, teamArgument } from "../team-tree.ts";
import { indented, inTreeOrder } from "../tree.ts";
import { addPolicyCommands } from "./policies.ts";

function treeScreen(all: readonly Team[]): string {
  const rows = inTreeOrder(all).map((each) => {
    const { policy, groupIds, revision } = each.node;
    return [indented(each), Object.keys(policy).length, groupIds.length, revision];
  });
  return table(["TEAM", "SETTINGS", "GROUPS", "REVISION"], rows);
}

async function showTeam(invocation: Invocation, named: string): Promise<void> {
  const scope = await invocation.organisation();
  const tree = await loadTeams(scope);
  const params = { ...scope.params, teamId: tree.pick(named).id };
  const reply = await scope.call(teams.showTeam, { params });
  const { team, holdings } = reply;
  const groups = team.groupIds.length === 0 ? "none" : namesOf(team.groupIds, await listGroups(scope));
  const own = fields([
    ["team", tree.pathOf(team)],
    ["revision", String(team.revision)],
    ["sets itself", policyWord(team.policy)],
    ["own groups", groups],
  ]);
  invocation.show(reply, () => `${own}\n\n${holdingsScreen(holdings)}`);
}

async function createTeam(invocation: Invocation, name: string, parent: string): Promise<void> {
  const scope = await invocation.organisation();
  const above = (await loadTeams(scope)).pick(parent);
  const body = { name, parentId: above.id };
  const team = await scope.call(teams.createTeam, { params: scope.params, body });
  invocation.show(team, () => `Created ${team.name} below ${above.name}.`);
}

async function renameTeam(invocation: Invocation, named: string, name: string): Promise<void> {
  const scope = await invocation.organisation();
  const { id: teamId, revision: match, name: former } = (await loadTeams(scope)).pick(named);
  const team = await scope.call(teams.renameTeam, {
    params: { ...scope.params, teamId },
    match,
    body: { name },
  });
  invocation.show(team, () => `${former} is now called ${team.name}.`);
}

interface MoveOptions {
  readonly parent: string;
  readonly preview?: true;
}

async function moveTeam(invocation: Invocation, named: string, options: MoveOptions): Promise<void> {
  const scope = await invocation.organisation();
  const tree = await loadTeams(scope);
  const { id: teamId, revision: match } = tree.pick(named);
  const { id: parentId, name: parent } = tree.pick(options.parent);
  await saveWithImpact(invocation, scope, {
    proposal: { kind: "team-parent", teamId, parentId },
    isPreview: options.preview === true,
    save: async () => {
      const params = { ...scope.params, teamId };
      const reply = await scope.call(teams.moveTeam, { params, match, body: { parentId } });
      return { reply, screen: `Moved ${reply.name} below ${parent}.` };
    },
  });
}

async function deleteTeam(invocation: Invocation, named: string): Promise<void> {
  const scope = await invocation.organisation();
  const { id: teamId, revision: match, name } = (await loadTeams(scope)).pick(named);
  const reply = await scope.call(teams.deleteTeam, { params: { ...scope.params, teamId }, match });
  invocation.show(reply, () => `Deleted ${name}.`);
}

interface GroupOptions {
  readonly none?: true;
  readonly preview?: true;
}

async function setTeamGroups(
  invocation: Invocation,
  named: string,
  { names, preview }: { names: readonly string[]; preview: boolean },
): Promise<void> {
  const scope = await invocation.organisation();
  const { id: teamId, revision: match } = (await loadTeams(scope)).pick(named);
  const groups = await findGroups(scope, names);
  const groupIds = groups.map(({ id }) => id);
  await saveWithImpact(invocation, scope, {
    proposal: { kind: "team-groups", teamId, groupIds },
    isPreview: preview,
    save: async () => {
      const params = { ...scope.params, teamId };
      const reply = await scope.call(teams.setTeamGroups, { params, match, body: { groupIds } });
      const given = groups.length === 0 ? "none" : namesOf(groupIds, groups);
      return {
        reply,
        screen: `Own encryption groups of ${reply.name}: ${given}. Saved as revision ${reply.revision}.`,
      };
    },
  });
}

const previewOption = [
  "--preview",
  "shows what it would do to everybody's status, and saves nothing",
] as const;

function addTreeCommands(noun: Command, invocation: Invocation): void {
  noun
    .command("list")
    .description("The tree of teams, with how many settings and groups each one adds itself.")
    .action(async () => {
      const { call, params } = await invocation.organisation();
      const reply = await call(teams.listTeams, { params });
      invocation.show(reply, () => treeScreen(reply.teams));
    });

  noun
    .command("show")
    .description("One team: what it sets itself, and everything that holds in it with its origin.")
    .argument(...teamArgument)
    .action((named: string) => showTeam(invocation, named));

  noun
    .command("create")
    .description("Makes a team below another one, whose policy and groups it inherits.")
    .argument("<name>")
    .requiredOption("--parent <team>", "the team above")
    .action((name: string, { parent }: { parent: string }) => createTeam(invocation, name, parent));

  noun
    .command("rename")
    .description("Gives a team another name.")
    .argument(...teamArgument)
    .argument("<name>")
    .action((named: string, name: string) => renameTeam(invocation, named, name));

  noun
    .command("move")
    .description("Moves a team, with all below it, under another one, from which it then inherits.")
    .argument(...teamArgument)
    .requiredOption("--parent <team>", "the team above")
    .option(...previewOption)
    .action((named: string, options: MoveOptions) => moveTeam(invocation, named, options));

  noun
    .command("delete")
    .description("Deletes a team that has neither people nor teams below it.")
    .argument(...teamArgument)
    .action((named: string) => deleteTeam(invocation, named));

  noun
    .command("set-groups")
    .description("Replaces the encryption groups that a team gives itself, besides those it inherits.")
    .argument(...teamArgument)
    .argument("[group...]", "all of them; those that are not named are taken away")
    .option("--none", "takes all of them away")
    .option(...previewOption)
    .action((named: string, names: string[], options: GroupOptions) => {
      const wanted = { names: replacing(names, options), preview: options.preview === true };
      return setTeamGroups(invocation, named, wanted);
    });
}

export function addTeamCommands(program: Command, invocation: Invocation): void {
  const noun = program
    .command("teams")
    .alias("team")
    .description("Teams: their tree, and the policy and encryption groups that each level adds.");
  addTreeCommands(noun, invocation);
  addPolicyCommands(noun, invocation);
}
