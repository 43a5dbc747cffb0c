// The endpoints of mailboxes, each with the command that answers it.

import { relay } from "@lockstep/api";

import type { Clock } from "../clock.ts";
import type { Database, Transaction } from "../db/database.ts";
import { route, type Asked, type Route } from "../http/route.ts";
import type { Bell } from "./bell.ts";
import {
  closeMailbox,
  fetchParcels,
  openMailbox,
  putParcel,
  putParcels,
  readQueues,
  showMailbox,
  withdrawParcel,
  type Posted,
} from "./commands.ts";
import { listMailboxes, listNews, type FullParcel, type MailboxId, type Parcel } from "./store.ts";

export interface MailboxParts {
  readonly database: Database;
  readonly clock: Clock;
  /** For whoever waits at a mailbox. */
  readonly bell: Bell<MailboxId>;
  /** For whoever waits for the news of an account, by its number. */
  readonly newsBell: Bell<number>;
}

const onAPage = 1000;
/** One more than a page, which is seen by nobody, tells whether there is another page. */
const limit = onAPage + 1;
/** Comes before every mailbox. */
const beginning = "";

/** For those who opened the mailboxes. */
export function accountRoutes({ database, clock, bell, newsBell }: MailboxParts): Route[] {
  return [
    route(relay.openMailbox, async ({ account, body: opening, write }) => {
      const mailbox = await relay.mailboxOf(opening);
      await write((transaction) => openMailbox(transaction, account, { mailbox, opening, at: clock() }));
      return { mailbox };
    }),
    route(relay.listMailboxes, ({ account: { account }, query: { after = beginning } }) => {
      const found = listMailboxes(database, account, { after, limit });
      return Promise.resolve({ mailboxes: found.slice(0, onAPage), more: found.length > onAPage });
    }),
    route(relay.listNews, async ({ account: { account }, query: { after, wait }, signal }) => {
      const found = await newsBell.lookOrWait(account, {
        look: () => listNews(database, account, { after, limit }),
        isEmpty: ({ length }) => length === 0,
        waitSeconds: wait,
        signal,
      });
      return { news: found.slice(0, onAPage), more: found.length > onAPage };
    }),
    route(relay.readQueues, async ({ account: { account }, body: { queues }, write }) => {
      const read = await write((transaction) => readQueues(transaction, account, { queues, at: clock() }));
      return {
        queues: read.queues.map(({ mailbox, parcels }) => ({
          mailbox,
          parcels: parcels?.map(({ seq, body }) => ({ seq, body: encoded(body) })) ?? null,
        })),
        more: read.more,
      };
    }),
    route(relay.putParcels, async (asked) => {
      const { account, body } = asked;
      const parcels = body.parcels.map((parcel) => ({
        ...parcel,
        body: Buffer.from(parcel.body, "base64url"),
      }));
      const outcomes = await workOn(asked, newsBell, (transaction) =>
        putParcels(transaction, account, { parcels, at: clock() }),
      );
      for (const outcome of outcomes) if ("posted" in outcome) bell.ring(outcome.mailboxId);
      return {
        parcels: outcomes.map((outcome) => ("posted" in outcome ? asPosted(outcome.posted) : outcome)),
      };
    }),
    route(relay.closeMailbox, async ({ account, params: { mailbox }, write }) => {
      const id = await write((transaction) => closeMailbox(transaction, account.account, mailbox));
      bell.ring(id);
      return {};
    }),
  ];
}

/** For those who hold a key of the mailbox. */
export function mailboxRoutes({ clock, bell, newsBell }: MailboxParts): Route[] {
  return [
    route(relay.putParcel, async (asked) => {
      const { account, mailboxId, body } = asked;
      const { slot } = asked.params;
      const posted = await workOn(asked, newsBell, (transaction) =>
        putParcel(transaction, mailboxId, { account, slot, body, at: clock() }),
      );
      bell.ring(mailboxId);
      return asPosted(posted);
    }),
    route(relay.fetchParcels, async (asked) => {
      const { mailboxId, query, signal } = asked;
      const { after, wait: waitSeconds } = query;
      const { parcels, more } = await bell.lookOrWait(mailboxId, {
        look: () =>
          workOn(asked, newsBell, (transaction) =>
            fetchParcels(transaction, mailboxId, { after, at: clock() }),
          ),
        isEmpty: (fetched) => fetched.parcels.length === 0,
        waitSeconds,
        signal,
      });
      return { parcels: parcels.map(asFetched), more };
    }),
    route(relay.showMailbox, async (asked) => {
      const parcels = await workOn(asked, newsBell, (transaction) =>
        showMailbox(transaction, asked.mailboxId, clock()),
      );
      return { parcels: parcels.map(asShown) };
    }),
    route(relay.withdrawParcel, async (asked) =>
      workOn(asked, newsBell, (transaction) =>
        withdrawParcel(transaction, asked.mailboxId, { seq: asked.body.seq, at: clock() }),
      ),
    ),
  ];
}

/** Any work on a mailbox may find news for its account; whoever waits for them looks whether there are some. */
async function workOn<Result>(
  { account, write }: Pick<Asked<unknown, unknown, unknown>, "account" | "write">,
  newsBell: Bell<number>,
  work: (transaction: Transaction) => Result,
): Promise<Result> {
  const result = await write(work);
  newsBell.ring(account.account);
  return result;
}

const encoded = (body: Uint8Array) => Buffer.from(body).toString("base64url");

function asPosted({ seq, replaced }: Posted) {
  return { seq, replaced: [...replaced] };
}

function asFetched({ seq, slot, body }: FullParcel) {
  return { seq, slot, body: encoded(body) };
}

function asShown({ seq, slot, sizeBytes, isFetched, expiresAt }: Parcel) {
  return { seq, slot, sizeBytes, fetched: isFetched, expiresAt: new Date(expiresAt * 1000).toISOString() };
}
