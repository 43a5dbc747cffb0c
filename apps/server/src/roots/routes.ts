// What answers for an organisation's root and for the keys that sign.

import { roots, type Root } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";

import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import {
  confirmExport,
  raiseEpoch,
  renewRoot,
  rotateIssuer,
  rotatePulse,
  type RootMaking,
} from "./commands.ts";
import { showRoot } from "./shown.ts";

export function rootRoutes(database: Database, making: RootMaking): Route[] {
  const show = (organisationId: OrganisationId): Promise<Root> =>
    showRoot(database, making.rootHolder, organisationId);
  return [
    route(roots.showRoot, ({ params }) => show(params.organisationId)),
    route(roots.raiseEpoch, async ({ writing, params: { organisationId }, body, match }) => {
      await raiseEpoch({ ...writing, ...making }, organisationId, { ...body, revision: match });
      return show(organisationId);
    }),
    route(roots.rotateIssuer, async ({ writing, params: { organisationId }, match }) => {
      await rotateIssuer({ ...writing, ...making }, organisationId, { revision: match });
      return show(organisationId);
    }),
    route(roots.rotatePulse, async ({ writing, params: { organisationId }, match }) => {
      await rotatePulse({ ...writing, ...making }, organisationId, { revision: match });
      return show(organisationId);
    }),
    route(roots.renewRoot, async ({ writing, params: { organisationId }, match }) => {
      await renewRoot({ ...writing, ...making }, organisationId, { revision: match });
      return show(organisationId);
    }),
    route(roots.confirmExport, async ({ writing, params: { organisationId } }) => {
      await confirmExport(writing, organisationId);
      return show(organisationId);
    }),
  ];
}
