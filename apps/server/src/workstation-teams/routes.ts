// What answers for workstation teams.

import { workstationTeams } from "@lockstep/api";

import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import { createWorkstationTeam, removeWorkstationTeam, setWorkstationPolicy, shownOf } from "./commands.ts";
import { listWorkstationTeams } from "./store.ts";

export function workstationTeamRoutes(database: Database): Route[] {
  return [
    route(workstationTeams.listWorkstationTeams, async ({ params }) => {
      const all = await database.snapshot((snapshot) =>
        listWorkstationTeams(snapshot, params.organisationId),
      );
      return { workstationTeams: shownOf(all) };
    }),
    route(workstationTeams.createWorkstationTeam, ({ writing, params, body }) =>
      createWorkstationTeam(writing, params.organisationId, body),
    ),
    route(workstationTeams.setWorkstationPolicy, ({ writing, params, body, match }) =>
      setWorkstationPolicy(writing, params.organisationId, {
        id: params.workstationTeamId,
        revision: match,
        ...body,
      }),
    ),
    route(workstationTeams.deleteWorkstationTeam, async ({ writing, params, match }) => {
      const edited = { id: params.workstationTeamId, revision: match };
      await removeWorkstationTeam(writing, params.organisationId, edited);
      return {};
    }),
  ];
}
