// `npm run torture`: server and relay are killed as in the tests, as often as one likes, five thousand times by default,
// from a seed that it says. `npm run torture -- 1000 42` kills a thousand times from seed 42. The seed draws the same
// moments again; what the programs do at such a moment is up to the machine.

import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startEmbeddedPostgres } from "../apps/server/src/db/embedded.ts";
import { torture } from "../e2e/torture/torture.ts";

/** Between two lines that say how far it is; each batch has an installation and a seed of its own, the next number. */
const batch = 500;

async function run(kills: number, seed: number): Promise<void> {
  process.stdout.write(`${kills} kills from seed ${seed}\n`);
  for (let done = 0; done < kills; done += batch) {
    const some = Math.min(batch, kills - done);
    const survived = await tortureOnce(some, seed + done / batch);
    process.stdout.write(`${done + some} of ${kills}: ${JSON.stringify(survived)}\n`);
  }
}

/** On a database of its own. */
async function tortureOnce(kills: number, seed: number): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-torture-database-"));
  const postgres = await startEmbeddedPostgres({ folder, durability: "throw-away" });
  try {
    return await torture(postgres.connection, { kills, seed });
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const [kills = "5000", seed = String(randomInt(2 ** 30))] = process.argv.slice(2);
try {
  await run(Number(kills), Number(seed));
} catch (error) {
  // The message has the seed and what the programs said last.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
