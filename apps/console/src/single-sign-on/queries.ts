// What the pages of single sign-on ask for.

import { singleSignOn } from "@lockstep/api";
import { queryOptions } from "@tanstack/react-query";

import { call } from "../api.ts";

export const providerQuery = (shortName: string) =>
  queryOptions({
    queryKey: ["provider", shortName],
    queryFn: () => call(singleSignOn.findSingleSignOn, { params: { shortName } }),
  });
