// Tables and paragraphs: aligned whatever the names are, and harmless to the terminal.

import { expect, test } from "vitest";

import { counted, fields, paragraph, table, widthOf } from "./layout.ts";

test("columns are as wide as what is in them, numbers stand at the right", () => {
  const text = table(
    ["NAME", "SEATS"],
    [
      ["Émil Roche", 5],
      ["E\u0301mil", 40],
      ["数据", null],
    ],
  );
  expect(text.split("\n")).toEqual([
    "NAME        SEATS",
    "Émil Roche      5",
    "E\u0301mil           40",
    "数据        –",
  ]);
});

test("accents take no column of their own, and wide characters take two", () => {
  expect(["Inês", "Ine\u0302s", "数据", "👩‍✈️"].map(widthOf)).toEqual([4, 4, 4, 2]);
});

test("a name can neither move the cursor nor turn the text around", () => {
  const hostile = "Bo\u001b[2J\u202e\r\nrose";
  for (const text of [table(["NAME"], [[hostile]]), paragraph("", hostile), fields([["name", hostile]])]) {
    expect(text).not.toMatch(/[\u001b\u202e\r]/);
    expect(text).toContain("Bo�[2J���rose");
  }
});

test("a paragraph breaks between words, below its first one", () => {
  const lines = paragraph("why  ", "word ".repeat(40).trim()).split("\n");
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(100);
  expect(lines.slice(1).every((line) => line.startsWith("     word"))).toBe(true);
  expect(lines.join(" ").match(/word/g)).toHaveLength(40);
});

test("one is one, and the others are many", () => {
  expect([counted(0, "seat"), counted(1, "seat"), counted(2, "person", "people")]).toEqual([
    "0 seats",
    "1 seat",
    "2 people",
  ]);
});
