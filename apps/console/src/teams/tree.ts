// The tree of teams, out of the flat list that the server gives.

import type { Team } from "@lockstep/api";
import { effectivePolicyOf, type TeamId } from "@lockstep/core";

/** Where a value comes from. */
export interface TeamOrigin {
  readonly id: TeamId;
  readonly name: string;
}

export interface Branch {
  readonly team: Team;
  /** 0 for the root. */
  readonly depth: number;
}

/** Every team below its parent, siblings in the order given. */
export function treeOf(teams: readonly Team[]): Branch[] {
  const byParent = Map.groupBy(teams, ({ parentId }) => parentId);
  const below = (parentId: TeamId | null, depth: number): Branch[] =>
    (byParent.get(parentId) ?? []).flatMap((team) => [{ team, depth }, ...below(team.id, depth + 1)]);
  return below(null, 0);
}

/** The teams from the root down to one, which is the last. */
export function pathOf(teams: readonly Team[], teamId: TeamId): Team[] {
  const byId = new Map(teams.map((team) => [team.id, team]));
  const path: Team[] = [];
  for (let team = byId.get(teamId); team !== undefined;) {
    path.unshift(team);
    team = team.parentId === null ? undefined : byId.get(team.parentId);
  }
  return path;
}

/** The policy that would hold in a team that sets nothing itself. */
export function inheritedBy(
  teams: readonly Team[],
  teamId: TeamId,
): ReturnType<typeof effectivePolicyOf<TeamOrigin>> {
  const above = pathOf(teams, teamId).slice(0, -1);
  return effectivePolicyOf(above.map(({ id, name, policy }) => ({ origin: { id, name }, policy })));
}
