import type { Team } from "@lockstep/api";
import { parseId, type Policy } from "@lockstep/core";
import { expect, test } from "vitest";

import { inheritedBy, isWithin, pathOf, treeOf } from "./tree.ts";

const idOf = (number: number) => parseId<"team">(`00000000-0000-4000-8000-00000000000${number}`);

const team = (number: number, parent: number | null, policy: Policy = {}): Team => ({
  id: idOf(number),
  parentId: parent === null ? null : idOf(parent),
  name: `Team ${number}`,
  policy,
  groupIds: [],
  revision: 1,
});

const teams = [
  team(3, 2),
  team(1, null, { "sync.interval": 10, "password.min-length": 16 }),
  team(4, 1),
  team(2, 1, { "sync.interval": 20 }),
];

test("every team stands below its parent, siblings in the order given", () => {
  expect(treeOf(teams).map(({ team: { name }, depth }) => `${depth} ${name}`)).toEqual([
    "0 Team 1",
    "1 Team 4",
    "1 Team 2",
    "2 Team 3",
  ]);
});

test("a path leads from the root down to the team", () => {
  expect(pathOf(teams, idOf(3)).map(({ name }) => name)).toEqual(["Team 1", "Team 2", "Team 3"]);
});

test("a team without own settings has those of the nearest team above, else the product's default", () => {
  const inherited = inheritedBy(teams, idOf(3));
  expect(inherited["sync.interval"]).toEqual({ value: 20, origin: { id: idOf(2), name: "Team 2" } });
  expect(inherited["password.min-length"].origin?.name).toBe("Team 1");
  expect(inherited["update.may-postpone"]).toEqual({ value: true, origin: null });
  expect(inheritedBy(teams, idOf(2))["sync.interval"].value).toBe(10);
});

test("what is below a folded team is left out, and the team still shows that it has something below", () => {
  const tree = treeOf(teams, ({ id }) => id === idOf(2));
  expect(tree.map(({ team: { name }, hasChildren }) => `${name} ${hasChildren}`)).toEqual([
    "Team 1 true",
    "Team 4 false",
    "Team 2 true",
  ]);
});

test("a team is within itself and within every team above, and nowhere else", () => {
  expect(isWithin(teams, idOf(3), idOf(3))).toBe(true);
  expect(isWithin(teams, idOf(3), idOf(1))).toBe(true);
  expect(isWithin(teams, idOf(3), idOf(4))).toBe(false);
});
