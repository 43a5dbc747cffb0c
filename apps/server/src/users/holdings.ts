// What a user should hold: what the team does, and the keys of the user's own groups.

import type { Holdings } from "@lockstep/api";
import type { OrganisationId, UserId } from "@lockstep/core";

import type { Reader } from "../db/database.ts";
import { gatherHoldings } from "../teams/holdings.ts";
import { loadUser } from "./store.ts";

/** @throws Refusal user_not_found. */
export async function gatherUserHoldings(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<Holdings> {
  const { teamId, groupIds } = await loadUser(reader, organisationId, userId);
  return gatherHoldings(reader, organisationId, teamId, groupIds);
}
