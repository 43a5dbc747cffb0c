// The whole application on a database of the test file's own, with the example organisation, and everybody in it.

import type { AddressInfo } from "node:net";

import { clientFor, endpoints, refusalsOf, type Call, type Endpoint } from "@lockstep/api";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect } from "vitest";
import { v7 as uuid } from "uuid";
import { z } from "zod";

import type { Database } from "../../db/database.ts";
import { sql } from "../../db/sql.ts";
import { useDatabase } from "../../db/testing/database.ts";
import { exampleDomain } from "../../example-people.ts";
import { loadExample } from "../../example.ts";
import { testMaking } from "../../facts/testing.ts";
import { workAtDeletions } from "../../jobs/deletions.ts";
import { workAtDirectories } from "../../jobs/directories.ts";
import { workAtImports } from "../../jobs/imports.ts";
import { workAtMails } from "../../jobs/mails.ts";
import { allRoutes, gateFor } from "../../server.ts";
import { beginSession } from "../../sessions/commands.ts";
import { signersWith } from "../../roots/signers.ts";
import { SetUpCode } from "../../sessions/set-up.ts";
import { findCandidate } from "../../sessions/candidates/store.ts";
import { makeApp } from "../app.ts";

export interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly type: unknown;
  readonly body: { readonly code?: string; readonly detail?: string } & Record<string, unknown>;
}

export interface Sending {
  readonly body?: unknown;
  /** As it is, instead of `body` as JSON. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A token; nobody is signed in without. */
  readonly token?: string;
}

export interface ExampleApp {
  readonly database: Database;
  readonly app: FastifyInstance;
  readonly origin: string;
  readonly setUpCode: SetUpCode;
  /** The time of the server; tests may set it. */
  now: Date;
  /** A token of somebody of the example, say "ada". */
  tokenOf(name: string): Promise<string>;
  callAs(name: string): Promise<Call>;
  send(method: string, path: string, sending?: Sending): Promise<Sent>;
  /** Carries out every import that was started. */
  runImports(): Promise<void>;
  /** Carries out every run of a directory that was started. */
  runDirectories(): Promise<void>;
  /** Carries out the deletions that are due, and what follows those of organisations. */
  runDeletions(signal?: AbortSignal): Promise<void>;
  /** Posts what was asked for, and hands over what waits, if there is a mail server. */
  runMails(): Promise<void>;
}

/** Where links in mails lead. */
const testOrigin = "https://lockstep.test";

export const exampleNow = new Date("2026-03-01T12:00:00.000Z");

/** For the whole test file. @param isEmpty leaves the example out. */
export function useExampleApp({ isEmpty = false } = {}): ExampleApp {
  const database = useDatabase();
  const tokens = new Map<string, Promise<string>>();
  const undeclared = new Set<string>();
  const setUpCode = new SetUpCode();
  let app: FastifyInstance;
  let now = exampleNow;
  const clock = () => now;

  beforeAll(async () => {
    const parts = { database: database.current, clock, ...testMaking() };
    if (!isEmpty) await loadExample(parts);
    const signersOf = signersWith(parts.keyEncryption);
    const nothing = () => undefined;
    const jobs = {
      proxySync: null,
      onImport: nothing,
      onPosting: nothing,
      onDirectoryRun: nothing,
      onInactivity: nothing,
      onAccountBatch: nothing,
      onMail: nothing,
      onDeletion: nothing,
      origin: () => testOrigin,
      providersOnLoopback: true,
    };
    const routes = allRoutes({ ...parts, signersOf, setUpCode, ...jobs });
    app = await makeApp({ routes, gate: gateFor(parts), origin: null, console: null, log: false });
    app.addHook("onSend", (request, _reply, payload, done) => {
      const code = codeOf(payload);
      const served = `${request.method} ${request.routeOptions.url ?? ""}`;
      const endpoint = Object.values<Endpoint>(endpoints).find(
        ({ method, path }) => `${method} /api/v1${path}` === served,
      );
      if (code !== null && endpoint !== undefined && !refusalsOf(endpoint).some((each) => each === code)) {
        undeclared.add(`${served}: ${code}`);
      }
      done();
    });
    await app.listen({ host: "127.0.0.1", port: 0 });
  });
  afterAll(async () => {
    await app.close();
    // Whoever reads the contract must not meet a code that is not in it.
    expect([...undeclared]).toEqual([]);
  });

  const origin = () => `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const makeToken = async (name: string) => {
    const username = `${name}@${exampleDomain}`;
    const user = await database.current.snapshot((snapshot) => findCandidate(snapshot, username));
    if (user === undefined) throw new Error(`the example has no ${name}`);
    const owner = { organisationId: user.organisationId, userId: user.id };
    const { secret } = await database.current.transaction((transaction) =>
      beginSession(transaction, owner, { kind: "token", name: "Test", days: 300, at: now }),
    );
    return secret;
  };
  const tokenOf = (name: string) => {
    const token = tokens.get(name) ?? makeToken(name);
    tokens.set(name, token);
    return token;
  };
  return {
    get database() {
      return database.current;
    },
    get app() {
      return app;
    },
    get origin() {
      return origin();
    },
    setUpCode,
    get now() {
      return now;
    },
    set now(at) {
      now = at;
    },
    tokenOf,
    callAs: async (name) => clientFor(origin(), { token: await tokenOf(name) }),
    send: (method, path, sending = {}) => send(app, { method, path, ...sending }),
    runImports: () =>
      workAtImports({ database: database.current, clock, ...testMaking(), onMail: () => undefined }),
    runDeletions: (signal) => {
      const { keyEncryption } = testMaking();
      const parts = { database: database.current, clock, keyEncryption, onPosted: () => undefined };
      return workAtDeletions(parts, signal);
    },
    runMails: () => {
      const { keyEncryption } = testMaking();
      return workAtMails({ database: database.current, clock, keyEncryption, origin: () => testOrigin });
    },
    runDirectories: () => {
      const { keyEncryption } = testMaking();
      const parts = { database: database.current, clock, keyEncryption, runner: uuid(), random: () => 0.5 };
      return workAtDirectories(parts);
    },
  };
}

/** The code of a reply that is a problem. */
function codeOf(payload: unknown): string | null {
  if (typeof payload !== "string" || !payload.startsWith('{"type":"/docs/refusals#')) return null;
  return /"code":"(\w+)"/.exec(payload)?.[1] ?? null;
}

async function send(
  app: FastifyInstance,
  { method, path, body, text, headers, token }: Sending & { method: string; path: string },
): Promise<Sent> {
  const payload = text ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await app.inject({
    method: method as "GET",
    url: `/api/v1${path}`,
    headers: {
      host: "localhost:8480",
      ...(payload === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(payload === undefined ? {} : { payload }),
  });
  return {
    status: response.statusCode,
    headers: response.headers,
    type: response.headers["content-type"],
    body: response.body === "" ? {} : response.json<Sent["body"]>(),
  };
}

/** Everything that is stored, but for when a token was last used. */
export async function digestOf(database: Database): Promise<unknown> {
  return database.snapshot(async (snapshot) => {
    const tables = await snapshot.rows(
      z.object({ name: z.string() }),
      sql`select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
        and relname not in ('sessions', 'fact_writes') order by relname`,
    );
    const sums: Record<string, string> = {};
    for (const { name } of tables) {
      const row = await snapshot.row(
        z.object({ sum: z.string() }),
        sql`select coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text as sum from ${sql.table(name)} t`,
      );
      sums[name] = row?.sum ?? "";
    }
    return sums;
  });
}
