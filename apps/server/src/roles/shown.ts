// Who holds a role in a place, who is the last in it, and from whom the asker may withdraw it.

import type { RoleHolder } from "@lockstep/api";
import { canAppoint, type Actor, type OrganisationId } from "@lockstep/core";

import { ruleSentence } from "../accounts/verdict.ts";
import type { Snapshot } from "../db/database.ts";
import { loadOrganisation } from "../organisations/store.ts";
import { listRoleHolders, type StoredRoleHolder } from "../sessions/administrators/store.ts";

/** @throws Refusal organisation_not_found. */
export async function gatherRoleHolders(
  snapshot: Snapshot,
  actors: readonly Actor[],
  organisationId: OrganisationId,
): Promise<RoleHolder[]> {
  const { authorityId, office } = await loadOrganisation(snapshot, organisationId);
  const place = { organisationId, authorityId, office };
  const all = await listRoleHolders(snapshot, organisationId);
  return all.map((holder) => {
    const last = isLast(all, holder);
    const whom = { userId: holder.user.id, isLastAdministrator: last && holder.isEnabled };
    const { allowed, rule } = canAppoint(actors, "withdraw-role", { ...place, ...whom });
    return { ...holder, isLast: last, withdrawing: { allowed, rule, sentence: ruleSentence(rule) } };
  });
}

/** As the guard of the last administrator has it: of those who can sign in, nobody else in the same role. */
function isLast(all: readonly StoredRoleHolder[], { role, user }: StoredRoleHolder): boolean {
  if (role === "helpdesk") return false;
  return !all.some((other) => other.role === role && other.canSignIn && other.user.id !== user.id);
}
