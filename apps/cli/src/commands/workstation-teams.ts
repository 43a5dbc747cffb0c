// Workstation teams: the tree, and what each sets for its workstations while nobody is signed in to a Key-File.

import { workstationTeams, type WorkstationTeam } from "@lockstep/api";
import type { Command } from "commander";

import type { Invocation } from "../invocation.ts";
import { table } from "../layout.ts";
import { policyWord } from "../policy.ts";
import { indented, inTreeOrder } from "../tree.ts";

function treeScreen(all: readonly WorkstationTeam[]): string {
  const rows = inTreeOrder(all).map((each) => [
    indented(each),
    policyWord(each.node.policy),
    each.node.revision,
  ]);
  return table(["WORKSTATION TEAM", "SETS", "REVISION"], rows);
}

async function listWorkstationTeams(invocation: Invocation): Promise<void> {
  const { call, params } = await invocation.organisation();
  const reply = await call(workstationTeams.listWorkstationTeams, { params });
  invocation.show(reply, () => treeScreen(reply.workstationTeams));
}

export function addWorkstationTeamCommands(program: Command, invocation: Invocation): void {
  const noun = program
    .command("workstation-teams")
    .alias("workstation-team")
    .description("Workstation teams: their tree, and the policy that each level adds.");

  noun
    .command("list")
    .description("The tree of workstation teams, with what each one sets itself.")
    .action(() => listWorkstationTeams(invocation));
}
