import { expect, test } from "vitest";

import { parseReturn } from "./entry.ts";

test("after signing in one comes back to an address of the console", () => {
  expect(parseReturn("/?status=active")).toBe("/?status=active");
  expect(parseReturn("/organisations/x/keys")).toBe("/organisations/x/keys");
});

test("an address of another site is no way back, however it is written", () => {
  for (const to of [
    "//elsewhere.example",
    "/\\elsewhere.example",
    "/\t/elsewhere.example",
    "/\n\\elsewhere.example",
    "///elsewhere.example",
    "//console.invalid@elsewhere.example/",
    "javascript:alert(1)",
    "https://elsewhere.example",
    "",
    undefined,
  ]) {
    expect(parseReturn(to)).toBeUndefined();
  }
});
