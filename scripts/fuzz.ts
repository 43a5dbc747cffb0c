// `npm run fuzz`: the hostile-relay model with as many schedules as one likes, a million by default, from a seed that it
// says. `npm run fuzz -- 5000 42` plays 5,000 schedules from seed 42. Whatever it finds is the shortest schedule that shows it.

import { randomInt } from "node:crypto";

import { withoutSeals } from "../packages/workstation/src/hostile-relay/testing/modes.ts";
import { playSchedules } from "../packages/workstation/src/hostile-relay/testing/run.ts";

/** Between two lines that say how far it is. Each batch has a seed of its own, the next number. */
const batch = 10_000;

async function fuzz(runs: number, seed: number): Promise<void> {
  process.stdout.write(`${runs} schedules from seed ${seed}\n`);
  const start = performance.now();
  for (let played = 0; played < runs; played += batch) {
    const some = Math.min(batch, runs - played);
    await playSchedules(withoutSeals, { runs: some, seed: seed + played / batch });
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    process.stdout.write(`${played + some} of ${runs} played, ${seconds} s\n`);
  }
}

const [runs = "1000000", seed = String(randomInt(2 ** 30))] = process.argv.slice(2);
try {
  await fuzz(Number(runs), Number(seed));
} catch (error) {
  // The message has the counterexample, its seed and path.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof Error && error.cause instanceof Error)
    process.stderr.write(`${error.cause.message}\n`);
  process.exitCode = 1;
}
