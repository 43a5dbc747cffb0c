// Coming in and going out: what is remembered of one person is forgotten before the next one comes.

import type { Me } from "@lockstep/api";
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { redirect, useRouter, type AnyRouter } from "@tanstack/react-router";

import { hasCode, sessionQuery, setUpQuery } from "../api.ts";

/** Pages for whoever is not signed in. */
const doors = [
  "/sign-in",
  "/set-up",
  "/activate-account",
  "/re-enable",
  "/re-enable-account",
  "/forgot-password",
  "/reset-password",
];

/** By the address of a page, or the id of its route. */
export const isDoor = (path: string): boolean => doors.includes(path) || /^\/sign-in\/[^/]+$/.test(path);

const nowhere = "https://console.invalid";

/** An address of the console, and nobody else's. */
export function parseReturn(to: unknown): string | undefined {
  if (typeof to !== "string" || !to.startsWith("/") || !URL.canParse(to, nowhere)) return undefined;
  // As a browser reads it, which skips tabs and takes \ for /.
  const { origin, username } = new URL(to, nowhere);
  return origin === nowhere && username === "" ? to : undefined;
}

/** In the frame of the doors, though for somebody who is signed in. */
const secondFactorPage = "/second-factor";

/** Whether a page stands outside of what surrounds every other one. */
export const isOutside = (routeId: string): boolean => isDoor(routeId) || routeId === secondFactorPage;

/** Lets in who is signed in; all others are led to the door, and who needs a second factor to setting one up. What fails otherwise is said by the page itself. */
export async function requireSignIn(
  queries: QueryClient,
  location: { readonly href: string; readonly pathname: string },
): Promise<void> {
  try {
    // What is known is enough here; it is asked for anew by itself.
    const { needsSecondFactor } = await queries.query({ ...sessionQuery(), staleTime: "static" });
    if (needsSecondFactor && location.pathname !== secondFactorPage)
      throw redirect({ to: secondFactorPage, replace: true });
  } catch (error) {
    if (!hasCode(error, "sign_in_required")) return;
    const { isNeeded } = await queries.query(setUpQuery());
    throw isNeeded
      ? redirect({ to: "/set-up", replace: true })
      : redirect({ to: "/sign-in", search: { to: location.href }, replace: true });
  }
}

/** The session has ended: nothing of it stays on the screen, and one comes back to the same place. */
export function leave(router: AnyRouter, queries: QueryClient): void {
  const { pathname, href } = router.state.location;
  if (isDoor(pathname)) return;
  queries.clear();
  void router.navigate({ to: "/sign-in", search: { to: href }, replace: true, ignoreBlocker: true });
}

/** Going in as somebody. */
export function useEnter(): (me: Me, to: string) => Promise<void> {
  const queries = useQueryClient();
  const router = useRouter();
  return async (me, to) => {
    queries.clear();
    queries.setQueryData(sessionQuery().queryKey, me);
    await router.navigate({ href: to, replace: true });
  };
}
