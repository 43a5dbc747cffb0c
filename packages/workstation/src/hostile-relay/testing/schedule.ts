// The schedules that are drawn: what happens next, to whom, and how.

import fc from "fast-check";

import { parties } from "./world.ts";

/** How often each kind of step is drawn. */
const weights = {
  rest: 1,
  post: 4,
  order: 4,
  pulse: 4,
  repost: 2,
  tick: 2,
  renewRoot: 1,
  rotateIssuer: 1,
  backUp: 2,
  restore: 2,
  raiseEpoch: 1,
  give: 14,
  giveAnother: 3,
  giveDamaged: 3,
  giveForged: 4,
  lose: 1,
  crash: 3,
  setClock: 1,
  report: 8,
  take: 8,
  takeAnother: 2,
  lie: 2,
  clone: 1,
} as const;
export type StepKind = keyof typeof weights;

/** `party` says whose turn it is; what `first` and `second` mean is up to the step. */
export interface Step {
  readonly kind: StepKind;
  readonly party: number;
  readonly first: number;
  readonly second: number;
}

const kinds = Object.entries(weights).map(([kind, weight]) => ({
  weight,
  arbitrary: fc.constant(kind as StepKind),
}));

export const schedules: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    // Whatever is not needed for a counterexample shrinks to a rest, which comes first.
    kind: fc.oneof({ withCrossShrink: true }, ...kinds),
    party: fc.nat({ max: parties.length - 1 }),
    first: fc.nat({ max: 1000 }),
    second: fc.nat({ max: 7 }),
  }),
  { minLength: 20, maxLength: 40, size: "max" },
);
