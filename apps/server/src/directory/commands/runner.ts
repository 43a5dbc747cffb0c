// A server at work at a run: what it works with, and how it learns that it must stop.

import type { Clock } from "../../clock.ts";
import type { Database, Transaction } from "../../db/database.ts";
import type { KeyEncryption } from "../../keys/sealing/sealing.ts";
import type { Directory } from "../connections/store.ts";
import type { Run } from "../runs/store.ts";

/** The run is another server's by now, or was ended: whoever worked at it leaves it. */
export class RunLost extends Error {
  override readonly name = "RunLost";
}

/** Somebody asked for the run to end, or the server is told to stop. */
export class RunStopped extends Error {
  override readonly name = "RunStopped";
  readonly isCancelled: boolean;

  constructor(isCancelled: boolean) {
    super(isCancelled ? "the run was cancelled" : "the server stops");
    this.isCancelled = isCancelled;
  }
}

export interface Runner {
  readonly database: Database;
  readonly clock: Clock;
  readonly keyEncryption: KeyEncryption;
  /** Of this process, or of a test that poses as one. */
  readonly runner: string;
  readonly signal?: AbortSignal;
  /** A number from 0 to below 1, by chance: so that not everything is read at the same minute. */
  readonly random: () => number;
  /** How many rows of a plan are applied in one transaction: 2000 if left out. */
  readonly batchSize?: number;
}

export interface Work extends Runner {
  readonly directory: Directory;
  /** Holds the run in a transaction. @throws RunLost, RunStopped. */
  readonly keep: (transaction: Transaction) => Promise<Run>;
}

/** Goes on while something else is done: whoever waits for it meets its failure, if anybody still does. */
export function begun<Result>(work: Promise<Result>): Promise<Result> {
  work.catch(() => undefined);
  return work;
}

/** Up to a tenth sooner or later. */
export function jittered(milliseconds: number, random: () => number): number {
  return Math.round(milliseconds * (0.9 + random() / 5));
}
