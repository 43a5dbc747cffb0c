// The tree of teams, out of the flat list that the server gives.

import type { Team } from "@lockstep/api";
import { effectivePolicyOf, type TeamId } from "@lockstep/core";

/** Where a value comes from. */
interface TeamOrigin {
  readonly id: TeamId;
  readonly name: string;
}

export interface Branch<Team> {
  readonly team: Team;
  /** 0 for the root. */
  readonly depth: number;
  readonly hasChildren: boolean;
}

/** Whatever stands below another of its kind, or below nothing. */
interface Node {
  readonly id: string;
  readonly parentId: string | null;
}

/** Every node below its parent, siblings in the order given; what is below a folded one is left out. */
export function treeOf<Team extends Node>(
  teams: readonly Team[],
  isFolded: (team: Team) => boolean = () => false,
): Branch<Team>[] {
  const byParent = Map.groupBy(teams, ({ parentId }) => parentId);
  const below = (parentId: string | null, depth: number): Branch<Team>[] =>
    (byParent.get(parentId) ?? []).flatMap((team) => {
      const children = isFolded(team) ? [] : below(team.id, depth + 1);
      return [{ team, depth, hasChildren: byParent.has(team.id) }, ...children];
    });
  return below(null, 0);
}

/** The nodes from the root down to one, which is the last. */
export function pathOf<Team extends Node>(teams: readonly Team[], teamId: Team["id"]): Team[] {
  const byId = new Map<string, Team>(teams.map((team) => [team.id, team]));
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

/** Whether a team is another one, or below it. */
export function isWithin(teams: readonly Team[], teamId: TeamId, of: TeamId): boolean {
  return pathOf(teams, teamId).some(({ id }) => id === of);
}
