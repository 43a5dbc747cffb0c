// Who writes what came in: the product itself, acting on it.

import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import type { Writing } from "../facts/change.ts";

export function writingOf({ database, clock }: { database: Database; clock: Clock }): Writing {
  return { database, clock, doer: { role: "system", userId: null } };
}
