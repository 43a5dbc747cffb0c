// The only clock. Whatever needs the time is given one, so tests can choose it.

export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** Seconds since 1970, as everything that is signed counts them. */
export function secondsOf(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}
