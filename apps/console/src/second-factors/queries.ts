// What the screens of second factors ask for.

import { secondFactors } from "@lockstep/api";
import { queryOptions } from "@tanstack/react-query";

import { call } from "../api.ts";

export const secondFactorQuery = () =>
  queryOptions({
    queryKey: ["session", "second-factor"],
    queryFn: () => call(secondFactors.showSecondFactor),
  });
