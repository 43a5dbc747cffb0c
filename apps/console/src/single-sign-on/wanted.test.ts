import { expect, test } from "vitest";

import { keepWanted, readWanted } from "./wanted.ts";

function window() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

test("what was wanted is found, until it is forgotten", () => {
  const here = window();
  keepWanted("/organisations/x/keys?search=e", here);
  expect(readWanted(here)).toBe("/organisations/x/keys?search=e");
  keepWanted(undefined, here);
  expect(here.kept.size).toBe(0);
  expect(readWanted(here)).toBe("/");
});

test("who wants nothing goes to the beginning, though somebody began before and never came back", () => {
  const here = window();
  keepWanted("/keys", here);
  keepWanted(undefined, here);
  expect(readWanted(here)).toBe("/");
});

test("whatever is kept, it leads to no other site", () => {
  for (const to of [
    "https://elsewhere.example/",
    "//elsewhere.example",
    "/\t/elsewhere.example",
    "javascript:x",
  ]) {
    const here = window();
    keepWanted(to, here);
    expect(readWanted(here), to).toBe("/");
  }
});
