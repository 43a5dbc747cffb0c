// A relay as a process of its own, with its store in a folder that goes with it.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { relayIn } from "./installation.ts";

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

export async function startRelayProcess(): Promise<RelayProcess> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-relay-"));
  const program = relayIn(folder);
  await program.start();
  const [, token = ""] = /token of a new account.*: (\S+)\n/.exec(program.output) ?? [];
  return {
    origin: await program.origin(),
    token,
    kill: () => program.kill(),
    restart: async () => {
      await program.stop();
      await program.start();
    },
    stop: async () => {
      await program.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
