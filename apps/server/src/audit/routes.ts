// What answers for the record of changes.

import { events } from "@lockstep/api";

import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import { verifyEvents } from "./seals.ts";

export function eventRoutes(database: Database): Route[] {
  return [route(events.verifyEvents, ({ params }) => verifyEvents(database, params.organisationId))];
}
