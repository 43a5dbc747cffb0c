// The rows of mailboxes, parcels and spent requests. Rows in, values out; nothing is decided here.

import type { relay } from "@lockstep/api";
import { z } from "zod";

import type { Reader, Transaction } from "../db/database.ts";

const mailboxId = z.int().brand<"mailbox">();
export type MailboxId = z.output<typeof mailboxId>;

const bytes = z.instanceof(Uint8Array);
const truth = z.literal([0, 1]).transform((stored) => stored === 1);

export interface Mailbox {
  readonly id: MailboxId;
  readonly account: number;
  readonly readKey: Uint8Array;
  readonly writeKey: Uint8Array;
  readonly lastSeq: number;
  readonly hears: relay.Hears;
}

const mailboxRow = z
  .object({
    id: mailboxId,
    account: z.int(),
    read_key: bytes,
    write_key: bytes,
    last_seq: z.int(),
    hears_fetches: truth,
  })
  .transform((row): Mailbox => ({
    id: row.id,
    account: row.account,
    readKey: row.read_key,
    writeKey: row.write_key,
    lastSeq: row.last_seq,
    hears: row.hears_fetches ? "fetches" : "puts",
  }));

const mailboxColumns = "id, account, read_key, write_key, last_seq, hears_fetches";

const storedHears = (hears: relay.Hears) => (hears === "fetches" ? 1 : 0);

/** A mailbox's digits, as they are stored. */
const digestOf = (mailbox: string) => Buffer.from(mailbox, "hex");

export function findMailbox(reader: Pick<Reader, "rows">, mailbox: string): Mailbox | undefined {
  const sql = `select ${mailboxColumns} from mailboxes where mailbox = ?`;
  return mailboxRow.optional().parse(reader.rows(sql, digestOf(mailbox))[0]);
}

export function findMailboxById(reader: Reader, id: MailboxId): Mailbox | undefined {
  const sql = `select ${mailboxColumns} from mailboxes where id = ?`;
  return mailboxRow.optional().parse(reader.rows(sql, id)[0]);
}

/** In the order of their digits, which tells nothing. */
export function listMailboxes(
  reader: Pick<Reader, "rows">,
  account: number,
  { after, limit }: { after: string; limit: number },
): string[] {
  const sql =
    "select lower(hex(mailbox)) as mailbox from mailboxes where account = ? and mailbox > ? order by mailbox limit ?";
  const rows = z
    .array(z.object({ mailbox: z.string() }))
    .parse(reader.rows(sql, account, digestOf(after), limit));
  return rows.map(({ mailbox }) => mailbox);
}

export interface Usage {
  readonly mailboxes: number;
  readonly storedBytes: number;
}

const usageRow = z
  .object({ mailboxes: z.int(), stored_bytes: z.int() })
  .transform(({ mailboxes, stored_bytes: storedBytes }) => ({ mailboxes, storedBytes }));

export function findUsage(reader: Reader, account: number): Usage {
  const [row] = reader.rows("select mailboxes, stored_bytes from accounts where account = ?", account);
  return row === undefined ? { mailboxes: 0, storedBytes: 0 } : usageRow.parse(row);
}

function addUsage(transaction: Transaction, account: number, { mailboxes, storedBytes }: Usage): void {
  transaction.run(
    "update accounts set mailboxes = mailboxes + ?, stored_bytes = stored_bytes + ? where account = ?",
    mailboxes,
    storedBytes,
    account,
  );
}

export function insertMailbox(
  transaction: Transaction,
  row: Omit<Mailbox, "id"> & { readonly mailbox: string },
): void {
  transaction.run("insert or ignore into accounts (account) values (?)", row.account);
  addUsage(transaction, row.account, { mailboxes: 1, storedBytes: 0 });
  transaction.run(
    `insert into mailboxes (mailbox, account, read_key, write_key, last_seq, hears_fetches)
      values (?, ?, ?, ?, ?, ?)`,
    digestOf(row.mailbox),
    row.account,
    row.readKey,
    row.writeKey,
    row.lastSeq,
    storedHears(row.hears),
  );
}

export function updateHears(transaction: Transaction, id: MailboxId, hears: relay.Hears): void {
  transaction.run("update mailboxes set hears_fetches = ? where id = ?", storedHears(hears), id);
}

/** With everything that is in it. */
export function deleteMailbox(transaction: Transaction, { id, account }: Mailbox): void {
  const storedBytes = sizeOf(transaction, "mailbox_id = ?", id);
  transaction.run("delete from mailboxes where id = ?", id);
  addUsage(transaction, account, { mailboxes: -1, storedBytes: -storedBytes });
}

/** The highest number that was given to news of an account. */
export function findLastNews(reader: Reader, account: number): number {
  const rows = reader.rows("select last_news from accounts where account = ?", account);
  return z.tuple([z.object({ last_news: z.int() })]).parse(rows)[0].last_news;
}

/** Of each mailbox only the newest is kept. */
export function insertNews(transaction: Transaction, { id, account }: Mailbox, news: number): void {
  transaction.run("update accounts set last_news = ? where account = ?", news, account);
  transaction.run("update mailboxes set news = ? where id = ?", news, id);
}

const newsRow = z.object({ mailbox: z.string(), news: z.int() });
export type News = z.output<typeof newsRow>;

/** Those above a number, oldest first. */
export function listNews(
  reader: Pick<Reader, "rows">,
  account: number,
  { after, limit }: { after: number; limit: number },
): News[] {
  const sql = `select lower(hex(mailbox)) as mailbox, news from mailboxes
    where account = ? and news > ? order by news limit ?`;
  return z.array(newsRow).parse(reader.rows(sql, account, after, limit));
}

/** How much the bodies of some parcels take. */
function sizeOf(transaction: Transaction, where: string, ...values: number[]): number {
  const sql = `select coalesce(sum(length(body)), 0) as size from parcels where ${where}`;
  const [{ size }] = z.tuple([z.object({ size: z.int() })]).parse(transaction.rows(sql, ...values));
  return size;
}

/** A parcel as it is told of, without what is in it. */
const parcelRow = z
  .object({ seq: z.int(), slot: z.int(), size: z.int(), is_fetched: truth, expires_at: z.int() })
  .transform(({ size: sizeBytes, is_fetched: isFetched, expires_at: expiresAt, ...row }) => ({
    ...row,
    sizeBytes,
    isFetched,
    expiresAt,
  }));
export type Parcel = z.output<typeof parcelRow>;

/** Those that are there, oldest first. */
export function listParcels(reader: Reader, id: MailboxId): Parcel[] {
  const sql = `select seq, slot, length(body) as size, is_fetched, expires_at from parcels
    where mailbox_id = ? and body is not null order by seq`;
  return z.array(parcelRow).parse(reader.rows(sql, id));
}

const fullRow = z.object({ seq: z.int(), slot: z.int(), body: bytes });
export type FullParcel = z.output<typeof fullRow>;

/** Those above a number, in one slot or in all, with what is in them, oldest first, as long as the caller wants more. */
export function* eachParcel(
  reader: Reader,
  id: MailboxId,
  { after, slot = null }: { after: number; slot?: number | null },
): Generator<FullParcel> {
  const sql = `select seq, slot, body from parcels
    where mailbox_id = ?1 and seq > ?2 and (?3 is null or slot = ?3) and body is not null order by seq`;
  for (const row of reader.each(sql, id, after, slot)) yield fullRow.parse(row);
}

export function insertParcel(
  transaction: Transaction,
  { id, account }: Mailbox,
  parcel: { seq: number; slot: number; body: Uint8Array; expiresAt: number },
): void {
  const { seq, slot, body, expiresAt } = parcel;
  transaction.run("update mailboxes set last_seq = ? where id = ?", seq, id);
  transaction.run(
    "insert into parcels (mailbox_id, seq, slot, body, expires_at) values (?, ?, ?, ?, ?)",
    id,
    seq,
    slot,
    body,
    expiresAt,
  );
  addUsage(transaction, account, { mailboxes: 0, storedBytes: body.length });
}

/** @returns false if it was fetched before. */
export function markFetched(transaction: Transaction, id: MailboxId, seq: number): boolean {
  const sql = "update parcels set is_fetched = 1 where mailbox_id = ? and seq = ? and is_fetched = 0";
  return transaction.run(sql, id, seq) > 0;
}

/** Whether a parcel was fetched that is there, or was there lately. */
export function findOutcome(reader: Reader, id: MailboxId, seq: number): { isFetched: boolean } | undefined {
  const sql = "select is_fetched from parcels where mailbox_id = ? and seq = ?";
  const [row] = reader.rows(sql, id, seq);
  return row === undefined ? undefined : { isFetched: z.object({ is_fetched: truth }).parse(row).is_fetched };
}

/** Takes what is in a parcel away. Whether it was fetched stays known, for as many as `remembered`. */
export function emptyParcel(
  transaction: Transaction,
  { id, account }: Mailbox,
  { seq, remembered }: { seq: number; remembered: number },
): void {
  const storedBytes = sizeOf(transaction, "mailbox_id = ? and seq = ?", id, seq);
  transaction.run("update parcels set body = null where mailbox_id = ? and seq = ?", id, seq);
  transaction.run(
    `delete from parcels where mailbox_id = ?1 and body is null and seq <=
      (select seq from parcels where mailbox_id = ?1 and body is null order by seq desc limit 1 offset ?2)`,
    id,
    remembered,
  );
  addUsage(transaction, account, { mailboxes: 0, storedBytes: -storedBytes });
}

const expiredRow = z.object({ size: z.int(), was_waiting: truth });

/**
 * @param at seconds, as everywhere in the store. What ends at this second has ended.
 * @returns whether any of what is deleted still waited to be fetched.
 */
export function deleteExpiredParcels(
  transaction: Transaction,
  { id, account }: Mailbox,
  at: number,
): { wereWaiting: boolean } {
  const sql = `delete from parcels where mailbox_id = ? and expires_at <= ?
    returning coalesce(length(body), 0) as size, body is not null and is_fetched = 0 as was_waiting`;
  const expired = z.array(expiredRow).parse(transaction.rows(sql, id, at));
  const storedBytes = expired.reduce((sum, { size }) => sum + size, 0);
  if (storedBytes > 0) addUsage(transaction, account, { mailboxes: 0, storedBytes: -storedBytes });
  return { wereWaiting: expired.some((row) => row.was_waiting) };
}

export function listMailboxesWithExpired(
  reader: Pick<Reader, "rows">,
  at: number,
  limit: number,
): MailboxId[] {
  const sql = "select distinct mailbox_id from parcels where expires_at <= ? limit ?";
  const rows = z.array(z.object({ mailbox_id: mailboxId })).parse(reader.rows(sql, at, limit));
  return rows.map((row) => row.mailbox_id);
}

/** @returns false if it was spent before. */
export function insertSpentRequest(
  transaction: Transaction,
  id: MailboxId,
  { hash, expiresAt }: { hash: Buffer; expiresAt: number },
): boolean {
  const sql = "insert or ignore into spent_requests (mailbox_id, request_hash, expires_at) values (?, ?, ?)";
  return transaction.run(sql, id, hash, expiresAt) > 0;
}

/** @returns how many there were, up to the limit. */
export function deleteSpentRequests(transaction: Transaction, before: number, limit: number): number {
  return transaction.run(
    `delete from spent_requests where (mailbox_id, request_hash) in
      (select mailbox_id, request_hash from spent_requests where expires_at < ? limit ?)`,
    before,
    limit,
  );
}
