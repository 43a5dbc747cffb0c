// The program as npm installs it: wherever it is called from, and on an older Node.js too.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, expect, test } from "vitest";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
let copy: string;

/** A repository in which everything is installed, and whose program says where and with what it was started. */
beforeEach(() => {
  copy = realpathSync(mkdtempSync(join(tmpdir(), "lockstep-bin-")));
  for (const file of ["tools/run.mjs", "apps/client/bin.js", "apps/client/package.json"]) {
    cpSync(join(repository, file), join(copy, file));
  }
  const lock = "{}";
  writeFileSync(join(copy, "package-lock.json"), lock);
  mkdirSync(join(copy, "node_modules"));
  const digest = createHash("sha256").update(lock).digest("hex");
  writeFileSync(join(copy, "node_modules", ".installed-lock"), digest);
  mkdirSync(join(copy, "apps/client/src"));
  const says = `console.log(JSON.stringify([process.env["LOCKSTEP_FOLDER"], ...process.argv.slice(2)]));`;
  writeFileSync(join(copy, "apps/client/src/main.ts"), `${says}\nprocess.exitCode = 5;\n`);
});
afterEach(() => rmSync(copy, { recursive: true, force: true }));

test("the program learns from which folder it was called, and its exit code arrives", () => {
  const elsewhere = join(copy, "tools");
  const bin = join(copy, "apps/client/bin.js");
  let ended: unknown;
  try {
    execFileSync(process.execPath, [bin, "encrypt", "plan.txt"], { cwd: elsewhere });
  } catch (error) {
    ended = error;
  }
  expect(ended).toMatchObject({ status: 5 });
  const { stdout } = ended as { stdout: Buffer };
  expect(JSON.parse(stdout.toString())).toEqual([elsewhere, "encrypt", "plan.txt"]);
});
