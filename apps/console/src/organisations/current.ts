// Which organisation the address speaks of: named in its path or its search parameters, else the first.

import type { Organisation } from "@lockstep/api";
import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";

import { organisationsQuery } from "../api.ts";

export function useCurrentOrganisation(): Organisation | undefined {
  const { data } = useQuery(organisationsQuery());
  const { organisationId } = useParams({ strict: false });
  const { organisation } = useSearch({ strict: false });
  const wanted = organisationId ?? organisation;
  const all = data?.organisations;
  return wanted === undefined ? all?.[0] : all?.find(({ id }) => id === wanted);
}
