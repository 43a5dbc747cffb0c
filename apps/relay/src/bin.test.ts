// The program as npm installs it: wherever it is called from, and on an older Node.js too.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { temporaryFolder } from "./testing/relay.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));

/** A repository in which everything is installed, and whose program says where and with what it was started. */
function copyOfRepository(): string {
  const copy = realpathSync(temporaryFolder());
  for (const file of ["tools/run.mjs", "apps/relay/bin.js", "apps/relay/package.json"])
    cpSync(join(repository, file), join(copy, file));
  const lock = "{}";
  writeFileSync(join(copy, "package-lock.json"), lock);
  mkdirSync(join(copy, "node_modules"));
  const digest = createHash("sha256").update(lock).digest("hex");
  writeFileSync(join(copy, "node_modules", ".installed-lock"), digest);
  mkdirSync(join(copy, "apps/relay/src"));
  const says = `console.log(JSON.stringify([process.env["LOCKSTEP_FOLDER"], ...process.argv.slice(2)]));`;
  writeFileSync(join(copy, "apps/relay/src/main.ts"), says);
  return copy;
}

test("the program learns from which folder it was called, and with what", () => {
  const copy = copyOfRepository();
  const elsewhere = join(copy, "tools");
  const parameters = [join(copy, "apps/relay/bin.js"), "--add-account"];
  const output = execFileSync(process.execPath, parameters, { cwd: elsewhere, encoding: "utf8" });
  expect(JSON.parse(output)).toEqual([elsewhere, "--add-account"]);
  rmSync(copy, { recursive: true });
});
