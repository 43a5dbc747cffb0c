// Serves the routes. Only this folder knows the framework. Nothing that a caller sends reaches the log.

import { randomUUID } from "node:crypto";

import { relay, shapes } from "@lockstep/api";
import fastify, { type FastifyBaseLogger, type FastifyReply, type FastifyRequest } from "fastify";
import { z } from "zod";

import type { Transaction } from "../db/database.ts";
import { spendRequest } from "../mailboxes/commands.ts";
import type { MailboxId } from "../mailboxes/store.ts";
import { Refusal } from "../refusal.ts";
import { admit, type Admitted, type Gate } from "./admit.ts";
import { refuseOtherBody, spentOf } from "./capability.ts";
import { MalformedRequest, problemOf } from "./problem.ts";
import type { Asked, Route } from "./route.ts";

export interface AppOptions {
  readonly routes: readonly Route[];
  readonly gate: Gate;
  readonly log: FastifyBaseLogger;
}

/** How long a caller may take to send a request. */
const sendingMilliseconds = 60_000;

export function makeApp({ routes, gate, log }: AppOptions) {
  const app = fastify({
    loggerInstance: log,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    requestTimeout: sendingMilliseconds,
    // A reader that only asks for the head would mark what it does not get.
    exposeHeadRoutes: false,
    routerOptions: { caseSensitive: true, ignoreTrailingSlash: false },
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply),
  });
  // The signature is over the bytes, so they are taken as they come, whatever they say they are.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  app.setNotFoundHandler((request, reply) => sendProblem(new Refusal("endpoint_not_found"), request, reply));
  const admitted = new WeakMap<FastifyRequest, Admitted>();
  for (const { endpoint, answer } of routes) {
    app.route({
      method: endpoint.method,
      url: endpoint.path,
      bodyLimit: endpoint.bodyBytes ?? relay.limits.parcelBytes,
      onRequest: async (request, reply) => {
        void reply.header("cache-control", "no-store").header("x-content-type-options", "nosniff");
        admitted.set(request, await admit(gate, endpoint.needs, arrivedOf(request)));
      },
      handler: async (request, reply) => {
        const caller = admitted.get(request);
        if (caller === undefined) throw new Error("a request came by without being admitted");
        const replied = await answer(askedOf(endpoint, gate, { request, reply, caller }));
        return endpoint.reply === shapes.nothing ? reply.code(204).send() : reply.send(replied);
      },
    });
  }
  return app;
}

function arrivedOf({ method, url, headers, params }: FastifyRequest) {
  const { mailbox } = z.object({ mailbox: z.string().optional() }).parse(params);
  return { method, url, authorization: headers.authorization, mailbox };
}

interface Arrived {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly caller: Admitted;
}

function askedOf(
  endpoint: relay.RelayEndpoint,
  gate: Gate,
  { request, reply, caller }: Arrived,
): Asked<unknown, unknown, unknown> {
  const { account, opened } = caller;
  const received = z.instanceof(Buffer).default(Buffer.alloc(0)).parse(request.body);
  if (opened !== null) refuseOtherBody(opened.claims, received);
  const { params, query, body } = parsed(() => ({
    params: endpoint.params.parse(request.params),
    query: endpoint.query.parse(request.query),
    body: endpoint.body.parse(bodyOf(endpoint, received, request.headers["content-type"])),
  }));
  return {
    params,
    query,
    body,
    account,
    get mailboxId(): MailboxId {
      if (opened === null) throw new Error(`${endpoint.path} is asked by an account`);
      return opened.id;
    },
    signal: goneSignalOf(reply),
    write: writerFor(gate, opened),
  };
}

function parsed<Result>(parse: () => Result): Result {
  try {
    return parse();
  } catch (error) {
    throw error instanceof z.ZodError ? new MalformedRequest(error) : error;
  }
}

/** What the endpoint's shape is to parse. @throws Refusal for another type, or for what is not JSON. */
function bodyOf({ body }: relay.RelayEndpoint, received: Buffer, contentType: string | undefined): unknown {
  if (body === shapes.nothing) {
    if (received.length > 0) throw new Refusal("malformed_request", { detail: "expected no body" });
    return {};
  }
  const type = contentType?.split(";")[0]?.trim().toLowerCase();
  if (type !== relay.contentTypeOf({ body })) throw new Refusal("media_type_unsupported");
  if (body === relay.parcel) return received;
  try {
    return JSON.parse(received.toString("utf8"));
  } catch (cause) {
    throw new Refusal("malformed_request", { detail: "expected JSON", cause });
  }
}

function goneSignalOf(reply: FastifyReply): AbortSignal {
  const going = new AbortController();
  reply.raw.once("close", () => going.abort());
  return going.signal;
}

/** A signed request is spent with the first work that it asks for, in one transaction, also if that is refused. */
function writerFor(
  { database }: Gate,
  opened: Admitted["opened"],
): Asked<unknown, unknown, unknown>["write"] {
  let isSpent = false;
  return async <Result>(work: (transaction: Transaction) => Result) => {
    if (opened === null || isSpent) return database.write(work);
    isSpent = true;
    const outcome = await database.write((transaction) => {
      spendRequest(transaction, opened.id, spentOf(opened.claims));
      try {
        return { result: transaction.atomically(() => work(transaction)) };
      } catch (error) {
        if (error instanceof Refusal) return { refusal: error };
        throw error;
      }
    });
    if (outcome.refusal !== undefined) throw outcome.refusal;
    return outcome.result;
  };
}

function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error, request.id);
  if (problem.status >= 500) request.log.error({ err: error, requestId: request.id }, "request failed");
  if (problem.status === 429) void reply.header("retry-after", "60");
  return reply.code(problem.status).type("application/problem+json").send(problem);
}
