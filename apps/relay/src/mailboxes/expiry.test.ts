// What happens by time: ninety days after it was put a parcel has gone, whether or not a sweep came by.

import { rmSync } from "node:fs";

import { relay } from "@lockstep/api";
import { afterEach, beforeEach, expect, test } from "vitest";

import type { Database } from "../db/database.ts";
import { openStore } from "../db/open.ts";
import { outcomeOf, temporaryFolder, testAccount, useRelay } from "../testing/relay.ts";
import { Bell } from "./bell.ts";
import { openMailbox, putParcel, spendRequest } from "./commands.ts";
import { findMailbox, findUsage, type MailboxId } from "./store.ts";
import { startSweep, sweep } from "./sweep.ts";

const { limits } = relay;
const lifetime = limits.parcelSeconds * 1000;
const second = 1000;
const bytes = (text: string) => Buffer.from(text);

const served = useRelay(testAccount(1, { mailboxRequestsPerMinute: 10_000, storedBytes: 8 }));

test("a parcel is there for ninety days, and then nowhere, and makes room", async () => {
  const { put, fetch, state, withdraw } = await served.open();
  const slotted = await put(1, bytes("four"));
  const queued = await put(0, bytes("more"));
  served.aheadMilliseconds = lifetime - 5 * second;
  expect((await fetch()).parcels).toHaveLength(2);
  expect(await outcomeOf(put(2, bytes("five")))).toBe("storage_exhausted");
  served.aheadMilliseconds = lifetime + 5 * second;
  expect((await state()).parcels).toEqual([]);
  expect((await fetch()).parcels).toEqual([]);
  for (const { seq } of [slotted, queued]) expect(await outcomeOf(withdraw(seq))).toBe("parcel_not_found");
  expect((await put(1, bytes("new"))).replaced).toEqual([]);
  expect(await outcomeOf(put(2, bytes("five")))).toBe("done");
});

let folder: string;
let database: Database;
beforeEach(() => {
  folder = temporaryFolder();
  database = openStore(folder);
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

const { account } = testAccount();
const start = Date.UTC(2026, 2, 1);

async function openWith(mailbox: string, parcels: readonly string[]): Promise<MailboxId> {
  const opening = { readKey: "A".repeat(43), writeKey: "B".repeat(42) + "A", hears: "puts" } as const;
  await database.write((transaction) => openMailbox(transaction, account, { mailbox, opening, at: start }));
  const id = findMailbox(database, mailbox)?.id;
  if (id === undefined) throw new Error("the mailbox was opened");
  for (const body of parcels)
    await database.write((transaction) =>
      putParcel(transaction, id, { account, slot: 0, body: bytes(body), at: start }),
    );
  return id;
}

const newsBell = new Bell<number>();
const countOf = (table: string) => database.rows(`select * from ${table}`).length;

test("a sweep takes away what has expired in all mailboxes, and nothing else", async () => {
  const id = await openWith("aa".repeat(32), ["one", "two"]);
  await openWith("bb".repeat(32), ["three"]);
  await database.write((transaction) =>
    putParcel(transaction, id, { account, slot: 1, body: bytes("later"), at: start + second }),
  );
  await sweep({ database, newsBell, clock: () => start + lifetime - 1 });
  expect(countOf("parcels")).toBe(4);
  await sweep({ database, newsBell, clock: () => start + lifetime });
  expect(countOf("parcels")).toBe(1);
  await database.write((transaction) =>
    expect(findUsage(transaction, account.account)).toEqual({ mailboxes: 2, storedBytes: 5 }),
  );
});

test("a sweep forgets requests once their signature is no longer good", async () => {
  const id = await openWith("aa".repeat(32), []);
  const expiresAt = start / 1000;
  await database.write((transaction) => spendRequest(transaction, id, { hash: Buffer.alloc(32), expiresAt }));
  await sweep({ database, newsBell, clock: () => start });
  expect(countOf("spent_requests")).toBe(1);
  await sweep({ database, newsBell, clock: () => start + second });
  expect(countOf("spent_requests")).toBe(0);
});

test("a sweep comes by itself, and one that failed is reported and tried again", async () => {
  const id = await openWith("aa".repeat(32), ["due"]);
  const { promise: failed, resolve: onFailure } = Promise.withResolvers<unknown>();
  let rounds = 0;
  const { promise: swept, resolve: onSwept } = Promise.withResolvers<undefined>();
  const stop = startSweep({
    database,
    newsBell,
    intervalMilliseconds: 1,
    onFailure,
    clock: () => {
      rounds += 1;
      if (rounds === 1) throw new Error("the first round fails");
      if (rounds === 3) onSwept(undefined);
      return start + lifetime;
    },
  });
  expect(await failed).toMatchObject({ message: "the first round fails" });
  await swept;
  await stop();
  expect(findMailbox(database, "aa".repeat(32))?.id).toBe(id);
  expect(countOf("parcels")).toBe(0);
});
