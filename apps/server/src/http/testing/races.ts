// Races: run twenty times, since one that passed once passed by luck, or held up at the moment that decides.

import { ProblemError } from "@lockstep/api";
import { vi } from "vitest";
import { z } from "zod";

import { sql } from "../../db/sql.ts";
import type { ExampleApp } from "./app.ts";

export async function twentyTimes(race: (round: number) => Promise<void>): Promise<void> {
  for (let round = 0; round < 20; round++) await race(round);
}

/** What became of calls that were made at the same moment: "done", or the code of the refusal. */
export async function outcomesOf(calls: readonly Promise<unknown>[]): Promise<string[]> {
  const settled = await Promise.allSettled(calls);
  return settled
    .map((each) => {
      if (each.status === "fulfilled") return "done";
      return each.reason instanceof ProblemError ? each.reason.code : String(each.reason);
    })
    .sort();
}

/** Resolves once a statement waits for a lock; PostgreSQL shows no more than how it begins. @param like as in SQL. */
export async function isWaitedFor(example: ExampleApp, like: string): Promise<void> {
  await vi.waitUntil(
    () =>
      example.database.read(async (reader) => {
        const row = await reader.row(
          z.object({}),
          sql`select from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock' and query like ${like}`,
        );
        return row !== undefined;
      }),
    { timeout: 30_000, interval: 5 },
  );
}
