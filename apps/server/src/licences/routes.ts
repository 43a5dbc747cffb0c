// What answers for licences and their seats.

import { licences } from "@lockstep/api";
import { dayOf, parseDay } from "@lockstep/core";

import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import {
  addLicence,
  assignLicence,
  editLicence,
  replaceLicence,
  resumeLicence,
  returnSeats,
  shownOf,
  suspendLicence,
} from "./commands.ts";
import { listLicences, loadLicence } from "./store.ts";

const dayOrNever = (day: string | null) => (day === null ? null : parseDay(day));

export function licenceRoutes({ database, clock }: { database: Database; clock: Clock }): Route[] {
  const today = () => dayOf(clock());
  return [
    route(licences.listLicences, async ({ params }) => {
      const all = await database.snapshot((snapshot) => listLicences(snapshot, params.organisationId));
      return { licences: all.map((licence) => shownOf(licence, today())) };
    }),
    route(licences.showLicence, async ({ params: { organisationId, licenceId } }) => {
      const licence = await database.snapshot((snapshot) => loadLicence(snapshot, organisationId, licenceId));
      return shownOf(licence, today());
    }),
    route(licences.addLicence, ({ writing, params, body }) =>
      addLicence(writing, params.organisationId, {
        ...body,
        validFrom: parseDay(body.validFrom),
        validUntil: dayOrNever(body.validUntil),
      }),
    ),
    route(licences.editLicence, ({ writing, params: { organisationId, licenceId }, body, match }) =>
      editLicence(writing, organisationId, {
        licenceId,
        revision: match,
        seats: body.seats,
        validUntil: body.validUntil === undefined ? undefined : dayOrNever(body.validUntil),
      }),
    ),
    route(licences.assignLicence, ({ writing, params: { organisationId, licenceId }, body }) =>
      assignLicence(writing, organisationId, { licenceId, ...body }),
    ),
    route(licences.returnSeats, ({ writing, params, body }) =>
      returnSeats(writing, params.organisationId, body.userIds),
    ),
    route(licences.replaceLicence, ({ writing, params: { organisationId, licenceId }, body }) =>
      replaceLicence(writing, organisationId, { licenceId, ...body }),
    ),
    route(licences.suspendLicence, ({ writing, params: { organisationId, licenceId }, match }) =>
      suspendLicence(writing, organisationId, { licenceId, revision: match }),
    ),
    route(licences.resumeLicence, ({ writing, params: { organisationId, licenceId }, match }) =>
      resumeLicence(writing, organisationId, { licenceId, revision: match }),
    ),
  ];
}
