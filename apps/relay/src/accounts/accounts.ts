// Who may open mailboxes here, and how much: a file in which each account has a number, the hashes of its tokens, and
// its limits. The relay knows no names, and the tokens themselves are nowhere.

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

import { z } from "zod";

import { OperatorError } from "../operator-error.ts";

const count = z.int().min(0);

const accountShape = z.strictObject({
  account: z.int().min(1),
  tokenHashes: z
    .array(z.string().regex(/^[0-9a-f]{64}$/, "expected SHA-256 in lower-case hexadecimal digits"))
    .min(1),
  mailboxes: count.default(1_000_000),
  storedBytes: count.default(64 * 1024 ** 3),
  requestsPerMinute: count.default(600_000),
  mailboxRequestsPerMinute: count.default(240),
});

/** What it may use, and by which tokens it is known. */
export type Account = z.output<typeof accountShape>;

const fileShape = z.strictObject({ accounts: z.array(accountShape) }).check(({ value, issues }) => {
  const accounts = value.accounts.map(({ account }) => account);
  const hashes = value.accounts.flatMap(({ tokenHashes }) => tokenHashes);
  if (new Set(accounts).size < accounts.length || new Set(hashes).size < hashes.length)
    issues.push({ code: "custom", input: value, path: ["accounts"], message: "something is there twice" });
});

/** By this a program that looks for leaked secrets recognises ours. */
const mark = "lockstep-relay_";

export function tokenHashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

export function makeToken(): string {
  return mark + randomBytes(32).toString("base64url");
}

/** How long it takes does not tell how nearly a token was right. */
export function findAccount(accounts: readonly Account[], token: string): Account | undefined {
  const given = Buffer.from(tokenHashOf(token));
  const isGiven = (hash: string) => timingSafeEqual(Buffer.from(hash), given);
  // Each hash is compared, also after one has fitted.
  return accounts.filter(({ tokenHashes }) => tokenHashes.filter(isGiven).length > 0)[0];
}

/** An account with every limit at its default. */
export function accountWith(account: number, token: string): Account {
  return accountShape.parse({ account, tokenHashes: [tokenHashOf(token)] });
}

/** @throws OperatorError accounts-missing, accounts-invalid. */
export function loadAccounts(file: string): Account[] {
  if (!existsSync(file)) {
    throw new OperatorError({
      code: "accounts-missing",
      sentence: `there is no file of accounts at ${file}`,
      hint: "say with LOCKSTEP_RELAY_ACCOUNTS where it is, or make it: lockstep-relay --add-account",
    });
  }
  try {
    return fileShape.parse(JSON.parse(readFileSync(file, "utf8"))).accounts;
  } catch (cause) {
    throw new OperatorError({
      code: "accounts-invalid",
      sentence: `the file of accounts, ${file}, cannot be used: ${reasonOf(cause)}`,
      hint: "correct it; docs/relay.md shows one",
      cause,
    });
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof z.ZodError)) return cause instanceof Error ? cause.message : "it cannot be read";
  const [issue] = cause.issues;
  return `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`;
}

/** Adds an account with the next number, in a new file if there is none. @returns its token, which is nowhere else. */
export function addAccount(file: string): string {
  const accounts = existsSync(file) ? loadAccounts(file) : [];
  const token = makeToken();
  const last = Math.max(0, ...accounts.map(({ account }) => account));
  saveAccounts(file, [...accounts, accountWith(last + 1, token)]);
  return token;
}

/** Whole or not at all, whatever happens meanwhile. */
function saveAccounts(file: string, accounts: readonly Account[]): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const half = `${file}.new`;
    const opened = openSync(half, "w", 0o600);
    writeFileSync(opened, `${JSON.stringify({ accounts }, null, 2)}\n`);
    fsyncSync(opened);
    closeSync(opened);
    renameSync(half, file);
  } catch (cause) {
    throw new OperatorError({
      code: "accounts-invalid",
      sentence: `the file of accounts, ${file}, cannot be written: ${reasonOf(cause)}`,
      hint: "give the folder to the user whom the relay runs as, or choose another one: LOCKSTEP_RELAY_DATA",
      cause,
    });
  }
}
