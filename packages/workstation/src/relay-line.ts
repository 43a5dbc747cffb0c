// The way to a relay: mailboxes of this workstation there, how far its clock is from ours, and its refusals in our words.

import { ProblemError, relay, relayMailbox } from "@lockstep/api";
import { mailboxOf, signCapability, signerOf, type SlotUse } from "@lockstep/keyfile";

import type { Profile } from "./profile.ts";
import { WorkstationRefusal } from "./refusal.ts";

const answerSeconds = 30;

/** A parcel as it was fetched. */
export interface Parcel {
  readonly seq: number;
  readonly slot: number;
  readonly body: Uint8Array;
}

/** Whether a refusal is the relay's with this code. */
export function isRelayRefusal(error: unknown, code: relay.RelayRefusalCode): boolean {
  return (
    error instanceof WorkstationRefusal && error.cause instanceof ProblemError && error.cause.code === code
  );
}

export class RelayLine {
  readonly relay: string;
  readonly #profile: Profile;
  readonly #signal: AbortSignal | undefined;
  #skewSeconds: number | null = null;

  constructor(profile: Profile, address: string, signal?: AbortSignal) {
    this.#profile = profile;
    this.relay = address.replace(/\/+$/, "");
    this.#signal = signal;
  }

  /** How far this machine's clock is ahead of the relay's; null before the first answer. */
  get skewSeconds(): number | null {
    return this.#skewSeconds;
  }

  /** The mailbox that grows from a secret. Its calls throw WorkstationRefusal relay-unreachable and relay-refused. */
  async mailbox(secret: string) {
    const { read, write, slotOf } = mailboxOf(Buffer.from(secret, "base64url"));
    const [reader, writer] = [signerOf(read), signerOf(write)];
    const mailbox = relayMailbox({
      origin: this.relay,
      mailbox: await relay.mailboxOf({ readKey: read.x, writeKey: write.x }),
      // The relay looks at its own clock, and nobody else at this signature.
      authorise: (request) => {
        const at = this.#profile.now() - (this.#skewSeconds ?? 0);
        return signCapability(request, request.method === "GET" ? reader : writer, at);
      },
      fetch: (address, request) => this.#send(address, request),
    });
    return {
      slotOf: (use: SlotUse) => slotOf(use),
      put: (slot: number, body: Uint8Array) => this.#ask(() => mailbox.put(slot, body)),
      fetch: (since: { after: number; wait?: number }) => this.#ask(() => mailbox.fetch(since)),
      state: async () => (await this.#ask(() => mailbox.state())).parcels,
    };
  }

  async #send(...[address, request]: Parameters<typeof fetch>): Promise<Response> {
    const waitSeconds = typeof address === "string" ? Number(/[?&]wait=(\d+)/.exec(address)?.[1] ?? 0) : 0;
    const limit = AbortSignal.timeout((answerSeconds + waitSeconds) * 1000);
    const signal = AbortSignal.any([limit, ...(this.#signal ? [this.#signal] : [])]);
    const response = await this.#profile.fetch(address, { ...request, signal });
    const date = Date.parse(response.headers.get("date") ?? "");
    if (!Number.isNaN(date)) this.#skewSeconds = this.#profile.now() - Math.floor(date / 1000);
    return response;
  }

  async #ask<Reply>(call: () => Promise<Reply>): Promise<Reply> {
    try {
      return await call();
    } catch (cause) {
      this.#signal?.throwIfAborted();
      // From its answer we know by now what time it is there.
      if (cause instanceof ProblemError && cause.code === "capability_expired") return this.#askAgain(call);
      throw this.#refusalOf(cause);
    }
  }

  async #askAgain<Reply>(call: () => Promise<Reply>): Promise<Reply> {
    try {
      return await call();
    } catch (cause) {
      this.#signal?.throwIfAborted();
      throw this.#refusalOf(cause);
    }
  }

  #refusalOf(cause: unknown): WorkstationRefusal {
    if (!(cause instanceof ProblemError))
      return new WorkstationRefusal("relay-unreachable", { detail: this.relay, cause });
    const detail = `${this.relay}: ${cause.message} (${cause.code})`;
    return new WorkstationRefusal("relay-refused", { detail, cause });
  }
}

export type LineMailbox = Awaited<ReturnType<RelayLine["mailbox"]>>;

const elsewhere = new Set<unknown>(["relay-unreachable", "relay-refused"]);

/** What the first of several relays gives that can be reached and does not refuse; else what the last one said. */
export async function fromFirst<Result>(
  relays: readonly string[],
  ask: (address: string) => Promise<Result>,
): Promise<Result> {
  let last: unknown = new WorkstationRefusal("relay-unknown");
  for (const address of relays) {
    try {
      return await ask(address);
    } catch (error) {
      if (!(error instanceof WorkstationRefusal && elsewhere.has(error.code))) throw error;
      last = error;
    }
  }
  throw last;
}

/** All that is newer than a parcel, however many replies that takes. */
export async function fetchAfter(mailbox: LineMailbox, after: number): Promise<Parcel[]> {
  const parcels: Parcel[] = [];
  let last = after;
  // A mailbox holds 64 parcels, and a reply at least one.
  for (let replies = 0; replies < relay.limits.parcelsPerMailbox; replies += 1) {
    const reply = await mailbox.fetch({ after: last });
    parcels.push(...reply.parcels);
    last = Math.max(last, ...reply.parcels.map(({ seq }) => seq));
    if (!reply.more) break;
  }
  return parcels.slice(0, relay.limits.parcelsPerMailbox);
}
