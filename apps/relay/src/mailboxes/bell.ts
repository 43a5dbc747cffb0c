// Rings when something has happened, for those who wait for it: at a mailbox, or for the news of an account.

/** At one place. Whoever waits with a fifth request has most likely lost the first one. */
const waitingAtMost = 4;

export interface Look<Found> {
  readonly look: () => Found | Promise<Found>;
  readonly isEmpty: (found: Found) => boolean;
  readonly waitSeconds: number;
  /** Aborted when whoever waits has gone. */
  readonly signal: AbortSignal;
}

export class Bell<Place> {
  readonly #listeners = new Map<Place, Set<Listener>>();
  #isClosed = false;

  ring(place: Place): void {
    for (const listener of this.#listeners.get(place) ?? []) listener.ring();
  }

  /** Looks, and again whenever it has rung, until something is found, the time is over, or nobody waits any more. */
  async lookOrWait<Found>(place: Place, { look, isEmpty, ...waiting }: Look<Found>): Promise<Found> {
    // Before the first look, so that nothing can arrive unheard between looking and waiting.
    const listener = this.#listen(place, waiting);
    try {
      for (;;) {
        const found = await look();
        if (!isEmpty(found) || !(await listener.isRung())) return found;
      }
    } finally {
      listener.stop();
    }
  }

  /** Whoever waits, or comes to wait, is told that nothing has arrived. */
  close(): void {
    this.#isClosed = true;
    for (const listeners of this.#listeners.values()) for (const listener of listeners) listener.end();
  }

  #listen(place: Place, { waitSeconds, signal }: Pick<Look<unknown>, "waitSeconds" | "signal">): Listener {
    const listeners = this.#listeners.get(place) ?? new Set();
    this.#listeners.set(place, listeners);
    const listener = new Listener({
      milliseconds: this.#isClosed ? 0 : waitSeconds * 1000,
      signal,
      onStop: () => {
        listeners.delete(listener);
        if (listeners.size === 0 && this.#listeners.get(place) === listeners) this.#listeners.delete(place);
      },
    });
    listeners.add(listener);
    const [oldest] = listeners;
    if (listeners.size > waitingAtMost) oldest?.end();
    return listener;
  }
}

/** Hears from the moment at which it is made. It must be stopped in the end. */
class Listener {
  readonly #timer: NodeJS.Timeout;
  readonly #signal: AbortSignal;
  readonly #onStop: () => void;
  #isOver: boolean;
  #hasRung = false;
  #wake: () => void = () => undefined;

  constructor({
    milliseconds,
    signal,
    onStop,
  }: {
    milliseconds: number;
    signal: AbortSignal;
    onStop: () => void;
  }) {
    this.#isOver = milliseconds === 0 || signal.aborted;
    this.#timer = setTimeout(this.end, milliseconds);
    this.#signal = signal;
    this.#onStop = onStop;
    signal.addEventListener("abort", this.end);
  }

  ring(): void {
    this.#hasRung = true;
    this.#wake();
  }

  readonly end = (): void => {
    this.#isOver = true;
    this.#wake();
  };

  /** True once the bell has rung since the last time; false when the time is over, or nobody waits any more. */
  async isRung(): Promise<boolean> {
    if (!this.#hasRung && !this.#isOver) {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      this.#wake = () => resolve(undefined);
      await promise;
    }
    const isRung = this.#hasRung && !this.#isOver;
    this.#hasRung = false;
    return isRung;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#signal.removeEventListener("abort", this.end);
    this.#onStop();
  }
}
