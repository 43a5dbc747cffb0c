// A schedule that is not drawn: the server is restored from a backup that is several epochs old, while everybody has gone
// on far beyond it, and the relay makes the most of what it has kept from before.

import type { Step, StepKind } from "./schedule.ts";
import { parties } from "./world.ts";

const slots = { "key-file": 0, orders: 1, pulse: 2 } as const;

function step(kind: StepKind, party = 0, first = 0, second = 0): Step {
  return { kind, party, first, second };
}

const everybody = (each: (party: number) => readonly Step[]): Step[] => [...parties.keys()].flatMap(each);

/** The newest of each slot arrives. */
const fetching = (party: number) => Object.values(slots).map((slot) => step("give", party, slot));
/** Something older of each slot arrives, as it was: so many from the newest. */
const replaying = (party: number, back: number) =>
  Object.values(slots).map((slot) => step("give", party, slot + 3 * back, 7));
const reporting = (party: number) => [step("report", party), step("take", party)];

/** Everybody gets something new of each kind, and says so: each time the device's keys turn. */
const working = (content: number) =>
  everybody((party) => [
    step("tick", party),
    step("post", party, 0, content),
    step("order", party, content),
    step("pulse", party),
    ...fetching(party),
    ...reporting(party),
  ]);

/** What the restored server does before anybody knows that it was restored. */
const unaware = everybody((party) => [
  step("post", party, 0, 2),
  step("order", party, 1),
  step("pulse", party),
  ...fetching(party),
  step("report", party, 0, 0),
  step("takeAnother", party),
]);

/** The relay answers with what it kept: boxes of each epoch from before, and reports out of their order. */
const malicious = everybody((party) => [
  ...[1, 2, 3, 5, 8].flatMap((back) => replaying(party, back)),
  ...[9, 6, 3, 1].map((back) => step("take", party, back, 7)),
  step("report", party, 0, 0),
]);

export const outdatedBackup: readonly Step[] = [
  ...working(0),
  step("backUp"),
  ...[1, 2, 0].flatMap((content) => [
    ...working(content),
    step("renewRoot"),
    step("rotateIssuer"),
    step("raiseEpoch"),
    ...working(content + 1),
  ]),
  step("restore"),
  ...unaware,
  ...malicious,
  ...everybody(reporting),
];
