// Who holds which role in a place, and who is the last in it.

import type { RoleHolder } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";

import type { Snapshot } from "../db/database.ts";
import { loadOrganisation } from "../organisations/store.ts";
import { listRoleHolders, type StoredRoleHolder } from "../sessions/administrators/store.ts";

/** @throws Refusal organisation_not_found. */
export async function gatherRoleHolders(
  snapshot: Snapshot,
  organisationId: OrganisationId,
): Promise<RoleHolder[]> {
  await loadOrganisation(snapshot, organisationId);
  const all = await listRoleHolders(snapshot, organisationId);
  return all.map((holder) => ({ ...holder, isLast: isLast(all, holder) }));
}

/** As the guard of the last administrator has it: of those who can sign in, nobody else in the same role. */
function isLast(all: readonly StoredRoleHolder[], { role, user }: StoredRoleHolder): boolean {
  if (role === "helpdesk") return false;
  return !all.some((other) => other.role === role && other.canSignIn && other.user.id !== user.id);
}
