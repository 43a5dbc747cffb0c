import { setImmediate as next } from "node:timers/promises";

import { expect, test } from "vitest";

import { parseCsv, peopleForm } from "./csv.ts";

test("whoever else calls the server is answered while a large file is read", async () => {
  const row = "Somebody with a long name,somebody@x.example,somebody@x.example,Somewhere\n";
  const file = `name,username,email,team\n${row.repeat(40_000)}`;
  const reading = parseCsv(file, peopleForm);
  let answered = 0;
  for (let read: unknown; read === undefined; answered++) read = await Promise.race([reading, next()]);
  expect(await reading).toHaveLength(40_000);
  expect(answered).toBeGreaterThan(20);
});

test("a character is whole, wherever a large file is cut to be read", async () => {
  // Each piece begins one byte further within a character of three.
  const names = Array.from({ length: 30_000 }, (_, at) => `${"€".repeat(at % 7)}${at}`);
  const rows = await parseCsv(["name,username", ...names.map((name) => `${name},u`)].join("\n"), peopleForm);
  expect(rows.map((row) => row?.name)).toEqual(names);
});
