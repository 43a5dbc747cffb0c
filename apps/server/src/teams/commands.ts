// Changes the tree of teams and what they set. What everybody below should hold follows by itself, and every status
// with it. Changes of one organisation take turns, so what was loaded stays true until the change is written.

import type { GroupId, OrganisationId, Policy, TeamId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import type { ContentChange } from "../db/change.ts";
import { changeContents, type Writing } from "../facts/change.ts";
import { loadGroups } from "../keys/store.ts";
import { Refusal } from "../refusal.ts";
import {
  deleteTeam,
  findTeamRevision,
  giveGroupToTeam,
  insertTeam,
  isTeamInUse,
  isTeamNameTaken,
  listTeamsAbove,
  loadTeam,
  lockTeam,
  takeGroupFromTeam,
  updateTeamName,
  updateTeamParent,
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
    await replaceGroups(change, team, former.groupIds);
    change.record({ kind: "team-reverted", teamId, detail: { to } });
    return { ...team, policy: former.policy, groupIds: former.groupIds, revision: revision + 1 };
  });
}

async function replaceGroups(change: ContentChange, team: Team, groupIds: readonly GroupId[]): Promise<void> {
  for (const groupId of team.groupIds) {
    if (!groupIds.includes(groupId)) await takeGroupFromTeam(change, team.id, groupId);
  }
  for (const groupId of groupIds) {
    if (!team.groupIds.includes(groupId)) await giveGroupToTeam(change, team.id, groupId);
  }
  change.touchTeams([team.id]);
}

/**
 * Replaces the encryption groups that the team gives itself.
 * @throws Refusal team_not_found, group_not_found, revision_changed.
 */
export async function setTeamGroups(
  writing: Writing,
  organisationId: OrganisationId,
  { teamId, revision, groupIds }: Edit & { readonly groupIds: readonly GroupId[] },
): Promise<Team> {
  return changeContents(writing, organisationId, async (change) => {
    const team = await loadUnchanged(change, teamId, revision);
    const groups = await loadGroups(change, organisationId, groupIds);
    await replaceGroups(change, team, groupIds);
    const detail = { groups: groups.map(({ name }) => name) };
    change.record({ kind: "team-groups-changed", teamId, detail });
    const sorted = [...new Set(groupIds)].sort();
    return { ...team, groupIds: sorted, revision: revision + 1 };
  });
}

async function refuseTakenName(
  change: ContentChange,
  place: { readonly parentId: TeamId | null; readonly name: string },
): Promise<void> {
  if (await isTeamNameTaken(change, change.organisationId, place)) throw new Refusal("name_taken");
}

/** The parent is there, and has no team of that name below it. */
export async function createTeamWithin(
  change: ContentChange,
  { name, parentId }: { readonly name: string; readonly parentId: TeamId },
): Promise<TeamId> {
  const id = uuid() as TeamId;
  await insertTeam(change, { id, parentId, name });
  change.record({ kind: "team-created", teamId: id });
  return id;
}

/** @throws Refusal team_not_found, name_taken. */
export async function createTeam(
  writing: Writing,
  organisationId: OrganisationId,
  { name, parentId }: { readonly name: string; readonly parentId: TeamId },
): Promise<Team> {
  return changeContents(writing, organisationId, async (change) => {
    await loadTeam(change, organisationId, parentId);
    await refuseTakenName(change, { parentId, name });
    const id = await createTeamWithin(change, { name, parentId });
    // Made as revision 1; what it inherits makes the next.
    return { ...(await loadTeam(change, organisationId, id)), revision: 2 };
  });
}

/** @throws Refusal team_not_found, name_taken, revision_changed. */
export async function renameTeam(
  writing: Writing,
  organisationId: OrganisationId,
  { teamId, revision, name }: Edit & { readonly name: string },
): Promise<Team> {
  return changeContents(writing, organisationId, async (change) => {
    const team = await loadUnchanged(change, teamId, revision);
    if (name !== team.name) await refuseTakenName(change, { parentId: team.parentId, name });
    await updateTeamName(change, teamId, name);
    change.record({ kind: "team-renamed", teamId, detail: { from: team.name, to: name } });
    return { ...team, name, revision: revision + 1 };
  });
}

/** @throws Refusal team_not_found, team_is_root, team_move_cyclic, name_taken, revision_changed. */
export async function moveTeam(
  writing: Writing,
  organisationId: OrganisationId,
  { teamId, revision, parentId }: Edit & { readonly parentId: TeamId },
): Promise<Team> {
  return changeContents(writing, organisationId, async (change) => {
    const team = await loadUnchanged(change, teamId, revision);
    if (team.parentId === null) throw new Refusal("team_is_root");
    const above = await listTeamsAbove(change, organisationId, parentId);
    if (above.length === 0) throw new Refusal("team_not_found");
    if (above.some(({ id }) => id === teamId)) throw new Refusal("team_move_cyclic");
    if (parentId !== team.parentId) await refuseTakenName(change, { parentId, name: team.name });
    await updateTeamParent(change, teamId, parentId);
    change.record({ kind: "team-moved", teamId, detail: { to: above.at(-1)?.name } });
    return { ...team, parentId, revision: revision + 1 };
  });
}

/** @throws Refusal team_not_found, team_is_root, team_not_empty, revision_changed. */
export async function removeTeam(
  writing: Writing,
  organisationId: OrganisationId,
  { teamId, revision }: Edit,
): Promise<void> {
  await changeContents(writing, organisationId, async (change) => {
    const { name, parentId } = await loadUnchanged(change, teamId, revision);
    if (parentId === null) throw new Refusal("team_is_root");
    await lockTeam(change, teamId);
    if (await isTeamInUse(change, organisationId, teamId)) throw new Refusal("team_not_empty");
    await deleteTeam(change, { id: teamId, parentId });
    change.record({ kind: "team-deleted", teamId, detail: { name } });
  });
}
