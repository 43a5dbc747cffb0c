import { planCodes, type PlanCode } from "@lockstep/api";
import type { UserId } from "@lockstep/core";
import fc from "fast-check";
import { expect, test } from "vitest";

import { guardOf, isVanishing, planWindow, type Choice, type PlanRow, type Settings } from "./plan.ts";
import { following, manual, stories, units } from "./testing/stories.ts";
import {
  applied,
  entry,
  everybody,
  goneOf,
  knownOf,
  nobody,
  planOf,
  uuidOf,
  type Reading,
  type World,
} from "./testing/world.ts";

function told({ action, code, name, userId, change }: PlanRow): string {
  const { placement, ...values } = change;
  const team =
    placement === undefined ? [] : [`team ${[placement.teamId.slice(-3), ...placement.missing].join("/")}`];
  const rest = Object.entries(values).map(([key, value]) => `${key} ${String(value)}`);
  const whom = userId === null ? [] : [`user ${userId.slice(-4)}`];
  return `${action.padEnd(7)} ${code.padEnd(22)} ${name}: ${[...whom, ...rest, ...team].join(", ")}`.trimEnd();
}

// The table is what people read: a change of the plan is reviewed as a diff of it.
test("plan.table.txt says what becomes of people in every situation", async () => {
  const lines = stories.flatMap(({ title, world = nobody, reading, settings = everybody }) => {
    const rows = planOf(world, reading, settings).map(told);
    return [title, ...(rows.length === 0 ? ["nothing"] : rows).map((row) => `    ${row}`)];
  });
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("./plan.table.txt");
});

test("every code stands in the table, with what it means and what to do", () => {
  const met = new Set(
    stories.flatMap(({ world = nobody, reading, settings = everybody }) =>
      planOf(world, reading, settings).map(({ code }) => code),
    ),
  );
  expect([...met].sort()).toEqual((Object.keys(planCodes) as PlanCode[]).sort());
  for (const { meaning, remedy } of Object.values(planCodes)) {
    expect(meaning).toMatch(/^[A-Z].*\.$/);
    expect(remedy).toMatch(/^[A-Z].*\.$/);
  }
});

const numbers = { min: 1, max: 12 };
const anyEntry = fc
  .record({
    number: fc.integer(numbers),
    name: fc.constantFrom("Ada", "Bo", "Prüfung Ω", "試験", ""),
    username: fc.constantFrom("a@x.test", "b@x.test", "c@x.test", "d@x.test", "e@x.test", ""),
    email: fc.constantFrom("a@x.test", "shared@x.test", null),
    units: fc.constantFrom([], ["Pilots"], ["Pilots", "North"], ["Ground"]),
    isDisabled: fc.boolean(),
  })
  .map(({ number, ...rest }) => entry(number, rest));
const anyReading: fc.Arbitrary<Reading> = fc.record({
  entries: fc.uniqueArray(anyEntry, { selector: ({ objectId }) => objectId, maxLength: 8 }),
  isComplete: fc.boolean(),
});
const anySettings = fc.constantFrom(everybody, manual, units, following);
/** What may happen here between two runs. */
const anyAct = fc.record({
  act: fc.constantFrom("license", "return", "account", "remove", "unlink", "import", "unignore"),
  at: fc.nat({ max: 11 }),
});
type Act = { readonly act: string; readonly at: number };

function acted(world: World, { act, at }: Act): World {
  const target = world.people[at % Math.max(1, world.people.length)];
  const withTarget = (change: Partial<World["people"][number]>): World => ({
    ...world,
    people: world.people.map((each) => (each === target ? { ...each, ...change } : each)),
  });
  const decided = (objectId: string, choice: Partial<Choice>): World["choices"] =>
    new Map([
      ...world.choices,
      [
        objectId,
        {
          ...(world.choices.get(objectId) ?? {
            teamId: null,
            userId: null,
            formerUserId: null,
            kind: "none",
          }),
          ...choice,
        },
      ],
    ]);
  switch (act) {
    case "license":
      return withTarget({ isLicensed: true });
    case "return":
      return withTarget({ isLicensed: false });
    case "account":
      return withTarget({ hasAccount: true });
    case "remove":
    case "unlink": {
      if (target === undefined || target.link === null) return world;
      const { choices } = { choices: decided(target.link.objectId, { kind: "ignore" }) };
      return { ...withTarget({ link: null, isRemoved: act === "remove", isLicensed: false }), choices };
    }
    case "import":
      return { ...world, choices: decided(uuidOf(at + 1), { kind: "import" }) };
    default:
      return { ...world, choices: decided(uuidOf(at + 1), { kind: "none" }) };
  }
}

const anyHistory = fc.array(
  fc.record({ reading: anyReading, acts: fc.array(anyAct, { maxLength: 4 }), settings: anySettings }),
  {
    minLength: 1,
    maxLength: 5,
  },
);
type History = typeof anyHistory extends fc.Arbitrary<infer Each> ? Each : never;

/** What there is after a history, without its last reading's plan. */
function lived(history: History): { world: World; reading: Reading; settings: Settings } {
  let world: World = nobody;
  for (const { reading, acts, settings } of history.slice(0, -1)) {
    world = acts.reduce(acted, applied(world, planOf(world, reading, settings)));
  }
  const last = history.at(-1);
  if (last === undefined) throw new Error("a history is not empty");
  return { world: last.acts.reduce(acted, world), reading: last.reading, settings: last.settings };
}

test("INV: whoever has applied a plan has nothing left to apply, whatever was before", () => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      const { world, reading, settings } = lived(history);
      const after = applied(world, planOf(world, reading, settings));
      expect(planOf(after, reading, settings).filter(({ action }) => action !== "skip")).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

test("INV: nobody is orphaned or removed by a read that was not complete, nor while still in the directory", () => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      const { world, reading, settings } = lived(history);
      const vanishing = planOf(world, reading, settings).filter(isVanishing);
      if (!reading.isComplete) expect(vanishing).toEqual([]);
      const read = new Set(reading.entries.map(({ objectId }) => objectId));
      expect(vanishing.filter(({ objectId }) => read.has(objectId))).toEqual([]);
      const people = new Map(world.people.map((each) => [each.id, each]));
      for (const { action, userId } of vanishing) {
        const { isLicensed = true, isActive = true } = people.get(userId ?? ("" as UserId)) ?? {};
        expect(action === "remove").toBe(!isLicensed && !isActive);
      }
    }),
    { numRuns: 2000 },
  );
});

test("INV: a plan made window by window is the plan made at once, in whatever order people came", () => {
  fc.assert(
    fc.property(anyHistory, fc.integer({ min: 1, max: 4 }), (history, size) => {
      const { world, reading, settings } = lived(history);
      const whole = planOf(world, reading, settings);
      const known = knownOf(world, reading.entries);
      const entries = reading.entries.toSorted((a, b) => (a.objectId < b.objectId ? -1 : 1));
      const gone = goneOf(world, reading);
      const pieces: PlanRow[] = [];
      for (let at = 0; at < entries.length; at += size) {
        pieces.push(...planWindow({ entries: entries.slice(at, at + size), gone: [] }, known, settings));
      }
      for (const objectId of gone)
        pieces.push(...planWindow({ entries: [], gone: [objectId] }, known, settings));
      expect(pieces.toSorted((a, b) => (a.objectId < b.objectId ? -1 : 1))).toEqual(whole);
    }),
    { numRuns: 1000 },
  );
});

test("INV: nobody is matched by a name or a mail address", () => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      const { world, reading, settings } = lived(history);
      const people = new Map(world.people.map((each) => [each.id, each]));
      for (const { action, objectId, userId } of planOf(world, reading, settings)) {
        if (action === "skip" || userId === null) continue;
        const choice = world.choices.get(objectId);
        const ties = [choice?.userId, choice?.formerUserId];
        expect(people.get(userId)?.link?.objectId === objectId || ties.includes(userId)).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ["nobody vanishes", 0, 0, false],
  ["a few of many", 20, 5000, false],
  ["two of a hundred, of many", 100, 5000, false],
  ["one more than that", 101, 5000, true],
  ["twenty of a hundred", 20, 100, false],
  ["twenty-one of a hundred", 21, 100, true],
  ["half of a few", 2, 4, false],
  ["more than half of a few", 3, 4, true],
  ["everybody, who is one", 1, 1, true],
  ["everybody", 5000, 5000, true],
])("the guard, of %s: %i of %i", (_, vanishing, linked, isHeld) => {
  expect(guardOf({ vanishing, linked }, { least: 20, percent: 2 }).isHeld).toBe(isHeld);
});
