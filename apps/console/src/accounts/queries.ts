// What the rooms for accounts ask of the server.

import {
  accountBatches,
  accounts,
  forecast,
  inactivity,
  roleHolders,
  secondFactors,
  verdicts,
  type Expected,
} from "@lockstep/api";
import type { Action, Id, OrganisationId, UserId } from "@lockstep/core";
import { infiniteQueryOptions, keepPreviousData, queryOptions, skipToken } from "@tanstack/react-query";

import { call, liveMilliseconds, runningMilliseconds } from "../api.ts";

export type BatchId = Id<"account-batch">;

export const accountQuery = (organisationId: OrganisationId, userId: UserId) =>
  queryOptions({
    queryKey: [organisationId, "account", userId],
    queryFn: () => call(accounts.showAccount, { params: { organisationId, userId } }),
    refetchInterval: liveMilliseconds,
  });

export const signInWaysQuery = (organisationId: OrganisationId, userId: UserId) =>
  queryOptions({
    queryKey: [organisationId, "sign-in-ways", userId],
    queryFn: () => call(secondFactors.showSignInWays, { params: { organisationId, userId } }),
    refetchInterval: liveMilliseconds,
  });

export interface Asked {
  readonly organisationId: OrganisationId;
  readonly userId: UserId;
  readonly action: Action;
  /** Left out: whoever is signed in. */
  readonly actor?: UserId | undefined;
}

/** @param asked null where there is nothing to ask. */
export const verdictQuery = (asked: Asked | null) =>
  queryOptions({
    queryKey: [asked?.organisationId, "verdict", asked],
    queryFn:
      asked === null
        ? skipToken
        : () => {
            const { organisationId, userId, action, actor } = asked;
            return call(verdicts.showVerdict, {
              params: { organisationId, userId },
              query: { action, actor },
            });
          },
    refetchInterval: liveMilliseconds,
  });

export const accountRulesQuery = (organisationId: OrganisationId) =>
  queryOptions({
    queryKey: [organisationId, "account-rules"],
    queryFn: () => call(accounts.showAccountRules, { params: { organisationId } }),
    refetchInterval: liveMilliseconds,
  });

export const inactivityQuery = (organisationId: OrganisationId) =>
  queryOptions({
    queryKey: [organisationId, "inactivity"],
    queryFn: () => call(inactivity.showInactivity, { params: { organisationId } }),
    refetchInterval: liveMilliseconds,
  });

/** @param days null for those that hold already, and nothing is asked. */
export const inactivityPreviewQuery = (organisationId: OrganisationId, days: number | null) =>
  queryOptions({
    queryKey: [organisationId, "inactivity-preview", days],
    queryFn:
      days === null
        ? skipToken
        : () =>
            call(inactivity.previewInactivity, { params: { organisationId }, query: { inactiveDays: days } }),
    placeholderData: keepPreviousData,
    // People come and go while one thinks: what is confirmed is never an old preview.
    refetchInterval: liveMilliseconds,
    gcTime: 0,
  });

export type ForecastKind = Expected["kind"];

export const forecastQuery = (organisationId: OrganisationId, days: number) =>
  queryOptions({
    queryKey: [organisationId, "forecast", days],
    queryFn: () => call(forecast.showForecast, { params: { organisationId }, query: { days } }),
    placeholderData: keepPreviousData,
    refetchInterval: liveMilliseconds,
  });

export const roleHoldersQuery = (organisationId: OrganisationId) =>
  queryOptions({
    queryKey: [organisationId, "roles"],
    queryFn: () => call(roleHolders.listRoleHolders, { params: { organisationId } }),
    refetchInterval: liveMilliseconds,
  });

/** @param batchId null for none, and nothing is asked. */
export const batchQuery = (organisationId: OrganisationId, batchId: BatchId | null) =>
  queryOptions({
    queryKey: [organisationId, "account-batch", batchId],
    queryFn:
      batchId === null
        ? skipToken
        : () => call(accountBatches.showAccountBatch, { params: { organisationId, batchId } }),
    refetchInterval: ({ state }) => (state.data?.endedAt ? false : runningMilliseconds),
  });

/** @param stage of the batch: another one means that rows have changed. */
export const batchRowsQuery = (organisationId: OrganisationId, batchId: BatchId, stage: number) =>
  infiniteQueryOptions({
    queryKey: [organisationId, "account-batch", batchId, "rows", stage],
    queryFn: ({ pageParam: after }) =>
      call(accountBatches.listAccountBatchRows, {
        params: { organisationId, batchId },
        query: { after, limit: rowsAtOnce },
      }),
    initialPageParam: 0,
    getNextPageParam: ({ rows }) => (rows.length < rowsAtOnce ? undefined : rows.at(-1)?.row),
    placeholderData: keepPreviousData,
  });

const rowsAtOnce = 100;
