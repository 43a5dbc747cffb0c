// What the addresses of the workstations' rooms say: what a name begins with, and which team is looked at.

import { isId, type Id } from "@lockstep/core";
import { z } from "zod";

const workstationSearch = z.object({
  search: z.string().trim().min(1).max(100).optional().catch(undefined),
});

export const parseWorkstationSearch = (
  parameters: Record<string, unknown>,
): z.output<typeof workstationSearch> => workstationSearch.parse(parameters);

const team = z.custom<Id<"workstation-team">>(isId);

/** The root if the address does not say. */
const workstationTeamSearch = z.object({ team: team.optional().catch(undefined) });

export const parseWorkstationTeamSearch = (
  parameters: Record<string, unknown>,
): z.output<typeof workstationTeamSearch> => workstationTeamSearch.parse(parameters);
