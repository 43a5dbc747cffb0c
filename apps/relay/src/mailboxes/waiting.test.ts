// Waiting for parcels: the reply comes as soon as something arrives, or when the time is over.

import { expect, test } from "vitest";

import { textOf } from "../testing/client.ts";
import { outcomeOf, testAccount, TestRelay, useRelay, type OpenMailbox } from "../testing/relay.ts";

const served = useRelay(testAccount(1, { mailboxRequestsPerMinute: 10_000 }));
const bytes = (text: string) => Buffer.from(text);

/** Long enough that a test which waited for it would fail. */
const wait = 50;

async function timed<Result>(call: Promise<Result>): Promise<{ result: Result; seconds: number }> {
  const start = performance.now();
  const result = await call;
  return { result, seconds: (performance.now() - start) / 1000 };
}

/** A reader that waits, and of whom the relay knows: it has dropped what that reader had kept from the queue. */
async function waitingAt({ put, fetch, state }: OpenMailbox, signal?: AbortSignal) {
  const { seq } = await put(0, bytes("kept"));
  await fetch();
  const waiting = timed(fetch({ after: seq, wait }, signal));
  while ((await state()).parcels.some((parcel) => parcel.seq === seq));
  return { waiting };
}

test("whoever waits is answered as soon as something arrives", async () => {
  const mailbox = await served.open();
  const { waiting } = await waitingAt(mailbox);
  await mailbox.put(1, bytes("here"));
  const { result, seconds } = await waiting;
  expect(result.parcels.map(textOf)).toEqual(["here"]);
  expect(seconds).toBeLessThan(10);
});

test("whoever waits is answered also when the account puts parcels into several mailboxes at once", async () => {
  const [one, two] = [await served.open(0, "fetches"), await served.open(0, "fetches")];
  const { waiting } = await waitingAt(two);
  const body = bytes("here").toString("base64url");
  await served.as().putParcels([one, two].map(({ keys: { mailbox } }) => ({ mailbox, slot: 1, body })));
  const { result, seconds } = await waiting;
  expect(result.parcels.map(textOf)).toEqual(["here"]);
  expect(seconds).toBeLessThan(10);
});

test("what arrives at the very moment at which somebody begins to wait is not missed", async () => {
  for (let round = 0; round < 20; round++) {
    const { put, fetch } = await served.open();
    const [{ result, seconds }] = await Promise.all([timed(fetch({ wait })), put(1, bytes("now"))]);
    expect(result.parcels.map(textOf)).toEqual(["now"]);
    expect(seconds).toBeLessThan(10);
  }
});

test("whoever asks for what is there already does not wait for it", async () => {
  const { put, fetch } = await served.open();
  const { seq } = await put(1, bytes("old"));
  expect((await fetch({ wait })).parcels).toHaveLength(1);
  const waiting = fetch({ after: seq, wait });
  await put(1, bytes("new"));
  expect((await waiting).parcels.map(textOf)).toEqual(["new"]);
});

test("waiting ends on its time with nothing", async () => {
  const { fetch } = await served.open();
  const { result, seconds } = await timed(fetch({ wait: 1 }));
  expect(result).toEqual({ parcels: [], more: false });
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThan(10);
});

test("another mailbox's parcel wakes nobody", async () => {
  const one = await served.open();
  const other = await served.open();
  const waiting = timed(one.fetch({ wait: 1 }));
  await other.put(1, bytes("not for you"));
  const { result, seconds } = await waiting;
  expect(result.parcels).toEqual([]);
  expect(seconds).toBeGreaterThanOrEqual(1);
});

test("a reader that has gone is handed nothing", async () => {
  const mailbox = await served.open();
  const leaving = new AbortController();
  const { waiting } = await waitingAt(mailbox, leaving.signal);
  const left = waiting.catch(() => "left");
  leaving.abort();
  expect(await left).toBe("left");
  // What comes after the end of its connection is noticed after it.
  await mailbox.state();
  await mailbox.put(1, bytes("for the next one"));
  expect((await mailbox.state()).parcels).toMatchObject([{ fetched: false }]);
});

test("of five that wait at one mailbox the first is sent away", async () => {
  const mailbox = await served.open();
  const { waiting } = await waitingAt(mailbox);
  const others = [1, 2, 3, 4].map(() => mailbox.fetch({ wait }));
  const { result, seconds } = await waiting;
  expect(result.parcels).toEqual([]);
  expect(seconds).toBeLessThan(10);
  await mailbox.put(1, bytes("for the others"));
  for (const { parcels } of await Promise.all(others)) expect(parcels).toHaveLength(1);
});

test("whoever waits is answered when the relay stops, and it stops at once", async () => {
  const relay = new TestRelay([testAccount(1, { mailboxRequestsPerMinute: 10_000 })]);
  await relay.start();
  const { waiting } = await waitingAt(await relay.open());
  const { seconds } = await timed(relay.stop());
  expect((await waiting).result).toEqual({ parcels: [], more: false });
  expect(seconds).toBeLessThan(10);
  await relay.remove();
});

test("whoever waits at a mailbox that is closed is told so", async () => {
  const mailbox = await served.open();
  const { waiting } = await waitingAt(mailbox);
  const outcome = outcomeOf(waiting);
  await served.as().close(mailbox.keys.mailbox);
  expect(await outcome).toBe("capability_refused");
});
