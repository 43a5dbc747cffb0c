// What people type to name a team or a licence, and what happens when it is not enough.

import type { Licence, Team } from "@lockstep/api";
import type { Id } from "@lockstep/core";
import { expect, test } from "vitest";

import { LicenceList } from "./licence-names.ts";
import { TeamTree } from "./team-tree.ts";
import { inTreeOrder } from "./tree.ts";

const idOf = <Noun extends string>(number: number) =>
  `00000000-0000-7000-8000-${String(number).padStart(12, "0")}` as Id<Noun>;

function teamOf(number: number, parent: number | null, name: string): Team {
  const parentId = parent === null ? null : idOf<"team">(parent);
  return { id: idOf(number), parentId, name, policy: {}, groupIds: [], revision: 1 };
}

const tree = new TeamTree(
  [
    teamOf(1, null, "Northwind Air"),
    teamOf(2, 1, "Flight Operations"),
    teamOf(3, 2, "Pilots"),
    teamOf(4, 1, "Training"),
    teamOf(5, 4, "Pilots"),
    teamOf(6, 1, "Élodie"),
  ],
  "Northwind Air",
);

test.each([
  ["flight operations", 2],
  ["Flight Operations/Pilots", 3],
  ["Northwind Air/Training/pilots", 5],
  ["élodie".normalize("NFD"), 6],
  [idOf(5), 5],
])("a team is known by its name, the end of its path or its id: %s", (text, number) => {
  expect(tree.pick(text).id).toBe(idOf(number));
});

test("a name of two teams lists both paths, and picks neither", () => {
  expect(() => tree.pick("Pilots")).toThrow(
    expect.objectContaining({
      message: "more than one team in Northwind Air is called Pilots",
      hint: "say which: Northwind Air/Flight Operations/Pilots, Northwind Air/Training/Pilots",
    }),
  );
});

test("the beginning of a name is not its name", () => {
  expect(() => tree.pick("Flight")).toThrow("there is no team Flight in Northwind Air");
});

test("the tree is shown with every team below its parent, by name", () => {
  expect(inTreeOrder(tree.teams).map(({ node }) => tree.pathOf(node))).toEqual([
    "Northwind Air",
    "Northwind Air/Élodie",
    "Northwind Air/Flight Operations",
    "Northwind Air/Flight Operations/Pilots",
    "Northwind Air/Training",
    "Northwind Air/Training/Pilots",
  ]);
});

function licenceOf(number: number, term: Licence["term"], validUntil: string | null): Licence {
  const pool = { productId: "LS-1", edition: "Pro", seats: 5, seatsTaken: 0, validFrom: "2026-01-01" };
  return { id: idOf(number), term, validUntil, state: "valid", revision: 1, ...pool };
}

const list = new LicenceList(
  [
    licenceOf(1, "trial", "2026-03-31"),
    licenceOf(2, "subscription", "2026-12-31"),
    licenceOf(3, "subscription", "2027-12-31"),
    licenceOf(4, "perpetual", null),
    licenceOf(5, "perpetual", null),
  ],
  "Northwind Air",
);

test("a licence is called by what it is, and by as much of it as tells it from the others", () => {
  expect([1, 2, 3, 4].map((number) => list.nameOf(idOf(number)))).toEqual([
    "LS-1/Pro/trial",
    "LS-1/Pro/subscription/2026-12-31",
    "LS-1/Pro/subscription/2027-12-31",
    idOf(4),
  ]);
});

test("whatever a licence is called, it is found by", () => {
  for (const { id } of list.licences) expect(list.pick(list.nameOf(id)).id).toBe(id);
  expect(() => list.pick("LS-1/Pro/subscription")).toThrow(
    expect.objectContaining({
      hint: "say which: LS-1/Pro/subscription/2026-12-31, LS-1/Pro/subscription/2027-12-31",
    }),
  );
});
