// Whether the signed-in person may do something to a user, as the server answers it: by role, by place, and by the state
// of the account.

import type { Verdict } from "@lockstep/api";
import type { Action, OrganisationId, UserId } from "@lockstep/core";
import { useQuery } from "@tanstack/react-query";

import { sentenceOf } from "../api.ts";
import { verdictQuery } from "./queries.ts";
import { whyNot } from "./words.ts";

export interface Permitted {
  /** Why it cannot be done; null if it can. */
  readonly why: string | null;
  readonly standing: Verdict["standing"];
}

export function useVerdict(organisationId: OrganisationId, userId: UserId, action: Action): Permitted {
  const { data, error } = useQuery(verdictQuery({ organisationId, userId, action }));
  if (data !== undefined) return { why: whyNot(data, action), standing: data.standing };
  return { why: error === null ? "One moment." : sentenceOf(error).title, standing: null };
}
