// The contract of the relay: blind mailboxes, what opens them, and how the relay says no. It is a program of its own
// beside the server, so its endpoints are not among those that the server serves. docs/relay.md tells it in words.

import { z } from "zod";

import type { RelayRefusalCode } from "./relay-refusals.ts";
import { nothing } from "./shapes.ts";

/** The same for everybody. What an account may use besides is in the relay's file of accounts. */
export const limits = {
  parcelsPerMailbox: 64,
  parcelBytes: 256 * 1024,
  parcelSeconds: 90 * 24 * 60 * 60,
  /** What one reply carries at most, unless a single parcel is more. */
  replyBytes: 1024 * 1024,
  /** How long a reader may ask to wait: less than proxies wait for an answer. */
  waitSeconds: 50,
  /** How far the clock of whoever signs may be from the relay's. */
  clockSeconds: 5 * 60,
  highestSlot: 2 ** 31 - 1,
  /** How many queues an account reads with one request. */
  queuesAtOnce: 1000,
  /** How many parcels an account puts with one request, */
  parcelsAtOnce: 1000,
  /** and how long that request may be. */
  parcelsBytes: 2 * 1024 * 1024,
} as const;

/** In this slot parcels queue. In any other one the newest wins. */
export const queue = 0;

export { refusals, type RelayRefusalCode } from "./relay-refusals.ts";

/** Who may: an account by its token, or whoever holds a key of the mailbox. */
export type RelayNeed = "account" | "read-key" | "write-key" | "either-key";

type Shape = z.ZodType;

export interface RelayEndpoint<
  Params extends Shape = Shape,
  Query extends Shape = Shape,
  Body extends Shape = Shape,
  Reply extends Shape = Shape,
> {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the relay's origin, with `:name` for each of `params`. */
  readonly path: string;
  readonly summary: string;
  readonly needs: RelayNeed;
  readonly params: Params;
  readonly query: Query;
  /** `nothing`, `parcel` for the bytes themselves, or what travels as JSON. */
  readonly body: Body;
  /** How many bytes it may have, if other than a parcel. */
  readonly bodyBytes?: number;
  readonly reply: Reply;
  /** Besides those that follow from what it is. */
  readonly refuses: readonly RelayRefusalCode[];
}

function relayEndpoint<Params extends Shape, Query extends Shape, Body extends Shape, Reply extends Shape>(
  described: RelayEndpoint<Params, Query, Body, Reply>,
): RelayEndpoint<Params, Query, Body, Reply> {
  return described;
}

/** 32 bytes as base64url. In the last character two bits are left over; they are zero, so there is one way only. */
// cspell:ignore AEIMQU Ycgkosw
const key = z.string().regex(/^[\w-]{42}[AEIMQUYcgkosw048]$/, "expected 32 bytes as base64url");

const mailbox = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "expected a mailbox's 64 hexadecimal digits")
  .describe("Follows from the keys of the mailbox.");

const seq = z.int().min(1).describe("Rises with each parcel of a mailbox, and is never given twice.");
const slot = z.int().min(queue).max(limits.highestSlot);

/** Its characters only, which takes no time: what is no sealed parcel does not open either. */
const base64url = z.string().regex(/^[\w-]*$/);

const bytesAsBase64url = base64url
  .min(2)
  .max(Math.ceil((limits.parcelBytes * 4) / 3))
  .refine(({ length }) => length % 4 !== 1, "expected whole bytes as base64url");

const posted = z.object({
  seq,
  replaced: z.array(z.object({ seq, fetched: z.boolean() })).describe("Nobody can fetch these any more."),
});

/** What arrives in a path or a query is text. */
const number = (least: number, most: number) =>
  z
    .string()
    .regex(/^(0|[1-9]\d*)$/, "expected a number")
    .transform(Number)
    .pipe(z.int().min(least).max(most));

/** Opaque bytes, as application/octet-stream. */
export const parcel = z.instanceof(Uint8Array).refine(({ length }) => length > 0, "expected a body");

export const keys = z.strictObject({
  readKey: key.describe("The public half of the Ed25519 key that fetches."),
  writeKey: key.describe("The public half of the Ed25519 key that puts and withdraws."),
});
export type MailboxKeys = z.output<typeof keys>;

/** What an account hears of one of its mailboxes: it fetches from some, and puts into others. */
const hears = z
  .enum(["puts", "fetches"])
  .describe(
    "That a parcel was put into it; or that one in it was fetched for the first time, or expired unfetched.",
  );
export type Hears = z.output<typeof hears>;

const opening = keys
  .extend({ hears })
  .refine(({ readKey, writeKey }) => readKey !== writeKey, "expected two keys");
export type MailboxOpening = z.output<typeof opening>;

/** The mailbox that two keys make. Nobody can open it under other keys, so nobody can sit in another's place. */
export async function mailboxOf({ readKey, writeKey }: MailboxKeys): Promise<string> {
  const text = new TextEncoder().encode(`kf1/mailbox ${readKey} ${writeKey}`);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** How a request on a mailbox is signed: `Authorization: Capability <compact JWS>`, with these two members in its header. */
export const capability = {
  scheme: "Capability",
  header: z.strictObject({ alg: z.literal("Ed25519"), typ: z.literal("kf1-capability+jws") }),
  claims: z.strictObject({
    htm: z.string().describe("The method."),
    htu: z.string().describe("The whole address, with its query."),
    body: key.describe("SHA-256 of the body as base64url; of no bytes where there is none."),
    iat: z.int().describe("When it was signed, in seconds since 1970."),
    jti: z
      .string()
      .regex(/^[\w-]{22,64}$/)
      .describe("128 random bits or more as base64url, never used again."),
  }),
} as const;

const ofMailbox = z.object({ mailbox });

const after = number(0, Number.MAX_SAFE_INTEGER).default(0);
const wait = number(0, limits.waitSeconds)
  .default(0)
  .describe("Seconds to wait while nothing is newer; the reply comes as soon as something is.");

export const openMailbox = relayEndpoint({
  method: "POST",
  path: "/m",
  summary:
    "Opens the mailbox of two keys. Opening it again changes nothing but what the account hears of it.",
  needs: "account",
  params: nothing,
  query: nothing,
  body: opening,
  reply: z.object({ mailbox }),
  refuses: ["mailboxes_exhausted", "mailbox_taken"],
});

export const listMailboxes = relayEndpoint({
  method: "GET",
  path: "/m",
  summary: "The account's mailboxes, a thousand at a time.",
  needs: "account",
  params: nothing,
  query: z.strictObject({ after: mailbox.optional().describe("The last one of the page before.") }),
  body: nothing,
  reply: z.object({ mailboxes: z.array(mailbox), more: z.boolean() }),
  refuses: [],
});

export const closeMailbox = relayEndpoint({
  method: "DELETE",
  path: "/m/:mailbox",
  summary: "Closes a mailbox of the account and drops what is in it.",
  needs: "account",
  params: ofMailbox,
  query: nothing,
  body: nothing,
  reply: nothing,
  refuses: ["mailbox_not_found"],
});

export const listNews = relayEndpoint({
  method: "GET",
  path: "/news",
  summary: "The mailboxes of which there is news since `after`, oldest first; waits for it if asked to.",
  needs: "account",
  params: nothing,
  query: z.strictObject({
    after: after.describe("The last number of which the account has taken care."),
    wait,
  }),
  body: nothing,
  reply: z.object({
    news: z
      .array(z.object({ mailbox, news: z.int().min(1).describe("Rises with each news of the account.") }))
      .describe("Each mailbox once, with the number of its newest news; a thousand at most."),
    more: z.boolean(),
  }),
  refuses: [],
});

export const readQueues = relayEndpoint({
  method: "POST",
  path: "/queues",
  summary:
    "What is newer than `after` in the queues of several mailboxes of the account, of which it hears puts; each is read as by `GET /m/{mailbox}`.",
  needs: "account",
  params: nothing,
  query: nothing,
  body: z.strictObject({
    queues: z
      .array(
        z.strictObject({
          mailbox,
          after: z.int().min(0).describe("The last number that the account has kept. The queue drops these."),
        }),
      )
      .min(1)
      .max(limits.queuesAtOnce)
      .refine((queues) => new Set(queues.map((queue) => queue.mailbox)).size === queues.length, {
        error: "expected each mailbox once",
      }),
  }),
  reply: z.object({
    queues: z
      .array(
        z.object({
          mailbox,
          parcels: z
            .array(z.object({ seq, body: base64url }))
            .nullable()
            .describe("Oldest first; null where the account has no such mailbox."),
        }),
      )
      .describe("As they were asked for, from the first one on, and at least one."),
    more: z
      .boolean()
      .describe("There is more than one reply carries, in the last of these or in those left out."),
  }),
  refuses: [],
});

export const putParcel = relayEndpoint({
  method: "PUT",
  path: "/m/:mailbox/:slot",
  summary:
    "Puts a parcel. It takes the place of what is in its slot, but for slot 0, in which parcels queue.",
  needs: "write-key",
  params: ofMailbox.extend({ slot: number(queue, limits.highestSlot) }),
  query: nothing,
  body: parcel,
  reply: posted,
  refuses: ["mailbox_full", "storage_exhausted"],
});

export const putParcels = relayEndpoint({
  method: "POST",
  path: "/parcels",
  summary:
    "Puts parcels into mailboxes of the account, of which it hears fetches; each as by `PUT /m/{mailbox}/{slot}`, and whatever becomes of the others.",
  needs: "account",
  params: nothing,
  query: nothing,
  body: z.strictObject({
    parcels: z
      .array(z.strictObject({ mailbox, slot, body: bytesAsBase64url }))
      .min(1)
      .max(limits.parcelsAtOnce),
  }),
  bodyBytes: limits.parcelsBytes,
  reply: z.object({
    parcels: z
      .array(
        z.union([
          posted,
          z.object({
            refused: z
              .enum(["mailbox_not_found", "mailbox_full", "storage_exhausted"])
              .describe("Why nothing was changed in its mailbox."),
          }),
        ]),
      )
      .describe("What became of each, as they were sent."),
  }),
  refuses: [],
});
export type ParcelToPut = z.input<typeof putParcels.body>["parcels"][number];

export const fetchParcels = relayEndpoint({
  method: "GET",
  path: "/m/:mailbox",
  summary: "What is newer than `after`, oldest first; waits for it if asked to.",
  needs: "read-key",
  params: ofMailbox,
  query: z.strictObject({
    after: after.describe(
      "The last number that the reader has kept. The queue drops what was fetched up to it.",
    ),
    wait,
  }),
  body: nothing,
  reply: z.object({
    parcels: z.array(z.object({ seq, slot, body: z.base64url() })),
    more: z.boolean().describe("There is more than one reply carries: ask again, after the last of these."),
  }),
  refuses: [],
});

export const showMailbox = relayEndpoint({
  method: "GET",
  path: "/m/:mailbox/state",
  summary: "What is in the mailbox, and what of it was fetched.",
  needs: "either-key",
  params: ofMailbox,
  query: nothing,
  body: nothing,
  reply: z.object({
    parcels: z.array(
      z.object({
        seq,
        slot,
        sizeBytes: z.int(),
        fetched: z.boolean().describe("Handed to a reader, with whom it may or may not have arrived."),
        expiresAt: z.iso.datetime(),
      }),
    ),
  }),
  refuses: [],
});

export const withdrawParcel = relayEndpoint({
  method: "POST",
  path: "/m/:mailbox/withdraw",
  summary: "Takes a parcel back, and says whether it was fetched. Asked again, it says the same.",
  needs: "write-key",
  params: ofMailbox,
  query: nothing,
  body: z.strictObject({ seq }),
  reply: z.object({ fetched: z.boolean().describe("If false, nobody has it and nobody will.") }),
  refuses: ["parcel_not_found"],
});

/** All that a relay serves, by name. */
export const endpoints = {
  openMailbox,
  listMailboxes,
  closeMailbox,
  listNews,
  readQueues,
  putParcel,
  putParcels,
  fetchParcels,
  showMailbox,
  withdrawParcel,
};

/** How what is sent says what it is, and how it is taken. */
export function contentTypeOf({ body }: Pick<RelayEndpoint, "body">): string {
  return body === parcel ? "application/octet-stream" : "application/json";
}

/** What any request can meet, whatever it asks for. */
const everywhere: readonly RelayRefusalCode[] = [
  "malformed_request",
  "too_many_requests",
  "internal_error",
  "storage_full",
];

/** Every code with which an endpoint can refuse: its own, and those that follow from what it is. */
export function refusalsOf({ needs, body, refuses }: RelayEndpoint): readonly RelayRefusalCode[] {
  const gate: readonly RelayRefusalCode[] =
    needs === "account"
      ? ["account_refused"]
      : ["capability_required", "capability_refused", "capability_expired", "capability_spent"];
  const sent: readonly RelayRefusalCode[] =
    body === nothing ? [] : ["parcel_too_large", "media_type_unsupported"];
  return [...refuses, ...gate, ...sent, ...everywhere];
}
