// What the addresses of the rooms for accounts say: whom one looks at, how far ahead, and what is asked.

import { standings } from "@lockstep/api";
import { actions, isId, type UserId } from "@lockstep/core";
import { z } from "zod";

const user = z.custom<UserId>(isId);

const peopleSearch = z.object({
  account: standings.accountStatus.optional().catch(undefined),
  search: z.string().trim().min(1).max(100).optional().catch(undefined),
});

/** Whose accounts. What an address has that makes no sense is left out. */
export type PeopleFilter = z.output<typeof peopleSearch>;

export function parsePeopleSearch(parameters: Record<string, unknown>): PeopleFilter {
  return peopleSearch.parse(parameters);
}

export const forecastDays = ["7", "30", "90", "365"] as const;

const forecastSearch = z.object({ days: z.enum(forecastDays).optional().catch(undefined) });

export const parseForecastSearch = (parameters: Record<string, unknown>): z.output<typeof forecastSearch> =>
  forecastSearch.parse(parameters);

const question = z.object({
  actor: user.optional().catch(undefined),
  action: z.enum(actions).optional().catch(undefined),
  target: user.optional().catch(undefined),
});

/** Who would do what to whom. */
export type Question = z.output<typeof question>;

export const parseQuestion = (parameters: Record<string, unknown>): Question => question.parse(parameters);
