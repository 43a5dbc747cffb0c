// One call of one endpoint: who calls, whether they may, what they say, and the reply to it. Whether they may is
// known before a body is read.

import { replyStatusOf, type Endpoint } from "@lockstep/api";
import { isId, type OrganisationId, type Role } from "@lockstep/core";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";

import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import type { Writing } from "../facts/change.ts";
import { isSecure, type PublicOrigin } from "./origin.ts";
import { roleFor, type Place } from "./permission.ts";
import { MalformedRequest } from "./problem.ts";
import { bearerOf, matchOf, onceOf } from "./request.ts";
import {
  holdings,
  type Asked,
  type Caller,
  type Cookie,
  type Held,
  type HeldCookie,
  type Route,
} from "./route.ts";

/** What stands before every endpoint. */
export interface Gate {
  readonly database: Database;
  readonly clock: Clock;
  /**
   * Who a cookie or a token belongs to, where the organisation that is asked about stands, and the cookie's new value
   * if it has another one from now on.
   */
  readonly identify: (
    secret: string,
    about: OrganisationId | null,
  ) => Promise<{
    caller: Caller;
    place: Place | null;
    renewed: Parameters<Cookie["begin"]>[0] | null;
  } | null>;
}

interface Admitted {
  readonly params: unknown;
  readonly caller: Caller | null;
  readonly role: Role | null;
}

const admitted = new WeakMap<FastifyRequest, Admitted>();

export function replyTo(
  app: FastifyInstance,
  { endpoint, answer }: Route,
  { gate, origin }: { gate: Gate } & PublicOrigin,
): void {
  app.route({
    method: endpoint.method,
    url: `/api/v1${endpoint.path}`,
    bodyLimit: endpoint.bodyLimitBytes ?? app.initialConfig.bodyLimit ?? 0,
    onRequest: async (request, reply) => {
      reply.header("cache-control", "no-store");
      admitted.set(
        request,
        await admit(endpoint, gate, { request, cookie: sessionCookie(request, reply, { origin }) }),
      );
    },
    handler: async (request, reply) => {
      const held = heldIn(request, reply, { origin });
      const cookie = sessionCookie(request, reply, { origin });
      const answered = await answer(askedOf(endpoint, gate, { request, cookie, held }));
      if (endpoint.revisionOf !== undefined) reply.header("etag", `"${endpoint.revisionOf(answered)}"`);
      const status = replyStatusOf(endpoint);
      return status === 204 ? reply.code(status).send() : reply.code(status).send(answered);
    },
  });
}

interface Arrived {
  readonly request: FastifyRequest;
  readonly cookie: Cookie & HeldCookie;
}

async function admit(
  endpoint: Endpoint,
  { identify }: Gate,
  { request, cookie }: Arrived,
): Promise<Admitted> {
  const bearer = bearerOf(request.headers);
  const secret = bearer ?? cookie.value;
  const { organisationId } = request.params as Readonly<Record<string, unknown>>;
  const about = isId(organisationId) ? (organisationId as OrganisationId) : null;
  const identified = secret === undefined ? null : await identify(secret, about);
  if (identified?.renewed && bearer === null) cookie.begin(identified.renewed);
  const { caller = null, place = null } = identified ?? {};
  // Before the parameters are looked at: who is not signed in learns nothing, not even that an id is none.
  if (caller === null) roleFor(endpoint, {}, { caller, place });
  const params = parsed(() => endpoint.params.parse(request.params));
  return { params, caller, role: roleFor(endpoint, params as Record<string, unknown>, { caller, place }) };
}

function parsed<Result>(parse: () => Result): Result {
  try {
    return parse();
  } catch (error) {
    throw error instanceof z.ZodError ? new MalformedRequest(error) : error;
  }
}

function askedOf(
  endpoint: Endpoint,
  { database, clock }: Gate,
  { request, cookie, held }: Arrived & { readonly held: Held },
): Asked<unknown, unknown, unknown> {
  const { params, caller, role } = admitted.get(request) ?? { params: {}, caller: null, role: null };
  const match = matchOf(endpoint, request.headers);
  const { query, body } = parsed(() => ({
    query: endpoint.query.parse(request.query),
    body: endpoint.body.parse(request.body === undefined ? {} : request.body),
  }));
  const once =
    caller === null ? undefined : onceOf(endpoint, request.headers, { caller, asked: { params, body } });
  const doer: Writing["doer"] =
    caller === null ? { role: "nobody", userId: null } : { role: role ?? "user", ...caller.owner };
  return {
    params,
    query,
    body,
    match,
    get caller() {
      if (caller === null) throw new Error(`${endpoint.path} needs nobody signed in`);
      return caller;
    },
    writing: { database, clock, doer, once },
    cookie,
    agent: request.headers["user-agent"],
    held,
  };
}

function sessionCookie(request: FastifyRequest, reply: FastifyReply, place: PublicOrigin): Arrived["cookie"] {
  const known = cookieOf(request, reply, { ...place, suffix: "-known" });
  const own = cookieOf(request, reply, { ...place, suffix: "" });
  return { ...own, known: known.value, remember: (browser) => known.begin(browser) };
}

function heldIn(request: FastifyRequest, reply: FastifyReply, place: PublicOrigin): Held {
  const each = holdings.map((name) => [name, cookieOf(request, reply, { ...place, suffix: `-${name}` })]);
  return Object.fromEntries(each) as Held;
}

/** Scripts cannot read it, and no page of another site sends it along. */
function cookieOf(
  request: FastifyRequest,
  reply: FastifyReply,
  { suffix, ...place }: PublicOrigin & { suffix: string },
): HeldCookie {
  const secure = isSecure(place);
  // The prefix makes browsers refuse one that another host, or plain HTTP, has set (RFC 6265bis §4.1.3).
  const name = `${secure ? "__Host-" : ""}lockstep${suffix}`;
  const settings = { path: "/", httpOnly: true, sameSite: "strict", secure } as const;
  return {
    value: request.cookies[name],
    begin: ({ secret, expiresAt }) => void reply.setCookie(name, secret, { ...settings, expires: expiresAt }),
    end: () => void reply.clearCookie(name, settings),
  };
}
