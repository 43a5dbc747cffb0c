// Races that are run twenty times: one that passed once passed by luck.

import { ProblemError } from "@lockstep/api";

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
