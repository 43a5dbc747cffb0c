// Which workstation team is looked at; the root if the address does not say.

import { isId, type Id } from "@lockstep/core";
import { z } from "zod";

type WorkstationTeamId = Id<"workstation-team">;

const team = z.custom<WorkstationTeamId>(isId);

const workstationSearch = z.object({ team: team.optional().catch(undefined) });

export const parseWorkstationSearch = (
  parameters: Record<string, unknown>,
): z.output<typeof workstationSearch> => workstationSearch.parse(parameters);
