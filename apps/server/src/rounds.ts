// What is done again and again while the server runs: at once when it is called for, else every so often, in case
// another server, or this one before it was restarted, has left something.

import { setTimeout as pause } from "node:timers/promises";

export interface Rounds {
  /** There is something to do. */
  readonly wake: () => void;
  /** Resolves once the present round has ended. */
  readonly stop: () => Promise<void>;
}

export interface RoundsOptions {
  /** One round; told to stop, it ends as soon as it can. */
  readonly work: (signal: AbortSignal) => Promise<void>;
  readonly intervalMilliseconds: number;
  /** The longest pause after failures, each of which doubles it; the interval if left out. */
  readonly longestPauseMilliseconds?: number;
  readonly onFailure: (error: unknown) => void | Promise<void>;
}

const firstPauseMilliseconds = 500;

export function startRounds(options: RoundsOptions): Rounds {
  const { work, intervalMilliseconds, longestPauseMilliseconds = intervalMilliseconds, onFailure } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let called = Promise.withResolvers<undefined>();
  const isOver = () => signal.aborted;
  const rounds = async () => {
    for (let failures = 0; !isOver();) {
      // Before the work, so that a call during it is not lost.
      called = Promise.withResolvers<undefined>();
      try {
        await work(signal);
        failures = 0;
        await callOrTime(called.promise, intervalMilliseconds, signal);
      } catch (error) {
        if (!isOver()) await onFailure(error);
        const milliseconds = Math.min(longestPauseMilliseconds, firstPauseMilliseconds * 2 ** failures++);
        await pause(milliseconds, undefined, { signal }).catch(() => undefined);
      }
    }
  };
  const running = rounds();
  return {
    wake: () => called.resolve(undefined),
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** Whichever comes first; told to stop, neither is waited for. */
async function callOrTime(
  call: Promise<undefined>,
  milliseconds: number,
  signal: AbortSignal,
): Promise<void> {
  const waiting = new AbortController();
  const either = { signal: AbortSignal.any([signal, waiting.signal]) };
  await Promise.race([call, pause(milliseconds, undefined, either).catch(() => undefined)]);
  waiting.abort();
}
