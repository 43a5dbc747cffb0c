// Carries out imports of people: at once when one is started here, and every few seconds whatever another server, or
// this one before it was restarted, has left.

import { setTimeout as pause } from "node:timers/promises";

import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { runImport } from "../imports/commands.ts";
import { listRunningImports } from "../imports/store.ts";

export interface ImportJob {
  /** There is something to do. */
  readonly wake: () => void;
  /** Resolves once the present batch is written. */
  readonly stop: () => Promise<void>;
}

export interface ImportJobOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly intervalMilliseconds: number;
  readonly onFailure: (error: unknown) => void;
}

export function startImportJob({
  database,
  clock,
  intervalMilliseconds,
  onFailure,
}: ImportJobOptions): ImportJob {
  const stopping = new AbortController();
  const { signal } = stopping;
  let called = Promise.withResolvers<undefined>();
  const work = async () => {
    for (const { organisationId, id } of await database.snapshot(listRunningImports)) {
      await runImport({ database, clock, signal }, organisationId, id);
    }
  };
  const rounds = async () => {
    while (!signal.aborted) {
      // Before the work, so that a call during it is not lost.
      called = Promise.withResolvers<undefined>();
      await work().catch(onFailure);
      await callOrTime(called.promise, { intervalMilliseconds, signal });
    }
  };
  const running = rounds();
  return {
    wake: () => {
      called.resolve(undefined);
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** Whichever comes first; told to stop, neither is waited for. */
async function callOrTime(
  call: Promise<undefined>,
  { intervalMilliseconds, signal }: { intervalMilliseconds: number; signal: AbortSignal },
): Promise<void> {
  const waiting = new AbortController();
  const either = { signal: AbortSignal.any([signal, waiting.signal]) };
  await Promise.race([call, pause(intervalMilliseconds, undefined, either).catch(() => undefined)]);
  waiting.abort();
}
