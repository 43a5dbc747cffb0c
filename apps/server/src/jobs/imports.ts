// Carries out imports of people that were started here or left by another server.

import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { runImport } from "../imports/commands.ts";
import { listRunningImports } from "../imports/store.ts";
import { startRounds, type Rounds } from "../rounds.ts";

export interface ImportJobOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly intervalMilliseconds: number;
  readonly onFailure: (error: unknown) => void;
}

export function startImportJob({ database, clock, ...often }: ImportJobOptions): Rounds {
  return startRounds({
    ...often,
    work: async (signal) => {
      for (const { organisationId, id } of await database.snapshot(listRunningImports)) {
        await runImport({ database, clock, signal }, organisationId, id);
      }
    },
  });
}
