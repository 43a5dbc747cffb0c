// What answers for the forecast.

import { forecast } from "@lockstep/api";

import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import { gatherForecast } from "./gather.ts";

const dayMilliseconds = 86_400_000;
const mostOfAKind = 500;

export function forecastRoutes({ database, clock }: { database: Database; clock: Clock }): Route[] {
  return [
    route(forecast.showForecast, async ({ params: { organisationId }, query: { days, kind } }) => {
      const at = clock();
      const until = new Date(at.getTime() + days * dayMilliseconds);
      const window = { at, until, limit: mostOfAKind, kind };
      const expected = await database.snapshot((snapshot) =>
        gatherForecast(snapshot, organisationId, window),
      );
      return { until: until.toISOString(), expected };
    }),
  ];
}
