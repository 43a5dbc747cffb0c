// The impact of what is proposed at this moment, asked for once the choosing rests.

import type { Impact, Proposal } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";

import { impactQuery } from "../api.ts";

const restMilliseconds = 200;

export interface ImpactPreview {
  readonly query: UseQueryResult<Impact>;
  readonly isProposed: boolean;
  /** It is on the screen, and of exactly what would be saved. */
  readonly isKnown: boolean;
}

/** @param proposal null where nothing would change. */
export function usePreview(organisationId: OrganisationId, proposal: Proposal | null): ImpactPreview {
  const text = JSON.stringify(proposal);
  const [rested] = useDebouncedValue(text, restMilliseconds);
  const isAsked = proposal !== null && rested === text;
  const query = useQuery(impactQuery(organisationId, isAsked ? proposal : null));
  return {
    query,
    isProposed: proposal !== null,
    isKnown: isAsked && query.isSuccess && !query.isPlaceholderData,
  };
}
