// Runs the tools that the root's package.json declares. Each is started as a file of its package on this very
// Node.js, without a shell, so that it works alike where node_modules/.bin holds links and where it holds scripts.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "./repository.ts";

export interface Run {
  readonly exitCode: number;
  /** Standard output and standard error, as they came. Empty when they went to the terminal. */
  readonly output: string;
}

/** The file that a package names as its program. */
export function toolPath(packageName: string, tool = packageName): string {
  const home = join(root, "node_modules", packageName);
  const { bin } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as {
    bin: string | Record<string, string>;
  };
  const file = typeof bin === "string" ? bin : bin[tool];
  if (file === undefined) throw new TypeError(`${packageName} has no program ${tool}`);
  return join(home, file);
}

interface RunOptions {
  /** Whether the output goes to the terminal as it comes, instead of into the result. */
  readonly isLoud?: boolean;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Runs a command to its end. A command that cannot be started ends with 127, as in a shell. */
export async function run(
  command: string,
  parameters: readonly string[],
  options: RunOptions = {},
): Promise<Run> {
  const { promise, resolve } = Promise.withResolvers<Run>();
  const child = spawn(command, parameters, {
    cwd: root,
    env: { ...process.env, ...options.environment },
    stdio: options.isLoud ? "inherit" : ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  child.on("error", (error) => resolve({ exitCode: 127, output: `${command}: ${error.message}` }));
  child.on("close", (code) => resolve({ exitCode: code ?? 1, output }));
  return promise;
}

/** Runs one of the tools: `runTool(["dependency-cruiser", "depcruise"], […])`. */
export async function runTool(
  tool: string | readonly [packageName: string, tool: string],
  parameters: readonly string[],
  options?: RunOptions,
): Promise<Run> {
  const path = typeof tool === "string" ? toolPath(tool) : toolPath(...tool);
  return run(process.execPath, [path, ...parameters], options);
}
