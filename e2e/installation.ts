// Relay and server, each as a process, on a database that stays up, and an administrator who signs in to them.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { clientFor, organisations, ProblemError, sessions, type Call } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";

import { testAccount } from "../apps/relay/src/testing/relay.ts";
import { urlOf } from "../bench/server.ts";
import { anew, Program } from "./program.ts";

/** Where the database is: a folder with PostgreSQL's socket. */
export type Connection = Omit<Parameters<typeof urlOf>[0], "ssl">;

export interface Installation {
  readonly relay: Program;
  readonly server: Program;
  readonly relayFolder: string;
  readonly organisationId: OrganisationId;
  /** As the first administrator. A call that is cut off is made again, until it is answered. */
  readonly call: Call;
  /** Stops both, as an operator does. */
  readonly stop: () => Promise<void>;
  /** Ends both, if they still run. */
  readonly end: () => Promise<void>;
}

const mainOf = (app: string) => fileURLToPath(new URL(`../apps/${app}/src/main.ts`, import.meta.url));

/** @param more settings besides. */
export function relayIn(folder: string, more: Readonly<Record<string, string>> = {}): Program {
  return new Program({
    main: mainOf("relay"),
    parameters: ["--attached"],
    environment: { LOCKSTEP_RELAY_DATA: folder, ...more },
    portSetting: "LOCKSTEP_RELAY_PORT",
    says: /^the relay is at (\S+)\n/m,
  });
}

interface ServerPlace {
  readonly connection: Connection;
  /** For all that it keeps besides. */
  readonly folder: string;
  readonly relay: { readonly origin: string; readonly token: string };
  readonly more?: Readonly<Record<string, string>>;
  /** Whether it starts with the example organisation. */
  readonly example?: boolean;
}

/** Says where it is and, while nobody administers it, the code to set it up with. */
export async function serverIn({ connection, folder, relay, more, example }: ServerPlace): Promise<Program> {
  const tokenFile = join(folder, "relay-token");
  await writeFile(tokenFile, relay.token, { mode: 0o600 });
  return new Program({
    main: mainOf("server"),
    parameters: example === true ? ["--example"] : [],
    environment: {
      DATABASE_URL: urlOf({ ...connection, ssl: false }),
      LOCKSTEP_DATA: join(folder, "server"),
      LOCKSTEP_RELAY: relay.origin,
      LOCKSTEP_RELAY_TOKEN_FILE: tokenFile,
      ...more,
    },
    portSetting: "LOCKSTEP_PORT",
    says: /^(?:Lockstep|the example) is at (\S+) — (?:sign in .*|set it up here: \S+#code=(\S+))\n/m,
  });
}

/** Whoever is cut off by a kill calls again once the program runs again; the call is one that may be repeated. */
export async function answered<Reply>(program: Program, ask: () => Promise<Reply>): Promise<Reply> {
  for (;;) {
    await program.running();
    try {
      return await ask();
    } catch (error) {
      // All that `fetch` says of a connection that broke, before or in the middle of the reply.
      if (!(error instanceof TypeError)) throw error;
    }
  }
}

const administrator = {
  name: "Ada Holm",
  username: "ada@northwind.example",
  password: "a few words in a row",
};

/** Sets the installation up with the code that the server said. @returns a token of the first administrator. */
async function setUp(origin: string, code: string, name: string): Promise<string> {
  let cookie = "";
  const call = clientFor(origin, {
    fetch: async (address, init) => {
      const headers = new Headers(init?.headers);
      headers.set("cookie", cookie);
      const response = await anew(address, { ...init, headers });
      cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
      return response;
    },
  });
  await call(sessions.setUp, { body: { code, administrator, organisation: { name } } });
  return (await call(sessions.makeToken, { body: { name: "Torture", days: 1 } })).secret;
}

/**
 * @param folder for all that the two programs keep.
 * @param organisation what the first one is called.
 */
export async function install(
  connection: Connection,
  folder: string,
  organisation = "Northwind Air",
): Promise<Installation> {
  const { token, account } = testAccount(1, { mailboxRequestsPerMinute: 1_000_000 });
  const accounts = join(folder, "accounts.json");
  await writeFile(accounts, JSON.stringify({ accounts: [account] }));
  const relayFolder = join(folder, "relay");
  const compiled = { NODE_COMPILE_CACHE: join(folder, "compiled") };
  const relay = relayIn(relayFolder, { LOCKSTEP_RELAY_ACCOUNTS: accounts, ...compiled });
  await relay.start();
  const known = { origin: await relay.origin(), token };
  const server = await serverIn({ connection, folder, relay: known, more: compiled });
  await server.start();
  const [, origin = "", code = ""] = await server.running();
  const secret = await setUp(origin, code, organisation);
  // What is compiled is kept when a program ends by itself, and makes every later start faster.
  for (const program of [server, relay]) await program.stop();
  for (const program of [relay, server]) await program.start();
  const once = clientFor(origin, { token: secret, fetch: anew });
  const call: Call = (endpoint, given) => answered(server, () => once(endpoint, given));
  const all = (await call(organisations.listOrganisations)).organisations;
  const own = all.find(({ office }) => office === "none");
  if (own === undefined) throw new Error("an installation that was set up has an organisation");
  return {
    relay,
    server,
    relayFolder,
    organisationId: own.id,
    call,
    stop: async () => {
      await server.stop();
      await relay.stop();
    },
    end: async () => {
      await server.end();
      await relay.end();
    },
  };
}

/** Whether the server refused with a code. */
export function isRefusal(error: unknown, code: string): boolean {
  return error instanceof ProblemError && error.code === code;
}
