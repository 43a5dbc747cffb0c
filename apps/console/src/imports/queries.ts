// What the import of organisations asks of the server.

import { organisationImports } from "@lockstep/api";
import type { AuthorityId, Id } from "@lockstep/core";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { call, runningMilliseconds } from "../api.ts";

export type OrganisationImportId = Id<"organisation-import">;

export interface ImportPlace {
  readonly authorityId: AuthorityId;
  readonly importId: OrganisationImportId;
}

export const organisationImportQuery = (params: ImportPlace) =>
  queryOptions({
    queryKey: ["organisation-import", params],
    queryFn: () => call(organisationImports.showOrganisationImport, { params }),
    refetchInterval: ({ state }) => (state.data?.endedAt ? false : runningMilliseconds),
  });

export const organisationImportRowsQuery = (params: ImportPlace, only: "skipped" | "organisations") =>
  infiniteQueryOptions({
    queryKey: ["organisation-import", params, only],
    queryFn: ({ pageParam: after }) =>
      call(organisationImports.listOrganisationImportRows, { params, query: { only, after, limit: 100 } }),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
  });
