// What a relay promises of its mailboxes, over real HTTP and on a real store.

import { randomBytes } from "node:crypto";

import { relay, relayRequest } from "@lockstep/api";
import { expect, test } from "vitest";

import { openStore } from "../db/open.ts";
import { makeMailboxKeys, sendTogether, sign, textOf, type MailboxKeys } from "../testing/client.ts";
import { outcomeOf, testAccount, TestRelay, useRelay } from "../testing/relay.ts";
import { openMailbox } from "./commands.ts";

const { limits } = relay;
const served = useRelay(
  testAccount(1, { mailboxRequestsPerMinute: 10_000 }),
  testAccount(2, { mailboxes: 2, storedBytes: 1000 }),
  testAccount(3, { mailboxRequestsPerMinute: 3, requestsPerMinute: 6 }),
);
const bytes = (text: string) => Buffer.from(text);

test("what was put is fetched, byte for byte, as often as it is asked for", async () => {
  const { put, fetch } = await served.open();
  const body = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const { seq, replaced } = await put(3, body);
  expect(replaced).toEqual([]);
  const parcels = [{ seq, slot: 3, body: new Uint8Array(body) }];
  expect(await fetch()).toEqual({ parcels, more: false });
  expect(await fetch()).toEqual({ parcels, more: false });
  expect(await fetch({ after: seq })).toEqual({ parcels: [], more: false });
  expect(await fetch()).toEqual({ parcels, more: false });
});

test("in a slot the newest wins, and the writer learns whether the former one was fetched", async () => {
  const { put, fetch } = await served.open();
  const first = await put(7, bytes("first"));
  const second = await put(7, bytes("second"));
  expect(second.replaced).toEqual([{ seq: first.seq, fetched: false }]);
  expect((await fetch()).parcels.map(textOf)).toEqual(["second"]);
  const third = await put(7, bytes("third"));
  expect(third.replaced).toEqual([{ seq: second.seq, fetched: true }]);
  const other = await put(limits.highestSlot, bytes("another slot"));
  expect(other.replaced).toEqual([]);
  expect((await fetch({ after: second.seq })).parcels.map(textOf)).toEqual(["third", "another slot"]);
});

test("slot 0 queues in the order of arrival, and drops what the reader has kept", async () => {
  const { put, fetch, state } = await served.open();
  const sent = ["one", "two", "three"];
  for (const text of sent) expect((await put(0, bytes(text))).replaced).toEqual([]);
  const { parcels } = await fetch();
  expect(parcels.map(textOf)).toEqual(sent);
  expect(parcels.map(({ seq }) => seq)).toEqual(parcels.map(({ seq }) => seq).sort((a, b) => a - b));
  const [, second, third] = parcels;
  expect((await fetch({ after: second?.seq ?? 0 })).parcels.map(textOf)).toEqual(["three"]);
  expect((await state()).parcels.map(({ seq }) => seq)).toEqual([third?.seq]);
});

test("a queue drops nothing that was not handed out, whatever number the reader names", async () => {
  const { put, fetch, state } = await served.open();
  const { seq } = await put(0, bytes("not yet fetched"));
  expect(await fetch({ after: seq + 1000 })).toEqual({ parcels: [], more: false });
  expect((await state()).parcels).toHaveLength(1);
});

test("the state says what is there and what of it was fetched, to either end", async () => {
  const { put, fetch, state, keys } = await served.open();
  await put(1, bytes("12345"));
  await fetch();
  await put(2, bytes("123"));
  const { parcels } = await state();
  expect(parcels).toMatchObject([
    { slot: 1, sizeBytes: 5, fetched: true },
    { slot: 2, sizeBytes: 3, fetched: false },
  ]);
  const ttl = Date.parse(parcels[0]?.expiresAt ?? "") - Date.now();
  expect(Math.abs(ttl - limits.parcelSeconds * 1000)).toBeLessThan(10_000);
  expect(await state(keys.read)).toEqual({ parcels });
});

test("what is withdrawn before it was fetched is never fetched", async () => {
  const { put, fetch, state, withdraw } = await served.open();
  const { seq } = await put(1, bytes("too early"));
  expect(await withdraw(seq)).toEqual({ fetched: false });
  expect((await fetch()).parcels).toEqual([]);
  expect((await state()).parcels).toEqual([]);
});

test("a withdrawal that is asked again says the same, also of what was replaced or dropped from the queue", async () => {
  const { put, fetch, withdraw } = await served.open();
  const early = await put(1, bytes("withdrawn"));
  await withdraw(early.seq);
  const late = await put(1, bytes("fetched, then replaced"));
  const queued = await put(0, bytes("fetched, then dropped"));
  await fetch();
  await put(1, bytes("newest"));
  await fetch({ after: queued.seq });
  expect(await withdraw(early.seq)).toEqual({ fetched: false });
  expect(await withdraw(late.seq)).toEqual({ fetched: true });
  expect(await withdraw(queued.seq)).toEqual({ fetched: true });
  expect((await fetch()).parcels.map(textOf)).toEqual(["newest"]);
  expect(await outcomeOf(withdraw(queued.seq + 1_000_000))).toBe("parcel_not_found");
});

test("of what is gone the last 64 are remembered, and no more", async () => {
  const { put, withdraw } = await served.open();
  const first = await put(1, bytes("x"));
  const second = await put(1, bytes("x"));
  for (let count = 0; count < limits.parcelsPerMailbox; count++) await put(1, bytes("x"));
  expect(await outcomeOf(withdraw(first.seq))).toBe("parcel_not_found");
  expect(await withdraw(second.seq)).toEqual({ fetched: false });
});

/** A fetch and a withdrawal that arrive in one piece of the wire. */
async function fetchAndWithdraw(keys: MailboxKeys, seq: number, isFetchFirst: boolean) {
  const { mailbox, read, write } = keys;
  const fetching = relayRequest(served.origin, relay.fetchParcels, { params: { mailbox } });
  const withdrawing = relayRequest(served.origin, relay.withdrawParcel, {
    params: { mailbox },
    body: { seq },
  });
  const signed = [
    sign(fetching, { key: read }),
    sign(withdrawing, { key: write, headers: { "content-type": "application/json" } }),
  ];
  const replies = await sendTogether(isFetchFirst ? signed : signed.toReversed());
  const [fetched, withdrawn] = isFetchFirst ? replies : replies.toReversed();
  return {
    isHanded: relay.fetchParcels.reply.parse(fetched).parcels.length > 0,
    isSaidFetched: relay.withdrawParcel.reply.parse(withdrawn).fetched,
  };
}

// Without one transaction for listing and marking, a withdrawal in between says that nobody has it. Without one for
// asking and taking back, so does a fetch in between.
test("a fetch and a withdrawal at the same moment agree on who was first", async () => {
  const seen = new Set<boolean>();
  for (let round = 0; round < 20; round++) {
    const { put, fetch, keys } = await served.open();
    const { seq } = await put(1, bytes("contested"));
    const { isHanded, isSaidFetched } = await fetchAndWithdraw(keys, seq, round % 2 === 0);
    expect(isSaidFetched).toBe(isHanded);
    expect((await fetch()).parcels).toEqual([]);
    seen.add(isHanded);
  }
  expect(seen.size).toBe(2);
});

test("when two put into one slot at the same moment, one replaces the other", async () => {
  for (let round = 0; round < 20; round++) {
    const { put, fetch } = await served.open();
    const posted = await Promise.all(["a", "b", "c"].map((text) => put(1, bytes(text))));
    const newest = Math.max(...posted.map(({ seq }) => seq));
    const replaced = posted.flatMap((each) => each.replaced.map(({ seq }) => seq));
    const older = posted.map(({ seq }) => seq).filter((seq) => seq !== newest);
    expect(replaced.sort()).toEqual(older.sort());
    expect((await fetch()).parcels.map(({ seq }) => seq)).toEqual([newest]);
  }
});

test("a mailbox holds 64 parcels, and replacing one is possible still", async () => {
  const { put, withdraw } = await served.open();
  const { seq } = await put(0, bytes("x"));
  for (let slot = 1; slot < limits.parcelsPerMailbox; slot++) await put(slot, bytes("x"));
  expect(await outcomeOf(put(64, bytes("x")))).toBe("mailbox_full");
  expect(await outcomeOf(put(0, bytes("x")))).toBe("mailbox_full");
  expect((await put(1, bytes("y"))).replaced).toHaveLength(1);
  await withdraw(seq);
  expect(await outcomeOf(put(64, bytes("x")))).toBe("done");
});

test("a parcel has at most 256 KiB and at least one byte", async () => {
  const { put, state } = await served.open();
  expect(await outcomeOf(put(1, Buffer.alloc(limits.parcelBytes, 1)))).toBe("done");
  expect(await outcomeOf(put(1, Buffer.alloc(limits.parcelBytes + 1, 1)))).toBe("parcel_too_large");
  expect(await outcomeOf(put(1, Buffer.alloc(0)))).toBe("malformed_request");
  expect((await state()).parcels).toMatchObject([{ sizeBytes: limits.parcelBytes }]);
});

test("a reply that would be too large is divided, and nothing is marked that was not in it", async () => {
  const { put, fetch, state } = await served.open();
  for (let slot = 1; slot <= 6; slot++) await put(slot, Buffer.alloc(limits.parcelBytes, slot));
  const first = await fetch();
  expect(first.parcels).toHaveLength(4);
  expect(first.more).toBe(true);
  expect((await state()).parcels.map(({ fetched }) => fetched)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
  const rest = await fetch({ after: first.parcels.at(-1)?.seq ?? 0 });
  expect(rest.parcels.map(({ slot }) => slot)).toEqual([5, 6]);
  expect(rest.more).toBe(false);
});

test("a slot is a number up to 2147483647", async () => {
  const { put } = await served.open();
  for (const slot of [-1, 1.5, limits.highestSlot + 1, Number.NaN])
    expect(await outcomeOf(put(slot, bytes("x")))).toBe("malformed_request");
});

test("a mailbox is the hash of its keys, so nobody opens it under others, and opening it twice changes nothing", async () => {
  const { keys, put, fetch } = await served.open();
  await put(1, bytes("kept"));
  expect(await served.as().open(keys.publicKeys, "puts")).toEqual({ mailbox: keys.mailbox });
  expect((await fetch()).parcels.map(textOf)).toEqual(["kept"]);
  const { readKey, writeKey } = keys.publicKeys;
  const turned = await served.as().open({ readKey: writeKey, writeKey: readKey }, "puts");
  expect(turned.mailbox).not.toBe(keys.mailbox);
  expect(await outcomeOf(served.as(1).open(keys.publicKeys, "puts"))).toBe("mailbox_taken");
  expect(await outcomeOf(served.as().open({ readKey, writeKey: readKey }, "puts"))).toBe("malformed_request");
});

test("an account has as many mailboxes as it may, and closing one makes room", async () => {
  const account = served.as(1);
  const [one, two, three] = await Promise.all([makeMailboxKeys(), makeMailboxKeys(), makeMailboxKeys()]);
  await account.open(one.publicKeys, "puts");
  await account.open(two.publicKeys, "puts");
  expect(await outcomeOf(account.open(three.publicKeys, "puts"))).toBe("mailboxes_exhausted");
  await account.close(one.mailbox);
  await account.open(three.publicKeys, "puts");
  const { mailboxes, more } = await account.list();
  expect(mailboxes).toEqual([two.mailbox, three.mailbox].sort());
  expect(more).toBe(false);
  expect((await account.list(mailboxes[0])).mailboxes).toEqual(mailboxes.slice(1));
  await account.close(two.mailbox);
  await account.close(three.mailbox);
});

test("an account with many mailboxes lists them page by page, each once", async () => {
  const listed = new TestRelay([testAccount()]);
  const all = Array.from({ length: 1001 }, () => randomBytes(32).toString("hex"));
  const store = openStore(listed.folder);
  await store.write((transaction) => {
    const opening = { readKey: "A".repeat(43), writeKey: "B".repeat(43), hears: "puts" } as const;
    for (const mailbox of all)
      openMailbox(transaction, { account: 1, mailboxes: all.length }, { mailbox, opening, at: 0 });
  });
  store.close();
  await listed.start();
  const first = await listed.as().list();
  expect(first.mailboxes).toHaveLength(1000);
  expect(first.more).toBe(true);
  const rest = await listed.as().list(first.mailboxes.at(-1));
  expect(rest.more).toBe(false);
  expect([...first.mailboxes, ...rest.mailboxes]).toEqual(all.sort());
  await listed.remove();
});

test("an account stores as much as it may, and what is replaced, withdrawn or closed makes room", async () => {
  const { put, withdraw, keys } = await served.open(1);
  await put(1, Buffer.alloc(600, 1));
  expect(await outcomeOf(put(2, Buffer.alloc(401, 1)))).toBe("storage_exhausted");
  await put(1, Buffer.alloc(1000, 1));
  const { seq } = await put(1, Buffer.alloc(599, 1));
  await put(2, Buffer.alloc(401, 1));
  await withdraw(seq);
  await withdraw(seq);
  await put(3, Buffer.alloc(599, 1));
  expect(await outcomeOf(put(4, bytes("x")))).toBe("storage_exhausted");
  await served.as(1).close(keys.mailbox);
  const next = await served.open(1);
  expect(await outcomeOf(next.put(1, Buffer.alloc(1000, 1)))).toBe("done");
  await served.as(1).close(next.keys.mailbox);
});

test("a closed mailbox is as if it had never been, and opened again it is empty and its numbers go on", async () => {
  const { keys, put, fetch, state } = await served.open();
  const before = await put(1, bytes("dropped"));
  expect(await outcomeOf(served.as(1).close(keys.mailbox))).toBe("mailbox_not_found");
  await served.as().close(keys.mailbox);
  expect(await outcomeOf(state())).toBe("capability_refused");
  expect(await outcomeOf(served.as().close(keys.mailbox))).toBe("mailbox_not_found");
  await served.as().open(keys.publicKeys, "puts");
  expect((await fetch()).parcels).toEqual([]);
  expect((await put(1, bytes("anew"))).seq).toBeGreaterThan(before.seq);
});

test("whoever asks too often is told to come back in the next minute, and disturbs no other mailbox", async () => {
  const one = await served.open(2);
  const other = await served.open(2);
  for (let count = 0; count < 3; count++) await one.state();
  expect(await outcomeOf(one.state())).toBe("too_many_requests");
  expect(await outcomeOf(other.state())).toBe("done");
  expect(await outcomeOf(other.state())).toBe("too_many_requests");
  served.aheadMilliseconds += 60_000;
  expect(await outcomeOf(one.state())).toBe("done");
  served.aheadMilliseconds = 0;
});
