// An endpoint of the contract with what answers it.

import type { Endpoint, TokenScope } from "@lockstep/api";
import type { Actor, OrganisationId, UserId } from "@lockstep/core";
import type { z } from "zod";

import type { Writing } from "../facts/change.ts";
import type { SessionId } from "../sessions/secret.ts";

/** Who calls. Everybody who is signed in acts in one or several roles. */
export interface Caller {
  readonly owner: { readonly organisationId: OrganisationId; readonly userId: UserId };
  readonly sessionId: SessionId;
  /** Null for a browser. */
  readonly token: { readonly scope: TokenScope; readonly expiresAt: string } | null;
  readonly actors: readonly Actor[];
  /** The organisation requires one that the user does not have: nothing else can be done before it is set up. */
  readonly needsSecondFactor: boolean;
}

/** One that a browser keeps. */
interface KeptCookie {
  begin(session: { readonly secret: string; readonly expiresAt: Date }): void;
  end(): void;
}

/** The browser's part of a session. */
export interface Cookie extends KeptCookie {
  /** What this browser was given when somebody had signed in in it; undefined for one that is new. */
  readonly known: string | undefined;
  /** From now on it is known. */
  remember(browser: { readonly secret: string; readonly expiresAt: Date }): void;
}

/** What a browser holds of a sign-in that is under way. */
export interface HeldCookie extends KeptCookie {
  readonly value: string | undefined;
}
export const holdings = ["second-step", "single-sign-on"] as const;
export type Held = Readonly<Record<(typeof holdings)[number], HeldCookie>>;

export interface Asked<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** The revision that the caller edited, where the endpoint asks for one; else 0. */
  readonly match: number;
  /** @throws for an endpoint that needs nobody signed in: it has no caller to speak of. */
  readonly caller: Caller;
  /** What a command writes with: the caller is the doer. */
  readonly writing: Writing;
  readonly cookie: Cookie;
  /** What the caller's program says that it is. */
  readonly agent: string | undefined;
  readonly held: Held;
}

export interface Route {
  readonly endpoint: Endpoint;
  /** Takes what the endpoint's own shapes have parsed. The reply is parsed by them too: an unfit one is a bug. */
  readonly answer: (asked: Asked<unknown, unknown, unknown>) => Promise<unknown>;
}

export function route<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Reply extends z.ZodType,
>(
  endpoint: Endpoint<Params, Query, Body, Reply>,
  handle: (asked: Asked<z.output<Params>, z.output<Query>, z.output<Body>>) => Promise<z.input<Reply>>,
): Route {
  return {
    // Its own shapes parse what it is given, so to whoever only serves it they are any shapes.
    endpoint: endpoint,
    answer: async (asked) =>
      endpoint.reply.parse(await handle(asked as Asked<z.output<Params>, z.output<Query>, z.output<Body>>)),
  };
}
