// An endpoint of the contract with what answers it: as an account, or as whoever holds a key of a mailbox.

import type { relay } from "@lockstep/api";
import type { z } from "zod";

import type { Account } from "../accounts/accounts.ts";
import type { Transaction } from "../db/database.ts";
import type { MailboxId } from "../mailboxes/store.ts";

export interface Asked<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Whose token was given, or who has opened the mailbox. */
  readonly account: Account;
  readonly mailboxId: MailboxId;
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal;
  /** The first work also spends the signed request, whether or not it is refused. */
  readonly write: <Result>(work: (transaction: Transaction) => Result) => Promise<Result>;
}

export interface Route {
  readonly endpoint: relay.RelayEndpoint;
  /** Takes what the endpoint's own shapes have parsed. The reply is parsed by them too: an unfit one is a bug. */
  readonly answer: (asked: Asked<unknown, unknown, unknown>) => Promise<unknown>;
}

export function route<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Reply extends z.ZodType,
>(
  endpoint: relay.RelayEndpoint<Params, Query, Body, Reply>,
  handle: (asked: Asked<z.output<Params>, z.output<Query>, z.output<Body>>) => Promise<z.input<Reply>>,
): Route {
  return {
    endpoint,
    // Its own shapes parse what it is given, so to whoever only serves it they are any shapes.
    answer: async (asked) =>
      endpoint.reply.parse(await handle(asked as Asked<z.output<Params>, z.output<Query>, z.output<Body>>)),
  };
}
