import { expect, test } from "vitest";

import {
  freshnessOf,
  missingOf,
  newDeviceState,
  parseDeviceState,
  type DeviceState,
} from "./device-state.ts";
import { digestOf } from "./digest.ts";
import { ids, newDevice, orders, root, signedAt } from "./examples.ts";
import { ordersToRun, type Orders } from "./orders.ts";

const day = 86_400;
const limits = { warnAfterSeconds: 7 * day, lockAfterSeconds: 30 * day };
const hash = digestOf("a JWS");

const inTouch: DeviceState = {
  ...newDevice,
  time_floor: signedAt,
  key_file: { epoch: 2, version: 17, hash, applied: true },
  orders: { epoch: 2, version: 4, hash },
  pulse: {
    epoch: 2,
    version: signedAt,
    hash,
    exp: signedAt + day,
    latest_ver: 17,
    latest_cver: 4,
    root_version: 5,
  },
};

test("a device is fresh, then stale, then overdue, by the days since the last pulse", () => {
  const after = (days: number) => freshnessOf(inTouch, limits, signedAt + days * day).freshness;
  expect([0, 6.9, 7, 29.9, 30, 1000].map(after)).toEqual([
    "fresh",
    "fresh",
    "stale",
    "stale",
    "overdue",
    "overdue",
  ]);
});

test("before the first pulse, the activation counts", () => {
  expect(freshnessOf(newDevice, limits, signedAt)).toEqual({
    freshness: "fresh",
    since: newDevice.time_floor,
  });
  expect(freshnessOf(newDevice, limits, signedAt + 8 * day).freshness).toBe("stale");
});

test("a clock that was set back makes nothing fresh", () => {
  const signedLater = { ...inTouch, time_floor: signedAt + 31 * day };
  expect(freshnessOf(signedLater, limits, 0).freshness).toBe("overdue");
});

test("a root that has expired makes stale at once, and overdue in time; it wipes nothing", () => {
  const expired = { ...inTouch, root: { ...root, expires: signedAt - day } };
  expect(freshnessOf(expired, limits, signedAt)).toEqual({ freshness: "stale", since: signedAt - day });
  expect(freshnessOf(expired, limits, signedAt + 29 * day).freshness).toBe("overdue");
});

test("what the newest pulse names and the device has not seen is missing: a relay cannot hide that it delays", () => {
  const nothing = { keyFile: false, orders: false, root: false };
  const { pulse } = inTouch;
  if (pulse === null) throw new Error("an example without a pulse");
  expect(missingOf(inTouch)).toEqual(nothing);
  expect(missingOf(newDevice)).toEqual(nothing);
  expect(missingOf({ ...inTouch, pulse: { ...pulse, latest_ver: 18 } })).toEqual({
    ...nothing,
    keyFile: true,
  });
  expect(missingOf({ ...inTouch, pulse: { ...pulse, latest_cver: 5 } })).toEqual({
    ...nothing,
    orders: true,
  });
  expect(missingOf({ ...inTouch, pulse: { ...pulse, root_version: 6 } })).toEqual({ ...nothing, root: true });
  expect(missingOf({ ...inTouch, key_file: null })).toEqual({ ...nothing, keyFile: true });
  const newEpoch = { ...inTouch, pulse: { ...pulse, epoch: 3, latest_ver: 2, latest_cver: 0 } };
  expect(missingOf(newEpoch)).toEqual({ ...nothing, keyFile: true });
});

test("a state is read back from the disk, and what is none is refused", () => {
  expect(parseDeviceState(JSON.parse(JSON.stringify(inTouch)))).toEqual(inTouch);
  for (const wrong of [
    null,
    {},
    { ...inTouch, more: 1 },
    { ...inTouch, time_floor: -1 },
    { ...inTouch, root: {} },
  ]) {
    expect(() => parseDeviceState(wrong)).toThrow();
  }
  expect(newDeviceState({ org: ids.org, act: ids.act, dev: newDevice.dev }, root, 1).key_file).toBeNull();
});

const listed = (...outstanding: Orders["outstanding"]): Orders => ({ ...orders, outstanding });
const [lock = { id: ids.order, kind: "lock", args: {} } as const] = orders.outstanding;
const unlock = { id: ids.secondOrder, kind: "unlock", args: {} } as const;

test("each order is carried out once, in the order of the list", () => {
  expect(ordersToRun(listed(lock, unlock), [])).toEqual({ run: [lock, unlock], done: [lock.id, unlock.id] });
  expect(ordersToRun(listed(lock, unlock), [lock.id])).toEqual({ run: [unlock], done: [lock.id, unlock.id] });
  expect(ordersToRun(listed(lock), [lock.id]).run).toEqual([]);
});

test("an order that left the list and comes back from a backup is not carried out again", () => {
  const { done } = ordersToRun(listed(unlock), [lock.id]);
  expect(ordersToRun(listed(lock), done).run).toEqual([]);
});

test("a device remembers the last 256 orders that left the list, and all that are on it", () => {
  const former = Array.from({ length: 300 }, (_, at) => `former ${at}`);
  const { done } = ordersToRun(listed(lock), [lock.id, ...former]);
  expect(done).toEqual([...former.slice(44), lock.id]);
});
