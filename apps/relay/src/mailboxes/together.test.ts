// Parcels that are put together: an account sends to many of its mailboxes with one request.

import { randomBytes } from "node:crypto";

import { relay } from "@lockstep/api";
import { expect, test } from "vitest";

import { makeMailboxKeys, textOf } from "../testing/client.ts";
import { outcomeOf, testAccount, useRelay, type OpenMailbox } from "../testing/relay.ts";

const served = useRelay(testAccount(1), testAccount(2), testAccount(3, { storedBytes: 1000 }));

const { limits } = relay;
const encoded = (body: string | Uint8Array) => Buffer.from(body).toString("base64url");
const parcelTo = ({ keys: { mailbox } }: Pick<OpenMailbox, "keys">, slot: number, body = "sealed") => ({
  mailbox,
  slot,
  body: encoded(body),
});

/** What became of each: "put", or the code of its refusal. */
async function put(parcels: relay.ParcelToPut[], index = 0): Promise<string[]> {
  const outcomes = await served.as(index).putParcels(parcels);
  return outcomes.map((outcome) => ("seq" in outcome ? "put" : outcome.code));
}

test("what is put together is fetched from each mailbox as if it had been put there alone", async () => {
  const [one, two] = [await served.open(0, "fetches"), await served.open(0, "fetches")];
  const body = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const sent = [
    parcelTo(one, 7, "first"),
    { ...parcelTo(two, 3), body: encoded(body) },
    parcelTo(one, 7, "second"),
  ];
  const outcomes = await served.as().putParcels(sent);
  const numbers = outcomes.map((outcome) => ("seq" in outcome ? outcome.seq : 0));
  expect((await one.fetch()).parcels.map(textOf)).toEqual(["second"]);
  expect((await two.fetch()).parcels).toEqual([{ seq: numbers[1], slot: 3, body: new Uint8Array(body) }]);
  expect(numbers[2]).toBeGreaterThan(numbers[0] ?? 0);
  // A reply that was lost is asked for again.
  expect(await put(sent)).toEqual(["put", "put", "put"]);
});

test("a token writes what goes down from its own account, and nothing that comes up from somebody else", async () => {
  const up = await served.open(0, "puts");
  const others = await served.open(1, "fetches");
  const unknown = { keys: await makeMailboxKeys() };
  const own = await served.open(0, "fetches");
  expect(await put([parcelTo(up, 0), parcelTo(others, 1), parcelTo(unknown, 1), parcelTo(own, 1)])).toEqual([
    "mailbox_not_found",
    "mailbox_not_found",
    "mailbox_not_found",
    "put",
  ]);
  for (const { state } of [up, others]) expect((await state()).parcels).toEqual([]);
});

test("a parcel that does not fit leaves the others alone", async () => {
  const [full, free] = [await served.open(0, "fetches"), await served.open(0, "fetches")];
  const filling = Array.from({ length: limits.parcelsPerMailbox + 1 }, () => parcelTo(full, relay.queue));
  const outcomes = await put([...filling, parcelTo(free, 1)]);
  expect(outcomes.slice(-2)).toEqual(["mailbox_full", "put"]);
  expect((await full.state()).parcels).toHaveLength(limits.parcelsPerMailbox);
  const small = await served.open(2, "fetches");
  const large = encoded(randomBytes(600));
  const two = [1, 2].map((slot) => ({ ...parcelTo(small, slot), body: large }));
  expect(await put([...two, parcelTo(small, 3)], 2)).toEqual(["put", "storage_exhausted", "put"]);
});

test("many are as many as a request takes, and a parcel is no larger than one by itself", async () => {
  const mailbox = await served.open(0, "fetches");
  const largest = { ...parcelTo(mailbox, 1), body: encoded(randomBytes(limits.parcelBytes)) };
  expect(await put([largest, largest])).toEqual(["put", "put"]);
  const larger = { ...largest, body: encoded(randomBytes(limits.parcelBytes + 1)) };
  expect(await outcomeOf(put([larger]))).toBe("malformed_request");
  expect(await outcomeOf(put(Array.from({ length: 7 }, () => largest)))).toBe("parcel_too_large");
  const many = Array.from({ length: limits.parcelsAtOnce }, (_, slot) => parcelTo(mailbox, slot, "x"));
  expect(await outcomeOf(put([...many, parcelTo(mailbox, 1)]))).toBe("malformed_request");
  for (const body of ["", "A", "AAAAA", "not base64url"])
    expect(await outcomeOf(put([{ ...largest, body }]))).toBe("malformed_request");
  expect(await outcomeOf(put([]))).toBe("malformed_request");
  expect((await mailbox.fetch()).parcels.map(({ seq }) => seq)).toHaveLength(1);
});
