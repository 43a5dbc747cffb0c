// The client, and what each screen asks of it: one description of a query for whoever shows it or loads it early.

import {
  activations,
  authorities,
  clientFor,
  imports,
  keys,
  licences,
  organisations,
  ProblemError,
  roots,
  sessions,
  standings,
  sync,
  teams,
  updates,
  users,
  workstations,
  workstationTeams,
  type Proposal,
  type RefusalCode,
} from "@lockstep/api";
import type { Id, OrganisationId, TeamId, UpdateId, UserId, WorkstationId } from "@lockstep/core";
import {
  infiniteQueryOptions,
  keepPreviousData,
  MutationCache,
  QueryCache,
  QueryClient,
  queryOptions,
  skipToken,
} from "@tanstack/react-query";

import type { z } from "zod";

import type { UpdateFilter } from "./updates/address.ts";
import type { UserFilter } from "./users/filter.ts";

export const call = clientFor("");

/** Statuses change by themselves, so what is on the screen is asked for again this often. */
export const liveMilliseconds = 5000;
const calmMilliseconds = 30_000;

/** @param onSignedOut the server no longer knows who asks. */
export function makeQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: Error) => {
    if (hasCode(error, "sign_in_required")) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // The server may stand on this very machine: whether there is an internet says nothing about it.
      mutations: { networkMode: "always" },
      queries: {
        networkMode: "always",
        staleTime: 2000,
        // A refusal stays one; only what may heal by itself is tried again.
        retry: (failures, error) => failures < 2 && !(error instanceof ProblemError && error.status < 500),
        retryDelay: 400,
      },
    },
  });
}

/** Whether what was asked for does not exist, or exists no longer. */
export function isMissing(error: Error | null): boolean {
  return error instanceof ProblemError && error.status === 404;
}

/** Whether the server said no with this code. */
export function hasCode(error: unknown, code: RefusalCode): boolean {
  return error instanceof ProblemError && error.is(code);
}

/** Whether somebody else has changed meanwhile what was edited. */
export const isOvertaken = (error: Error | null): boolean => hasCode(error, "revision_changed");

/** An error in words for people. */
export function sentenceOf(error: Error | null): { readonly title: string; readonly detail?: string } {
  if (error instanceof ProblemError) {
    // Of a missing permission the detail is the rule's code, which says nothing to people.
    const isPlain = error.detail === undefined || error.is("permission_denied");
    return { title: error.message, ...(isPlain ? {} : { detail: error.detail }) };
  }
  // fetch throws a TypeError when nobody answers.
  if (error instanceof TypeError) {
    return {
      title: "The server cannot be reached.",
      detail: "It is asked again by itself every few seconds.",
    };
  }
  return {
    title: "The server's reply was not understood.",
    detail: "This page may be older than the server. Load it again.",
  };
}

export const setUpQuery = () =>
  queryOptions({
    queryKey: ["set-up"],
    queryFn: () => call(sessions.showSetUp),
    // Once it is done it stays so, and until then nobody waits for it.
    staleTime: 0,
  });

export const sessionQuery = () =>
  queryOptions({
    queryKey: ["session"],
    queryFn: () => call(sessions.showSession),
    staleTime: calmMilliseconds,
    refetchInterval: calmMilliseconds,
  });

export const sessionsQuery = () =>
  queryOptions({ queryKey: ["session", "open"], queryFn: () => call(sessions.listSessions) });

export const tokensQuery = () =>
  queryOptions({ queryKey: ["session", "tokens"], queryFn: () => call(sessions.listTokens) });

export const authoritiesQuery = () =>
  queryOptions({
    queryKey: ["installation", "authorities"],
    queryFn: () => call(authorities.listAuthorities),
    staleTime: calmMilliseconds,
  });

export const keyEncryptionQuery = () =>
  queryOptions({
    queryKey: ["installation", "key-encryption"],
    queryFn: () => call(keys.showKeyEncryption),
    refetchInterval: liveMilliseconds,
  });

export const organisationsQuery = () =>
  queryOptions({
    queryKey: ["organisations"],
    queryFn: () => call(organisations.listOrganisations),
    staleTime: calmMilliseconds,
    refetchInterval: calmMilliseconds,
  });

export const usersQuery = (organisationId: OrganisationId, filter: UserFilter) =>
  infiniteQueryOptions({
    queryKey: [organisationId, "users", filter],
    queryFn: ({ pageParam }) =>
      call(standings.listUsers, {
        params: { organisationId },
        query: { ...filter, ...(pageParam === null ? {} : { after: pageParam, limit: 200 }) },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: liveMilliseconds,
  });

/** @param team null for none, and nothing is asked; left out for the whole organisation. */
export const countsQuery = (organisationId: OrganisationId, team?: TeamId | null) =>
  queryOptions({
    queryKey: [organisationId, "counts", team],
    queryFn:
      team === null
        ? skipToken
        : () =>
            call(standings.countOrganisation, { params: { organisationId }, query: team ? { team } : {} }),
    refetchInterval: liveMilliseconds,
  });

export const standingQuery = (organisationId: OrganisationId, userId: UserId) =>
  queryOptions({
    queryKey: [organisationId, "standing", userId],
    queryFn: () => call(standings.showStanding, { params: { organisationId, userId } }),
    refetchInterval: liveMilliseconds,
  });

export const timelineQuery = (organisationId: OrganisationId, userId: UserId, limit: number) =>
  queryOptions({
    queryKey: [organisationId, "timeline", userId, limit],
    queryFn: () => call(standings.showTimeline, { params: { organisationId, userId }, query: { limit } }),
    placeholderData: keepPreviousData,
    refetchInterval: liveMilliseconds,
  });

export const teamsQuery = (organisationId: OrganisationId) =>
  queryOptions({
    queryKey: [organisationId, "teams"],
    queryFn: () => call(teams.listTeams, { params: { organisationId } }),
    staleTime: calmMilliseconds,
    refetchInterval: calmMilliseconds,
  });

export const teamQuery = (organisationId: OrganisationId, teamId: TeamId) =>
  queryOptions({
    queryKey: [organisationId, "team", teamId],
    queryFn: () => call(teams.showTeam, { params: { organisationId, teamId } }),
    refetchInterval: liveMilliseconds,
  });

export type TeamDetails = z.output<typeof teams.showTeam.reply>;

/** @param proposal null where nothing would change, and nothing is asked. */
export const impactQuery = (organisationId: OrganisationId, proposal: Proposal | null) =>
  queryOptions({
    queryKey: [organisationId, "impact", proposal],
    queryFn:
      proposal === null
        ? skipToken
        : () => call(teams.previewImpact, { params: { organisationId }, body: proposal }),
    // People change while one thinks: the preview that is confirmed is never an old one.
    refetchInterval: liveMilliseconds,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });

export const userQuery = (organisationId: OrganisationId, userId: UserId) =>
  queryOptions({
    queryKey: [organisationId, "user", userId],
    queryFn: () => call(users.showUser, { params: { organisationId, userId } }),
    refetchInterval: liveMilliseconds,
  });

export const holdingsQuery = (organisationId: OrganisationId, userId: UserId) =>
  queryOptions({
    queryKey: [organisationId, "holdings", userId],
    queryFn: () => call(users.showUserHoldings, { params: { organisationId, userId } }),
    refetchInterval: liveMilliseconds,
  });

/** What differs where a user, or a team with all below it, would go. */
export type Destination = { readonly to: TeamId } | { readonly parent: TeamId };

export const differenceQuery = (organisationId: OrganisationId, teamId: TeamId, query: Destination) =>
  queryOptions({
    queryKey: [organisationId, "difference", teamId, query],
    queryFn: () => call(teams.compareTeams, { params: { organisationId, teamId }, query }),
    refetchInterval: liveMilliseconds,
    gcTime: 0,
  });

export const keysQuery = (organisationId: OrganisationId) =>
  queryOptions({
    queryKey: [organisationId, "keys"],
    queryFn: () => call(keys.listKeys, { params: { organisationId } }),
    refetchInterval: liveMilliseconds,
  });

export const groupsQuery = (organisationId: OrganisationId) =>
  queryOptions({
    queryKey: [organisationId, "groups"],
    queryFn: () => call(keys.listGroups, { params: { organisationId } }),
    refetchInterval: liveMilliseconds,
  });

export const licencesQuery = (organisationId: OrganisationId) =>
  queryOptions({
    queryKey: [organisationId, "licences"],
    queryFn: () => call(licences.listLicences, { params: { organisationId } }),
    refetchInterval: liveMilliseconds,
  });

export const workstationTeamsQuery = (organisationId: OrganisationId) =>
  queryOptions({
    queryKey: [organisationId, "workstation-teams"],
    queryFn: () => call(workstationTeams.listWorkstationTeams, { params: { organisationId } }),
    refetchInterval: liveMilliseconds,
  });

export const rootQuery = (organisationId: OrganisationId) =>
  queryOptions({
    queryKey: [organisationId, "root"],
    queryFn: () => call(roots.showRoot, { params: { organisationId } }),
    refetchInterval: calmMilliseconds,
  });

export const syncQuery = (organisationId: OrganisationId) =>
  queryOptions({
    queryKey: [organisationId, "sync"],
    queryFn: () => call(sync.showSync, { params: { organisationId } }),
    refetchInterval: liveMilliseconds,
  });

export const codesQuery = (organisationId: OrganisationId, userId: UserId) =>
  queryOptions({
    queryKey: [organisationId, "codes", userId],
    queryFn: () => call(activations.listActivationCodes, { params: { organisationId, userId } }),
    refetchInterval: liveMilliseconds,
  });

export const workstationsQuery = (organisationId: OrganisationId, search: string | undefined) =>
  infiniteQueryOptions({
    queryKey: [organisationId, "workstations", search],
    queryFn: ({ pageParam: after }) =>
      call(workstations.listWorkstations, { params: { organisationId }, query: { search, after } }),
    initialPageParam: undefined as WorkstationId | undefined,
    getNextPageParam: (page) => (page.more ? page.workstations.at(-1)?.id : undefined),
    placeholderData: keepPreviousData,
    refetchInterval: liveMilliseconds,
  });

export const workstationQuery = (organisationId: OrganisationId, workstationId: WorkstationId) =>
  queryOptions({
    queryKey: [organisationId, "workstation", workstationId],
    queryFn: () => call(workstations.showWorkstation, { params: { organisationId, workstationId } }),
    refetchInterval: liveMilliseconds,
  });

export const exposureQuery = (organisationId: OrganisationId, workstationId: WorkstationId) =>
  queryOptions({
    queryKey: [organisationId, "exposure", workstationId],
    queryFn: () => call(workstations.showExposure, { params: { organisationId, workstationId } }),
    refetchInterval: calmMilliseconds,
  });

export const updatesQuery = (organisationId: OrganisationId, filter: UpdateFilter) =>
  infiniteQueryOptions({
    queryKey: [organisationId, "updates", filter],
    queryFn: ({ pageParam: after }) =>
      call(updates.listUpdates, { params: { organisationId }, query: { ...filter, after } }),
    initialPageParam: undefined as UpdateId | undefined,
    getNextPageParam: (page) => (page.more ? page.updates.at(-1)?.id : undefined),
    placeholderData: keepPreviousData,
    refetchInterval: liveMilliseconds,
  });

/** What is carried on batch by batch is asked for as often, until it has ended. */
export const runningMilliseconds = 400;

/** @param postingId null for none, and nothing is asked. */
export const postingQuery = (organisationId: OrganisationId, postingId: Id<"posting"> | null) =>
  queryOptions({
    queryKey: [organisationId, "posting", postingId],
    queryFn:
      postingId === null
        ? skipToken
        : () => call(updates.showPosting, { params: { organisationId, postingId } }),
    refetchInterval: ({ state }) => (state.data?.endedAt ? false : runningMilliseconds),
  });

export type ImportId = Id<"import">;

export const importQuery = (organisationId: OrganisationId, importId: ImportId) =>
  queryOptions({
    queryKey: [organisationId, "import", importId],
    queryFn: () => call(imports.showImport, { params: { organisationId, importId } }),
    refetchInterval: ({ state }) => (state.data?.endedAt ? false : runningMilliseconds),
  });

export const skippedRowsQuery = (organisationId: OrganisationId, importId: ImportId) =>
  infiniteQueryOptions({
    queryKey: [organisationId, "import", importId, "skipped"],
    queryFn: ({ pageParam: after }) =>
      call(imports.listImportRows, {
        params: { organisationId, importId },
        query: { skipped: "true", after, limit: 100 },
      }),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
  });
