import type { Licence } from "@lockstep/api";
import { parseId } from "@lockstep/core";
import { expect, test } from "vitest";

import { whyNoSeat, wordsOfEnd } from "./words.ts";

const licence: Licence = {
  id: parseId<"licence">("00000000-0000-4000-8000-000000000001"),
  productId: "LS-1",
  edition: "Standard",
  term: "subscription",
  seats: 3,
  seatsTaken: 2,
  validFrom: "2026-01-01",
  validUntil: "2026-03-31",
  state: "valid",
  revision: 1,
};

test("a licence covers the whole of its last day, and says how many days that leaves", () => {
  expect(wordsOfEnd(licence, new Date("2026-03-30T23:59:59Z"))).toBe("2 days left");
  expect(wordsOfEnd(licence, new Date("2026-03-31T23:59:59Z"))).toBe("ends today");
  expect(wordsOfEnd(licence, new Date("2026-04-01T00:00:00Z"))).toBe("ended 1 day ago");
  expect(wordsOfEnd({ ...licence, validUntil: null }, new Date())).toBe("never ends");
});

test("a licence that cannot give as many seats as are wanted says why", () => {
  expect(whyNoSeat(licence, 1)).toBeNull();
  expect(whyNoSeat(licence, 2)).toBe("Only 1 seat is free.");
  expect(whyNoSeat({ ...licence, seatsTaken: 3 }, 1)).toBe("No seat is free.");
  expect(whyNoSeat({ ...licence, state: "suspended" }, 1)).toContain("suspended");
});
