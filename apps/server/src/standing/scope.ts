// Whose standings are asked for. That the organisation is there was found out before: whether the caller may see it.

import type { OrganisationId, TeamId } from "@lockstep/core";

import type { Snapshot } from "../db/database.ts";
import { loadTeam } from "../teams/store.ts";
import { listSubTeams, type Scope } from "./store.ts";

/** @throws Refusal team_not_found. */
export async function scopeOf(
  snapshot: Snapshot,
  organisationId: OrganisationId,
  { team, subTeams }: { team?: TeamId | undefined; subTeams: boolean },
): Promise<Scope> {
  if (team === undefined) return { organisationId, teams: null };
  await loadTeam(snapshot, organisationId, team);
  return { organisationId, teams: subTeams ? await listSubTeams(snapshot, organisationId, team) : [team] };
}
