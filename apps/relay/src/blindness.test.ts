// What the relay knows of those who use it: two organisations with other names and equal traffic leave rows of equal
// shape, and nothing that they said in the clear is in its store or in its log.

import { createCipheriv, randomBytes } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { text } from "node:stream/consumers";

import { relay, relayRequest } from "@lockstep/api";
import { afterAll, beforeAll, expect, test } from "vitest";

import { accountOn, mailboxOn, makeMailboxKeys, send, sign, type MailboxKeys } from "./testing/client.ts";
import { Program } from "./testing/program.ts";
import { outcomeOf, temporaryFolder, testAccount } from "./testing/relay.ts";
import { Written } from "./testing/written.ts";

interface Organisation {
  readonly name: string;
  readonly people: readonly string[];
  readonly policy: string;
}

const organisations: readonly [Organisation, Organisation] = [
  { name: "Northwind Air", people: ["ada.holm", "bo.lindqvist"], policy: "removable-media.mode=block" },
  { name: "A Much Longer Name Limited", people: ["noor", "quinn.adeyemi"], policy: "sync.interval=20" },
];
const accounts = [testAccount(1), testAccount(2)] as const;

/** As the product does it: padded to one size, and sealed. */
function sealed(plain: string): Buffer {
  const padded = Buffer.alloc(4096);
  padded.write(plain);
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", randomBytes(32), nonce);
  return Buffer.concat([nonce, cipher.update(padded), cipher.final(), cipher.getAuthTag()]);
}

let folder: string;
let log: string;
const opened: MailboxKeys[] = [];

beforeAll(async () => {
  folder = temporaryFolder();
  const file = { accounts: accounts.map(({ account }) => account) };
  writeFileSync(join(folder, "accounts.json"), JSON.stringify(file));
  const program = new Program({ LOCKSTEP_RELAY_DATA: folder });
  const origin = await program.origin();
  for (const [index, organisation] of organisations.entries()) {
    await useAs(organisation, origin, accounts[index]?.token ?? "");
    await misuseAs(organisation, origin);
  }
  await program.kill();
  log = program.output;
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A mailbox for each person, with everything that can happen to a parcel. */
async function useAs({ people, policy }: Organisation, origin: string, token: string): Promise<void> {
  for (const person of people) {
    const keys = await makeMailboxKeys();
    opened.push(keys);
    const hears = opened.length % 2 === 0 ? "puts" : "fetches";
    await accountOn(origin, token).open(keys.publicKeys, hears);
    const { put, fetch, withdraw } = mailboxOn(origin, keys);
    const parcel = () => sealed(`${person} gets ${policy}`);
    await put(1, parcel());
    await put(1, parcel());
    const { seq } = await put(2, parcel());
    await put(0, parcel());
    await fetch();
    await put(0, parcel());
    await withdraw(seq);
  }
}

/** Whoever says names where none belong is refused, and is not repeated. */
async function misuseAs({ name, people }: Organisation, origin: string): Promise<void> {
  const keys = opened.at(-1);
  if (keys === undefined) throw new Error("mailboxes were opened");
  const words = [name, ...people].map((word) => word.replaceAll(/\W/g, "-"));
  for (const word of words) {
    const headers = { "user-agent": word, cookie: word, referer: `https://${word}.example/`, "x-name": word };
    const requests = [
      { method: "GET", address: `${origin}/${word}`, headers },
      { method: "GET", address: `${origin}/m/${word}`, headers: { ...headers, authorization: word } },
      {
        method: "GET",
        address: `${origin}/m?${word}`,
        headers: { ...headers, authorization: `Bearer ${word}` },
      },
    ];
    for (const request of requests) expect(await outcomeOf(send(request))).not.toBe("done");
    const params = { mailbox: keys.mailbox, slot: 1 };
    const request = relayRequest(origin, relay.putParcel, { params, body: sealed(word) });
    const jti = word.padEnd(30, "_").slice(0, 64);
    const signed = sign(request, { key: keys.write, claims: { jti } });
    const octets = { "content-type": "application/octet-stream" };
    await send({ ...signed, headers: { ...headers, ...signed.headers, ...octets } });
    await sayNonsense(origin, word);
  }
}

/** What is no HTTP at all. */
async function sayNonsense(origin: string, word: string): Promise<void> {
  const { port } = new URL(origin);
  const socket = connect(Number(port), "127.0.0.1");
  socket.end(`${word}\r\n\r\n`);
  expect(await text(socket)).toContain("400");
}

/** Everything that the relay has written down. */
function everythingWritten(): Written {
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  return new Written([Buffer.from(log), ...files]);
}

test("nothing that was said in the clear is in the store or in the log", () => {
  const written = everythingWritten();
  const words = organisations
    .flatMap(({ name, people, policy }) => [name, policy, ...people])
    .filter(({ length }) => length > 3)
    .flatMap((word) => [word, word.replaceAll(/\W/g, "-")]);
  const secrets = accounts.map(({ token }) => token);
  expect(words.length).toBeGreaterThan(8);
  for (const word of [...words, ...secrets]) expect(written.has(word)).toBe(false);
});

test("the search would find a name in any of these spellings", () => {
  const [{ name }] = organisations;
  const planted = [
    name.toUpperCase(),
    Buffer.from(name).toString("hex"),
    Buffer.from(name, "utf16le").toString("latin1"),
    ...["", "x", "xy"].map((before) => Buffer.from(`${before}${name} and more`).toString("base64")),
    ...["", "x", "xy"].map((before) => Buffer.from(`${before}${name} and more`).toString("base64url")),
  ];
  for (const text of planted) expect(new Written([Buffer.from(text, "latin1")]).has(name)).toBe(true);
});

test("the search would find an id as text, without its hyphens, as its bytes and as those in base64", () => {
  const id = "018f0000-1b2c-7d3e-8f40-5a6b7c8d9e0f";
  const digits = id.replaceAll("-", "");
  const bytes = Buffer.from(digits, "hex");
  const planted = [
    ...[id, digits.toUpperCase(), bytes.toString("base64"), bytes.toString("base64url")].map((text) =>
      Buffer.from(text),
    ),
    bytes,
  ];
  for (const text of planted) expect(new Written([text]).hasId(id)).toBe(true);
  expect(new Written([Buffer.from(id.replace("0f", "0e"))]).hasId(id)).toBe(false);
});

test("the log of a day without mistakes of ours has the line of the start and nothing else", () => {
  expect(log).toMatch(/^the relay is at http:\/\/127\.0\.0\.1:\d+\n$/);
});

type Row = Record<string, string | number | null | Uint8Array>;

const ownNumbers = ["id", "mailbox_id", "account", "seq", "last_seq", "news", "last_news", "expires_at"];

/** A row without what cannot but differ: bytes are as long as they are, times and numbers are there. */
function shapeOf(row: Row): string {
  const cells = Object.entries(row).map(([column, value]) => {
    if (value instanceof Uint8Array) return `${column}: ${value.length} bytes`;
    const isOwn = ownNumbers.includes(column);
    return `${column}: ${isOwn ? typeof value : String(value)}`;
  });
  return cells.join(", ");
}

test("equal traffic of two organisations leaves rows of equal shape, of bytes, numbers and times", () => {
  const store = new DatabaseSync(join(folder, "relay.sqlite"));
  const select = (table: string, account: number) =>
    store
      .prepare(
        `select t.* from ${table} t join mailboxes on mailboxes.id = t.mailbox_id
      where mailboxes.account = ?`,
      )
      .all(account) as Row[];
  const [one, other] = accounts.map(({ account: { account } }) => ({
    usage: (store.prepare("select * from accounts where account = ?").all(account) as Row[]).map(shapeOf),
    mailboxes: (store.prepare("select * from mailboxes where account = ?").all(account) as Row[])
      .map(shapeOf)
      .sort(),
    parcels: select("parcels", account).map(shapeOf).sort(),
    requests: select("spent_requests", account).map(shapeOf).sort(),
  }));
  const tables = store.prepare("select name from sqlite_schema where type = 'table'").all() as {
    name: string;
  }[];
  store.close();
  expect(one).toEqual(other);
  expect(one?.parcels.length).toBeGreaterThan(4);
  expect(one?.mailboxes.filter((row) => row.includes("news: number"))).toHaveLength(2);
  // Whoever adds a table, or a text, has to think of it here.
  expect(tables.map(({ name }) => name).sort()).toEqual([
    "accounts",
    "mailboxes",
    "parcels",
    "spent_requests",
    "sqlite_sequence",
  ]);
  expect(JSON.stringify(one)).not.toContain("string");
});
