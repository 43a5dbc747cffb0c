// Every address of the console. Pages are loaded when they are first needed, what they show already when a link
// to them is pointed at.

import { parseId } from "@lockstep/core";
import type { QueryClient } from "@tanstack/react-query";
import { createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";

import {
  codesQuery,
  groupsQuery,
  holdingsQuery,
  keysQuery,
  licencesQuery,
  organisationsQuery,
  rootQuery,
  standingQuery,
  syncQuery,
  teamQuery,
  teamsQuery,
  timelineQuery,
  sessionsQuery,
  tokensQuery,
  updatesQuery,
  userQuery,
  usersQuery,
  workstationQuery,
  workstationsQuery,
  workstationTeamsQuery,
} from "./api.ts";
import { accountQuery } from "./accounts/queries.ts";
import { accountRoutes } from "./accounts/routes.tsx";
import { authorityDeletion, organisationDeletion, requestList } from "./deletions/routes.tsx";
import { parseDirectorySearch, parseRunSearch } from "./directories/address.ts";
import {
  directoriesQuery,
  directoryQuery,
  entriesQuery,
  runQuery,
  runsQuery,
} from "./directories/queries.ts";
import { doors } from "./doors.tsx";
import { early, found, organisation, root } from "./frame.tsx";
import { parseImportSearch, parseOrganisationImportSearch } from "./imports/address.ts";
import { mailRoutes } from "./mails/routes.tsx";
import { parseOrganisationSearch } from "./organisations/address.ts";
import { referenceQuery } from "./reference/document.ts";
import { filterOfUpdates, parseUpdatesSearch } from "./updates/address.ts";
import { filterOf, parseOverviewSearch } from "./users/filter.ts";
import { firstEntries } from "./users/timeline.ts";
import { parseWorkstationSearch, parseWorkstationTeamSearch } from "./workstations/address.ts";

const account = createRoute({
  getParentRoute: () => root,
  path: "/account",
  validateSearch: parseOrganisationSearch,
  loader: ({ context: { queries } }) => {
    early(queries.query(tokensQuery()));
    early(queries.query(sessionsQuery()));
  },
  component: lazyRouteComponent(() => import("./sessions/AccountPage.tsx"), "AccountPage"),
});

const installation = createRoute({
  getParentRoute: () => root,
  path: "/installation",
  validateSearch: parseOrganisationSearch,
  loader: ({ context: { queries } }) => early(queries.query(organisationsQuery())),
  component: lazyRouteComponent(() => import("./organisations/InstallationPage.tsx"), "InstallationPage"),
});

const organisationImports = createRoute({
  getParentRoute: () => root,
  path: "/installation/imports",
  validateSearch: parseOrganisationImportSearch,
  loader: ({ context: { queries } }) => early(queries.query(organisationsQuery())),
  component: lazyRouteComponent(
    () => import("./imports/OrganisationImportPage.tsx"),
    "OrganisationImportPage",
  ),
});

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

/** The organisation alone: its overview. */
const organisationHome = createRoute({
  getParentRoute: () => organisation,
  path: "/",
  beforeLoad: ({ params: { organisationId } }) => {
    throw redirect({ to: "/", search: { organisation: organisationId }, replace: true });
  },
});

const user = createRoute({
  getParentRoute: () => organisation,
  path: "/users/$userId",
  params: { parse: ({ userId }) => found(() => ({ userId: parseId<"user">(userId) })) },
  loader: ({ context: { queries }, params: { organisationId, userId } }) => {
    early(queries.query(userQuery(organisationId, userId)));
    early(queries.query(holdingsQuery(organisationId, userId)));
    early(queries.query(standingQuery(organisationId, userId)));
    early(queries.query(accountQuery(organisationId, userId)));
    early(queries.query(codesQuery(organisationId, userId)));
    early(queries.query(timelineQuery(organisationId, userId, firstEntries)));
  },
  component: lazyRouteComponent(() => import("./users/UserPage.tsx"), "UserPage"),
});

const teamTree = createRoute({
  getParentRoute: () => organisation,
  path: "/teams",
  loader: ({ context: { queries }, params: { organisationId } }) =>
    early(queries.query(teamsQuery(organisationId))),
  component: lazyRouteComponent(() => import("./teams/TeamsPage.tsx"), "TeamsPage"),
});

const team = createRoute({
  getParentRoute: () => organisation,
  path: "/teams/$teamId",
  params: { parse: ({ teamId }) => found(() => ({ teamId: parseId<"team">(teamId) })) },
  loader: ({ context: { queries }, params: { organisationId, teamId } }) => {
    early(queries.query(teamQuery(organisationId, teamId)));
    early(queries.query(teamsQuery(organisationId)));
    early(queries.query(groupsQuery(organisationId)));
  },
  component: lazyRouteComponent(() => import("./teams/TeamPage.tsx"), "TeamPage"),
});

const keys = createRoute({
  getParentRoute: () => organisation,
  path: "/keys",
  loader: ({ context: { queries }, params: { organisationId } }) => {
    early(queries.query(keysQuery(organisationId)));
    early(queries.query(groupsQuery(organisationId)));
    early(queries.query(rootQuery(organisationId)));
  },
  component: lazyRouteComponent(() => import("./keys/KeysPage.tsx"), "KeysPage"),
});

const licences = createRoute({
  getParentRoute: () => organisation,
  path: "/licences",
  loader: ({ context: { queries }, params: { organisationId } }) =>
    early(queries.query(licencesQuery(organisationId))),
  component: lazyRouteComponent(() => import("./licences/LicencesPage.tsx"), "LicencesPage"),
});

const workstationTeams = createRoute({
  getParentRoute: () => organisation,
  path: "/workstation-teams",
  validateSearch: parseWorkstationTeamSearch,
  loader: ({ context: { queries }, params: { organisationId } }) =>
    early(queries.query(workstationTeamsQuery(organisationId))),
  component: lazyRouteComponent(
    () => import("./workstations/WorkstationTeamsPage.tsx"),
    "WorkstationTeamsPage",
  ),
});

const workstationList = createRoute({
  getParentRoute: () => organisation,
  path: "/workstations",
  validateSearch: parseWorkstationSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, params: { organisationId }, deps: { search } }) => {
    early(queries.infiniteQuery(workstationsQuery(organisationId, search)));
    early(queries.query(workstationTeamsQuery(organisationId)));
  },
  component: lazyRouteComponent(() => import("./workstations/WorkstationsPage.tsx"), "WorkstationsPage"),
});

const workstation = createRoute({
  getParentRoute: () => organisation,
  path: "/workstations/$workstationId",
  params: {
    parse: ({ workstationId }) => found(() => ({ workstationId: parseId<"workstation">(workstationId) })),
  },
  loader: ({ context: { queries }, params: { organisationId, workstationId } }) => {
    early(queries.query(workstationQuery(organisationId, workstationId)));
    early(queries.query(workstationTeamsQuery(organisationId)));
  },
  component: lazyRouteComponent(() => import("./workstations/WorkstationPage.tsx"), "WorkstationPage"),
});

const updates = createRoute({
  getParentRoute: () => organisation,
  path: "/updates",
  validateSearch: parseUpdatesSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, params: { organisationId }, deps }) => {
    early(queries.infiniteQuery(updatesQuery(organisationId, filterOfUpdates(deps))));
    early(queries.query(syncQuery(organisationId)));
  },
  component: lazyRouteComponent(() => import("./updates/UpdatesPage.tsx"), "UpdatesPage"),
});

const directoryList = createRoute({
  getParentRoute: () => organisation,
  path: "/directories",
  loader: ({ context: { queries }, params: { organisationId } }) =>
    early(queries.query(directoriesQuery(organisationId))),
  component: lazyRouteComponent(() => import("./directories/DirectoriesPage.tsx"), "DirectoriesPage"),
});

const newDirectory = createRoute({
  getParentRoute: () => organisation,
  path: "/directories/add",
  component: lazyRouteComponent(() => import("./directories/SettingsPage.tsx"), "AddDirectoryPage"),
});

const parseDirectory = ({ directoryId }: { readonly directoryId: string }) =>
  found(() => ({ directoryId: parseId<"directory">(directoryId) }));

const directory = createRoute({
  getParentRoute: () => organisation,
  path: "/directories/$directoryId",
  params: { parse: parseDirectory },
  validateSearch: parseDirectorySearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, params, deps }) => {
    early(queries.query(directoryQuery(params)));
    early(queries.infiniteQuery(runsQuery(params)));
    early(queries.infiniteQuery(entriesQuery(params, deps)));
  },
  component: lazyRouteComponent(() => import("./directories/DirectoryPage.tsx"), "DirectoryPage"),
});

const directorySettings = createRoute({
  getParentRoute: () => organisation,
  path: "/directories/$directoryId/settings",
  params: { parse: parseDirectory },
  loader: ({ context: { queries }, params }) => early(queries.query(directoryQuery(params))),
  component: lazyRouteComponent(() => import("./directories/SettingsPage.tsx"), "EditDirectoryPage"),
});

const directoryRun = createRoute({
  getParentRoute: () => organisation,
  path: "/directories/$directoryId/runs/$runId",
  params: {
    parse: ({ directoryId, runId }) =>
      found(() => ({
        directoryId: parseId<"directory">(directoryId),
        runId: parseId<"directory-run">(runId),
      })),
  },
  validateSearch: parseRunSearch,
  loader: ({ context: { queries }, params: { runId, ...place } }) =>
    early(queries.query(runQuery(place, runId))),
  component: lazyRouteComponent(() => import("./directories/RunPage.tsx"), "RunPage"),
});

const people = createRoute({
  getParentRoute: () => organisation,
  path: "/import",
  validateSearch: parseImportSearch,
  component: lazyRouteComponent(() => import("./imports/ImportPage.tsx"), "ImportPage"),
});

const reference = createRoute({
  getParentRoute: () => root,
  path: "/reference",
  loader: ({ context: { queries } }) => early(queries.query(referenceQuery())),
  component: lazyRouteComponent(() => import("./reference/ReferencePage.tsx"), "ReferencePage"),
});

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([
      ...doors,
      overview,
      account,
      installation,
      authorityDeletion,
      organisationImports,
      ...mailRoutes,
      reference,
      organisation.addChildren([
        organisationHome,
        user,
        ...accountRoutes,
        requestList,
        organisationDeletion,
        teamTree,
        team,
        keys,
        licences,
        workstationTeams,
        workstationList,
        workstation,
        updates,
        directoryList,
        newDirectory,
        directory,
        directorySettings,
        directoryRun,
        people,
      ]),
    ]),
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
