// Carries out postings of Key-Files that were started here or left by another server.

import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { startRounds, type Rounds } from "../rounds.ts";
import { runPosting } from "../updates/commands.ts";
import { listRunningPostings } from "../updates/postings/store.ts";

export interface PostingJobOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly intervalMilliseconds: number;
  /** Something is to be delivered. */
  readonly onBatch: () => void;
  readonly onFailure: (error: unknown) => void;
}

export function startPostingJob({ database, clock, onBatch, ...often }: PostingJobOptions): Rounds {
  return startRounds({
    ...often,
    work: async (signal) => {
      for (const { organisationId, id } of await database.snapshot(listRunningPostings)) {
        await runPosting({ database, clock, signal, onBatch }, organisationId, id);
      }
    },
  });
}
