// The canary: a random sample of everything that is sealed is opened every night, so that damage is noticed while
// there are still backups without it, and not when a key is needed.

import { v7 as uuid } from "uuid";

import type { Clock } from "../../clock.ts";
import type { Database } from "../../db/database.ts";
import { openPiece, type SealedPiece } from "./pieces.ts";
import { SealBroken, type Binding, type KeyEncryption } from "./sealing.ts";
import { insertCanaryRun, sampleSealed, type CanaryRun, type CanaryRunId } from "./store.ts";

/** Of each table, so that a large one does not hide the small ones. */
const limit = 100;
const intervalMilliseconds = 24 * 60 * 60 * 1000;

export interface CanaryResult {
  readonly sampled: number;
  /** Above 0 it is an alarm. */
  readonly unreadable: number;
  readonly firstUnreadable: Binding | null;
}

export function canaryIsDue(lastRun: Pick<CanaryRun, "at"> | undefined, now: Date): boolean {
  return lastRun === undefined || now.getTime() - Date.parse(lastRun.at) >= intervalMilliseconds;
}

/**
 * Over all organisations, and as the file of the key-encryption key is now.
 * @throws OperatorError when that file cannot be read.
 */
export async function runCanary(
  database: Database,
  keyEncryption: KeyEncryption,
  clock: Clock,
): Promise<CanaryResult> {
  // Whoever only opens would go on with the keys in memory.
  keyEncryption.refresh();
  const sample = await database.snapshot((snapshot) => sampleSealed(snapshot, { limit }));
  const broken: Binding[] = [];
  for (const piece of sample) {
    const found = await findBreak(keyEncryption, piece);
    if (found !== null) broken.push(found.binding);
  }
  const result = { sampled: sample.length, unreadable: broken.length };
  await database.transaction((transaction) =>
    insertCanaryRun(transaction, { id: uuid() as CanaryRunId, at: clock(), ...result }),
  );
  return { ...result, firstUnreadable: broken[0] ?? null };
}

/** Why a piece does not open, or null. */
export async function findBreak(
  keyEncryption: KeyEncryption,
  piece: SealedPiece,
): Promise<SealBroken | null> {
  try {
    await openPiece(keyEncryption, piece);
    return null;
  } catch (cause) {
    if (cause instanceof SealBroken) return cause;
    throw cause;
  }
}
