// What happens by time: expired parcels go, and requests are forgotten whose signature is no longer good.

import { setTimeout as pause } from "node:timers/promises";

import { secondsOf, type Clock } from "../clock.ts";
import type { Database, Transaction } from "../db/database.ts";
import type { Bell } from "./bell.ts";
import { expireParcels } from "./commands.ts";
import { deleteSpentRequests, findMailboxById, listMailboxesWithExpired } from "./store.ts";

export interface SweepOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Of the accounts, by their numbers. */
  readonly newsBell: Bell<number>;
  readonly intervalMilliseconds: number;
  /** A round failed, as when the disk is full. The next one tries again. */
  readonly onFailure: (error: unknown) => void;
}

/** Small enough that nobody waits long for one of these transactions. */
const atOnce = 500;

/** Starts the rounds. @returns what stops them, once the present round has ended. */
export function startSweep(options: SweepOptions): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const rounds = async () => {
    while (!signal.aborted) {
      await sweep(options, signal).catch(options.onFailure);
      await pause(options.intervalMilliseconds, undefined, { signal }).catch(() => undefined);
    }
  };
  const running = rounds();
  return async () => {
    stopping.abort();
    await running;
  };
}

/** One round over all that is due. */
export async function sweep(
  { database, clock, newsBell }: Pick<SweepOptions, "database" | "clock" | "newsBell">,
  signal?: AbortSignal,
): Promise<void> {
  const at = clock();
  for (let isMore = true; isMore && signal?.aborted !== true;) {
    const swept = await database.write((transaction) => sweepSome(transaction, at));
    for (const account of swept.accounts) newsBell.ring(account);
    isMore = swept.isMore;
  }
}

/** @returns the accounts to which it may be news, and whether there may be more to sweep. */
function sweepSome(transaction: Transaction, at: number): { accounts: Set<number>; isMore: boolean } {
  const due = listMailboxesWithExpired(transaction, secondsOf(at), atOnce);
  const mailboxes = due.flatMap((id) => findMailboxById(transaction, id) ?? []);
  for (const mailbox of mailboxes) expireParcels(transaction, mailbox, at);
  const forgotten = deleteSpentRequests(transaction, secondsOf(at), atOnce);
  const accounts = new Set(mailboxes.map(({ account }) => account));
  return { accounts, isMore: due.length === atOnce || forgotten === atOnce };
}
