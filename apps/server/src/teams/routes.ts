// What answers for teams.

import { teams } from "@lockstep/api";
import { effectivePolicyOf, policySettingCodes } from "@lockstep/core";

import type { Writing } from "../facts/change.ts";
import { route, type Route } from "../http/route.ts";
import { Refusal } from "../refusal.ts";
import { revertTeam, setTeamPolicy } from "./commands.ts";
import { listTeamRevisions, listTeams, loadTeam, type Team } from "./store.ts";

export function teamRoutes(writing: Writing): Route[] {
  const { database } = writing;
  return [
    route(teams.listTeams, ({ params: { organisationId } }) =>
      database.snapshot(async (snapshot) => {
        const all = await listTeams(snapshot, organisationId);
        // Every organisation has a root team.
        if (all.length === 0) throw new Refusal("organisation_not_found");
        return { teams: all };
      }),
    ),
    route(teams.showTeam, ({ params: { organisationId, teamId } }) =>
      database.snapshot(async (snapshot) => {
        const team = await loadTeam(snapshot, organisationId, teamId);
        const revisions = await listTeamRevisions(snapshot, organisationId, teamId);
        return {
          team,
          effective: effectiveOf(team, await listTeams(snapshot, organisationId)),
          revisions: revisions.map(({ revision, at, policy, causeTeamId }) => ({
            revision,
            at,
            policy,
            own: causeTeamId === teamId,
          })),
        };
      }),
    ),
    route(teams.setTeamPolicy, ({ params, body }) =>
      setTeamPolicy(writing, params.organisationId, { teamId: params.teamId, ...body }),
    ),
    route(teams.revertTeam, ({ params, body }) =>
      revertTeam(writing, params.organisationId, { teamId: params.teamId, ...body }),
    ),
  ];
}

/** Every setting that holds in a team, with the team that sets it. */
function effectiveOf(team: Team, all: readonly Team[]) {
  const byId = new Map(all.map((each) => [each.id, each]));
  const chain: Team[] = [];
  for (let level: Team | undefined = team; level !== undefined;) {
    chain.unshift(level);
    level = level.parentId === null ? undefined : byId.get(level.parentId);
  }
  const effective = effectivePolicyOf(
    chain.map(({ id, name, policy }) => ({ origin: { id, name }, policy })),
  );
  return policySettingCodes.map((setting) => ({ setting, ...effective[setting] }));
}
