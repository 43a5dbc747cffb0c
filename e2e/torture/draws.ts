// Numbers that follow from a seed: the same ones each time for whoever draws, whatever others draw meanwhile.

import { createHash } from "node:crypto";

export class Draws {
  #state: number;

  /** @param who draws. */
  constructor(seed: number, who: string) {
    this.#state = createHash("sha256").update(`${seed} ${who}`).digest().readUInt32LE(0);
  }

  /** A whole number from 0 up to, and without, `end`. */
  below(end: number): number {
    // mulberry32, which is in the public domain: 32 bits of state are enough to draw moments.
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end);
  }

  /** Happens once in so many times. */
  once(inSoMany: number): boolean {
    return this.below(inSoMany) === 0;
  }

  oneOf<Each>(these: readonly Each[]): Each {
    const one = these[this.below(these.length)];
    if (one === undefined) throw new Error("expected at least one");
    return one;
  }
}
