// The relay that `npm start` runs beside the server: a process of its own with a store of its own, which ends with it.

import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

import { root } from "./repository.ts";

const program = join(root, "apps", "relay", "src", "main.ts");

export interface BesideRelay {
  readonly origin: string;
  readonly tokenFile: string;
}

function launch(folder: string, parameters: readonly string[]): ChildProcess {
  return spawn(process.execPath, [program, ...parameters], {
    env: { ...process.env, LOCKSTEP_RELAY_DATA: folder },
    // It ends when this pipe does, however this program has ended.
    stdio: ["pipe", "pipe", "inherit"],
  });
}

/** @throws Error when the relay ends without saying it; on standard error it has said why. */
async function heardFrom({ stdout }: ChildProcess, sentence: RegExp): Promise<string> {
  if (stdout === null) throw new Error("the relay has an output");
  for await (const line of createInterface({ input: stdout })) {
    const [, said] = sentence.exec(line) ?? [];
    if (said !== undefined) return said;
  }
  throw new Error("the relay did not start");
}

/** The token is said once, so it is kept here, beside the keys. */
async function ensureToken(folder: string, tokenFile: string): Promise<void> {
  if (existsSync(tokenFile)) return;
  const token = await heardFrom(launch(folder, ["--add-account"]), /^the token of a new account.*: (\S+)$/);
  mkdirSync(dirname(tokenFile), { recursive: true, mode: 0o700 });
  writeFileSync(tokenFile, `${token}\n`, { mode: 0o600 });
}

/** Starts it, with its account. @param folder of everything that the server keeps. */
export async function startRelayBeside(folder: string, isExample: boolean): Promise<BesideRelay> {
  const prefix = isExample ? "example-" : "";
  const tokenFile = join(folder, `${prefix}keys`, "relay-token");
  const store = join(folder, `${prefix}relay`);
  await ensureToken(store, tokenFile);
  const child = launch(store, ["--attached"]);
  const origin = await heardFrom(child, /^the relay is at (\S+)$/);
  child.stdout?.resume();
  return { origin, tokenFile };
}
