// `npm run check`: everything that can be said without a database, what fails fastest first.
// `npm test` runs the same list before it starts the tests.

import { stripVTControlCharacters } from "node:util";

import { runTool } from "./tool.ts";

const cache = "node_modules/.cache";
const sources = ["packages", "apps", "scripts", "bench", "e2e"];

interface Check {
  readonly name: string;
  readonly tool: Parameters<typeof runTool>[0];
  readonly parameters: readonly string[];
}

/** Checks of what is written, without running it. */
export const staticChecks: readonly Check[] = [
  {
    name: "imports",
    tool: ["dependency-cruiser", "depcruise"],
    parameters: ["--config", ".dependency-cruiser.cjs", ...sources],
  },
  {
    name: "types",
    tool: ["typescript", "tsc"],
    parameters: ["--project", ".", "--incremental", "--tsBuildInfoFile", `${cache}/types.tsbuildinfo`],
  },
  { name: "unused", tool: "knip", parameters: ["--no-progress"] },
  {
    name: "format",
    tool: "prettier",
    parameters: ["--check", "--log-level", "warn", "--cache", "."],
  },
  { name: "spelling", tool: "cspell", parameters: ["--no-progress", "--no-summary", "--dot", "."] },
  {
    name: "lint",
    tool: "eslint",
    parameters: [
      "--max-warnings",
      "0",
      "--cache",
      "--cache-strategy=content",
      `--cache-location=${cache}/eslint/`,
      ".",
    ],
  },
];

/** As on a machine that has never checked before: a cached verdict of lint may rest on types that changed elsewhere. */
export function withoutCaches(checks: readonly Check[]): Check[] {
  return checks.map((check) => ({
    ...check,
    parameters: check.parameters.filter((parameter) => !parameter.startsWith("--cache")),
  }));
}

/** The heart, and the scripts that say whether documents and generated files are true. */
const quickTests: Check = {
  name: "core and documents",
  tool: "vitest",
  // With the slash, because "scripts" is also the end of "transcripts".
  parameters: ["run", "packages/", "scripts/", "--reporter", "dot"],
};

async function runCheck({ name, tool, parameters }: Check): Promise<boolean> {
  const start = performance.now();
  const { exitCode, output } = await runTool(tool, parameters);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const verdict = exitCode === 0 ? "ok" : "FAILED";
  process.stdout.write(`${name.padEnd(20)} ${verdict.padEnd(6)} ${seconds.padStart(5)} s\n`);
  if (exitCode !== 0) process.stdout.write(`\n${stripVTControlCharacters(output).trim()}\n\n`);
  return exitCode === 0;
}

/** Runs all of them, two at a time, because two cores is what everybody has. @returns how many failed. */
export async function runChecks(checks: readonly Check[]): Promise<number> {
  const waiting = [...checks];
  let failed = 0;
  const work = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      if (!(await runCheck(check))) failed += 1;
    }
  };
  await Promise.all([work(), work()]);
  return failed;
}

if (import.meta.main) {
  const failed = await runChecks([...staticChecks, quickTests]);
  if (failed > 0) process.stdout.write(`error: ${failed} of ${staticChecks.length + 1} checks failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}
