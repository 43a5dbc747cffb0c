import { expect, test } from "vitest";

import { dayOf, instantOf, parseDay } from "./day.ts";
import { isId, parseId } from "./ids.ts";

test("an id is a UUID in lower case and nothing else", () => {
  expect(parseId("018f0000-0000-7000-8000-00000000000a")).toBe("018f0000-0000-7000-8000-00000000000a");
  for (const wrong of [
    "018F0000-0000-7000-8000-00000000000A",
    "018f0000",
    "",
    null,
    7,
    " 018f0000-0000-7000-8000-00000000000a",
  ]) {
    expect(isId(wrong)).toBe(false);
    expect(() => parseId(wrong)).toThrow("expected a UUID in lower case");
  }
});

test("a day must exist in the calendar", () => {
  expect(parseDay("2028-02-29")).toBe("2028-02-29");
  for (const wrong of ["2026-02-29", "2026-13-01", "2026-2-1", "yesterday", 20260301]) {
    expect(() => parseDay(wrong)).toThrow("expected a day like 2026-03-01");
  }
});

test("a day begins at midnight UTC", () => {
  expect(dayOf(new Date("2026-03-01T23:59:59.999Z"))).toBe("2026-03-01");
  expect(instantOf(new Date("2026-03-01T23:59:59.999Z"))).toBe("2026-03-01T23:59:59.999Z");
});
