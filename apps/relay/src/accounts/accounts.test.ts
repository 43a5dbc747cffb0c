// The file of accounts: made, added to, and refused when it is not right.

import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { temporaryFolder } from "../testing/relay.ts";
import { accountWith, addAccount, findAccount, loadAccounts, makeToken, tokenHashOf } from "./accounts.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder, "below", "accounts.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a token is known by its hash, and is itself nowhere", () => {
  const token = addAccount(file);
  expect(token).toMatch(/^lockstep-relay_[\w-]{43}$/);
  const text = readFileSync(file, "utf8");
  expect(text).toContain(tokenHashOf(token));
  expect(text).not.toContain(token.slice(-20));
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("each account that is added has a number and a token of its own, and the others stay", () => {
  const tokens = [addAccount(file), addAccount(file), addAccount(file)];
  const accounts = loadAccounts(file);
  expect(accounts.map(({ account }) => account)).toEqual([1, 2, 3]);
  expect(tokens.map((token) => findAccount(accounts, token)?.account)).toEqual([1, 2, 3]);
  expect(findAccount(accounts, makeToken())).toBeUndefined();
});

test("an account may have several tokens, so that one can take the place of another", () => {
  const [former, next] = [makeToken(), makeToken()];
  const account = { ...accountWith(1, former), tokenHashes: [former, next].map(tokenHashOf) };
  expect([former, next].map((token) => findAccount([account], token)?.account)).toEqual([1, 1]);
});

const hash = "0".repeat(64);
const wrong: readonly [what: string, text: string][] = [
  ["not JSON", "{"],
  ["without accounts", "{}"],
  ["an account without a token", JSON.stringify({ accounts: [{ account: 1, tokenHashes: [] }] })],
  ["a token instead of its hash", JSON.stringify({ accounts: [{ account: 1, tokenHashes: ["secret"] }] })],
  [
    "a limit that does not exist",
    JSON.stringify({ accounts: [{ account: 1, tokenHashes: [hash], seats: 1 }] }),
  ],
  [
    "a number twice",
    JSON.stringify({
      accounts: [
        { account: 1, tokenHashes: [hash] },
        { account: 1, tokenHashes: ["1".repeat(64)] },
      ],
    }),
  ],
  [
    "a token of two accounts",
    JSON.stringify({
      accounts: [
        { account: 1, tokenHashes: [hash] },
        { account: 2, tokenHashes: [hash] },
      ],
    }),
  ],
];

test.each(wrong)("a file with %s is refused with what is wrong, and not overwritten", (_what, text) => {
  file = join(folder, "accounts.json");
  writeFileSync(file, text);
  expect(() => loadAccounts(file)).toThrow(expect.objectContaining({ code: "accounts-invalid" }) as Error);
  expect(() => addAccount(file)).toThrow(expect.objectContaining({ code: "accounts-invalid" }) as Error);
  expect(readFileSync(file, "utf8")).toBe(text);
});

test("a file that is not there, or cannot be made, is said to be so", () => {
  expect(() => loadAccounts(file)).toThrow(expect.objectContaining({ code: "accounts-missing" }) as Error);
  mkdirSync(join(folder, "accounts.json.new"));
  expect(() => addAccount(join(folder, "accounts.json"))).toThrow(
    expect.objectContaining({ code: "accounts-invalid" }) as Error,
  );
});
