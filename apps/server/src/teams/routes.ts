// What answers for teams.

import { teams } from "@lockstep/api";

import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import {
  createTeam,
  moveTeam,
  removeTeam,
  renameTeam,
  revertTeam,
  setTeamGroups,
  setTeamPolicy,
} from "./commands.ts";
import { compareTeams, gatherHoldings } from "./holdings.ts";
import { listTeamRevisions, listTeams, loadTeam } from "./store.ts";

export function teamRoutes(database: Database): Route[] {
  return [...readingRoutes(database), ...changingRoutes()];
}

function readingRoutes(database: Database): Route[] {
  return [
    route(teams.listTeams, ({ params }) =>
      database.snapshot(async (snapshot) => ({ teams: await listTeams(snapshot, params.organisationId) })),
    ),
    route(teams.showTeam, ({ params: { organisationId, teamId } }) =>
      database.snapshot(async (snapshot) => {
        const team = await loadTeam(snapshot, organisationId, teamId);
        const revisions = await listTeamRevisions(snapshot, organisationId, teamId);
        return {
          team,
          holdings: await gatherHoldings(snapshot, organisationId, teamId),
          revisions: revisions.map(({ revision, at, policy, groupIds, causeTeamId }) => {
            return { revision, at, policy, groupIds, own: causeTeamId === teamId };
          }),
        };
      }),
    ),
    route(teams.compareTeams, ({ params: { organisationId, teamId }, query }) =>
      database.snapshot((snapshot) => compareTeams(snapshot, organisationId, { teamId, ...query })),
    ),
  ];
}

function changingRoutes(): Route[] {
  return [
    route(teams.createTeam, ({ writing, params, body }) => createTeam(writing, params.organisationId, body)),
    route(teams.renameTeam, ({ writing, params: { organisationId, teamId }, body, match }) =>
      renameTeam(writing, organisationId, { teamId, revision: match, ...body }),
    ),
    route(teams.moveTeam, ({ writing, params: { organisationId, teamId }, body, match }) =>
      moveTeam(writing, organisationId, { teamId, revision: match, ...body }),
    ),
    route(teams.setTeamGroups, ({ writing, params: { organisationId, teamId }, body, match }) =>
      setTeamGroups(writing, organisationId, { teamId, revision: match, ...body }),
    ),
    route(teams.deleteTeam, async ({ writing, params: { organisationId, teamId }, match }) => {
      await removeTeam(writing, organisationId, { teamId, revision: match });
      return {};
    }),
    route(teams.setTeamPolicy, ({ writing, params: { organisationId, teamId }, body, match }) =>
      setTeamPolicy(writing, organisationId, { teamId, revision: match, ...body }),
    ),
    route(teams.revertTeam, ({ writing, params: { organisationId, teamId }, body, match }) =>
      revertTeam(writing, organisationId, { teamId, revision: match, ...body }),
    ),
  ];
}
