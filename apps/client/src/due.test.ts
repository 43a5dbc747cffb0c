// The one next step that the status names, from an activation in which all is in order.

import type { ActiveStatus, Status } from "@lockstep/workstation";
import { expect, test } from "vitest";

import { dueOf } from "./due.ts";

const now = 1_800_000_000;
const inOrder: ActiveStatus = {
  stage: "active",
  organisation: "o",
  user: "u",
  workstation: "w",
  activation: "a",
  keystore: "file",
  keyFile: { epoch: 1, version: 3, appliedAt: now },
  keys: [{ key: "k", kv: 1, use: "encrypt", own: false }],
  policy: {},
  workstationPolicy: {},
  isLoggedIn: true,
  obstacle: null,
  mustChangePassword: false,
  waiting: 0,
  isPostponed: false,
  freshness: { freshness: "fresh", since: now },
  missing: { keyFile: false, orders: false, root: false },
  licenceUntil: "perpetual",
  isLicensed: true,
  syncedAt: now,
  nextSyncAt: now + 3600,
  unsentReports: 0,
  openedAt: now,
  clockSkewSeconds: 0,
};

test("nothing is due when all is in order", () => {
  expect(dueOf(inOrder, now)).toBe("Nothing is due.");
});

const changes: readonly (readonly [string, Partial<ActiveStatus>, RegExp])[] = [
  ["locked", { obstacle: "locked" }, /has locked this workstation.*administrator.*sync$/],
  [
    "closed for being offline",
    { obstacle: "offline-too-long" },
    /its keys are closed.*lockstep-client sync$/,
  ],
  ["told to change the password", { mustChangePassword: true }, /: lockstep-client password$/],
  ["postponing", { waiting: 1, isPostponed: true }, /postponed.*: lockstep-client login$/],
  ["behind by a Key-File that is here", { waiting: 1 }, /waits.*: lockstep-client login$/],
  [
    "long out of touch",
    { freshness: { freshness: "stale", since: 0 } },
    /1970-01-01.*: lockstep-client sync$/,
  ],
  [
    "behind by something that is not here",
    { missing: { keyFile: true, orders: false, root: false } },
    /newer.*: lockstep-client sync$/,
  ],
  ["without a licence", { isLicensed: false }, /no valid licence.*renew the licence[.]$/],
  ["without a key", { keys: [] }, /no key to encrypt with: lockstep-client sync/],
  ["late for a sync", { nextSyncAt: now - 1 }, /due.*: lockstep-client sync$/],
  ["closed", { isLoggedIn: false }, /: lockstep-client login$/],
];

test.each(changes)("a workstation that is %s is told what to do", (_name, change, sentence) => {
  expect(dueOf({ ...inOrder, ...change }, now)).toMatch(sentence);
});

test("what stands in the way of everything else is named first", () => {
  const all = Object.assign({}, ...changes.map(([, change]) => change).toReversed()) as Partial<ActiveStatus>;
  expect(dueOf({ ...inOrder, ...all }, now)).toMatch(changes[0]?.[2] ?? /never/);
});

test.each<[string, Status, RegExp]>([
  ["new", { stage: "new" }, /activate CODE/],
  [
    "waiting for the server",
    { stage: "joining", digits: "123456", codeUntil: now },
    /same code and password/,
  ],
  ["deactivated", { stage: "ended", organisation: "o", endedAt: now }, /new activation code/],
])("a profile that is %s says so", (_name, found, sentence) => {
  expect(dueOf(found, now)).toMatch(sentence);
});
