// Runs child.ts and reads what it tells.

import { spawn } from "node:child_process";
import { join } from "node:path";

import { z } from "zod";

import { identity } from "./scratch.ts";

export interface ChildRun {
  /** Null when it was killed. */
  readonly outcome: string | null;
  /** The calls to the disk: each a name and what it was given, with the number of the process and chance taken out. */
  readonly calls: readonly string[];
  readonly peakBytes: number;
}

const call = z.array(z.string());
const ending = z.tuple([z.string(), z.number()]);

export interface ChildOptions {
  /** The call at which it is killed, from 1. */
  readonly killAt?: number;
  /** The largest file that it may write. */
  readonly limitKiB?: number;
}

/** @throws Error when the child fails in a way of which it tells nothing. */
export async function runChild(
  verb: "encrypt" | "decrypt",
  path: string,
  { killAt, limitKiB }: ChildOptions = {},
): Promise<ChildRun> {
  const program = [
    process.execPath,
    join(import.meta.dirname, "child.ts"),
    verb,
    path,
    identity,
    String(killAt ?? 0),
  ];
  const limit = limitKiB === undefined ? "" : `ulimit -f ${limitKiB}; `;
  const { promise, resolve, reject } = Promise.withResolvers<ChildRun>();
  const child = spawn("/bin/bash", ["-c", `${limit}exec "$@"`, "bash", ...program], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let problem = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (problem += text));
  child.on("error", reject);
  child.on("close", (code, signal) => {
    const lines = output.trim().split("\n");
    const last = signal === "SIGKILL" ? undefined : lines.pop();
    if (last !== undefined && code !== 0) {
      reject(new Error(problem));
      return;
    }
    const [outcome, peakKiB] = last === undefined ? [null, 0] : ending.parse(JSON.parse(last));
    const calls = lines.map((line) =>
      call
        .parse(JSON.parse(line))
        .join(" ")
        .replace(/tmp-[0-9]+-[0-9a-f]+/, "tmp"),
    );
    resolve({ outcome, calls, peakBytes: peakKiB * 1024 });
  });
  return promise;
}
