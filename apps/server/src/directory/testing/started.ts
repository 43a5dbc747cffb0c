// Programs of directories as tests start them: on ports of their own, known to answer, and ended with the test.

import { spawn, type ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

import { Client } from "ldapts";

/** From here on, systems choose ports for those who connect: one of them may be taken before a program listens. */
const firstForConnecting = 32_768;
const firstForListening = 10_000;

/** A port on which nobody listens at this moment, and from which nobody will connect. */
export async function freePort(): Promise<number> {
  const port = randomInt(firstForListening, firstForConnecting);
  const server = createServer();
  const isFree = await new Promise<boolean>((tell) => {
    server.once("error", () => tell(false)).listen(port, "127.0.0.1", () => tell(true));
  });
  if (!isFree) return freePort();
  server.close();
  await once(server, "close");
  return port;
}

export interface Started {
  readonly child: ChildProcess;
  /** @param signal how it is told. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a program that answers LDAP at an address. @throws Error with what it said, when it ends instead. */
export async function startAnswering(
  program: string,
  parameters: readonly string[],
  url: string,
): Promise<Started> {
  const child = spawn(program, parameters, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text: Buffer) => (said += text.toString()));
  const ended = once(child, "exit");
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  while (!(await isAnswering(url))) if (hasEnded()) throw new Error(`${program} has ended: ${said}`);
  return {
    child,
    stop: async (signal = "SIGTERM") => {
      if (!hasEnded()) child.kill(signal);
      await ended;
    },
  };
}

/** Asks once, and a little later if nobody listens yet. */
async function isAnswering(url: string): Promise<boolean> {
  const client = new Client({ url, timeout: 2000, connectTimeout: 2000 });
  try {
    await client.search("", { scope: "base", attributes: ["namingContexts"] });
    return true;
  } catch {
    return false;
  } finally {
    await client.unbind().catch(() => undefined);
  }
}
