// What answers for authorities and organisations.

import { authorities, organisations } from "@lockstep/api";
import { sees } from "@lockstep/core";

import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import type { RootMaking } from "../roots/commands.ts";
import { createAuthority, createOrganisation, renameOrganisation, switchOrganisation } from "./commands.ts";
import { listAuthorities, listOrganisations, loadOrganisation } from "./store.ts";

export function organisationRoutes(database: Database, making: RootMaking): Route[] {
  return [
    route(authorities.listAuthorities, async () => ({
      authorities: await database.snapshot(listAuthorities),
    })),
    route(authorities.createAuthority, ({ writing, body }) =>
      createAuthority({ ...writing, ...making }, body.name),
    ),
    route(organisations.listOrganisations, async ({ caller }) => {
      const all = await database.snapshot(listOrganisations);
      const visible = all.filter(({ id, authorityId, office, state }) => {
        const target = { userId: null, organisationId: id, authorityId, office, isLastAdministrator: false };
        return state !== "deleted" && sees(caller.actors, target);
      });
      return { organisations: visible };
    }),
    route(organisations.createOrganisation, ({ writing, params, body }) =>
      createOrganisation({ ...writing, ...making }, { ...params, ...body }),
    ),
    route(organisations.showOrganisation, ({ params }) =>
      database.snapshot((snapshot) => loadOrganisation(snapshot, params.organisationId)),
    ),
    route(organisations.renameOrganisation, ({ writing, params, body, match }) =>
      renameOrganisation(writing, params.organisationId, { ...body, revision: match }),
    ),
    route(organisations.switchOrganisation, ({ writing, params, body, match }) =>
      switchOrganisation(writing, params.organisationId, { ...body, revision: match }),
    ),
  ];
}
