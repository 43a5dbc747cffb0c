// Queues: an account reads what came in for it in many mailboxes with one request.

import { randomBytes } from "node:crypto";

import { relay } from "@lockstep/api";
import { expect, test } from "vitest";

import { outcomeOf, testAccount, useRelay, type OpenMailbox } from "../testing/relay.ts";
import { makeMailboxKeys } from "../testing/client.ts";

const often = { mailboxRequestsPerMinute: 10_000 };
const served = useRelay(testAccount(1, often), testAccount(2, often));

const asking = (after: number, ...mailboxes: OpenMailbox[]) =>
  mailboxes.map(({ keys: { mailbox } }) => ({ mailbox, after }));

/** What an account reads, as texts; null for what it has not. */
async function read(queues: { mailbox: string; after: number }[], index = 0): Promise<(string[] | null)[]> {
  const { queues: found } = await served.as(index).readQueues(queues);
  return found.map(
    ({ parcels }) => parcels?.map(({ body }) => Buffer.from(body, "base64url").toString()) ?? null,
  );
}

test("what came into several queues is read at once, oldest first, and dropped once it was kept", async () => {
  const [one, two, empty] = [await served.open(), await served.open(), await served.open()];
  const { seq } = await one.put(0, Buffer.from("first"));
  await one.put(0, Buffer.from("second"));
  await two.put(0, Buffer.from("other"));
  const queues = asking(0, one, two, empty);
  expect(await read(queues)).toEqual([["first", "second"], ["other"], []]);
  // A reply that was lost is asked for again.
  expect(await read(queues)).toEqual([["first", "second"], ["other"], []]);
  expect(await read(asking(seq, one))).toEqual([["second"]]);
  expect((await one.state()).parcels).toHaveLength(1);
});

test("what nobody has read is not dropped, whatever the reader says that it has kept", async () => {
  const mailbox = await served.open();
  const { seq } = await mailbox.put(0, Buffer.from("unread"));
  expect(await read(asking(seq + 1000, mailbox))).toEqual([[]]);
  expect(await read(asking(0, mailbox))).toEqual([["unread"]]);
});

test("a token opens the queues of its own account, and nothing that goes down to somebody else", async () => {
  const [down, others, slotted] = [
    await served.open(0, "fetches"),
    await served.open(1),
    await served.open(0),
  ];
  for (const mailbox of [down, others]) await mailbox.put(0, Buffer.from("sealed"));
  await slotted.put(1, Buffer.from("sealed"));
  const unknown = { mailbox: (await makeMailboxKeys()).mailbox, after: 0 };
  expect(await read([...asking(0, down, others, slotted), unknown])).toEqual([null, null, [], null]);
  const { parcels } = await down.state();
  expect(parcels.map(({ fetched }) => fetched)).toEqual([false]);
});

test("a reply that is full is gone on with", async () => {
  const mailboxes = [await served.open(), await served.open(), await served.open()];
  const large = () => randomBytes(relay.limits.parcelBytes);
  for (const mailbox of mailboxes) for (let count = 0; count < 3; count++) await mailbox.put(0, large());
  const afterOf = new Map(mailboxes.map(({ keys: { mailbox } }) => [mailbox, 0]));
  let parcels = 0;
  let more = true;
  for (let asked = 0; more && asked < 9; asked++) {
    const queues = [...afterOf].map(([mailbox, after]) => ({ mailbox, after }));
    const reply = await served.as().readQueues(queues);
    ({ more } = reply);
    for (const { mailbox, parcels: found } of reply.queues) {
      parcels += found?.length ?? 0;
      afterOf.set(mailbox, found?.at(-1)?.seq ?? afterOf.get(mailbox) ?? 0);
    }
  }
  expect(more).toBe(false);
  expect(parcels).toBe(9);
});

test("a mailbox is named once, and so many are named at most", async () => {
  const mailbox = await served.open();
  expect(await outcomeOf(read(asking(0, mailbox, mailbox)))).toBe("malformed_request");
  const { keys } = mailbox;
  const many = Array.from({ length: relay.limits.queuesAtOnce + 1 }, (_, at) => ({
    mailbox: at.toString(16).padStart(64, "0"),
    after: 0,
  }));
  expect(await outcomeOf(read(many))).toBe("malformed_request");
  expect(await read([...many.slice(2), { mailbox: keys.mailbox, after: 0 }])).toHaveLength(
    relay.limits.queuesAtOnce,
  );
});
