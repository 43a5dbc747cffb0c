import { expect, test } from "vitest";

import { cloneDatabase } from "../apps/server/src/db/testing/database.ts";
import { torture } from "./torture/torture.ts";

const kills = Number(process.env["LOCKSTEP_TORTURE_KILLS"] ?? 200);
// A fixed seed, so that a failure is one everywhere as far as moments can be; `npm run torture` draws others.
const seed = Number(process.env["LOCKSTEP_TORTURE_SEED"] ?? 20_261_121);

test(
  `INV-12: server and relay are killed ${kills} times while Key-Files are posted to everybody, nothing acknowledged is lost, no version has two contents, and all become green`,
  { timeout: 120_000 + kills * 4_000 },
  async () => {
    const { connection } = await cloneDatabase();
    const survived = await torture(connection, { kills, seed });
    expect(survived.kills.server + survived.kills.relay).toBeGreaterThanOrEqual(kills);
    // It did work meanwhile, both of them died of it, and versions arrived beside the first ones.
    expect(survived.kills.server).toBeGreaterThan(kills / 8);
    expect(survived.kills.relay).toBeGreaterThan(kills / 8);
    expect(survived.postings).toBeGreaterThan(2);
    expect(survived.keyFiles).toBeGreaterThan(20);
  },
);
