// With what a user signs in beside the password, as administrators see it.

import type { OrganisationId, UserId } from "@lockstep/core";

import type { Database } from "../db/database.ts";
import { loadUser } from "../users/store.ts";
import { loadSignInWays } from "./store.ts";

/** @throws Refusal user_not_found. */
export async function showSignInWays(
  { database }: { readonly database: Database },
  { organisationId, userId }: { readonly organisationId: OrganisationId; readonly userId: UserId },
): ReturnType<typeof loadSignInWays> {
  return database.snapshot(async (snapshot) => {
    await loadUser(snapshot, organisationId, userId);
    return loadSignInWays(snapshot, organisationId, userId);
  });
}
