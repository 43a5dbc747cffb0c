// What happens to accounts by time: dated blocks end, batches are carried out, and what nobody uses is disabled. Right however many servers do
// it at once.

import { postDigest } from "../accounts/commands/digest.ts";
import { endDatedBlock } from "../accounts/commands/block.ts";
import { listBlocksToEnd } from "../accounts/blocks/store.ts";
import { listRunningBatches } from "../accounts/batches/store.ts";
import { runBatch } from "../accounts/commands/batch.ts";
import { runInactivity } from "../accounts/commands/inactivity.ts";
import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import { listOrganisations } from "../organisations/store.ts";
import { startRounds, type Rounds } from "../rounds.ts";

interface Surroundings {
  readonly database: Database;
  readonly clock: Clock;
  readonly keyEncryption: KeyEncryption;
  /** Something is to be delivered. */
  readonly onPosted: () => void;
}

export interface AccountJobOptions extends Surroundings {
  readonly intervalMilliseconds: number;
  readonly onFailure: (error: unknown) => void;
}

export function startBlockJob({ intervalMilliseconds, onFailure, ...around }: AccountJobOptions): Rounds {
  return startRounds({ intervalMilliseconds, onFailure, work: (signal) => endDueBlocks(around, signal) });
}

/** Told to stop, it leaves the rest to the next round. */
export async function endDueBlocks(
  { database, clock, keyEncryption, onPosted }: Surroundings,
  signal?: AbortSignal,
): Promise<void> {
  const due = await database.read((reader) => listBlocksToEnd(reader, clock()));
  for (const { organisationId, userId } of due) {
    if (signal?.aborted === true) return;
    if (await endDatedBlock({ database, clock, keyEncryption }, organisationId, userId)) onPosted();
  }
}

/** Carries out batches that were started here or left by another server. */
export function startBatchJob({ intervalMilliseconds, onFailure, ...around }: AccountJobOptions): Rounds {
  return startRounds({ intervalMilliseconds, onFailure, work: (signal) => runBatches(around, signal) });
}

/** Told to stop, it leaves the rest to the next round. */
export async function runBatches(
  { database, clock, keyEncryption, onPosted }: Surroundings,
  signal?: AbortSignal,
): Promise<void> {
  for (const { organisationId, id } of await database.read(listRunningBatches)) {
    await runBatch({ database, clock, keyEncryption, ...(signal && { signal }) }, organisationId, id);
    onPosted();
  }
}

export function startInactivityJob({
  intervalMilliseconds,
  onFailure,
  database,
  clock,
}: Omit<AccountJobOptions, "onPosted" | "keyEncryption">): Rounds {
  return startRounds({
    intervalMilliseconds,
    onFailure,
    work: async (signal) => {
      for (const { id } of await database.snapshot(listOrganisations)) {
        if (signal.aborted) return;
        await runInactivity({ database, clock }, id, signal);
        await postDigest({ database, clock }, id);
      }
    },
  });
}
