// Who asks, and whether they may: known before a body is read. Whoever does not hold a key of a mailbox cannot tell
// whether there is such a mailbox.

import { generateKeyPairSync } from "node:crypto";

import type { relay } from "@lockstep/api";

import { findAccount, type Account } from "../accounts/accounts.ts";
import type { Throttle } from "../accounts/throttle.ts";
import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { findMailbox, type Mailbox, type MailboxId } from "../mailboxes/store.ts";
import { Refusal } from "../refusal.ts";
import { verifyCapability, type Claims } from "./capability.ts";

export interface Gate {
  readonly database: Database;
  readonly clock: Clock;
  readonly accounts: readonly Account[];
  readonly accountThrottle: Throttle<number>;
  readonly mailboxThrottle: Throttle<MailboxId>;
  /** The addresses under which the relay is known. */
  readonly origins: () => readonly string[];
}

export interface Admitted {
  readonly account: Account;
  /** Of the one who holds a key of it. */
  readonly opened: { readonly id: MailboxId; readonly claims: Claims } | null;
}

export interface Arrived {
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly url: string;
  readonly authorization: string | undefined;
  readonly mailbox: string | undefined;
}

/** @throws Refusal for whoever may not. */
export async function admit(gate: Gate, need: relay.RelayNeed, arrived: Arrived): Promise<Admitted> {
  if (need === "account") return admitAccount(gate, arrived);
  return admitHolder(gate, need, arrived);
}

function admitAccount({ accounts, accountThrottle }: Gate, { authorization }: Arrived): Admitted {
  const [, token = ""] = /^Bearer +(\S+) *$/i.exec(authorization ?? "") ?? [];
  const account = findAccount(accounts, token);
  if (account === undefined) throw new Refusal("account_refused");
  accountThrottle.admit(account.account, account.requestsPerMinute);
  return { account, opened: null };
}

async function admitHolder(gate: Gate, need: relay.RelayNeed, arrived: Arrived): Promise<Admitted> {
  const { database, clock, accounts, origins } = gate;
  const mailbox = findMailbox(database, arrived.mailbox ?? "");
  const account = accounts.find((each) => each.account === mailbox?.account);
  const claims = await verifyCapability(
    { ...arrived, addresses: origins().map((origin) => origin + arrived.url), at: clock() },
    keysFor(need, mailbox),
  );
  // The keys of an account that was taken out of the file open nothing any more.
  if (mailbox === undefined || account === undefined) throw new Refusal("capability_refused");
  gate.mailboxThrottle.admit(mailbox.id, account.mailboxRequestsPerMinute);
  gate.accountThrottle.admit(account.account, account.requestsPerMinute);
  return { account, opened: { id: mailbox.id, claims } };
}

/** Its private half is thrown away. With it an unknown mailbox takes as long to refuse as a wrong key. */
const keyOfNobody = Buffer.from(
  generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" }).x ?? "",
  "base64url",
);

function keysFor(need: relay.RelayNeed, mailbox: Mailbox | undefined): Uint8Array[] {
  const { readKey, writeKey } = mailbox ?? { readKey: keyOfNobody, writeKey: keyOfNobody };
  return [...(need === "write-key" ? [] : [readKey]), ...(need === "read-key" ? [] : [writeKey])];
}
