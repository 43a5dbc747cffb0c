// Tables, paragraphs and bars: aligned whatever the names are, no wider than a terminal, and harmless to it.

import { expect, test } from "vitest";

import { counted, endOf, fields, paragraph, sizeOf, spanOf, table, widthOf } from "./layout.ts";
import { barLine } from "./progress.ts";

test("accents take no column of their own, and wide characters take two", () => {
  expect(["Inês", "Ine\u0302s", "数据"].map(widthOf)).toEqual([4, 4, 4]);
});

test("columns are as wide as what is in them, numbers stand at the right", () => {
  const rows = [
    ["数据", 10],
    ["Finance", 2],
  ] as const;
  expect(table(["KEY", "VERSION"], rows).split("\n")).toEqual([
    "KEY      VERSION",
    "数据          10",
    "Finance        2",
  ]);
});

test("a name can neither move the cursor nor turn the text around", () => {
  const hostile = "Bo\u001b[2J\u202e\r\nrose";
  for (const text of [table(["NAME"], [[hostile]]), paragraph("", hostile), fields([["name", hostile]])])
    expect(text).toContain("Bo�[2J���rose");
});

test("a paragraph breaks between words, below its first one, within 80 columns", () => {
  const lines = paragraph("error: ", "word ".repeat(40).trim()).split("\n");
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(80);
  expect(lines.slice(1).every((line) => line.startsWith("       word"))).toBe(true);
  expect(lines.join(" ").match(/word/g)).toHaveLength(40);
});

test.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [999, "999 bytes"],
  [1000, "1.0 kB"],
  [9_949, "9.9 kB"],
  [9_951, "10 kB"],
  [999_499, "999 kB"],
  [999_500, "1.0 MB"],
  [1_500_000_000, "1.5 GB"],
])("%i bytes are %s", (bytes, text) => {
  expect(sizeOf(bytes)).toBe(text);
});

test("a span is told in its largest unit", () => {
  expect([59, 60, 7199, 86_400, 172_800].map(spanOf)).toEqual([
    "less than a minute",
    "1 minute",
    "1 hour",
    "1 day",
    "2 days",
  ]);
  expect(counted(0, "file")).toBe("0 files");
});

test("of a long path the end is shown", () => {
  expect(endOf("Finance/2026/plan.txt", 9)).toBe("…plan.txt");
  expect(endOf("数据/数据", 5)).toBe("…数据");
});

test("a bar fits a line of a terminal, at the start, in the middle, at the end, and for nothing at all", () => {
  const name = "Finance/2026/a plan with a very long name that nobody would ever type.txt";
  for (const [done, total] of [
    [0, 5e12],
    [123_456_789, 5e11],
    [5e12, 5e12],
    [0, 0],
    [9, 8],
  ] as const)
    expect(widthOf(barLine(name, done, total))).toBeLessThan(80);
  expect(barLine("a.txt", 1, 2)).toBe("a.txt  [##########          ]  50 %  1 byte of 2 bytes");
  expect(barLine("a.txt", 0, 0)).toContain("[####################] 100 %");
});
