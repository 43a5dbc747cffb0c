// Saving a team's settings and giving it back earlier ones. Whatever is shown of the organisation is asked for
// anew after either: the colours may have changed for many.

import { teams } from "@lockstep/api";
import type { OrganisationId, Policy, TeamId } from "@lockstep/core";
import { useQueryClient } from "@tanstack/react-query";

import { call, teamQuery } from "../api.ts";
import { useChange } from "../changes/change.ts";

export function useTeamChanges(organisationId: OrganisationId, teamId: TeamId) {
  const queries = useQueryClient();
  const params = { organisationId, teamId };
  const save = useChange(
    organisationId,
    ({ policy, revision }: { readonly policy: Policy; readonly revision: number }) =>
      call(teams.setTeamPolicy, { params, body: { policy }, match: revision }),
  );
  const revert = useChange(
    organisationId,
    ({ to, revision }: { readonly to: number; readonly revision: number }) =>
      call(teams.revertTeam, { params, body: { to }, match: revision }),
  );
  /** Asks for everything anew. @returns the team's present revision. */
  const reload = async () => {
    await queries.invalidateQueries({ queryKey: [organisationId] });
    const { team } = await queries.query({ ...teamQuery(organisationId, teamId), staleTime: "static" });
    return team.revision;
  };
  return { save, revert, reload };
}

export type TeamChanges = ReturnType<typeof useTeamChanges>;
