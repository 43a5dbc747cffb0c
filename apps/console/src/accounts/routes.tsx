// The addresses of the room for accounts.

import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { usersQuery } from "../api.ts";
import { early, organisation } from "../frame.tsx";
import { singleSignOnQuery } from "../single-sign-on/queries.ts";
import { parseForecastSearch, parsePeopleSearch, parseQuestion } from "./address.ts";
import { accountRulesQuery, inactivityQuery, roleHoldersQuery } from "./queries.ts";

const accountList = createRoute({
  getParentRoute: () => organisation,
  path: "/accounts",
  validateSearch: parsePeopleSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, params: { organisationId }, deps }) =>
    early(queries.infiniteQuery(usersQuery(organisationId, deps))),
  component: lazyRouteComponent(() => import("./PeoplePage.tsx"), "PeoplePage"),
});

const accountForecast = createRoute({
  getParentRoute: () => organisation,
  path: "/accounts/forecast",
  validateSearch: parseForecastSearch,
  component: lazyRouteComponent(() => import("./ForecastPage.tsx"), "ForecastPage"),
});

const accountRules = createRoute({
  getParentRoute: () => organisation,
  path: "/accounts/rules",
  loader: ({ context: { queries }, params: { organisationId } }) => {
    early(queries.query(accountRulesQuery(organisationId)));
    early(queries.query(inactivityQuery(organisationId)));
  },
  component: lazyRouteComponent(() => import("./RulesPage.tsx"), "RulesPage"),
});

const accountRoles = createRoute({
  getParentRoute: () => organisation,
  path: "/accounts/roles",
  loader: ({ context: { queries }, params: { organisationId } }) =>
    early(queries.query(roleHoldersQuery(organisationId))),
  component: lazyRouteComponent(() => import("./RolesPage.tsx"), "RolesPage"),
});

const singleSignOn = createRoute({
  getParentRoute: () => organisation,
  path: "/accounts/single-sign-on",
  loader: ({ context: { queries }, params: { organisationId } }) =>
    early(queries.query(singleSignOnQuery(organisationId))),
  component: lazyRouteComponent(() => import("../single-sign-on/SettingsPage.tsx"), "SettingsPage"),
});

const canI = createRoute({
  getParentRoute: () => organisation,
  path: "/accounts/can-i",
  validateSearch: parseQuestion,
  component: lazyRouteComponent(() => import("./CanIPage.tsx"), "CanIPage"),
});

export const accountRoutes = [
  accountList,
  accountForecast,
  accountRules,
  accountRoles,
  singleSignOn,
  canI,
] as const;
