// Loaded before a program of ours, so that it believes to run on another machine, as LOCKSTEP_TEST_MACHINE calls it: two
// workstations of one test differ by nothing else.

import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";

const name = process.env["LOCKSTEP_TEST_MACHINE"];

if (name !== undefined) {
  const { readFile } = promises;
  const answers: Readonly<Record<string, string>> = {
    "/etc/machine-id": `${name}\n`,
    "/etc/os-release": `PRETTY_NAME="Debian"\n`,
  };
  const read = (...given: Parameters<typeof readFile>) => {
    const [path] = given;
    const answer = typeof path === "string" ? answers[path] : undefined;
    return answer === undefined ? readFile(...given) : Promise.resolve(answer);
  };
  Object.assign(promises, { readFile: read });
  Object.assign(os, { hostname: () => name });
  syncBuiltinESMExports();
}
