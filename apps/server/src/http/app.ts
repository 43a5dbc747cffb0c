// Serves the routes and the console. Only this folder knows the framework.

import { access, readFile } from "node:fs/promises";

import cookies from "@fastify/cookie";
import helmet from "@fastify/helmet";
import files from "@fastify/static";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";

import { Refusal } from "../refusal.ts";
import { isSecure, refuseStrangers, type PublicOrigin } from "./origin.ts";
import { problemOf } from "./problem.ts";
import { replyTo, type Gate } from "./reply.ts";
import type { Route } from "./route.ts";

export interface AppOptions extends PublicOrigin {
  readonly routes: readonly Route[];
  readonly gate: Gate;
  /** Folder of the built console; nothing but the API is served while it is missing. */
  readonly console: string | null;
  readonly log: boolean;
}

/** Policies and proposals are small; an endpoint that takes more says so. */
const bodyLimitBytes = 256 * 1024;

const openApi = new URL("../../../../packages/api/openapi.json", import.meta.url);

export async function makeApp(options: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: bodyLimitBytes,
    logger: options.log ? { level: "warn" } : false,
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
    // On plain HTTP it would bind every service on this machine's name to HTTPS.
    strictTransportSecurity: isSecure(options),
  });
  await app.register(cookies);
  app.addHook("onRequest", (request, _reply, done) => {
    refuseStrangers(options, request);
    done();
  });
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  for (const route of options.routes) replyTo(app, route, options);
  await serveDocument(app);
  if (options.console === null) {
    app.setNotFoundHandler((request, reply) =>
      sendProblem(new Refusal("endpoint_not_found"), request, reply),
    );
  } else {
    await serveConsole(app, options.console);
  }
  return app;
}

/** The contract as others read it: OpenAPI, as generated and committed. */
async function serveDocument(app: FastifyInstance): Promise<void> {
  const document = await readFile(openApi, "utf8");
  app.get("/api/v1/openapi.json", (_request, reply) =>
    reply.type("application/json").header("cache-control", "no-cache").send(document),
  );
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
