// Many parcels on their way to a real relay.

import { randomBytes } from "node:crypto";

import { relay as contract } from "@lockstep/api";
import { expect, test } from "vitest";

import { testAccount, useRelay } from "../../../relay/src/testing/relay.ts";
import { systemClock } from "../clock.ts";
import { connectionTo, type SharedMailbox } from "./connection.ts";
import { putAll, type Sent } from "./putting.ts";

const account = testAccount();
const small = testAccount(2, { storedBytes: 100 });
const relay = useRelay(account, small);
const connection = ({ token } = account) => connectionTo({ origin: relay.origin, token }, systemClock);

/** As many mailboxes as are asked for; the relay knows none of them. */
async function mailboxes(count: number, from = connection()): Promise<SharedMailbox[]> {
  const secrets = Array.from({ length: count }, () => randomBytes(32).toString("base64url"));
  return Promise.all(secrets.map((secret) => from.mailbox(secret, "down")));
}

const parcelFor = (mailbox: SharedMailbox, length = 10): Sent => ({
  mailbox,
  slot: mailbox.slotOf("key-file"),
  body: randomBytes(length),
});

/** What was said to be put, and what came of it all. */
async function puttingAll(parcels: readonly Sent[], from = connection()) {
  const numbers = new Map<Sent, number>();
  const failed = await putAll(from, parcels, (parcel, seq) => numbers.set(parcel, seq)).then(
    () => null,
    (error: unknown) => error,
  );
  return { numbers, failed };
}

async function isThere({ mailbox, body }: Sent): Promise<boolean> {
  const { parcels } = await mailbox.fetch();
  return parcels.some((parcel) => Buffer.from(parcel.body).equals(body));
}

test("what takes more room than one request arrives, each under its own number", async () => {
  const parcels = (await mailboxes(24)).map((each) => parcelFor(each, contract.limits.parcelBytes - 1));
  const { numbers, failed } = await puttingAll(parcels);
  expect(failed).toBeNull();
  for (const parcel of parcels) {
    const { parcels: there } = await parcel.mailbox.state();
    expect(there).toMatchObject([{ seq: numbers.get(parcel), sizeBytes: parcel.body.length }]);
  }
});

test("mailboxes that the relay does not know are opened on the way, and the others are not kept waiting", async () => {
  const [known, lost] = (await mailboxes(2)) as [SharedMailbox, SharedMailbox];
  await known.open();
  const parcels = [parcelFor(lost), parcelFor(known), { ...parcelFor(lost), slot: lost.slotOf("pulse") }];
  const { numbers, failed } = await puttingAll(parcels);
  expect(failed).toBeNull();
  expect(numbers.size).toBe(3);
  for (const parcel of parcels) expect(await isThere(parcel)).toBe(true);
});

test("what the relay has is told of, also if it refuses another one", async () => {
  const from = connection(small);
  const parcels = (await mailboxes(3, from)).map((each, at) => parcelFor(each, at === 1 ? 90 : 30));
  const { numbers, failed } = await puttingAll(parcels, from);
  expect(failed).toMatchObject({ name: "ProblemError", code: "storage_exhausted" });
  expect([...numbers.keys()]).toEqual([parcels[0], parcels[2]]);
});
