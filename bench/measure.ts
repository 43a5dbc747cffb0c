// Times and ratios. Two ways of doing a thing are measured in turns, so that whatever else the machine does
// falls on both.

/** Milliseconds, sorted. */
export type Times = readonly number[];

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Runs the works in turns, so many rounds after a few to warm up. */
export async function inTurns<Name extends string>(
  works: Record<Name, (round: number) => Promise<unknown>>,
  { rounds, warmUp = 5 }: { rounds: number; warmUp?: number },
): Promise<Record<Name, Times>> {
  const names = Object.keys(works) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds + warmUp; round++) {
    for (const name of names) {
      const taken = await timed(() => works[name](round));
      if (round >= warmUp) times[name].push(taken);
    }
  }
  for (const name of names) times[name].sort((a, b) => a - b);
  return times;
}

/** The time that this part of all runs stayed below. */
export function quantile(times: Times, part: number): number {
  return times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? Number.NaN;
}

export const median = (times: Times): number => quantile(times, 0.5);
