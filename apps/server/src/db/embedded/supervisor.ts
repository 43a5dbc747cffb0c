// Keeps PostgreSQL running while the server lives: a postmaster that dies is started again, within bounds.

import { setTimeout as pause } from "node:timers/promises";

import { OperatorError } from "../operator-error.ts";
import { endPostmaster, runPostmaster, type Launch, type Postmaster } from "./postmaster.ts";

const watchMs = 100;
const patienceMs = 60_000;
const tooManyDeaths = 5;
const firstPauseMs = 50;

export interface Watcher {
  /** PostgreSQL had died, and runs again. */
  onRestart?: () => void;
  /** PostgreSQL died too often and stays down. */
  onGaveUp?: (error: OperatorError) => void;
}

export class Supervisor {
  readonly #launch: Launch;
  readonly #watcher: Watcher;
  #postmaster: Postmaster;
  #timer: NodeJS.Timeout | undefined;
  #restart: Promise<void> | undefined;
  #isStopping = false;

  constructor(launch: Launch, postmaster: Postmaster, watcher: Watcher) {
    this.#launch = launch;
    this.#postmaster = postmaster;
    this.#watcher = watcher;
    this.#watch([]);
  }

  /** Stops PostgreSQL and waits until it has ended. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#timer);
    await this.#restart;
    await endPostmaster(this.#postmaster);
  }

  #watch(deaths: readonly number[]): void {
    if (this.#isStopping) return;
    this.#timer = setInterval(() => {
      if (!this.#postmaster.hasEnded()) return;
      clearInterval(this.#timer);
      this.#restart = this.#runAgain([...deaths, Date.now()]);
    }, watchMs).unref();
  }

  async #runAgain(times: readonly number[], cause?: unknown): Promise<void> {
    const deaths = times.filter((time) => time > Date.now() - patienceMs);
    if (deaths.length >= tooManyDeaths) {
      this.#giveUp(cause);
      return;
    }
    if (deaths.length > 1) await pause(firstPauseMs * 2 ** deaths.length);
    if (this.#isStopping) return;
    try {
      this.#postmaster = await runPostmaster(this.#launch);
    } catch (failure) {
      return this.#runAgain([...deaths, Date.now()], failure);
    }
    this.#watch(deaths);
    this.#watcher.onRestart?.();
  }

  #giveUp(cause: unknown): void {
    const reason = cause instanceof Error ? `; the last time: ${cause.message}` : "";
    this.#watcher.onGaveUp?.(
      new OperatorError({
        code: "embedded-gave-up",
        sentence: `PostgreSQL ended ${tooManyDeaths} times within a minute and is not started again${reason}`,
        hint: cause instanceof OperatorError ? cause.hint : `its log ${this.#launch.log} says why it ended`,
        cause,
      }),
    );
  }
}
