// Somebody's desk: an empty folder on a machine of that name, with `lockstep` and `lockstep-client` as npm installs them.

import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { root } from "../scripts/repository.ts";

const programs = { lockstep: "apps/cli/bin.js", "lockstep-client": "apps/client/bin.js" };

export class Desk {
  readonly folder = mkdtempSync(join(tmpdir(), "lockstep-desk-"));
  readonly #environment: Readonly<Record<string, string>>;

  constructor(name: string) {
    const bin = join(this.folder, ".bin");
    this.#environment = {
      PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`,
      HOME: this.folder,
      XDG_CONFIG_HOME: join(this.folder, ".config"),
      XDG_RUNTIME_DIR: join(this.folder, ".run"),
      NODE_OPTIONS: `--import ${join(root, "e2e", "another-machine.ts")}`,
      // Compiled once for all the processes of all tests.
      NODE_COMPILE_CACHE: join(tmpdir(), "lockstep-desk-compiled"),
      LOCKSTEP_TEST_MACHINE: name,
      TZ: "UTC",
      TERM: "xterm",
    };
    mkdirSync(join(this.folder, ".run"), { mode: 0o700 });
    mkdirSync(bin);
    for (const [program, file] of Object.entries(programs)) {
      writeFileSync(join(bin, program), `#!/bin/sh\nexec "${process.execPath}" "${join(root, file)}" "$@"\n`);
      chmodSync(join(bin, program), 0o755);
    }
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Runs a line as a shell does. @returns what is then on the screen: both outputs, and an exit code that is not 0. */
  async run(line: string, environment: Readonly<Record<string, string>>): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    const child = spawn("/bin/sh", ["-c", `exec 2>&1\n${line}`], {
      cwd: this.folder,
      env: { ...this.#environment, ...environment },
      stdio: ["ignore", "pipe", "ignore"],
    });
    let screen = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (screen += text));
    child.on("close", (code) => resolve(code === 0 ? screen : `${screen}[exit code ${code ?? "none"}]\n`));
    return promise;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
