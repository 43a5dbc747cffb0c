// Serves the routes and the console. Only this folder knows the framework.

import { access } from "node:fs/promises";

import helmet from "@fastify/helmet";
import files from "@fastify/static";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { z } from "zod";

import { Refusal } from "../refusal.ts";
import { MalformedRequest, problemOf } from "./problem.ts";
import type { Route } from "./route.ts";

export interface AppOptions {
  readonly routes: readonly Route[];
  /** Folder of the built console; nothing but the API is served while it is missing. */
  readonly console: string | null;
  readonly log: boolean;
}

/** Policies and proposals are small. */
const bodyLimitBytes = 256 * 1024;

export async function makeApp({ routes, console, log }: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: bodyLimitBytes,
    logger: log ? { level: "warn" } : false,
    // Whatever the caller sends, the id is ours: it goes into the log.
    genReqId: () => crypto.randomUUID(),
    requestIdHeader: false,
    routerOptions: { caseSensitive: true, ignoreTrailingSlash: false },
  });
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        "default-src": ["'self'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
      },
    },
    // It would bind every service on this machine's name to HTTPS; there is none on loopback.
    strictTransportSecurity: false,
  });
  app.addHook("onRequest", (request, _reply, done) => {
    refuseStrangers(request);
    done();
  });
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  for (const route of routes) serve(app, route);
  if (console === null) {
    app.setNotFoundHandler((request, reply) =>
      sendProblem(new Refusal("endpoint_not_found"), request, reply),
    );
  } else {
    await serveConsole(app, console);
  }
  return app;
}

function serve(app: FastifyInstance, { endpoint, answer }: Route): void {
  app.route({
    method: endpoint.method,
    url: `/api/v1${endpoint.path}`,
    handler: async (request, reply) => {
      reply.header("cache-control", "no-store");
      const { params, query, body } = request;
      const asked = parseAsked(endpoint, { params, query, body: body ?? {} });
      return answer(asked);
    },
  });
}

function parseAsked(
  endpoint: Route["endpoint"],
  asked: { params: unknown; query: unknown; body: unknown },
): { params: unknown; query: unknown; body: unknown } {
  try {
    return {
      params: endpoint.params.parse(asked.params),
      query: endpoint.query.parse(asked.query),
      body: endpoint.body.parse(asked.body),
    };
  } catch (error) {
    throw error instanceof z.ZodError ? new MalformedRequest(error) : error;
  }
}

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * Until there are sessions, whoever works at this machine may do everything. A page from elsewhere that is open
 * in a browser here may not: not under a name that it has pointed at this machine (DNS rebinding), and not
 * from its own origin.
 */
function refuseStrangers({ headers }: FastifyRequest): void {
  const { host, origin } = headers;
  const site = headers["sec-fetch-site"];
  const isOurs =
    host !== undefined &&
    loopback.test(host) &&
    (origin === undefined || origin === `http://${host}`) &&
    (site === undefined || site === "same-origin" || site === "none");
  if (!isOurs) throw new Refusal("origin_refused");
}

function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error, request.id);
  if (problem.status >= 500) request.log.error({ err: error, requestId: request.id }, "request failed");
  return reply.code(problem.status).type("application/problem+json").send(problem);
}

/** Every address of the console is one page; its own router shows what the address names. */
async function serveConsole(app: FastifyInstance, folder: string): Promise<void> {
  await access(folder);
  await app.register(files, {
    root: folder,
    // The names of built files change with their content; the page that names them is asked for anew.
    setHeaders: (response, path) => {
      const lasts = path.includes("/assets/");
      response.header("cache-control", lasts ? "public, max-age=31536000, immutable" : "no-cache");
    },
    cacheControl: false,
  });
  app.setNotFoundHandler((request, reply) => {
    const isPage = request.method === "GET" && !/^\/(api|assets)\//.test(request.url);
    return isPage
      ? reply.sendFile("index.html")
      : sendProblem(new Refusal("endpoint_not_found"), request, reply);
  });
}
