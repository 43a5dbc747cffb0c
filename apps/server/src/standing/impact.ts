// Turns what somebody proposes to save into what everybody would then be compared with.

import type { Proposal as Proposed } from "@lockstep/api";
import { parseDay, type ContentId, type Day, type OrganisationId, type TeamId } from "@lockstep/core";

import type { Snapshot } from "../db/database.ts";
import { desiredContentsOf } from "../facts/desired.ts";
import { identify } from "../facts/identity.ts";
import { loadGroupKeys, loadTeamLevels, type TeamLevel } from "../facts/store.ts";
import { findLicence } from "../licences/store.ts";
import { loadOrganisation } from "../organisations/store.ts";
import { Refusal } from "../refusal.ts";
import { loadTeam } from "../teams/store.ts";
import { previewImpact, type Impact } from "./counts.ts";
import { nothingProposed, type Proposal } from "./store.ts";

/**
 * Exact counts before and after, and how many Key-Files a posting would make. Nothing is written.
 * @throws Refusal for a team, licence or group that is not there, and for a team moved below itself.
 */
export async function impactOf(
  snapshot: Snapshot,
  organisationId: OrganisationId,
  proposed: Proposed,
  today: Day,
): Promise<Impact> {
  await loadOrganisation(snapshot, organisationId);
  const proposal = await proposalOf(snapshot, organisationId, proposed);
  return previewImpact(snapshot, { organisationId, teams: null }, today, proposal);
}

async function proposalOf(
  snapshot: Snapshot,
  organisationId: OrganisationId,
  proposed: Proposed,
): Promise<Proposal> {
  if (proposed.kind === "licence-until" || proposed.kind === "licence-suspended") {
    const licence = await findLicence(snapshot, organisationId, proposed.licenceId);
    if (licence === undefined) throw new Refusal("licence_not_found");
    const until = proposed.kind === "licence-until" ? proposed.until : licence.validUntil;
    return {
      ...nothingProposed,
      licence: {
        id: licence.id,
        until: until === null ? null : parseDay(until),
        suspended: proposed.kind === "licence-suspended",
      },
    };
  }
  const levels = await proposedLevels(snapshot, organisationId, proposed);
  const desired = new Map<TeamId, ContentId>();
  for (const [teamId, content] of desiredContentsOf(levels)) desired.set(teamId, identify(content).id);
  return { ...nothingProposed, desired };
}

type TeamProposed = Exclude<Proposed, { kind: "licence-until" | "licence-suspended" }>;

/** The levels above and below the team as they would be. */
async function proposedLevels(
  snapshot: Snapshot,
  organisationId: OrganisationId,
  proposed: TeamProposed,
): Promise<TeamLevel[]> {
  const { teamId } = proposed;
  const team = await loadTeam(snapshot, organisationId, teamId);
  const levels = await loadTeamLevels(snapshot, organisationId, [teamId]);
  const changed = (change: Partial<TeamLevel>) =>
    levels.map((level) => (level.id === teamId ? { ...level, ...change } : level));
  switch (proposed.kind) {
    case "team-policy":
      return changed({ policy: proposed.policy });
    case "team-groups": {
      const groups = await loadGroupKeys(snapshot, organisationId, proposed.groupIds);
      if (groups.length < new Set(proposed.groupIds).size) throw new Refusal("group_not_found");
      return changed({ keys: groups.flatMap(({ keys }) => keys) });
    }
    case "team-parent": {
      if (team.parentId === null) throw new Refusal("team_is_root");
      await loadTeam(snapshot, organisationId, proposed.parentId);
      if (levels.some(({ id, affected }) => affected && id === proposed.parentId)) {
        throw new Refusal("team_move_cyclic");
      }
      const above = await loadTeamLevels(snapshot, organisationId, [proposed.parentId]);
      const moved = changed({ parentId: proposed.parentId });
      const known = new Set(moved.map(({ id }) => id));
      return [
        ...moved,
        ...above.filter(({ id }) => !known.has(id)).map((level) => ({ ...level, affected: false })),
      ];
    }
  }
}
