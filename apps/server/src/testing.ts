// For tests and journeys: the real server with the example organisation, on a port of its own.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { startServer } from "./server.ts";

const consoleFolder = fileURLToPath(new URL("../../console/dist", import.meta.url));

export async function startExampleServer(): Promise<{ origin: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-example-"));
  const server = await startServer({
    port: 0,
    databaseUrl: null,
    folder,
    example: true,
    console: consoleFolder,
    onGaveUp: (error) => {
      throw error;
    },
  });
  return {
    origin: server.origin,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
