// Changes what teams set. What everybody below should hold follows by itself, and every status with it.

import type { OrganisationId, Policy, TeamId } from "@lockstep/core";

import type { ContentChange } from "../db/change.ts";
import { changeContents, type Writing } from "../facts/change.ts";
import { Refusal } from "../refusal.ts";
import {
  findTeamRevision,
  giveGroupToTeam,
  loadTeam,
  takeGroupFromTeam,
  updateTeamPolicy,
  type Team,
} from "./store.ts";

/** The team as its editor saw it; whoever saved meanwhile is not overwritten. */
async function loadUnchanged(change: ContentChange, teamId: TeamId, revision: number): Promise<Team> {
  const team = await loadTeam(change, change.organisationId, teamId);
  if (team.revision !== revision) throw new Refusal("revision_changed");
  return team;
}

export interface Edit {
  readonly teamId: TeamId;
  /** The revision that was edited. */
  readonly revision: number;
}

/**
 * Replaces what the team sets itself.
 * @throws Refusal team_not_found, revision_changed.
 */
export async function setTeamPolicy(
  writing: Writing,
  organisationId: OrganisationId,
  { teamId, revision, policy }: Edit & { readonly policy: Policy },
): Promise<Team> {
  return changeContents(writing, organisationId, async (change) => {
    const team = await loadUnchanged(change, teamId, revision);
    await updateTeamPolicy(change, teamId, policy);
    change.record({ kind: "team-policy-changed", teamId, detail: { from: team.policy, to: policy } });
    return { ...team, policy, revision: revision + 1 };
  });
}

/**
 * Gives the team the settings and groups it had. The contents are then the same as before, and so is everybody's
 * status.
 * @throws Refusal team_not_found, team_revision_not_found, revision_changed.
 */
export async function revertTeam(
  writing: Writing,
  organisationId: OrganisationId,
  { teamId, revision, to }: Edit & { readonly to: number },
): Promise<Team> {
  return changeContents(writing, organisationId, async (change) => {
    const team = await loadUnchanged(change, teamId, revision);
    const former = await findTeamRevision(change, organisationId, teamId, to);
    if (former === undefined) throw new Refusal("team_revision_not_found");
    await updateTeamPolicy(change, teamId, former.policy);
    for (const groupId of team.groupIds) {
      if (!former.groupIds.includes(groupId)) await takeGroupFromTeam(change, teamId, groupId);
    }
    for (const groupId of former.groupIds) await giveGroupToTeam(change, teamId, groupId);
    change.record({ kind: "team-reverted", teamId, detail: { to } });
    return { ...team, policy: former.policy, groupIds: former.groupIds, revision: revision + 1 };
  });
}
