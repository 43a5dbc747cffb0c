// Who is signed in, and in which roles.

import type { Me } from "@lockstep/api";

import { Refusal } from "../refusal.ts";
import type { Owner, Signing } from "./owner.ts";
import { findSignedIn } from "./store.ts";

/**
 * @param needsSecondFactor left out for a session that begins in a browser.
 * @throws Refusal sign_in_required when meanwhile the account was blocked.
 */
export async function gatherMe(
  { database }: Pick<Signing, "database">,
  { organisationId, userId }: Owner,
  needsSecondFactor?: boolean,
): Promise<Me> {
  const found = await database.snapshot((snapshot) => findSignedIn(snapshot, organisationId, userId));
  if (found === undefined) throw new Refusal("sign_in_required");
  const { user, grants, lacksSecondFactor, deletionDueAt } = found;
  const everybody = {
    role: "user" as const,
    organisationId: user.organisationId,
    organisation: user.organisation,
    authorityId: user.authorityId,
  };
  const needs = needsSecondFactor ?? lacksSecondFactor;
  return { user, roles: [everybody, ...grants], needsSecondFactor: needs, deletionDueAt };
}
