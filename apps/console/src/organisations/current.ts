// Which organisation the address speaks of: named in its path or its search parameters, else one's own.

import type { Me, Organisation } from "@lockstep/api";
import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";

import { organisationsQuery, sessionQuery } from "../api.ts";

export function useCurrentOrganisation(): Organisation | undefined {
  const { data } = useQuery(organisationsQuery());
  const { data: me } = useQuery(sessionQuery());
  const { organisationId } = useParams({ strict: false });
  const { organisation } = useSearch({ strict: false });
  const wanted = organisationId ?? organisation;
  const all = data?.organisations ?? [];
  return wanted === undefined ? ownOf(all, me) : all.find(({ id }) => id === wanted);
}

/** Where one works: what one manages, else where one lives; an office only if there is nothing else. */
export function ownOf(all: readonly Organisation[], me: Me | undefined): Organisation | undefined {
  const managed =
    me?.roles.filter(({ role }) => role === "organisation-manager" || role === "helpdesk") ?? [];
  const where = [...managed.map((held) => held.organisationId), me?.user.organisationId];
  const candidates = where.flatMap((id) => all.filter((organisation) => organisation.id === id));
  const isTenant = ({ office }: Organisation) => office === "none";
  return candidates.find(isTenant) ?? all.find(isTenant) ?? candidates[0] ?? all[0];
}
