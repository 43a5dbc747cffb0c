// News: an account with many mailboxes learns by one request in which of them something has happened that it hears of.

import { randomBytes } from "node:crypto";

import { relay } from "@lockstep/api";
import { afterEach, beforeEach, expect, test } from "vitest";

import { openStore } from "../db/open.ts";
import { outcomeOf, testAccount, TestRelay, type OpenMailbox } from "../testing/relay.ts";
import { Bell } from "./bell.ts";
import { openMailbox, putParcel } from "./commands.ts";
import { findMailbox } from "./store.ts";
import { sweep } from "./sweep.ts";

const often = { mailboxRequestsPerMinute: 10_000 };
const body = Buffer.from("sealed");
const lifetime = relay.limits.parcelSeconds * 1000;

/** Long enough that a test which waited for it would fail. */
const wait = 50;

let served: TestRelay;
beforeEach(async () => {
  served = new TestRelay([testAccount(1, often), testAccount(2, often)]);
  await served.start();
});
afterEach(async () => {
  await served.remove();
  expect(served.log).toBe("");
});

/** The mailboxes of which an account has news. */
async function heardBy(index = 0, after = 0): Promise<string[]> {
  const { news, more } = await served.as(index).news({ after });
  expect(more).toBe(false);
  return news.map(({ mailbox }) => mailbox);
}

/** The number of the newest news of a mailbox. */
async function newsOf({ keys }: OpenMailbox): Promise<number | undefined> {
  const { news } = await served.as().news();
  return news.find(({ mailbox }) => mailbox === keys.mailbox)?.news;
}

async function secondsOf(call: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await call;
  return (performance.now() - start) / 1000;
}

test("of a mailbox that hears puts each put is news, in a slot and in the queue, and nothing else", async () => {
  const mailbox = await served.open(0, "puts");
  expect(await heardBy()).toEqual([]);
  const { seq } = await mailbox.put(0, body);
  const first = (await newsOf(mailbox)) ?? 0;
  await mailbox.fetch();
  await mailbox.fetch({ after: seq });
  await mailbox.state();
  expect(await newsOf(mailbox)).toBe(first);
  await mailbox.put(1, body);
  const second = (await newsOf(mailbox)) ?? 0;
  expect(second).toBeGreaterThan(first);
  await mailbox.put(1, body);
  expect(await newsOf(mailbox)).toBeGreaterThan(second);
});

test("of a mailbox that hears fetches it is news that something was fetched for the first time, and nothing else", async () => {
  const mailbox = await served.open(0, "fetches");
  await mailbox.put(1, body);
  await mailbox.fetch({ after: Number.MAX_SAFE_INTEGER });
  expect(await heardBy()).toEqual([]);
  await mailbox.fetch();
  const first = (await newsOf(mailbox)) ?? 0;
  expect(first).toBeGreaterThan(0);
  await mailbox.fetch();
  expect(await newsOf(mailbox)).toBe(first);
  await mailbox.put(1, body);
  expect(await newsOf(mailbox)).toBe(first);
  await mailbox.fetch();
  expect(await newsOf(mailbox)).toBeGreaterThan(first);
});

test("what the account itself does is no news: taking back, replacing, opening and closing", async () => {
  const mailbox = await served.open(0, "fetches");
  const { seq } = await mailbox.put(1, body);
  await mailbox.withdraw(seq);
  await mailbox.put(2, body);
  await mailbox.put(2, body);
  const { keys } = await served.open(0, "puts");
  await served.as().close(keys.mailbox);
  expect(await heardBy()).toEqual([]);
});

test("what was refused is no news", async () => {
  const mailbox = await served.open(0, "puts");
  for (let count = 0; count < relay.limits.parcelsPerMailbox; count++) await mailbox.put(0, body);
  const before = await newsOf(mailbox);
  expect(await outcomeOf(mailbox.put(0, body))).toBe("mailbox_full");
  expect(await newsOf(mailbox)).toBe(before);
});

test("each mailbox comes once, with its newest news, oldest first, and only if it is newer than asked for", async () => {
  const [one, two, three] = [await served.open(), await served.open(), await served.open()];
  for (const mailbox of [one, two, three, one]) await mailbox.put(0, body);
  const { news } = await served.as().news();
  expect(news.map(({ mailbox }) => mailbox)).toEqual([two, three, one].map(({ keys }) => keys.mailbox));
  const numbers = news.map(({ news: number }) => number);
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  expect(await heardBy(0, numbers[0])).toEqual([three, one].map(({ keys }) => keys.mailbox));
  expect(await heardBy(0, numbers[2])).toEqual([]);
});

test("an account hears of its own mailboxes only", async () => {
  const [mine, other] = [await served.open(0), await served.open(1)];
  await mine.put(0, body);
  await other.put(0, body);
  expect(await heardBy(0)).toEqual([mine.keys.mailbox]);
  expect(await heardBy(1)).toEqual([other.keys.mailbox]);
});

test("a mailbox that is opened again is heard of as before, or as is said now", async () => {
  const mailbox = await served.open(0, "puts");
  await mailbox.put(0, body);
  const before = await newsOf(mailbox);
  await served.as().open(mailbox.keys.publicKeys, "puts");
  expect(await newsOf(mailbox)).toBe(before);
  await served.as().open(mailbox.keys.publicKeys, "fetches");
  await mailbox.put(0, body);
  expect(await newsOf(mailbox)).toBe(before);
  await mailbox.fetch();
  expect(await newsOf(mailbox)).toBeGreaterThan(before ?? 0);
});

test("the numbers are never below the time, and rise also where the clock goes back or the mailbox is closed", async () => {
  const [mailbox, other] = [await served.open(), await served.open()];
  const start = Date.now();
  served.aheadMilliseconds = 100_000;
  await mailbox.put(0, body);
  const first = (await newsOf(mailbox)) ?? 0;
  expect(first).toBeGreaterThanOrEqual(start + 100_000);
  await served.as().close(mailbox.keys.mailbox);
  await served.restart();
  served.aheadMilliseconds = 0;
  await other.put(0, body);
  expect(await newsOf(other)).toBe(first + 1);
});

test("whoever waits is answered as soon as there is news, and not for anything else", async () => {
  const [heard, unheard] = [await served.open(0, "puts"), await served.open(0, "fetches")];
  let after = 0;
  // Whether it came while it was being asked for or while that waited, it is not missed.
  for (let round = 0; round < 20; round++) {
    const waiting = served.as().news({ after, wait });
    await unheard.put(1, body);
    if (round % 2 === 0) await unheard.state();
    await heard.put(1, body);
    const { news } = await waiting;
    expect(news.map(({ mailbox }) => mailbox)).toEqual([heard.keys.mailbox]);
    after = news[0]?.news ?? 0;
  }
  const waiting = served.as().news({ after, wait });
  expect(await secondsOf(Promise.all([waiting, unheard.fetch()]))).toBeLessThan(10);
  expect((await waiting).news.map(({ mailbox }) => mailbox)).toEqual([unheard.keys.mailbox]);
});

test("waiting ends on its time, whatever others hear of and the account itself does", async () => {
  const [own, other] = [await served.open(0, "fetches"), await served.open(1, "puts")];
  const waiting = served.as().news({ wait: 1 });
  const ended = secondsOf(waiting);
  await own.put(1, body);
  await other.put(1, body);
  expect(await waiting).toEqual({ news: [], more: false });
  expect(await ended).toBeGreaterThanOrEqual(1);
});

test("whoever waits for news is answered when the relay stops, and it stops at once", async () => {
  const waiting = served.as().news({ wait });
  await served.as().list();
  expect(await secondsOf(served.stop())).toBeLessThan(10);
  expect(await waiting).toEqual({ news: [], more: false });
});

test("what expires before anybody fetches it is news of a mailbox that hears fetches, and only there", async () => {
  const [lost, fetched, withdrawn, incoming] = [
    await served.open(0, "fetches"),
    await served.open(0, "fetches"),
    await served.open(0, "fetches"),
    await served.open(0, "puts"),
  ];
  for (const mailbox of [lost, fetched, incoming]) await mailbox.put(1, body);
  await fetched.fetch();
  const { seq } = await withdrawn.put(1, body);
  await withdrawn.withdraw(seq);
  const last = (await served.as().news()).news.at(-1)?.news;
  served.aheadMilliseconds = lifetime + 1000;
  for (const mailbox of [lost, fetched, withdrawn, incoming]) await mailbox.state();
  expect(await heardBy(0, last)).toEqual([lost.keys.mailbox]);
});

// Otherwise it would be there without anybody being told.
test("a refused request leaves nothing behind, not even the news that it came upon", async () => {
  const mailbox = await served.open(0, "fetches");
  const { seq } = await mailbox.put(1, body);
  served.aheadMilliseconds = lifetime + 1000;
  expect(await outcomeOf(mailbox.withdraw(seq))).toBe("parcel_not_found");
  expect(await heardBy()).toEqual([]);
  await mailbox.state();
  expect(await heardBy()).toEqual([mailbox.keys.mailbox]);
});

const opening = (hears: relay.Hears) => ({
  readKey: "A".repeat(43),
  writeKey: `${"B".repeat(42)}A`,
  hears,
});

test("a sweep tells whoever waits of what has expired", async () => {
  const { folder } = served;
  await served.stop();
  const database = openStore(folder);
  const newsBell = new Bell<number>();
  const [{ account }] = [testAccount()];
  const mailbox = "aa".repeat(32);
  await database.write((transaction) => {
    openMailbox(transaction, account, { mailbox, opening: opening("fetches"), at: 0 });
    const id = findMailbox(transaction, mailbox)?.id;
    if (id !== undefined) putParcel(transaction, id, { account, slot: 1, body, at: 0 });
  });
  let looks = 0;
  const rung = newsBell.lookOrWait(account.account, {
    look: () => (looks += 1),
    isEmpty: () => looks < 2,
    waitSeconds: wait,
    signal: new AbortController().signal,
  });
  await sweep({ database, newsBell, clock: () => lifetime });
  expect(await secondsOf(rung)).toBeLessThan(10);
  expect(looks).toBe(2);
  database.close();
  await served.start();
  expect(await heardBy()).toEqual([mailbox]);
  expect((await served.as().news()).news[0]?.news).toBe(lifetime);
});

test("an account with much news hears it a thousand at a time, each mailbox once", async () => {
  const { folder } = served;
  await served.stop();
  const { account } = testAccount();
  const all = Array.from({ length: 1001 }, () => randomBytes(32).toString("hex"));
  const store = openStore(folder);
  await store.write((transaction) => {
    for (const mailbox of all) {
      openMailbox(transaction, account, { mailbox, opening: opening("puts"), at: 1 });
      const id = findMailbox(transaction, mailbox)?.id;
      if (id !== undefined) putParcel(transaction, id, { account, slot: 1, body, at: 1 });
    }
  });
  store.close();
  await served.start();
  const first = await served.as().news();
  expect(first.news).toHaveLength(1000);
  expect(first.more).toBe(true);
  const rest = await served.as().news({ after: first.news.at(-1)?.news ?? 0 });
  expect(rest.more).toBe(false);
  expect([...first.news, ...rest.news].map(({ mailbox }) => mailbox)).toEqual(all);
});
