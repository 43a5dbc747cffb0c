// For tests: the program as a real child process, with a home of its own.

import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../main.ts", import.meta.url));

export interface Ran {
  readonly exitCode: number;
  /** Standard output and standard error, in the order in which they were written. */
  readonly screen: string;
}

/** Somebody's machine: an empty folder to work in, no sign-in, and `lockstep` on the path. */
export class Machine {
  readonly folder = mkdtempSync(join(tmpdir(), "lockstep-cli-"));
  readonly profile = join(this.folder, ".config", "lockstep", "profile.json");
  readonly environment: Readonly<Record<string, string>> = {
    PATH: `${join(this.folder, ".bin")}${delimiter}${process.env["PATH"] ?? ""}`,
    HOME: this.folder,
    XDG_CONFIG_HOME: join(this.folder, ".config"),
    TZ: "UTC",
    TERM: "xterm",
  };

  constructor() {
    const bin = join(this.folder, ".bin");
    mkdirSync(bin);
    const script = `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`;
    writeFileSync(join(bin, "lockstep"), script);
    chmodSync(join(bin, "lockstep"), 0o755);
  }

  /** A file in the folder. @returns its path. */
  write(name: string, text: string | Uint8Array): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
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
