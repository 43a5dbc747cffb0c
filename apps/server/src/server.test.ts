// The server as a whole, in the test's process: it starts on a database, and ends when it is told to.

import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { cloneDatabase } from "./db/testing/database.ts";
import { startServer } from "./server.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-server-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

// Node.js itself gives such a connection a minute (server.headersTimeout).
test("a server that is told to stop cuts off whoever has connected and says nothing", async () => {
  const { connection } = await cloneDatabase();
  const { host, port, user, database } = connection;
  const place = new URLSearchParams({ host, port: String(port), user });
  const server = await startServer({
    port: 0,
    host: "127.0.0.1",
    publicOrigin: null,
    databaseUrl: `postgresql:///${database}?${place.toString()}`,
    folder,
    keyFile: join(folder, "keys", "key-encryption-key.json"),
    rootKeyFile: join(folder, "keys", "root-key.json"),
    relay: null,
    example: false,
    console: null,
    onGaveUp: (error) => {
      throw error;
    },
  });
  const silent = connect(Number(new URL(server.origin).port), "127.0.0.1");
  await once(silent, "connect");
  const closed = once(silent, "close");
  const startedAt = performance.now();
  await server.stop();
  await closed;
  expect(performance.now() - startedAt).toBeLessThan(30_000);
}, 90_000);
