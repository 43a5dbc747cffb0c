import type { Policy } from "@lockstep/core";
import { expect, test } from "vitest";

import { teamCatalogue } from "./catalogues.ts";
import { isAllowed, policyOf, settingChangesOf, withChange } from "./draft.ts";

const saved: Policy = { "password.min-length": 14, "files.may-encrypt": true };

test("a setting that is put back as it was is no change", () => {
  const changed = withChange(saved, {}, "password.min-length", 20);
  expect(policyOf(teamCatalogue, saved, changed)).toEqual({ ...saved, "password.min-length": 20 });
  expect(withChange(saved, changed, "password.min-length", 14)).toEqual({});
});

test("inheriting takes the own value away and keeps the others", () => {
  const draft = withChange(saved, {}, "password.min-length", null);
  expect(policyOf(teamCatalogue, saved, draft)).toEqual({ "files.may-encrypt": true });
  expect(withChange(saved, draft, "sync.interval", null)).toEqual(draft);
});

test("changes that are kept are put on top of what somebody else saved meanwhile", () => {
  const draft = withChange(saved, {}, "password.min-length", 20);
  expect(policyOf(teamCatalogue, { ...saved, "sync.interval": 5 }, draft)).toEqual({
    ...saved,
    "password.min-length": 20,
    "sync.interval": 5,
  });
});

test("a value out of its bounds is not allowed", () => {
  expect(isAllowed(teamCatalogue, { "password.min-length": 20 })).toBe(true);
  expect(isAllowed(teamCatalogue, { "password.min-length": 7 })).toBe(false);
});

test("between two revisions, what was set, changed and given up is named", () => {
  const later = { "password.min-length": 20, "sync.interval": 5 };
  expect(settingChangesOf(teamCatalogue, saved, later)).toEqual([
    { setting: "password.min-length", before: 14, after: 20 },
    { setting: "sync.interval", before: null, after: 5 },
    { setting: "files.may-encrypt", before: true, after: null },
  ]);
});
