// For tests of other programs: the real server, without the console, on a port of its own, and ways to be somebody there.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { clientFor, sessions, type Call } from "@lockstep/api";

import { exampleDomain, examplePassword } from "./example-people.ts";
import { startServer } from "./server.ts";
import type { RelayAccess } from "./sync/connection.ts";

export interface TestServer {
  readonly origin: string;
  stop(): Promise<void>;
}

/**
 * With the example organisation. Whoever is in `administrators` of example-people.ts can sign in.
 * @param relay the one that it works with.
 */
export async function startExampleServer(relay: RelayAccess | null = null): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-server-"));
  const server = await startServer({
    port: 0,
    host: "127.0.0.1",
    publicOrigin: null,
    databaseUrl: null,
    folder,
    keyFile: `${folder}-keys/key-encryption-key.json`,
    rootKeyFile: `${folder}-keys/root-key.json`,
    relay: relay && { ...relay, syncMinutes: 60 },
    example: true,
    console: null,
    onGaveUp: (error) => {
      throw error;
    },
  });
  return {
    origin: server.origin,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
      await rm(`${folder}-keys`, { recursive: true, force: true });
    },
  };
}

/** What somebody of the example types in at the sign-in page. */
export function exampleCredentials(name: string): { username: string; password: string } {
  return { username: `${name}@${exampleDomain}`, password: examplePassword };
}

/** Somebody of the example (say, "ada") as a program: with a token of the own. */
export async function signInTo(origin: string, name: string): Promise<{ token: string; call: Call }> {
  let cookie = "";
  const call = clientFor(origin, {
    fetch: async (address, init) => {
      const headers = new Headers(init?.headers);
      headers.set("cookie", cookie);
      const response = await fetch(address, { ...init, headers });
      cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
      return response;
    },
  });
  await call(sessions.signIn, { body: exampleCredentials(name) });
  const { secret } = await call(sessions.makeToken, { body: { name: "Test", days: 30 } });
  return { token: secret, call: clientFor(origin, { token: secret }) };
}
