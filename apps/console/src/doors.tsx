// The pages for whoever is not signed in or must set up a second factor first.

import { createRoute, lazyRouteComponent, redirect, type RouteComponent } from "@tanstack/react-router";

import { setUpQuery } from "./api.ts";
import { root } from "./frame.tsx";
import * as doorPages from "./sessions/door-pages.ts";
import { parseReturn } from "./sessions/entry.ts";

/** Where one wanted to go. */
const parseDoorSearch = ({ to }: Record<string, unknown>): { readonly to?: string | undefined } => ({
  to: parseReturn(to),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: parseDoorSearch,
  beforeLoad: async ({ context: { queries } }) => {
    const { isNeeded } = await queries.query(setUpQuery()).catch(() => ({ isNeeded: false }));
    if (isNeeded) throw redirect({ to: "/set-up", replace: true });
  },
  component: lazyRouteComponent(() => import("./sessions/SignInPage.tsx"), "SignInPage"),
});

const chooseProvider = createRoute({
  getParentRoute: () => root,
  path: "/sign-in/by-organisation",
  validateSearch: parseDoorSearch,
  component: lazyRouteComponent(() => import("./single-sign-on/ProviderDoor.tsx"), "ChooseProviderPage"),
});

const providerDoor = createRoute({
  getParentRoute: () => root,
  path: "/sign-in/$shortName",
  validateSearch: parseDoorSearch,
  component: lazyRouteComponent(() => import("./single-sign-on/ProviderDoor.tsx"), "ProviderDoorPage"),
});

const providerReturn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in/return",
  component: lazyRouteComponent(() => import("./single-sign-on/ReturnPage.tsx"), "ReturnPage"),
});

const secondFactor = createRoute({
  getParentRoute: () => root,
  path: "/second-factor",
  component: lazyRouteComponent(() => import("./second-factors/SecondFactorPage.tsx"), "SecondFactorPage"),
});

const setUp = createRoute({
  getParentRoute: () => root,
  path: "/set-up",
  beforeLoad: async ({ context: { queries } }) => {
    const { isNeeded } = await queries.query(setUpQuery()).catch(() => ({ isNeeded: true }));
    if (!isNeeded) throw redirect({ to: "/", replace: true });
  },
  component: lazyRouteComponent(() => import("./sessions/SetUpPage.tsx"), "SetUpPage"),
});

/** For whoever is not signed in, with nothing to load first. */
const door = <const Path extends string>(path: Path, component: RouteComponent) =>
  createRoute({ getParentRoute: () => root, path, component });

const activateAccount = door("/activate-account", doorPages.ActivateAccountPage);
const askToReEnable = door("/re-enable", doorPages.AskToReEnablePage);
const reEnableAccount = door("/re-enable-account", doorPages.ReEnableAccountPage);
const askForPassword = door("/forgot-password", doorPages.AskForPasswordPage);
const resetPassword = door("/reset-password", doorPages.ResetPasswordPage);

export const doors = [
  signIn,
  chooseProvider,
  providerDoor,
  providerReturn,
  secondFactor,
  setUp,
  activateAccount,
  askToReEnable,
  reEnableAccount,
  askForPassword,
  resetPassword,
] as const;
