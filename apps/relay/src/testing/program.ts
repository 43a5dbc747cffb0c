// The relay as a process of its own, which a test can kill.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));

/** Compiled once for all the starts of a test. */
const compileCache = join(tmpdir(), "lockstep-relay-compiled");

export class Program {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown[]>;
  output = "";

  constructor(variables: NodeJS.ProcessEnv, parameters: readonly string[] = []) {
    this.#child = spawn(process.execPath, [main, ...parameters], {
      env: {
        PATH: process.env["PATH"],
        NODE_COMPILE_CACHE: compileCache,
        LOCKSTEP_RELAY_PORT: "0",
        ...variables,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#ended = once(this.#child, "close");
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => (this.output += text));
  }

  /** Where it is, as soon as it has said so. */
  async origin(): Promise<string> {
    for (;;) {
      const [, origin] = /^the relay is at (\S+)\n/m.exec(this.output) ?? [];
      if (origin !== undefined) return origin;
      const stdout = this.#child.stdout;
      const event = await Promise.race([stdout && once(stdout, "data"), this.#ended.then(() => "ended")]);
      if (event === "ended") throw new Error(`the relay ended:\n${this.output}`);
    }
  }

  /** At this very moment, whatever it does. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  /** @returns the exit code. */
  async stop(): Promise<number | null> {
    this.#child.kill("SIGTERM");
    return this.ended();
  }

  async ended(): Promise<number | null> {
    await this.#ended;
    return this.#child.exitCode;
  }
}
