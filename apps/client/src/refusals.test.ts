// Every refusal of the workstation in the form in which a command line says no, and docs/client.md, which lists them all.

import { readFileSync } from "node:fs";

import { refusals, WorkstationRefusal, type WorkstationRefusalCode } from "@lockstep/workstation";
import { expect, test } from "vitest";

import { exitCodes, exitOf } from "./exit-codes.ts";
import { refused, refusedAt } from "./refusals.ts";

const codes = Object.keys(refusals) as WorkstationRefusalCode[];
const document = readFileSync(new URL("../../../docs/client.md", import.meta.url), "utf8");

test.each(codes)("%s is said in lower case, without a full stop, with a hint", (code) => {
  const { message, hint } = refused(new WorkstationRefusal(code));
  for (const line of [message, hint]) {
    expect(line).toMatch(/^[^A-Z]/);
    expect(line).not.toMatch(/\.$|\n|^$/);
  }
});

/** The cells of a section's rows, without the heading of its table. */
function rowsBelow(heading: string): string[][] {
  const [, section = ""] = document.split(`\n## ${heading}\n`);
  const [table = ""] = section.split("\n## ");
  return table
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll("`", "")),
    );
}

test("docs/client.md has a row for every refusal, with its exit code and its sentence, and none for others", () => {
  const written = rowsBelow("Refusals").map(([code, exit, sentence]) => [code, Number(exit), sentence]);
  const present = codes.map((code) => [code, exitOf[code], refusals[code].sentence]);
  expect(written).toEqual(present);
});

test("docs/client.md has every exit code, and none that does not exist", () => {
  expect(rowsBelow("Exit codes").map(([exit]) => Number(exit))).toEqual(Object.values(exitCodes));
});

test("of several refusals each says its path once, and what else is to know", () => {
  const at = (detail?: string) =>
    refusedAt("a.txt", new WorkstationRefusal("file-damaged", detail === undefined ? {} : { detail }));
  const sentence = "a.txt: the file is damaged or incomplete; nothing of it was kept";
  expect([at(), at("a.txt"), at("a.txt: header"), at("other")]).toEqual([
    sentence,
    sentence,
    `${sentence} (header)`,
    `${sentence} (other)`,
  ]);
});
