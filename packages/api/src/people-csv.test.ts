import { parseId } from "@lockstep/core";
import { expect, test } from "vitest";

import { peopleCsv, peopleCsvFile, type ExportedPerson } from "./index.ts";

const id = parseId<"user">("019a0000-0000-7000-8000-000000000001");

const bo: ExportedPerson = {
  ...{ verdict: "exported", id, name: "Bo Lindqvist", username: "bo@northwind.example" },
  ...{ email: null, team: ["Northwind Air", "Pilots"], encryption: "update-required" },
  ...{ account: "blocked", accountReason: "blocked", accountSince: "2026-02-27T08:00:00.000Z" },
  ...{ activeAt: "2026-02-20T09:30:00.000Z", disabledOn: "2026-05-21T09:30:00.000Z" },
};

test("a line for each person, each ending in CR LF, with the words that are on the screen", () => {
  expect(peopleCsv([bo, { verdict: "deleted", id, username: "kai@northwind.example" }])).toBe(
    [
      "verdict,name,username,email,team,encryption,account,reason,since,last activity,disabled on",
      "exported,Bo Lindqvist,bo@northwind.example,,Northwind Air / Pilots,Requires Key-File update,Blocked,blocked,2026-02-27T08:00:00.000Z,2026-02-20T09:30:00.000Z,2026-05-21T09:30:00.000Z",
      "deleted,,kai@northwind.example,,,,,,,,",
      "",
    ].join("\r\n"),
  );
});

test("a file begins with one byte order mark, by which spreadsheets know UTF-8", () => {
  expect(peopleCsvFile([bo])).toBe(`\uFEFF${peopleCsv([bo])}`);
});

/** How a name stands in the file. */
const written = (name: string) =>
  peopleCsv([{ ...bo, name }])
    .slice(peopleCsv([]).length)
    .replace(/^exported,/, "")
    .replace(/,bo@northwind[^]*$/, "");

test.each([
  ["Ada Holm", "Ada Holm"],
  ["Holm, Ada", '"Holm, Ada"'],
  ['Ada "Ace" Holm', '"Ada ""Ace"" Holm"'],
  ["Émil 史", "Émil 史"],
  ["A-1 + B = C @ D", "A-1 + B = C @ D"],
])("%j is the name %s", (name, cell) => {
  expect(written(name)).toBe(cell);
});

test.each([
  ['=HYPERLINK("https://evil.example")', `"'=HYPERLINK(""https://evil.example"")"`],
  ["+1", "'+1"],
  ["-1", "'-1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\t=1", "\"'\t'=1\""],
  ["\r=1", "\"'\r'=1\""],
  ["\n=1", "\"'\n'=1\""],
  ["＝1", "'＝1"],
  ["Bo;=1+1", `"Bo;'=1+1"`],
])("%j is no formula", (name, cell) => {
  expect(written(name)).toBe(cell);
});
