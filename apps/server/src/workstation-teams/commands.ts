// Changes the tree of workstations and what its levels set. Changes of one organisation take turns.

import {
  effectiveWorkstationPolicyOf,
  workstationSettingCodes,
  type OrganisationId,
  type WorkstationPolicy,
} from "@lockstep/core";
import type { WorkstationTeam as Shown } from "@lockstep/api";
import { v7 as uuid } from "uuid";

import { changeContents, type Writing } from "../facts/change.ts";
import { Refusal } from "../refusal.ts";
import { countWorkstations } from "../workstations/store.ts";
import {
  deleteWorkstationTeam,
  insertWorkstationTeam,
  listWorkstationTeams,
  updateWorkstationPolicy,
  type WorkstationTeam,
  type WorkstationTeamId,
} from "./store.ts";

/** What holds in each team, each value with the team that it comes from. */
function effectiveByTeam(all: readonly WorkstationTeam[]) {
  const byId = new Map(all.map((each) => [each.id, each]));
  return all.map((team) => {
    const chain: WorkstationTeam[] = [];
    for (let level: WorkstationTeam | undefined = team; level !== undefined;) {
      chain.unshift(level);
      level = level.parentId === null ? undefined : byId.get(level.parentId);
    }
    const effective = effectiveWorkstationPolicyOf(
      chain.map(({ id, name, policy }) => ({ origin: { id, name }, policy })),
    );
    return { team, effective };
  });
}

/** The policy that holds on the workstations of each team. */
export function effectivePoliciesOf(
  all: readonly WorkstationTeam[],
): ReadonlyMap<WorkstationTeamId, WorkstationPolicy> {
  return new Map(
    effectiveByTeam(all).map(({ team, effective }) => {
      const values = workstationSettingCodes.map((setting) => [setting, effective[setting].value] as const);
      return [team.id, Object.fromEntries(values)];
    }),
  );
}

/** With everything that holds at each level, and where it comes from. */
export function shownOf(all: readonly WorkstationTeam[]): Shown[] {
  return effectiveByTeam(all).map(({ team, effective }) => {
    const settings = workstationSettingCodes.map((setting) => ({ setting, ...effective[setting] }));
    return { ...team, effective: settings };
  });
}

function found<Team extends { id: WorkstationTeamId }>(all: readonly Team[], id: WorkstationTeamId): Team {
  const team = all.find((each) => each.id === id);
  if (team === undefined) throw new Refusal("workstation_team_not_found");
  return team;
}

function foundUnchanged(
  all: readonly WorkstationTeam[],
  { id, revision }: { id: WorkstationTeamId; revision: number },
): WorkstationTeam {
  const team = found(all, id);
  if (team.revision !== revision) throw new Refusal("revision_changed");
  return team;
}

/** @throws Refusal workstation_team_not_found, name_taken. */
export async function createWorkstationTeam(
  writing: Writing,
  organisationId: OrganisationId,
  { name, parentId }: { name: string; parentId: WorkstationTeamId },
): Promise<Shown> {
  return changeContents(writing, organisationId, async (change) => {
    const all = await listWorkstationTeams(change, organisationId);
    found(all, parentId);
    if (all.some((each) => each.parentId === parentId && each.name === name)) throw new Refusal("name_taken");
    const id = uuid() as WorkstationTeamId;
    await insertWorkstationTeam(change, { id, parentId, name });
    change.record({ kind: "workstation-team-created", detail: { name } });
    return found(shownOf(await listWorkstationTeams(change, organisationId)), id);
  });
}

/** @throws Refusal workstation_team_not_found, revision_changed. */
export async function setWorkstationPolicy(
  writing: Writing,
  organisationId: OrganisationId,
  { id, revision, policy }: { id: WorkstationTeamId; revision: number; policy: WorkstationPolicy },
): Promise<Shown> {
  return changeContents(writing, organisationId, async (change) => {
    const team = foundUnchanged(await listWorkstationTeams(change, organisationId), { id, revision });
    await updateWorkstationPolicy(change, id, policy);
    const detail = { name: team.name, from: team.policy, to: policy };
    change.record({ kind: "workstation-policy-changed", detail });
    return found(shownOf(await listWorkstationTeams(change, organisationId)), id);
  });
}

/** @throws Refusal workstation_team_not_found, revision_changed, team_is_root, team_not_empty. */
export async function removeWorkstationTeam(
  writing: Writing,
  organisationId: OrganisationId,
  { id, revision }: { id: WorkstationTeamId; revision: number },
): Promise<void> {
  await changeContents(writing, organisationId, async (change) => {
    const all = await listWorkstationTeams(change, organisationId);
    const { name, parentId } = foundUnchanged(all, { id, revision });
    if (parentId === null) throw new Refusal("team_is_root");
    const isParent = all.some((each) => each.parentId === id);
    if (isParent || (await countWorkstations(change, organisationId, id)) > 0)
      throw new Refusal("team_not_empty");
    await deleteWorkstationTeam(change, id);
    change.record({ kind: "workstation-team-deleted", detail: { name } });
  });
}
