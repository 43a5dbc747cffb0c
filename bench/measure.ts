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

/** One round: ours, and the same done with raw SQL right after. */
export interface Round {
  readonly ours: number;
  readonly raw: number;
}

/** The middle of each, and of the quotients: what else the machine does weighs on both sides of a round. */
export function middleOf(
  rounds: readonly Round[],
  quotient: (round: Round) => number,
): Round & { ratio: number } {
  const middle = (pick: (round: Round) => number) => median(rounds.map(pick).sort((a, b) => a - b));
  return { ours: middle(({ ours }) => ours), raw: middle(({ raw }) => raw), ratio: middle(quotient) };
}
