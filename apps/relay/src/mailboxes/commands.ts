// What can be done with mailboxes. Each is one piece of work inside a transaction, and refuses before it writes or
// leaves nothing of what it wrote.

import { relay } from "@lockstep/api";

import type { Account } from "../accounts/accounts.ts";
import { secondsOf } from "../clock.ts";
import type { Transaction } from "../db/database.ts";
import { Refusal } from "../refusal.ts";
import {
  deleteExpiredParcels,
  deleteMailbox,
  eachParcel,
  emptyParcel,
  findLastNews,
  findMailbox,
  findMailboxById,
  findOutcome,
  findUsage,
  insertMailbox,
  insertNews,
  insertParcel,
  insertSpentRequest,
  listParcels,
  markFetched,
  updateHears,
  type FullParcel,
  type Mailbox,
  type MailboxId,
  type Parcel,
} from "./store.ts";

const { limits, queue } = relay;

/** @param at milliseconds, as everywhere above the store. */
export function openMailbox(
  transaction: Transaction,
  { account, mailboxes }: Pick<Account, "account" | "mailboxes">,
  { mailbox, opening, at }: { mailbox: string; opening: relay.MailboxOpening; at: number },
): void {
  const { readKey, writeKey, hears } = opening;
  const known = findMailbox(transaction, mailbox);
  if (known?.account === account) {
    if (known.hears !== hears) updateHears(transaction, known.id, hears);
    return;
  }
  if (known !== undefined) throw new Refusal("mailbox_taken");
  if (findUsage(transaction, account).mailboxes >= mailboxes) throw new Refusal("mailboxes_exhausted");
  insertMailbox(transaction, {
    mailbox,
    account,
    readKey: Buffer.from(readKey, "base64url"),
    writeKey: Buffer.from(writeKey, "base64url"),
    lastSeq: at,
    hears,
  });
}

export function closeMailbox(transaction: Transaction, account: number, mailbox: string): MailboxId {
  const known = findMailbox(transaction, mailbox);
  if (known?.account !== account) throw new Refusal("mailbox_not_found");
  deleteMailbox(transaction, known);
  return known.id;
}

/** The mailbox as it is at this moment: what has expired is gone, whenever the sweep comes. */
function loadMailbox(transaction: Transaction, id: MailboxId, at: number): Mailbox {
  const mailbox = findMailboxById(transaction, id);
  // Closed since the request was admitted, which is to say the same as if it had never been.
  if (mailbox === undefined) throw new Refusal("capability_refused");
  expireParcels(transaction, mailbox, at);
  return mailbox;
}

/** What has expired goes. That nobody has fetched it is news to whoever hears of fetches. */
export function expireParcels(transaction: Transaction, mailbox: Mailbox, at: number): void {
  const { wereWaiting } = deleteExpiredParcels(transaction, mailbox, secondsOf(at));
  if (wereWaiting) tell(transaction, mailbox, { of: "fetches", at });
}

/** News to its account, if that is what it hears of this mailbox. */
function tell(
  transaction: Transaction,
  mailbox: Mailbox,
  { of: what, at }: { of: relay.Hears; at: number },
): void {
  if (mailbox.hears !== what) return;
  insertNews(transaction, mailbox, numberAfter(findLastNews(transaction, mailbox.account), at));
}

/** A signed request is good once. @throws Refusal capability_spent. */
export function spendRequest(
  transaction: Transaction,
  id: MailboxId,
  request: { hash: Buffer; expiresAt: number },
): void {
  if (findMailboxById(transaction, id) === undefined) throw new Refusal("capability_refused");
  if (!insertSpentRequest(transaction, id, request)) throw new Refusal("capability_spent");
}

interface Put {
  readonly account: Account;
  readonly slot: number;
  readonly body: Uint8Array;
  readonly at: number;
}

export interface Posted {
  readonly seq: number;
  readonly replaced: readonly { readonly seq: number; readonly fetched: boolean }[];
}

export function putParcel(transaction: Transaction, id: MailboxId, put: Put): Posted {
  const outcome = putInto(transaction, loadMailbox(transaction, id, put.at), put);
  if (typeof outcome === "string") throw new Refusal(outcome);
  return outcome;
}

function putInto(
  transaction: Transaction,
  mailbox: Mailbox,
  { account, slot, body, at }: Put,
): Posted | "mailbox_full" | "storage_exhausted" {
  const present = listParcels(transaction, mailbox.id);
  const replaced = present.filter((parcel) => slot !== queue && parcel.slot === slot);
  if (present.length - replaced.length >= limits.parcelsPerMailbox) return "mailbox_full";
  const freed = replaced.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const { storedBytes } = findUsage(transaction, account.account);
  if (storedBytes - freed + body.length > account.storedBytes) return "storage_exhausted";
  for (const { seq } of replaced) dropParcel(transaction, mailbox, seq);
  const seq = numberAfter(mailbox.lastSeq, at);
  insertParcel(transaction, mailbox, { seq, slot, body, expiresAt: secondsOf(at) + limits.parcelSeconds });
  tell(transaction, mailbox, { of: "puts", at });
  return { seq, replaced: replaced.map((parcel) => ({ seq: parcel.seq, fetched: parcel.isFetched })) };
}

interface PutOfMany extends Omit<Put, "account" | "at"> {
  readonly mailbox: string;
}

/** With the mailbox, for whoever waits there. */
type OutcomeOfMany =
  | { readonly mailboxId: MailboxId; readonly posted: Posted }
  | { readonly refused: "mailbox_not_found" | "mailbox_full" | "storage_exhausted" };

/**
 * Each parcel as `putParcel` has it, and one that is refused leaves the others alone. A mailbox of which the account hears
 * puts is for others to put into: a token writes only what its own account sends.
 */
export function putParcels(
  transaction: Transaction,
  account: Account,
  { parcels, at }: { parcels: readonly PutOfMany[]; at: number },
): OutcomeOfMany[] {
  return parcels.map(({ mailbox, ...parcel }) => {
    const known = findMailbox(transaction, mailbox);
    if (known?.account !== account.account || known.hears !== "fetches")
      return { refused: "mailbox_not_found" };
    expireParcels(transaction, known, at);
    const outcome = putInto(transaction, known, { ...parcel, account, at });
    return typeof outcome === "string" ? { refused: outcome } : { mailboxId: known.id, posted: outcome };
  });
}

/** The time, so that numbers go on rising even where the store was lost or put back from an old copy. */
function numberAfter(last: number, at: number): number {
  return Math.max(last + 1, at);
}

/** What became of a parcel is remembered for as many as a mailbox can hold. */
function dropParcel(transaction: Transaction, mailbox: Mailbox, seq: number): void {
  emptyParcel(transaction, mailbox, { seq, remembered: limits.parcelsPerMailbox });
}

/** What the reader of a queue has kept. */
function dropRead(transaction: Transaction, mailbox: Mailbox, after: number): void {
  for (const { seq, slot, isFetched } of listParcels(transaction, mailbox.id))
    if (slot === queue && seq <= after && isFetched) dropParcel(transaction, mailbox, seq);
}

/** Listing, marking and dropping are one: a withdrawal comes before all of it, or after. */
export function fetchParcels(
  transaction: Transaction,
  id: MailboxId,
  { after, at }: { after: number; at: number },
): { parcels: FullParcel[]; more: boolean } {
  const mailbox = loadMailbox(transaction, id, at);
  dropRead(transaction, mailbox, after);
  const fetched = firstOf(eachParcel(transaction, id, { after }));
  const first = fetched.parcels.filter(({ seq }) => markFetched(transaction, id, seq));
  if (first.length > 0) tell(transaction, mailbox, { of: "fetches", at });
  return fetched;
}

/** As many as fit, and one at least. */
function firstOf(
  waiting: Iterable<FullParcel>,
  room: number = limits.replyBytes,
): { parcels: FullParcel[]; more: boolean } {
  const parcels: FullParcel[] = [];
  let size = 0;
  for (const parcel of waiting) {
    size += parcel.body.length;
    if (parcels.length > 0 && size > room) return { parcels, more: true };
    parcels.push(parcel);
  }
  return { parcels, more: false };
}

interface ReadQueue {
  readonly mailbox: string;
  readonly parcels: readonly FullParcel[] | null;
}

/**
 * Each queue as `fetchParcels` has it, until the reply is full. What goes down to a workstation is in no queue, and a
 * mailbox of which the account hears fetches has none: a token opens only what is for its own account.
 */
export function readQueues(
  transaction: Transaction,
  account: number,
  { queues, at }: { queues: readonly { mailbox: string; after: number }[]; at: number },
): { queues: ReadQueue[]; more: boolean } {
  const read: ReadQueue[] = [];
  let room: number = limits.replyBytes;
  for (const { mailbox, after } of queues) {
    if (room <= 0) return { queues: read, more: true };
    const known = findMailbox(transaction, mailbox);
    if (known?.account !== account || known.hears !== "puts") {
      read.push({ mailbox, parcels: null });
      continue;
    }
    const { parcels, more } = readQueue(transaction, known, { after, at, room });
    read.push({ mailbox, parcels });
    if (more) return { queues: read, more };
    room -= parcels.reduce((sum, { body }) => sum + body.length, 0);
  }
  return { queues: read, more: false };
}

function readQueue(
  transaction: Transaction,
  known: Mailbox,
  { after, at, room }: { after: number; at: number; room: number },
): { parcels: FullParcel[]; more: boolean } {
  expireParcels(transaction, known, at);
  dropRead(transaction, known, after);
  const waiting = eachParcel(transaction, known.id, { after, slot: queue });
  const read = firstOf(waiting, room);
  for (const { seq } of read.parcels) markFetched(transaction, known.id, seq);
  return read;
}

export function showMailbox(transaction: Transaction, id: MailboxId, at: number): Parcel[] {
  loadMailbox(transaction, id, at);
  return listParcels(transaction, id);
}

/** Asking and taking back are one: whoever is told that it was not fetched can rely on it for ever. */
export function withdrawParcel(
  transaction: Transaction,
  id: MailboxId,
  { seq, at }: { seq: number; at: number },
): { fetched: boolean } {
  const mailbox = loadMailbox(transaction, id, at);
  const outcome = findOutcome(transaction, id, seq);
  if (outcome === undefined) throw new Refusal("parcel_not_found");
  dropParcel(transaction, mailbox, seq);
  return { fetched: outcome.isFetched };
}
