import { expect, test } from "vitest";

import { withoutSeals, withSeals } from "./testing/modes.ts";
import { playSchedules } from "./testing/run.ts";

// A fixed seed, so that a failure is one everywhere; `npm run fuzz` draws others.
const seed = 20_261_121;

test("INV-22: whatever a relay does in 10,000 schedules, workstations never go back, never take what is not theirs, and all arrive once it is honest", async () => {
  await playSchedules(withoutSeals, { runs: 10_000, seed });
  expect.assertions(0);
}, 240_000);

test("with real boxes and the real applying it is the same", async () => {
  await playSchedules(withSeals, { runs: 12, seed });
  expect.assertions(0);
}, 120_000);
