// What answers for organisations.

import { organisations } from "@lockstep/api";

import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import { listOrganisations, loadOrganisation } from "./store.ts";

export function organisationRoutes(database: Database): Route[] {
  return [
    route(organisations.listOrganisations, async () => ({
      organisations: await database.snapshot(listOrganisations),
    })),
    route(organisations.showOrganisation, ({ params }) =>
      database.snapshot((snapshot) => loadOrganisation(snapshot, params.organisationId)),
    ),
  ];
}
