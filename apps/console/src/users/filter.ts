// Which users are listed. The page's address is the filter's only home, so every list can be linked and gone back to.

import { standings } from "@lockstep/api";
import { isId, type OrganisationId, type TeamId } from "@lockstep/core";
import { z } from "zod";

const team = z.custom<TeamId>(isId);
const organisation = z.custom<OrganisationId>(isId);

const userFilter = {
  status: standings.encryptionStatus.optional().catch(undefined),
  account: standings.accountStatus.optional().catch(undefined),
  team: team.optional().catch(undefined),
  /** Sub-teams are in unless the address says otherwise. */
  subTeams: z.literal("false").optional().catch(undefined),
  search: z.string().trim().min(1).max(100).optional().catch(undefined),
};

const overviewSearch = z.object({ organisation: organisation.optional().catch(undefined), ...userFilter });

/** The overview's search parameters. What an address has that makes no sense is left out. */
export type OverviewSearch = z.output<typeof overviewSearch>;
export type UserFilter = Omit<OverviewSearch, "organisation">;

export function parseOverviewSearch(parameters: Record<string, unknown>): OverviewSearch {
  return overviewSearch.parse(parameters);
}

/** The filter in a form that is equal for equal lists. */
export function filterOf({ status, account, team, subTeams, search }: OverviewSearch): UserFilter {
  return {
    ...(status && { status }),
    ...(account && { account }),
    ...(team && { team }),
    ...(team && subTeams && { subTeams }),
    ...(search && { search }),
  };
}
