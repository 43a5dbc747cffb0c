// How often somebody may ask within a minute. It is forgotten at a restart, which gives nobody more than twice as much.

import type { Clock } from "../clock.ts";
import { Refusal } from "../refusal.ts";

const minute = 60_000;

export class Throttle<Key> {
  readonly #clock: Clock;
  readonly #counts = new Map<Key, number>();
  #minute = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws Refusal too_many_requests. */
  admit(key: Key, perMinute: number): void {
    const now = Math.floor(this.#clock() / minute);
    if (now !== this.#minute) this.#counts.clear();
    this.#minute = now;
    const count = (this.#counts.get(key) ?? 0) + 1;
    if (count > perMinute) throw new Refusal("too_many_requests");
    this.#counts.set(key, count);
  }
}
