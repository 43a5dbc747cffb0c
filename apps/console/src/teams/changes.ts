// Saving a team's settings and giving it back earlier ones. Whatever is shown of the organisation is asked for
// anew after either: the colours may have changed for many.

import { ProblemError, teams } from "@lockstep/api";
import type { OrganisationId, Policy, TeamId } from "@lockstep/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { call, teamQuery } from "../api.ts";

export function useTeamChanges(organisationId: OrganisationId, teamId: TeamId) {
  const queries = useQueryClient();
  const params = { organisationId, teamId };
  const refresh = () => queries.invalidateQueries({ queryKey: [organisationId] });
  const save = useMutation({
    mutationFn: (body: { readonly policy: Policy; readonly revision: number }) =>
      call(teams.setTeamPolicy, { params, body }),
    onSuccess: refresh,
  });
  const revert = useMutation({
    mutationFn: (body: { readonly to: number; readonly revision: number }) =>
      call(teams.revertTeam, { params, body }),
    onSuccess: refresh,
  });
  /** Asks for everything anew. @returns the team's present revision. */
  const reload = async () => {
    await refresh();
    const { team } = await queries.query({ ...teamQuery(organisationId, teamId), staleTime: "static" });
    return team.revision;
  };
  return { save, revert, reload };
}

export type TeamChanges = ReturnType<typeof useTeamChanges>;

export function isOvertaken(error: Error | null): boolean {
  return error instanceof ProblemError && error.is("revision_changed");
}
