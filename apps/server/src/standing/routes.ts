// What answers for standings: each reply from one snapshot.

import { standings, teams } from "@lockstep/api";
import { dayOf, isId, type UserId } from "@lockstep/core";
import { z } from "zod";

import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import { Refusal } from "../refusal.ts";
import { countStandings } from "./counts.ts";
import { explainStanding } from "./explain.ts";
import { impactOf } from "./impact.ts";
import { listPage } from "./page.ts";
import { scopeOf } from "./scope.ts";
import type { Cursor } from "./store.ts";
import { listTimeline } from "./timeline.ts";

export function standingRoutes({ database, clock }: { database: Database; clock: Clock }): Route[] {
  const today = () => dayOf(clock());
  return [
    route(standings.countInstallation, () =>
      database.snapshot(async (snapshot) => {
        const counts = await countStandings(snapshot, { organisationId: null, teams: null }, today());
        return { asOf: await snapshot.asOf(), counts };
      }),
    ),
    route(standings.countOrganisation, ({ params: { organisationId }, query: { team, subTeams } }) =>
      database.snapshot(async (snapshot) => {
        const scope = await scopeOf(snapshot, organisationId, { team, subTeams });
        const counts = await countStandings(snapshot, scope, today());
        return { asOf: await snapshot.asOf(), counts };
      }),
    ),
    route(standings.listUsers, ({ params: { organisationId }, query }) =>
      database.snapshot(async (snapshot) => {
        const scope = await scopeOf(snapshot, organisationId, query);
        const { status, account, without, limit } = query;
        const wanted = {
          organisationId,
          teams: scope.teams,
          status,
          account,
          without,
          search: query.search ?? null,
          after: query.after === undefined ? null : parseCursor(query.after),
          limit,
        };
        const [page, counts] = await Promise.all([
          listPage(snapshot, wanted, today()),
          countStandings(snapshot, scope, today()),
        ]);
        return {
          asOf: await snapshot.asOf(),
          counts,
          users: [...page.users],
          next: page.next === null ? null : formatCursor(page.next),
        };
      }),
    ),
    route(standings.showStanding, ({ params: { organisationId, userId } }) =>
      database.snapshot((snapshot) => explainStanding(snapshot, organisationId, userId, today())),
    ),
    route(standings.showTimeline, ({ params: { organisationId, userId }, query: { limit } }) =>
      database.snapshot(async (snapshot) => ({
        entries: await listTimeline(snapshot, organisationId, userId, limit),
      })),
    ),
    route(teams.previewImpact, ({ params: { organisationId }, body }) =>
      database.snapshot(async (snapshot) => {
        const impact = await impactOf(snapshot, organisationId, body, today());
        return { asOf: await snapshot.asOf(), ...impact };
      }),
    ),
  ];
}

const cursor = z.tuple([z.string(), z.custom<UserId>(isId)]);

function formatCursor({ sortName, id }: Cursor): string {
  return Buffer.from(JSON.stringify([sortName, id]), "utf8").toString("base64url");
}

function parseCursor(text: string): Cursor {
  try {
    const [sortName, id] = cursor.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
    return { sortName, id };
  } catch (cause) {
    throw new Refusal("cursor_invalid", { cause });
  }
}
