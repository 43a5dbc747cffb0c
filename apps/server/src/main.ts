// The server's program: parse, start, say where, stop when told to.

import { fileURLToPath } from "node:url";

import { parseConfig } from "./config.ts";
import { OperatorError } from "./db/operator-error.ts";
import { exampleAdministrator } from "./example-people.ts";
import { startServer, type Server } from "./server.ts";

const consoleFolder = fileURLToPath(new URL("../../console/dist", import.meta.url));

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function giveUp(error: unknown): never {
  if (!(error instanceof OperatorError)) throw error;
  process.stderr.write(`error: ${error.message}\nhint: ${error.hint}\n`);
  process.exit(1);
}

/** One line: where it is, and how to sign in. */
function welcomeOf({ origin, setUpCode }: Server, isExample: boolean): string {
  if (isExample) {
    const { username, password } = exampleAdministrator;
    return `the example is at ${origin} — sign in as ${username} with the password ${password}`;
  }
  // After the #, so that no server and no log on the way sees it.
  if (setUpCode !== null)
    return `Lockstep is at ${origin} — set it up here: ${origin}/set-up#code=${setUpCode}`;
  return `Lockstep is at ${origin} — sign in there`;
}

async function run(): Promise<Server> {
  const config = parseConfig(process.env, process.argv.slice(2));
  const server = await startServer({ ...config, console: consoleFolder, onGaveUp: giveUp });
  say(welcomeOf(server, config.example));
  let isStopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      void server.stop().then(() => process.exit(0), giveUp);
    });
  }
  return server;
}

/** For whoever starts more beside it in this process. */
export const running: Server = await run().catch(giveUp);
