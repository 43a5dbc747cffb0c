// A relay as a process of its own, with its store in a folder that goes with it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../apps/relay/src/main.ts", import.meta.url));

export interface RelayProcess {
  readonly origin: string;
  /** Of the account that its first start has made. */
  readonly token: string;
  /** Ends it at once, whatever it does. */
  kill(): Promise<void>;
  /** Starts it again at the same address. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

async function launched(folder: string, port: number) {
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, LOCKSTEP_RELAY_DATA: folder, LOCKSTEP_RELAY_PORT: String(port) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let token = "";
  for await (const line of createInterface({ input: child.stdout })) {
    token = /token of a new account.*: (\S+)$/.exec(line)?.[1] ?? token;
    const origin = /^the relay is at (\S+)$/.exec(line)?.[1];
    if (origin !== undefined) return { child, token, origin };
  }
  throw new Error("the relay ended before it said where it is");
}

export async function startRelayProcess(): Promise<RelayProcess> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-relay-"));
  const first = await launched(folder, 0);
  const { token, origin } = first;
  let { child } = first;
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  };
  return {
    origin,
    token,
    kill: () => end("SIGKILL"),
    restart: async () => {
      await end("SIGTERM");
      child = (await launched(folder, Number(new URL(origin).port))).child;
    },
    stop: async () => {
      await end("SIGTERM");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
