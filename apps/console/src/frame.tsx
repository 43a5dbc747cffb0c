// What every address of the console hangs on: the page around it, the signing in before it, and the organisation it is of.

import { parseId } from "@lockstep/core";
import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, notFound } from "@tanstack/react-router";

import { organisationsQuery } from "./api.ts";
import { NotFound } from "./NotFound.tsx";
import { isDoor, requireSignIn } from "./sessions/entry.ts";
import { Shell } from "./Shell.tsx";

interface Context {
  readonly queries: QueryClient;
}

/** What fails when asked for early fails again, visibly, on the page. */
export function early(reply: Promise<unknown>): void {
  reply.catch(() => undefined);
}

export const root = createRootRouteWithContext<Context>()({
  beforeLoad: async ({ context: { queries }, location }) => {
    if (!isDoor(location.pathname)) await requireSignIn(queries, location);
  },
  component: Shell,
  notFoundComponent: NotFound,
});

/** The ids in an address; what is none names nothing. */
export function found<Ids>(parse: () => Ids): Ids {
  try {
    return parse();
  } catch {
    throw notFound();
  }
}

export const organisation = createRoute({
  getParentRoute: () => root,
  path: "/organisations/$organisationId",
  params: {
    parse: ({ organisationId }) => found(() => ({ organisationId: parseId<"organisation">(organisationId) })),
  },
  loader: ({ context: { queries } }) => early(queries.query(organisationsQuery())),
});
