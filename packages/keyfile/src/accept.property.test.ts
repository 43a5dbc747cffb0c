import fc from "fast-check";
import { expect, test } from "vitest";

import { accept } from "./accept.ts";
import { parseDeviceState, type DeviceState, type Mark } from "./device-state.ts";
import { digestOf } from "./digest.ts";
import {
  ids,
  keyFile,
  keyRing,
  newDevice,
  orders,
  outOfBox,
  pulse,
  roleOf,
  root,
  signedAt,
  signingKeys,
} from "./examples.ts";
import { signKeyFile } from "./key-file.ts";
import { signOrders } from "./orders.ts";
import { signPulse } from "./pulse.ts";
import { countersign, signRoot, type Root } from "./root.ts";
import { signerOf } from "./signing-key.ts";

const { root: holder, nextRoot, issuer, nextIssuer, pulse: pulseKey, stranger } = signingKeys;

/** Three versions of the root after the example's: another issuer, another epoch, another holder. */
const six: Root = {
  ...root,
  version: 6,
  keys: keyRing(holder, nextIssuer, pulseKey),
  roles: { ...root.roles, issuer: roleOf(nextIssuer) },
};
const seven: Root = { ...six, version: 7, epoch: 3 };
const eight: Root = {
  ...seven,
  version: 8,
  keys: keyRing(nextRoot, nextIssuer, pulseKey),
  roles: { ...seven.roles, root: roleOf(nextRoot) },
};
const signed = {
  six: signRoot(six, signerOf(holder)),
  seven: signRoot(seven, signerOf(holder)),
  eight: countersign(signRoot(eight, signerOf(holder)), signerOf(nextRoot)),
  usurped: signRoot(eight, signerOf(nextRoot)),
};
const chains = [
  [],
  [signed.six],
  [signed.six, signed.seven],
  [signed.six, signed.seven, signed.eight],
  [signed.seven],
  [signed.six, signed.seven, signed.usurped],
];

const common = fc.record({
  epoch: fc.constantFrom(1, 2, 2, 2, 3, 3, 4),
  act: fc.constantFrom(ids.act, ids.act, ids.act, ids.otherAct),
  roots: fc.constantFrom(...chains),
  iat: fc.integer({ min: signedAt - 5, max: signedAt + 5 }),
});
const version = fc.integer({ min: 1, max: 5 });
const byIssuer = signerOf(issuer);
const byNextIssuer = signerOf(nextIssuer);
const byPulse = signerOf(pulseKey);
const byStranger = signerOf(stranger);
const signer = fc.constantFrom(byIssuer, byIssuer, byNextIssuer, byNextIssuer, byPulse, byStranger);

const anyKeyFile = fc
  .tuple(common, version, fc.constantFrom("a", "b"), signer)
  .map(([shared, ver, content, by]) =>
    signKeyFile({ ...keyFile, ...shared, ver, own_content: digestOf(content) }, by),
  );
const anyOrders = fc
  .tuple(common, version, fc.boolean(), signer)
  .map(([shared, cver, locked, by]) => signOrders({ ...orders, ...shared, cver, locked }, by));
const anyPulse = fc
  .tuple(common, version, fc.constantFrom(byPulse, byPulse, byStranger))
  .map(([shared, latest_ver, by]) =>
    signPulse({ ...pulse, ...shared, latest_ver, exp: shared.iat + 100 }, by),
  );
const anyJws = fc.oneof(anyKeyFile, anyOrders, anyPulse);

/** A relay may bring anything in any order, twice and cut short, while the clock is set as somebody likes. */
const delivery = fc.record({
  from: fc.nat(),
  cut: fc.constantFrom(0, 0, 0, 0, 0, 1, 40),
  now: fc.integer({ min: 0, max: signedAt * 2 }),
});
const schedule = fc.tuple(
  fc.array(anyJws, { minLength: 4, maxLength: 16 }),
  fc.array(delivery, { minLength: 8, maxLength: 24 }),
);

function isBehind(after: Mark | null, before: Mark | null): boolean {
  if (before === null) return false;
  if (after === null) return true;
  return after.epoch < before.epoch || (after.epoch === before.epoch && after.version < before.version);
}

/** What must hold between a state and the one that follows it. */
function expectForwards(before: DeviceState, after: DeviceState): void {
  for (const stream of ["key_file", "orders", "pulse"] as const) {
    expect(isBehind(after[stream], before[stream])).toBe(false);
    const isSamePlace =
      after[stream]?.epoch === before[stream]?.epoch && after[stream]?.version === before[stream]?.version;
    // Of one version of a Key-File or orders there is one content, for ever.
    if (stream !== "pulse" && isSamePlace) expect(after[stream]?.hash).toBe(before[stream]?.hash);
  }
  expect(after.root.version).toBeGreaterThanOrEqual(before.root.version);
  expect(after.root.epoch).toBeGreaterThanOrEqual(before.root.epoch);
  expect(after.time_floor).toBeGreaterThanOrEqual(before.time_floor);
  if (after.root.version === 8) expect(after.root.roles).toEqual(eight.roles);
}

test("INV-22: whatever a relay delivers, no state goes back in epoch, version, root or time, and nothing foreign gets in", () => {
  fc.assert(
    fc.property(schedule, ([posted, deliveries]) => {
      let state = newDevice;
      for (const { from, cut, now } of deliveries) {
        const jws = posted[from % posted.length] ?? "";
        const opened = outOfBox(cut === 0 ? jws : jws.slice(0, -cut));
        const verdict = accept(state, opened, { now });
        if (verdict.verdict === "rejected") expect(verdict.state).toBe(state);
        else expect(verdict.payload).toMatchObject({ org: ids.org, act: ids.act });
        expectForwards(state, verdict.state);
        ({ state } = verdict);
      }
    }),
    { numRuns: 250 },
  );
});

test("the same state, box and time give the same verdict, also after the state was on the disk", () => {
  fc.assert(
    fc.property(schedule, ([posted, deliveries]) => {
      let state = newDevice;
      for (const { from, now } of deliveries) {
        const opened = outOfBox(posted[from % posted.length] ?? "");
        const verdict = accept(state, opened, { now });
        const reread = parseDeviceState(JSON.parse(JSON.stringify(state)));
        expect(accept(reread, structuredClone(opened), { now })).toEqual(verdict);
        ({ state } = verdict);
      }
    }),
    { numRuns: 60 },
  );
});

test("what was accepted once is a duplicate for as long as nothing newer came", () => {
  fc.assert(
    fc.property(anyJws, fc.nat({ max: signedAt * 2 }), (jws, now) => {
      const first = accept(newDevice, outOfBox(jws), { now });
      if (first.verdict !== "accepted") return;
      const second = accept(first.state, outOfBox(jws), { now: now + 10 ** 9 });
      expect(second).toEqual({ ...first, verdict: "duplicate" });
    }),
    { numRuns: 300 },
  );
});

/** Signs any text under any type, as nobody's server would. */
function signedAnyway(payload: string, typ: string): string {
  const header = JSON.stringify({ alg: "Ed25519", kid: byIssuer.kid, typ });
  const bytes = [header, payload].map((text) => Buffer.from(text).toString("base64url")).join(".");
  return `${bytes}.${Buffer.from(byIssuer.sign(Buffer.from(bytes))).toString("base64url")}`;
}

const typ = fc.constantFrom("kf1-keyfile+jws", "kf1-orders+jws", "kf1-pulse+jws", "kf1-root+jws", "JWT", "");
const member = fc.constantFrom(...Object.keys(keyFile), "ext", "cver", "exp", "__proto__");
const altered = fc
  .tuple(member, fc.oneof(fc.jsonValue(), fc.constantFrom(0, -1, "", [], {}, null)))
  .map(([name, value]) => JSON.stringify({ ...keyFile, [name]: value }));
const anything = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.tuple(fc.oneof(fc.json(), fc.string(), altered), typ).map(([text, type]) => signedAnyway(text, type)),
  fc.tuple(anyJws, fc.nat(), fc.string({ minLength: 1, maxLength: 3 })).map(([jws, at, text]) => {
    const place = at % jws.length;
    return jws.slice(0, place) + text + jws.slice(place + text.length);
  }),
);

test("accept has a verdict for whatever comes out of a box, and never throws", () => {
  fc.assert(
    fc.property(anything, fc.nat(), (jws, now) => {
      expect(["accepted", "rejected"]).toContain(accept(newDevice, outOfBox(jws), { now }).verdict);
    }),
    { numRuns: 1000 },
  );
});
