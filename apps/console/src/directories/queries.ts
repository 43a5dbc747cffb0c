// What the screens of directories ask for. What runs is asked for often, until it has ended.

import {
  directories,
  directoryEntries,
  directoryRuns,
  type Directory,
  type DirectoryRun,
  type PlanAction,
} from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";

import { call, liveMilliseconds, runningMilliseconds } from "../api.ts";
import type { EntryFilter } from "./address.ts";

export interface Place {
  readonly organisationId: OrganisationId;
  readonly directoryId: Directory["id"];
}

export type RunId = DirectoryRun["id"];

/** Nobody works at a plan that is held: it waits for people. */
export const isAtWork = ({ endedAt, state }: Pick<DirectoryRun, "endedAt" | "state">): boolean =>
  endedAt === null && state !== "held";

export const directoriesQuery = (organisationId: OrganisationId) =>
  queryOptions({
    queryKey: [organisationId, "directories"],
    queryFn: () => call(directories.listDirectories, { params: { organisationId } }),
    refetchInterval: liveMilliseconds,
  });

export const directoryQuery = (place: Place) =>
  queryOptions({
    queryKey: [place.organisationId, "directory", place.directoryId],
    queryFn: () => call(directories.showDirectory, { params: place }),
    refetchInterval: liveMilliseconds,
  });

export const runsQuery = (place: Place) =>
  infiniteQueryOptions({
    queryKey: [place.organisationId, "directory", place.directoryId, "runs"],
    queryFn: ({ pageParam: before }) =>
      call(directoryRuns.listDirectoryRuns, { params: place, query: { before, limit: 10 } }),
    initialPageParam: undefined as RunId | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => {
      const newest = state.data?.pages[0]?.runs[0];
      return newest !== undefined && isAtWork(newest) ? runningMilliseconds : liveMilliseconds;
    },
  });

export const runQuery = (place: Place, runId: RunId) =>
  queryOptions({
    queryKey: [place.organisationId, "directory", place.directoryId, "run", runId],
    queryFn: () => call(directoryRuns.showDirectoryRun, { params: { ...place, runId } }),
    refetchInterval: ({ state }) => {
      if (state.data?.endedAt) return false;
      return state.data?.state === "held" ? liveMilliseconds : runningMilliseconds;
    },
  });

/** @param stage of the run: what is planned, and what has become of it, is asked for anew with each. */
export const planQuery = (
  place: Place,
  runId: RunId,
  asked: { action?: PlanAction | undefined; stage: string },
) =>
  infiniteQueryOptions({
    queryKey: [place.organisationId, "directory", place.directoryId, "run", runId, "rows", asked],
    queryFn: ({ pageParam: after }) =>
      call(directoryRuns.listPlanRows, {
        params: { ...place, runId },
        query: { action: asked.action, after, limit: 100 },
      }),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const entriesQuery = (
  place: Place,
  filter: Omit<EntryFilter, "state"> & { state?: EntryFilter["state"] | "missing" },
) =>
  infiniteQueryOptions({
    queryKey: [place.organisationId, "directory", place.directoryId, "entries", filter],
    queryFn: ({ pageParam: after }) =>
      call(directoryEntries.listDirectoryEntries, { params: place, query: { ...filter, after, limit: 50 } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: liveMilliseconds,
  });
