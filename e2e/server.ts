// The server as a process of its own, with the example organisation, on a database that a test can look into as well.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { Database } from "../apps/server/src/db/database.ts";
import { cloneDatabase } from "../apps/server/src/db/testing/database.ts";
import { urlOf } from "../bench/server.ts";
import { root } from "../scripts/repository.ts";
import type { RelayProcess } from "./relay.ts";

const program = join(root, "apps", "server", "src", "main.ts");

export interface ServerProcess {
  readonly origin: string;
  readonly database: Database;
  stop(): Promise<void>;
}

export async function startServerProcess(relay: RelayProcess): Promise<ServerProcess> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-server-"));
  const { connection } = await cloneDatabase();
  const tokenFile = join(folder, "relay-token");
  await writeFile(tokenFile, relay.token, { mode: 0o600 });
  const child = spawn(process.execPath, [program, "--example"], {
    env: {
      ...process.env,
      DATABASE_URL: urlOf({ ...connection, ssl: false }),
      LOCKSTEP_DATA: folder,
      LOCKSTEP_PORT: "0",
      LOCKSTEP_RELAY: relay.origin,
      LOCKSTEP_RELAY_TOKEN_FILE: tokenFile,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const database = new Database(connection);
  const stop = async () => {
    await database.close();
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const [origin] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
    if (origin !== undefined) return { origin, database, stop };
  }
  throw new Error("the server ended before it said where it is");
}
