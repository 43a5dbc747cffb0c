import { expect, test } from "vitest";

import { withoutSeals, withSeals } from "./testing/modes.ts";
import { outdatedBackup } from "./testing/outdated-backup.ts";
import { Play } from "./testing/play.ts";
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

// Nothing of it is drawn often: the backup is three epochs and more versions than anybody drops keys after.
test.each([
  ["without seals", withoutSeals],
  ["with real boxes", withSeals],
] as const)(
  "INV-22: a server restored from a backup of three epochs ago gets everybody back with one more epoch, %s",
  async (_, mode) => {
    const play = await Play.begin(await mode());
    await play.play(outdatedBackup);
    expect(play.organisation.database.root.epoch).toBe(5);
    for (const { disk } of play.workstations)
      expect(disk.device.state).toMatchObject({ root: { epoch: 5 }, key_file: { epoch: 5, applied: true } });
  },
  60_000,
);
