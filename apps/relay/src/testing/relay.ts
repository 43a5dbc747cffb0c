// A relay on a port and in a folder of its own, inside the test's process.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { relay } from "@lockstep/api";
import { afterAll, beforeAll, expect } from "vitest";

import { accountWith, makeToken, type Account } from "../accounts/accounts.ts";
import { systemClock, type Clock } from "../clock.ts";
import { startRelay, type Relay } from "../relay.ts";
import { accountOn, mailboxOn, makeMailboxKeys, type MailboxKeys } from "./client.ts";

export interface TestAccount {
  readonly token: string;
  readonly account: Account;
}

/** The first account, or another one, with what it may use. */
export function testAccount(number = 1, limits: Partial<Account> = {}): TestAccount {
  const token = makeToken();
  return { token, account: { ...accountWith(number, token), ...limits } };
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "lockstep-relay-"));
}

export class TestRelay {
  readonly folder = temporaryFolder();
  accounts: readonly TestAccount[];
  /** How far its clock, and that of whoever talks to it, is ahead of the real one. */
  aheadMilliseconds = 0;
  clock: Clock = () => systemClock() + this.aheadMilliseconds;
  log = "";
  publicOrigin: string | null = null;
  #running: Relay | undefined;
  #local = "";

  constructor(accounts: readonly TestAccount[]) {
    this.accounts = accounts;
  }

  /** Of this machine, whatever others know it as. */
  get origin(): string {
    return this.#local;
  }

  async start(port = 0): Promise<void> {
    this.#running = await startRelay({
      port,
      host: "127.0.0.1",
      publicOrigin: this.publicOrigin,
      folder: this.folder,
      accounts: this.accounts.map(({ account }) => account),
      clock: () => this.clock(),
      log: { write: (line) => void (this.log += line) },
    });
    if (this.publicOrigin === null) this.#local = this.#running.origin;
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
    this.#running = undefined;
  }

  /** At the same address, so that what was signed for it is signed for it still. */
  async restart(accounts: readonly TestAccount[] = this.accounts): Promise<void> {
    const { port } = new URL(this.origin);
    await this.stop();
    this.accounts = accounts;
    await this.start(Number(port));
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What one of the accounts can do. */
  as(index = 0) {
    return accountOn(this.origin, this.accounts[index]?.token ?? "");
  }

  /** A mailbox that an account has just opened. */
  async open(index = 0, hears: relay.Hears = "puts"): Promise<OpenMailbox> {
    const keys = await makeMailboxKeys();
    await this.as(index).open(keys.publicKeys, hears);
    const clock = () => systemClock() + this.aheadMilliseconds;
    return { ...mailboxOn(this.origin, keys, clock), keys };
  }
}

export type OpenMailbox = ReturnType<typeof mailboxOn> & { readonly keys: MailboxKeys };

/** One relay for a file of tests. */
export function useRelay(...accounts: TestAccount[]): TestRelay {
  const relay = new TestRelay(accounts.length > 0 ? accounts : [testAccount()]);
  beforeAll(() => relay.start());
  afterAll(async () => {
    await relay.remove();
    // Every line is a mistake of ours.
    expect(relay.log).toBe("");
  });
  return relay;
}

/** The code of the refusal, or "done". */
export async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "done";
  } catch (error) {
    if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
    throw error;
  }
}
