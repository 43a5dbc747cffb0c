// The server's program: parse, start, say where, stop when told to.

import { fileURLToPath } from "node:url";

import { parseConfig } from "./config.ts";
import { OperatorError } from "./db/operator-error.ts";
import { startServer } from "./server.ts";

const consoleFolder = fileURLToPath(new URL("../../console/dist", import.meta.url));

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function giveUp(error: unknown): never {
  if (!(error instanceof OperatorError)) throw error;
  process.stderr.write(`error: ${error.message}\nhint: ${error.hint}\n`);
  process.exit(1);
}

async function run(): Promise<void> {
  const config = parseConfig(process.env, process.argv.slice(2));
  const server = await startServer({ ...config, console: consoleFolder, onGaveUp: giveUp });
  const what = config.example ? "the example organisation" : "Lockstep";
  say(
    `${what} is at ${server.origin} — open it in a browser on this machine; no sign-in yet, so it answers nobody else`,
  );
  let isStopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      void server.stop().then(() => process.exit(0), giveUp);
    });
  }
}

await run().catch(giveUp);
