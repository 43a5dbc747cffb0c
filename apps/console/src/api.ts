// The client, and what each screen asks of it: one description of a query for whoever shows it or loads it early.

import { clientFor, organisations, ProblemError, standings, teams, type Proposal } from "@lockstep/api";
import type { OrganisationId, TeamId, UserId } from "@lockstep/core";
import { infiniteQueryOptions, keepPreviousData, QueryClient, queryOptions } from "@tanstack/react-query";

import type { z } from "zod";

import type { UserFilter } from "./users/filter.ts";

export const call = clientFor("");

/** Statuses change by themselves, so what is on the screen is asked for again this often. */
const liveMilliseconds = 5000;
const calmMilliseconds = 30_000;

export function makeQueryClient(): QueryClient {
  return new QueryClient({
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

/** An error in words for people. */
export function sentenceOf(error: Error | null): { readonly title: string; readonly detail?: string } {
  if (error instanceof ProblemError) {
    return { title: error.message, ...(error.detail === undefined ? {} : { detail: error.detail }) };
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

export const countsQuery = (organisationId: OrganisationId, team: TeamId) =>
  queryOptions({
    queryKey: [organisationId, "counts", team],
    queryFn: () => call(standings.countOrganisation, { params: { organisationId }, query: { team } }),
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

export const impactQuery = (organisationId: OrganisationId, proposal: Proposal) =>
  queryOptions({
    queryKey: [organisationId, "impact", proposal],
    queryFn: () => call(teams.previewImpact, { params: { organisationId }, body: proposal }),
    // People change while one thinks: the preview that is confirmed is never an old one.
    refetchInterval: liveMilliseconds,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
