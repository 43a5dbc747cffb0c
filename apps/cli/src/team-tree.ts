// The tree of teams: the path of each, and a team by its name or path.

import { teams, type Team } from "@lockstep/api";
import type { TeamId } from "@lockstep/core";

import type { Scope } from "./invocation.ts";
import { pick } from "./naming.ts";

/** How a team is named on the command line. */
export const teamArgument = ["<team>", "a name, a path as in Operations/Pilots, or an id"] as const;

export class TeamTree {
  readonly teams: readonly Team[];
  readonly #byId: ReadonlyMap<TeamId, Team>;
  readonly #place: string;

  constructor(all: readonly Team[], organisation: string) {
    this.teams = all;
    this.#byId = new Map(all.map((team) => [team.id, team]));
    this.#place = `in ${organisation}`;
  }

  /** From the root down to the team itself. */
  lineOf(team: Team): Team[] {
    const parent = team.parentId === null ? undefined : this.#byId.get(team.parentId);
    return parent === undefined ? [team] : [...this.lineOf(parent), team];
  }

  /** Names from the root down: no two teams have the same path. */
  pathOf(team: Team): string {
    return this.lineOf(team)
      .map(({ name }) => name)
      .join("/");
  }

  nameOf(id: TeamId): string {
    return this.#byId.get(id)?.name ?? id;
  }

  /** The team of a name, of a path or of the end of one. */
  pick(text: string): Team {
    return pick(this.teams, text, {
      noun: "team",
      place: this.#place,
      namesOf: (team) => {
        const names = this.lineOf(team).map(({ name }) => name);
        return [team.id, ...names.map((_name, start) => names.slice(start).join("/"))];
      },
      labelOf: (team) => this.pathOf(team),
      list: "all of them: lockstep teams list",
    });
  }
}

export async function loadTeams({ call, params, organisation }: Scope): Promise<TeamTree> {
  const { teams: all } = await call(teams.listTeams, { params });
  return new TeamTree(all, organisation.name);
}
