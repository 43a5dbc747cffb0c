// What the pages for deletion ask of the server.

import { deletions, type Deletion } from "@lockstep/api";
import type { AuthorityId, OrganisationId } from "@lockstep/core";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { call, liveMilliseconds, runningMilliseconds } from "../api.ts";

export const deletionRequestsQuery = (organisationId: OrganisationId) =>
  infiniteQueryOptions({
    queryKey: [organisationId, "deletion-requests"],
    queryFn: ({ pageParam: after }) =>
      call(deletions.listDeletionRequests, { params: { organisationId }, query: { after } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: liveMilliseconds,
  });

/** What would be deleted. */
export type Whole =
  | { readonly kind: "organisation"; readonly id: OrganisationId }
  | { readonly kind: "authority"; readonly id: AuthorityId };

/** Begins with the id, so that it is asked for anew with everything else of it. */
const keyOf = ({ id }: Whole, what: string) => [id, what] as const;

export const deletionPreviewQuery = (whole: Whole) =>
  queryOptions({
    queryKey: keyOf(whole, "deletion"),
    queryFn: () =>
      whole.kind === "organisation"
        ? call(deletions.showOrganisationDeletion, { params: { organisationId: whole.id } })
        : call(deletions.showAuthorityDeletion, { params: { authorityId: whole.id } }),
    // People come and go while one thinks: what is confirmed is never an old preview.
    refetchInterval: liveMilliseconds,
    gcTime: 0,
  });

export const concernedPeopleQuery = (whole: Whole) =>
  infiniteQueryOptions({
    queryKey: keyOf(whole, "deletion-people"),
    queryFn: ({ pageParam: after }) =>
      whole.kind === "organisation"
        ? call(deletions.listOrganisationPeople, { params: { organisationId: whole.id }, query: { after } })
        : call(deletions.listAuthorityPeople, { params: { authorityId: whole.id }, query: { after } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    gcTime: 0,
  });

/** Whether people are being erased at this moment. */
const isErasing = ({ people, erased, endedAt }: Deletion) =>
  endedAt === null && (people === null || erased < people);

export const deletionsQuery = () =>
  queryOptions({
    queryKey: ["deletions"],
    queryFn: () => call(deletions.listDeletions),
    refetchInterval: ({ state }) =>
      state.data?.deletions.some(isErasing) === true ? runningMilliseconds : liveMilliseconds,
  });
