// Runs the model many times from a seed.

import fc from "fast-check";

import { Play, type Mode } from "./play.ts";
import { schedules } from "./schedule.ts";

/**
 * Plays so many schedules.
 * @throws Error with the shortest schedule that was found, its seed and path, as soon as something happened that must not.
 */
export async function playSchedules(
  mode: () => Mode | Promise<Mode>,
  { runs, seed }: { readonly runs: number; readonly seed: number },
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(schedules, async (steps) => {
      const play = await Play.begin(await mode());
      await play.play(steps);
    }),
    { numRuns: runs, seed },
  );
}
