// The only clock. Whatever needs the time is given one, so tests can choose it.

/** Milliseconds since 1970. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

export function secondsOf(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
