// The store's file: what is written at the same time stands or falls for itself, and what keeps it from opening is said.

import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";

import { problemOf } from "../http/problem.ts";
import { OperatorError } from "../operator-error.ts";
import { temporaryFolder } from "../testing/relay.ts";
import type { Database, Transaction } from "./database.ts";
import { openStore } from "./open.ts";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => rmSync(folder, { recursive: true }));

const insert = (account: number) => (transaction: Transaction) =>
  transaction.run("insert into accounts (account) values (?)", account);
const accountRows = z.array(z.object({ account: z.int() }));
const accountsIn = (database: Database) =>
  accountRows
    .parse(database.rows("select account from accounts order by account"))
    .map(({ account }) => account);

/** The code with which the store does not open. */
function refusalOf(place = folder): string {
  try {
    openStore(place).close();
    return "opened";
  } catch (error) {
    if (error instanceof OperatorError) return error.code;
    throw error;
  }
}

test("what is acknowledged is on the disk: the log is written ahead, and waited for", () => {
  const database = openStore(folder);
  expect(database.rows("pragma synchronous")).toMatchObject([{ synchronous: 2 }]);
  expect(database.rows("pragma journal_mode")).toMatchObject([{ journal_mode: "wal" }]);
  database.close();
});

test("of what is written at the same moment, what fails takes nothing else with it", async () => {
  const database = openStore(folder);
  const outcomes = await Promise.allSettled([
    database.write(insert(1)),
    database.write((transaction) => {
      insert(2)(transaction);
      throw new Error("no");
    }),
    database.write(insert(1)),
    database.write(insert(3)),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
  expect(accountsIn(database)).toEqual([1, 3]);
  database.close();
});

test("when the disk is full, nothing of that moment is written and everybody is told, and later it goes on", async () => {
  const database = openStore(folder);
  const [{ page_count: pages }] = database.rows("pragma page_count") as [{ page_count: number }];
  database.rows(`pragma max_page_count = ${pages + 2}`);
  const large = (transaction: Transaction) => {
    insert(2)(transaction);
    transaction.run("create table filling as select ? as filling", Buffer.alloc(1_000_000));
  };
  const outcomes = await Promise.allSettled([database.write(insert(1)), database.write(large)]);
  const [first, second] = outcomes.map((outcome) =>
    outcome.status === "rejected" ? problemOf(outcome.reason, "").code : "done",
  );
  expect(second).toBe("storage_full");
  expect(accountsIn(database)).toEqual(first === "done" ? [1] : []);
  await database.write(insert(4));
  expect(accountsIn(database)).toContain(4);
  expect(accountsIn(database)).not.toContain(2);
  database.close();
});

test("what ends the whole transaction is told to everybody in it, and nothing of it is written", async () => {
  const database = openStore(folder);
  await database.write(insert(1));
  const ending = (transaction: Transaction) =>
    transaction.run("insert or rollback into accounts (account) values (1)");
  const outcomes = await Promise.allSettled(
    [insert(2), ending, insert(3)].map((work) => database.write(work)),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(accountsIn(database)).toEqual([1]);
  database.close();
});

test("closing writes what still waits", async () => {
  const database = openStore(folder);
  const waiting = database.write(insert(1));
  database.close();
  await waiting;
  const again = openStore(folder);
  expect(accountsIn(again)).toEqual([1]);
  again.close();
});

test("a store has one relay at a time", () => {
  const database = openStore(folder);
  expect(refusalOf()).toBe("store-in-use");
  database.close();
  expect(refusalOf()).toBe("opened");
});

test("a store that a newer relay has changed is left alone", () => {
  openStore(folder).close();
  const file = join(folder, "relay.sqlite");
  const other = new DatabaseSync(file);
  other.exec("pragma user_version = 99");
  other.close();
  const before = readFileSync(file);
  expect(refusalOf()).toBe("store-newer");
  expect(readFileSync(file).equals(before)).toBe(true);
});

test("a file that is no store is said to be damaged, and stays as it is", () => {
  const file = join(folder, "relay.sqlite");
  writeFileSync(file, "a letter to nobody ".repeat(100));
  expect(refusalOf()).toBe("store-damaged");
  expect(readFileSync(file, "utf8")).toMatch(/^a letter/);
});

test("a folder that cannot be written is said to be so", () => {
  writeFileSync(join(folder, "file"), "");
  expect(refusalOf(join(folder, "file"))).toBe("store-not-writable");
  expect(refusalOf(join(folder, "file", "below"))).toBe("store-not-writable");
  mkdirSync(join(folder, "below", "relay.sqlite"), { recursive: true });
  expect(refusalOf(join(folder, "below"))).toBe("store-not-writable");
});

test("the folder of a store is its owner's alone", () => {
  const place = join(folder, "new");
  openStore(place).close();
  expect(statSync(place).mode & 0o777).toBe(0o700);
});
