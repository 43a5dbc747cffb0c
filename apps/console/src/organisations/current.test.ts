import type { Me, Organisation } from "@lockstep/api";
import { parseId } from "@lockstep/core";
import { expect, test } from "vitest";

import { ownOf } from "./current.ts";

const idOf = (number: number) => parseId<"organisation">(`00000000-0000-4000-8000-00000000000${number}`);

const organisation = (number: number, office: Organisation["office"]): Organisation => ({
  id: idOf(number),
  authorityId: null,
  authority: null,
  name: `Organisation ${number}`,
  office,
  state: "enabled",
  revision: 1,
});

const all = [organisation(1, "installation"), organisation(2, "none"), organisation(3, "none")];

const somebodyOf = (number: number, roles: Me["roles"] = []): Me => ({
  user: {
    id: parseId("00000000-0000-4000-8000-000000000009"),
    organisationId: idOf(number),
    name: "",
    username: "",
  },
  roles,
  needsSecondFactor: false,
  deletionDueAt: null,
});

test("one begins in the organisation that one manages, else in the one that one lives in", () => {
  const managing = {
    role: "organisation-manager",
    organisationId: idOf(3),
    organisation: "",
    authorityId: null,
  } as const;
  expect(ownOf(all, somebodyOf(1, [managing]))?.id).toBe(idOf(3));
  expect(ownOf(all, somebodyOf(3))?.id).toBe(idOf(3));
});

test("an office is where one begins only if there is nothing else", () => {
  expect(ownOf(all, somebodyOf(1))?.id).toBe(idOf(2));
  expect(ownOf(all.slice(0, 1), somebodyOf(1))?.id).toBe(idOf(1));
  expect(ownOf([], undefined)).toBeUndefined();
});
