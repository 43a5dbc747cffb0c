// Which updates are listed. The page's address is the filter's only home, as with users.

import { isId, updateStates, type UserId, type WorkstationId } from "@lockstep/core";
import { z } from "zod";

/** Of one state, or all that have not ended. */
export const listedStates = ["outstanding", ...updateStates] as const;

const updatesSearch = z.object({
  state: z.enum(listedStates).optional().catch(undefined),
  user: z.custom<UserId>(isId).optional().catch(undefined),
  workstation: z.custom<WorkstationId>(isId).optional().catch(undefined),
});

/** What an address has that makes no sense is left out. */
export type UpdateFilter = z.output<typeof updatesSearch>;

export function parseUpdatesSearch(parameters: Record<string, unknown>): UpdateFilter {
  return updatesSearch.parse(parameters);
}

/** The filter in a form that is equal for equal lists. */
export function filterOfUpdates({ state, user, workstation }: UpdateFilter): UpdateFilter {
  return { ...(state && { state }), ...(user && { user }), ...(workstation && { workstation }) };
}
