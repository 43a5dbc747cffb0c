// Calls a relay and parses what comes back: for an account, and for whoever holds keys of a mailbox. It holds no key
// itself: whoever uses it signs.

import type { z } from "zod";

import { ProblemError, replyOf } from "./client.ts";
import * as relay from "./relay.ts";

/** A request as it goes over the wire. `address` is whole, with its query. */
export interface RelayRequest {
  readonly method: string;
  readonly address: string;
  readonly body?: Uint8Array<ArrayBuffer>;
}

type Named = Readonly<Record<string, string | number | undefined>>;

interface Given {
  readonly params?: Named;
  readonly query?: Named;
  /** The bytes of a parcel, or what travels as JSON. */
  readonly body?: unknown;
}

/** The request that the contract describes, without anything that says who makes it. */
export function relayRequest(
  origin: string,
  { method, path }: relay.RelayEndpoint,
  { params = {}, query = {}, body }: Given,
): RelayRequest {
  const filled = path.replaceAll(/:(\w+)/g, (_all, name: string) => encodeURIComponent(String(params[name])));
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
  const address = `${origin}${filled}${search === "" ? "" : `?${search}`}`;
  return body === undefined ? { method, address } : { method, address, body: bytesOf(body) };
}

function bytesOf(body: unknown): Uint8Array<ArrayBuffer> {
  return body instanceof Uint8Array ? new Uint8Array(body) : new TextEncoder().encode(JSON.stringify(body));
}

/** Base64url, which the contract has checked. */
function decoded(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

interface Caller {
  /** Of the relay, without a slash at its end. */
  readonly origin: string;
  /** The value of the header `Authorization` for this one request. */
  readonly authorise: (request: RelayRequest) => string;
  readonly fetch?: typeof fetch;
}

/**
 * @throws ProblemError when the relay refuses; whatever `fetch` throws when it cannot be reached; SyntaxError or ZodError
 *   when something else than a relay has answered.
 */
async function call<Reply extends z.ZodType>(
  { origin, authorise, fetch: send = fetch }: Caller,
  endpoint: relay.RelayEndpoint<z.ZodType, z.ZodType, z.ZodType, Reply>,
  given: Given,
  signal: AbortSignal | null = null,
): Promise<z.output<Reply>> {
  const request = relayRequest(origin, endpoint, given);
  const response = await send(request.address, {
    method: request.method,
    headers: {
      authorization: authorise(request),
      ...(request.body === undefined ? {} : { "content-type": relay.contentTypeOf(endpoint) }),
    },
    body: request.body ?? null,
    // Neither a signature nor a token is for any other address.
    redirect: "error",
    signal,
  });
  return replyOf(response, endpoint.reply);
}

/** From where on, and how many seconds to wait while there is nothing. */
export interface Since {
  readonly after?: number;
  readonly wait?: number;
}

/**
 * A mailbox at a relay, for whoever holds a key of it. `authorise` signs what is a GET with the read key and everything
 * else with the write key; each holds for this one request. The calls throw what `call` throws.
 */
export function relayMailbox({ mailbox, ...caller }: Caller & { readonly mailbox: string }) {
  const params = { mailbox };
  return {
    put: (slot: number, body: Uint8Array) =>
      call(caller, relay.putParcel, { params: { mailbox, slot }, body }),
    fetch: async ({ after, wait }: Since = {}, signal?: AbortSignal) => {
      const query = { after, wait };
      const { parcels, more } = await call(caller, relay.fetchParcels, { params, query }, signal);
      return { parcels: parcels.map((parcel) => ({ ...parcel, body: decoded(parcel.body) })), more };
    },
    state: () => call(caller, relay.showMailbox, { params }),
    withdraw: (seq: number) => call(caller, relay.withdrawParcel, { params, body: { seq } }),
  };
}
export type RelayMailbox = ReturnType<typeof relayMailbox>;

/** An account at a relay. The calls throw what `call` throws. */
export function relayAccount({ token, ...relayOf }: Omit<Caller, "authorise"> & { readonly token: string }) {
  const caller = { ...relayOf, authorise: () => `Bearer ${token}` };
  return {
    open: ({ readKey, writeKey }: relay.MailboxKeys, hears: relay.Hears) =>
      call(caller, relay.openMailbox, { body: { readKey, writeKey, hears } }),
    list: (after?: string) => call(caller, relay.listMailboxes, { query: { after } }),
    close: (mailbox: string) => call(caller, relay.closeMailbox, { params: { mailbox } }),
    news: ({ after, wait }: Since = {}, signal?: AbortSignal) =>
      call(caller, relay.listNews, { query: { after, wait } }, signal),
    /**
     * @param queues `limits.queuesAtOnce` of them at most.
     * @returns what is in them, as base64url: whoever reads many decodes them where it keeps nobody waiting.
     */
    readQueues: (
      queues: readonly { readonly mailbox: string; readonly after: number }[],
      signal?: AbortSignal,
    ) => call(caller, relay.readQueues, { body: { queues } }, signal),
    /**
     * @param parcels `limits.parcelsAtOnce` of them at most, and no more than `limits.parcelsBytes` take.
     * @returns of each its number, or why the relay refused it.
     */
    putParcels: async (
      parcels: readonly relay.ParcelToPut[],
      signal?: AbortSignal,
    ): Promise<({ readonly seq: number } | ProblemError)[]> => {
      const reply = await call(caller, relay.putParcels, { body: { parcels } }, signal);
      return reply.parcels.map((each) =>
        "seq" in each ? each : new ProblemError({ ...relay.refusals[each.refused], code: each.refused }),
      );
    },
  };
}
export type RelayAccount = ReturnType<typeof relayAccount>;
