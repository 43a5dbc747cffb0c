// What the pages of single sign-on ask for.

import { singleSignOn } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { queryOptions } from "@tanstack/react-query";

import { call, liveMilliseconds } from "../api.ts";

export const providerQuery = (shortName: string) =>
  queryOptions({
    queryKey: ["provider", shortName],
    queryFn: () => call(singleSignOn.findSingleSignOn, { params: { shortName } }),
  });

export const singleSignOnQuery = (organisationId: OrganisationId) =>
  queryOptions({
    queryKey: [organisationId, "single-sign-on"],
    queryFn: () => call(singleSignOn.showSingleSignOn, { params: { organisationId } }),
    refetchInterval: liveMilliseconds,
  });
