import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";

import { digestOf, newSigningKey, sealBox } from "@lockstep/keyfile";
import { expect, test } from "vitest";

import { TestRelay, testAccount, useRelay } from "../../../apps/relay/src/testing/relay.ts";
import { keysFor, login } from "./login.ts";
import { status, type ActiveStatus } from "./status.ts";
import { sync } from "./sync.ts";
import { ageKey, anew, newSecret, order, Organisation } from "./testing/organisation.ts";
import { activated, outcomeOf, password, type TestWorkstation } from "./testing/workstation.ts";

const relay = useRelay();

async function inOrder(changes: Parameters<typeof activated>[2] = {}) {
  const organisation = new Organisation(relay);
  const { profile, activation } = await activated(organisation, relay, changes);
  await organisation.read(activation);
  return { organisation, profile, activation };
}

async function stateOf(profile: TestWorkstation): Promise<ActiveStatus> {
  const found = await status(profile);
  if (found.stage !== "active") throw new Error(`it is ${found.stage}`);
  return found;
}

test("a Key-File that comes while somebody is logged in is applied at once, and reported with what it took away", async () => {
  const { organisation, profile, activation } = await inOrder();
  await login(profile, { password });
  const key = randomUUID();
  const keys = [{ key, kv: 4, use: "encrypt" as const, id: ageKey.identity }];
  await organisation.post(activation, { keys, policy: { "sync.interval": 5 } });
  expect(await sync(profile)).toMatchObject({ reported: true, waiting: 0 });
  expect(await stateOf(profile)).toMatchObject({ keyFile: { version: 2 }, policy: { "sync.interval": 5 } });
  expect((await keysFor(profile, "encrypt")).recipients).toMatchObject([{ key, version: 4 }]);
  expect(await organisation.read(activation)).toMatchObject([
    {
      applied: { ver: 2, kf_hash: digestOf(activation.keyFile ?? "") },
      results: [{ epoch: 1, ver: 2, outcome: "processed" }],
      removed: [{ key: organisation.key, kv: 1 }],
    },
  ]);
});

test("a Key-File that comes while nobody is logged in waits, and is applied by the next login before anything else", async () => {
  const { organisation, profile, activation } = await inOrder();
  await organisation.post(activation);
  expect(await sync(profile)).toMatchObject({ waiting: 1 });
  expect(await stateOf(profile)).toMatchObject({ keyFile: { version: 1 }, waiting: 1 });
  expect(await login(profile, { password })).toMatchObject({
    waiting: 0,
    happenings: [{ kind: "applied", version: 2 }],
  });
  expect(await stateOf(profile)).toMatchObject({ keyFile: { version: 2 }, waiting: 0 });
});

test("a Key-File that waited while its issuer was replaced is told to the server alone, and the one after it is applied", async () => {
  const { organisation, profile, activation } = await inOrder();
  activation.version += 1;
  const waiting = await sealBox(await organisation.signed(activation), activation.box);
  await organisation.putRaw(activation, "key-file", waiting);
  await sync(profile);
  organisation.rotateIssuer();
  await organisation.post(activation);
  await organisation.beat(activation);
  await sync(profile);
  expect(await login(profile, { password })).toMatchObject({ happenings: [{ kind: "applied", version: 3 }] });
  await sync(profile);
  expect((await organisation.read(activation)).flatMap(({ rejected }) => rejected)).toEqual([
    { blob_hash: digestOf(waiting), code: "retired" },
  ]);
});

test("a user may postpone an update as long as the policy says so", async () => {
  const { organisation, profile, activation } = await inOrder();
  await organisation.post(activation, { policy: { "update.may-postpone": false } });
  await sync(profile);
  expect(await login(profile, { password, postpone: true })).toMatchObject({ waiting: 1, happenings: [] });
  await sync(profile);
  expect(await stateOf(profile)).toMatchObject({ keyFile: { version: 1 }, isPostponed: true });
  await login(profile, { password });
  expect(await outcomeOf(login(profile, { password, postpone: true }))).toBe("postpone-forbidden");
  await organisation.post(activation);
  await sync(profile, { postpone: true });
  expect(await stateOf(profile)).toMatchObject({ keyFile: { version: 3 }, waiting: 0 });
});

test("what is old, another's, re-signed, damaged or makes no sense is refused, reported, and changes nothing", async () => {
  const { organisation, profile, activation } = await inOrder();
  const other = await activated(organisation, relay);
  await login(profile, { password });
  await organisation.post(activation);
  await sync(profile);
  await organisation.read(activation);
  const held = { ...activation };
  const wrong: [string, () => Promise<Uint8Array>][] = [
    ["rollback", async () => sealed(await organisation.signed({ ...held, version: 1 }))],
    ["equivocation", async () => sealed(await organisation.signed(held))],
    ["recipient", () => sealed(other.activation.keyFile ?? "")],
    [
      "signature",
      async () => sealed(await organisation.signed({ ...held, version: 9 }, {}, newSigningKey())),
    ],
    ["epoch", async () => sealed(await organisation.signed({ ...held, version: 9 }, { epoch: 2 }))],
    [
      "content",
      async () => sealed(await organisation.signed({ ...held, version: 9 }, { policy: { new: 1 } })),
    ],
    ["box", async () => (await sealed(activation.keyFile ?? "")).subarray(1)],
  ];
  const sealed = (jws: string) => sealBox(jws, activation.box);
  for (const [code, made] of wrong) {
    const box = await made();
    await organisation.putRaw(activation, "key-file", box);
    expect((await sync(profile)).happenings).toContainEqual({ kind: "rejected", code });
    expect(await organisation.read(activation)).toMatchObject([
      { rejected: [{ blob_hash: digestOf(box), code }], applied: { ver: 2 } },
    ]);
    expect((await stateOf(profile)).keyFile).toMatchObject({ version: 2 });
  }
});

test("each order is carried out once, and told again when the server asks again", async () => {
  const { organisation, profile, activation } = await inOrder();
  const lock = order("lock");
  const orders = await organisation.order(activation, [lock]);
  expect((await sync(profile)).happenings).toEqual([{ kind: "order", order: "lock" }]);
  const told = [{ results: [{ order: lock.id, outcome: "processed" }] }];
  expect(await organisation.read(activation)).toMatchObject(told);
  const unlock = order("unlock");
  await organisation.order(activation, [lock, unlock]);
  expect((await sync(profile)).happenings).toEqual([{ kind: "order", order: "unlock" }]);
  expect((await stateOf(profile)).obstacle).toBeNull();
  await organisation.read(activation);
  // An old lock that is replayed after the unlock changes nothing.
  await organisation.put(activation, "orders", orders);
  expect((await sync(profile)).happenings).toEqual([{ kind: "rejected", code: "rollback" }]);
  expect((await stateOf(profile)).obstacle).toBeNull();
  await organisation.read(activation);
  await organisation.order(activation, [lock, unlock]);
  expect((await sync(profile)).happenings).toEqual([]);
  expect(await organisation.read(activation)).toMatchObject([
    { results: [{ order: lock.id }, { order: unlock.id }] },
  ]);
});

test("a lock closes the key store and keeps the password from opening it, until the unlock", async () => {
  const { organisation, profile, activation } = await inOrder();
  await login(profile, { password });
  await organisation.order(activation, [order("lock")]);
  await sync(profile);
  expect(readdirSync(profile.runtimeFolder ?? "")).toEqual([]);
  expect(await outcomeOf(keysFor(profile, "read"))).toBe("locked");
  expect(await outcomeOf(login(profile, { password }))).toBe("locked");
  await organisation.order(activation, [order("unlock")]);
  await sync(profile);
  expect(await outcomeOf(keysFor(profile, "read"))).toBe("not-logged-in");
  await login(profile, { password });
  expect(await outcomeOf(keysFor(profile, "read"))).toBe("done");
});

test("an order changes the policy for when nobody is signed in, and no older Key-File takes it back", async () => {
  const { organisation, profile, activation } = await inOrder();
  const earlier = await organisation.signed({ ...activation, version: 2 }, { iat: 1_793_700_000 });
  const policy = { "signed-out.sync-interval": 7 };
  await organisation.order(activation, [{ id: randomUUID(), kind: "workstation-policy", args: { policy } }]);
  await sync(profile);
  await organisation.put(activation, "key-file", earlier);
  await sync(profile);
  await login(profile, { password });
  expect(await stateOf(profile)).toMatchObject({ keyFile: { version: 2 }, workstationPolicy: policy });
});

test("a deactivated workstation drops its keys, tells so, and forgets where to", async () => {
  const { organisation, profile, activation } = await inOrder();
  await login(profile, { password });
  const end = order("deactivate");
  await organisation.order(activation, [end]);
  expect(await sync(profile)).toMatchObject({ ended: true, reported: true });
  expect(await status(profile)).toMatchObject({ stage: "ended", organisation: organisation.org });
  expect(await outcomeOf(sync(profile))).toBe("deactivated");
  expect(await outcomeOf(login(profile, { password }))).toBe("deactivated");
  expect(await outcomeOf(keysFor(profile, "read"))).toBe("deactivated");
  expect(await organisation.read(activation)).toMatchObject([{ results: [{ order: end.id }] }]);
});

test("each Key-File brings a new box key, and the one before it opens until something has come under the new one", async () => {
  const { organisation, profile, activation } = await inOrder();
  await login(profile, { password });
  const [first, firstWord] = [activation.box, activation.ordersBox];
  for (let round = 0; round < 3; round += 1) {
    const before = [activation.box, activation.ordersBox];
    await organisation.post(activation);
    await organisation.beat(activation);
    expect((await sync(profile)).happenings).toContainEqual({ kind: "applied", version: round + 2 });
    await organisation.read(activation);
    expect(before).not.toContain(activation.box);
    expect(before).not.toContain(activation.ordersBox);
  }
  await organisation.put({ ...activation, box: first }, "key-file", activation.keyFile ?? "");
  await organisation.put({ ...activation, ordersBox: firstWord }, "pulse", "junk");
  const { happenings } = await sync(profile);
  expect(happenings).toEqual([{ kind: "arrived" }, { kind: "rejected", code: "box" }]);
});

test("a Key-File's box that the relay puts in the place of orders is refused without a word to the server", async () => {
  const { organisation, profile, activation } = await inOrder();
  const box = await sealBox(activation.keyFile ?? "", activation.box);
  await organisation.putRaw(activation, "orders", box);
  expect((await sync(profile)).happenings).toEqual([]);
});

test("a server that reads no reports goes on under the key it knows", async () => {
  const { organisation, profile, activation } = await inOrder();
  await login(profile, { password });
  for (let version = 2; version < 6; version += 1) {
    await organisation.post(activation);
    await organisation.beat(activation, { iat: Math.floor(Date.now() / 1000) + version });
    expect((await sync(profile)).happenings).toEqual(
      expect.arrayContaining([{ kind: "applied", version }, { kind: "pulse" }]),
    );
  }
});

test("at most one sign of life waits at the relay, and what the server has not taken is told again", async () => {
  const { organisation, profile, activation } = await inOrder();
  const waiting = async () =>
    (await (await organisation.mailbox(activation.mailboxes.up)).state()).parcels.length;
  await sync(profile);
  expect(await waiting()).toBe(0);
  for (const hours of [1, 2, 3]) {
    profile.ahead = hours * 3600;
    await sync(profile);
    expect(await waiting()).toBe(1);
  }
  const lock = order("lock");
  await organisation.order(activation, [lock]);
  await sync(profile);
  const unlock = order("unlock");
  await organisation.order(activation, [lock, unlock]);
  await sync(profile);
  expect(await waiting()).toBe(3);
  const reports = await organisation.read(activation);
  expect(reports.map(({ rseq }) => rseq)).toEqual([2, 3, 4]);
  expect(reports.map(({ results }) => results.length)).toEqual([0, 1, 2]);
  profile.ahead = 5 * 3600;
  await sync(profile);
  expect(await organisation.read(activation)).toMatchObject([{ rseq: 5, results: [] }]);
});

test("a Key-File that is held already and comes again is told again", async () => {
  const { organisation, profile, activation } = await inOrder();
  await login(profile, { password });
  await organisation.put(activation, "key-file", activation.keyFile ?? "");
  await sync(profile);
  expect(await organisation.read(activation)).toMatchObject([{ results: [{ ver: 1 }] }]);
});

test("a workstation that hears nothing for too long closes its keys if the policy says so, and a pulse opens them", async () => {
  const policy = { "offline.warn-after": 2, "offline.lock-after": 5, "offline.on-lock": "lock" };
  const { organisation, profile, activation } = await inOrder({ keyFile: { policy } });
  await login(profile, { password });
  profile.ahead = 3 * 86_400;
  expect(await stateOf(profile)).toMatchObject({ freshness: { freshness: "stale" }, obstacle: null });
  profile.ahead = 6 * 86_400;
  expect(await stateOf(profile)).toMatchObject({ obstacle: "offline-too-long", isLoggedIn: false });
  expect(await outcomeOf(login(profile, { password }))).toBe("offline-too-long");
  const iat = Math.floor(Date.now() / 1000) + profile.ahead;
  await organisation.beat(activation, { iat, exp: iat + 86_400 });
  await sync(profile);
  await login(profile, { password });
  expect(await outcomeOf(keysFor(profile, "read"))).toBe("done");
  // Setting the clock back does not make the last word any newer.
  profile.ahead = -40 * 86_400;
  expect(await stateOf(profile)).toMatchObject({ obstacle: null, freshness: { since: iat } });
});

test("an ended licence lets files be read and none be made", async () => {
  const { organisation, profile, activation } = await inOrder();
  await login(profile, { password });
  await organisation.beat(activation, { licence_until: "2026-01-01" });
  await sync(profile);
  expect(await outcomeOf(keysFor(profile, "encrypt"))).toBe("licence-ended");
  expect(await outcomeOf(keysFor(profile, "read"))).toBe("done");
  expect(await stateOf(profile)).toMatchObject({ isLicensed: false, licenceUntil: "2026-01-01" });
});

test("a relay that is down for days loses nothing: the round after it goes on where it was", async () => {
  const own = new TestRelay([testAccount()]);
  await own.start();
  try {
    const organisation = new Organisation(own);
    const { profile, activation } = await activated(organisation, own);
    await login(profile, { password });
    await organisation.read(activation);
    await organisation.post(activation);
    const port = Number(new URL(own.origin).port);
    await own.stop();
    for (let attempt = 0; attempt < 3; attempt += 1)
      expect(await outcomeOf(sync(profile))).toBe("relay-unreachable");
    expect(await outcomeOf(keysFor(profile, "encrypt"))).toBe("done");
    await own.start(port);
    await sync(profile);
    expect(await organisation.read(activation)).toMatchObject([{ rseq: 2, results: [{ ver: 2 }] }]);
  } finally {
    await own.remove();
  }
});

test("a relay that lost its store and counts anew is heard as before", async () => {
  const [first, second] = [new TestRelay([testAccount()]), new TestRelay([testAccount()])];
  await first.start();
  try {
    const organisation = new Organisation(first);
    const { profile, activation } = await activated(organisation, first);
    await login(profile, { password });
    for (let count = 0; count < 3; count += 1) await organisation.post(activation);
    await sync(profile);
    const port = Number(new URL(first.origin).port);
    await first.stop();
    await second.start(port);
    organisation.relay = second;
    await organisation.mailbox(activation.mailboxes.up);
    await organisation.post(activation);
    expect((await sync(profile)).happenings).toContainEqual({ kind: "applied", version: 5 });
  } finally {
    await first.remove();
    await second.remove();
  }
});

test("a Key-File may move the mailboxes, and everything goes on in the new ones", async () => {
  const { organisation, profile, activation } = await inOrder();
  await login(profile, { password });
  const mailboxes = { down: newSecret(), up: newSecret() };
  const moved = { ...activation, mailboxes };
  await organisation.mailbox(mailboxes.up);
  await organisation.mailbox(mailboxes.down);
  await organisation.post(activation, { mailboxes: { ...mailboxes, relays: [relay.origin] } });
  moved.version = activation.version;
  moved.reportsRead = 0;
  await sync(profile);
  expect(await organisation.read(moved)).toMatchObject([{ applied: { ver: 2 }, results: [{ ver: 2 }] }]);
  await organisation.post(moved);
  expect((await sync(profile)).happenings).toContainEqual({ kind: "applied", version: 3 });
});

test("profiles of two organisations on one machine know nothing of each other", async () => {
  const [one, two] = [await inOrder(), await inOrder()];
  await login(one.profile, { password });
  expect((await stateOf(one.profile)).organisation).not.toBe((await stateOf(two.profile)).organisation);
  expect((await stateOf(two.profile)).isLoggedIn).toBe(false);
  await one.organisation.order(one.activation, [order("deactivate")]);
  await Promise.all([sync(one.profile), sync(two.profile)]);
  expect(await status(one.profile)).toMatchObject({ stage: "ended" });
  expect(await outcomeOf(login(two.profile, { password }))).toBe("done");
});

test("something else than a relay at its address is no relay", async () => {
  const { profile } = await inOrder();
  const page: typeof fetch = () => Promise.resolve(new Response("<html>", { status: 200 }));
  expect(await outcomeOf(sync({ ...profile, fetch: page, now: profile.now }))).toBe("relay-unreachable");
  expect(await outcomeOf(sync({ ...profile, fetch: anew }))).toBe("done");
});
