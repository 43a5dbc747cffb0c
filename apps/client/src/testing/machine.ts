// For tests: the program as a real child process, with a home of its own.

import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../main.ts", import.meta.url));

export interface Ran {
  readonly exitCode: number;
  /** Standard output and standard error, in the order in which they were written. */
  readonly screen: string;
}

/** Somebody's machine: an empty folder to work in, no profile, no keyring, and `lockstep-client` on the path. */
export class Machine {
  readonly folder = mkdtempSync(join(tmpdir(), "lockstep-client-"));
  readonly home = join(this.folder, ".local", "share", "lockstep");
  readonly environment: Readonly<Record<string, string>> = {
    PATH: `${join(this.folder, ".bin")}${delimiter}${process.env["PATH"] ?? ""}`,
    HOME: this.folder,
    XDG_RUNTIME_DIR: join(this.folder, ".run"),
    // Compiled once for all the processes of all tests.
    NODE_COMPILE_CACHE: join(tmpdir(), "lockstep-client-compiled"),
    TZ: "UTC",
    TERM: "xterm",
  };

  constructor() {
    mkdirSync(join(this.folder, ".run"), { mode: 0o700 });
    const script = this.write(
      ".bin/lockstep-client",
      `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`,
    );
    chmodSync(script, 0o755);
  }

  /** A file in the folder. @returns its path. */
  write(name: string, text: string | Uint8Array): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /** The program itself, without a shell, so that a signal reaches it. */
  start(words: readonly string[], stdio: "ignore" | "pipe" = "pipe"): ChildProcess {
    return spawn(process.execPath, [program, ...words], {
      cwd: this.folder,
      env: this.environment,
      stdio: ["ignore", stdio, stdio],
    });
  }

  /** Runs a line as a shell does. */
  async run(line: string, environment: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const { promise, resolve } = Promise.withResolvers<Ran>();
    const child = spawn("/bin/sh", ["-c", `exec 2>&1\n${line}`], {
      cwd: this.folder,
      env: { ...this.environment, ...environment },
      stdio: ["ignore", "pipe", "ignore"],
    });
    let screen = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (screen += text));
    child.on("close", (code) => resolve({ exitCode: code ?? 1, screen }));
    return promise;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
