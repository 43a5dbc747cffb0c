// Every address of the console. Pages are loaded when they are first needed, what they show already when a link
// to them is pointed at.

import { parseId } from "@lockstep/core";
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
} from "@tanstack/react-router";

import {
  organisationsQuery,
  standingQuery,
  teamQuery,
  teamsQuery,
  timelineQuery,
  usersQuery,
} from "./api.ts";
import { NotFound } from "./NotFound.tsx";
import { Shell } from "./Shell.tsx";
import { filterOf, parseOverviewSearch } from "./users/filter.ts";
import { firstEntries } from "./users/timeline.ts";

interface Context {
  readonly queries: QueryClient;
}

/** What fails when asked for early fails again, visibly, on the page. */
function early(reply: Promise<unknown>): void {
  reply.catch(() => undefined);
}

const root = createRootRouteWithContext<Context>()({ component: Shell, notFoundComponent: NotFound });

const overview = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: parseOverviewSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, deps }) => {
    early(queries.query(organisationsQuery()));
    if (deps.organisation) early(queries.infiniteQuery(usersQuery(deps.organisation, filterOf(deps))));
  },
  component: lazyRouteComponent(() => import("./users/OverviewPage.tsx"), "OverviewPage"),
});

/** The ids in an address; what is none names nothing. */
function found<Ids>(parse: () => Ids): Ids {
  try {
    return parse();
  } catch {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- this is how the router is told
    throw notFound();
  }
}

const user = createRoute({
  getParentRoute: () => root,
  path: "/organisations/$organisationId/users/$userId",
  params: {
    parse: ({ organisationId, userId }) =>
      found(() => ({
        organisationId: parseId<"organisation">(organisationId),
        userId: parseId<"user">(userId),
      })),
  },
  loader: ({ context: { queries }, params: { organisationId, userId } }) => {
    early(queries.query(standingQuery(organisationId, userId)));
    early(queries.query(timelineQuery(organisationId, userId, firstEntries)));
  },
  component: lazyRouteComponent(() => import("./users/UserPage.tsx"), "UserPage"),
});

const team = createRoute({
  getParentRoute: () => root,
  path: "/organisations/$organisationId/teams/$teamId",
  params: {
    parse: ({ organisationId, teamId }) =>
      found(() => ({
        organisationId: parseId<"organisation">(organisationId),
        teamId: parseId<"team">(teamId),
      })),
  },
  loader: ({ context: { queries }, params: { organisationId, teamId } }) => {
    early(queries.query(teamQuery(organisationId, teamId)));
    early(queries.query(teamsQuery(organisationId)));
  },
  component: lazyRouteComponent(() => import("./teams/TeamPage.tsx"), "TeamPage"),
});

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([overview, user, team]),
    context: { queries },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    // Plain text, not JSON: an address is read, typed and sent by people.
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const given = Object.entries(search).filter(
        (pair): pair is [string, string] => typeof pair[1] === "string" && pair[1] !== "",
      );
      return given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
    },
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
