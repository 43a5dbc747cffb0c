import { expect, test } from "vitest";

import { filterOf, parseOverviewSearch } from "./filter.ts";

const team = "00000000-0000-4000-8000-000000000001";

test("what an address has that makes no sense is left out", () => {
  const search = parseOverviewSearch({
    status: "active",
    account: "sleepy",
    team: "x",
    search: " ",
    page: "3",
  });
  expect(filterOf(search)).toEqual({ status: "active" });
});

test("sub-teams are in unless the address says otherwise, and only where there is a team", () => {
  expect(filterOf(parseOverviewSearch({ team }))).toEqual({ team });
  expect(filterOf(parseOverviewSearch({ team, subTeams: "false" }))).toEqual({ team, subTeams: "false" });
  expect(filterOf(parseOverviewSearch({ subTeams: "false" }))).toEqual({});
});
