// `npm test`, which is also all that CI runs: what the tests need from Debian, the checks, every test on the
// PostgreSQL that the product brings along, the server's once more on Debian's, and faults planted for the tests to
// notice. Ends with one line of sums.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ensureDebianPackages } from "./debian.ts";
import { plantFaults } from "./faults.ts";
import { runChecks, staticChecks, withoutCaches } from "./check.ts";
import { ensureConsole } from "./start.ts";
import { runTool } from "./tool.ts";

interface Sums {
  readonly passed: number;
  readonly failed: number;
}

/** The part of Vitest's JSON report that is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

/** Where Debian's packages put PostgreSQL 15, unless the environment names the same major elsewhere. */
const postgres15 = process.env["LOCKSTEP_TEST_POSTGRES"] ?? "/usr/lib/postgresql/15";

const scratch = await mkdtemp(join(tmpdir(), "lockstep-test-"));
const sums: Sums[] = [];

function say(sentence: string): void {
  process.stdout.write(`\n${sentence}\n`);
}

/** @throws TypeError when there is no report: the run ended before it could write one. */
async function readReport(file: string): Promise<Sums> {
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(await readFile(file, "utf8")) as Report;
  // A file that cannot be loaded has no tests to count, and is a failure all the same.
  const unloadable = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  return { passed: numPassedTests, failed: numFailedTests + unloadable.length };
}

async function runTests(filters: readonly string[], environment: NodeJS.ProcessEnv): Promise<boolean> {
  const file = join(scratch, `${sums.length}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const { exitCode } = await runTool("vitest", ["run", ...filters, ...reporters], {
    isLoud: true,
    environment,
  });
  const counted = await readReport(file).catch((): Sums => ({ passed: 0, failed: 1 }));
  // Vitest also fails for what is no test's fault, such as an error that nobody awaited.
  sums.push(exitCode !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted);
  return exitCode === 0;
}

interface Stage {
  readonly start: string;
  readonly failure: string;
  readonly run: () => Promise<boolean>;
}

const stages: readonly Stage[] = [
  {
    start: "Checks",
    failure: "a check failed, so no test was run",
    run: async () => {
      const failed = await runChecks(withoutCaches(staticChecks));
      sums.push({ passed: 0, failed });
      return failed === 0;
    },
  },
  {
    start: "Every test, on the PostgreSQL that the product brings along",
    failure: "a test failed, so the server was not tested on PostgreSQL 15",
    run: async () => {
      // Once, for all the journeys that start a server as it is started by hand.
      await ensureConsole();
      return runTests([], { LOCKSTEP_TEST_POSTGRES: undefined });
    },
  },
  {
    start: `The server's tests once more, on ${postgres15}`,
    failure: "a test failed on PostgreSQL 15",
    run: () => runTests(["apps/server"], { LOCKSTEP_TEST_POSTGRES: postgres15 }),
  },
  {
    start: "Faults, planted one at a time in copies of the sources",
    failure: "no test noticed a planted fault",
    run: async () => {
      const { noticed, unnoticed } = await plantFaults(true);
      sums.push({ passed: noticed, failed: unnoticed.length });
      return unnoticed.length === 0;
    },
  },
];

/** @returns what stopped the run, or null when everything passed. */
async function runStages(): Promise<string | null> {
  const missing = await ensureDebianPackages();
  if (missing !== null) return missing;
  for (const { start, failure, run } of stages) {
    say(start);
    if (!(await run())) return failure;
  }
  return null;
}

const stopped = await runStages();
await rm(scratch, { recursive: true, force: true });
if (stopped !== null) say(`error: ${stopped}`);
const total = (count: (sum: Sums) => number) => sums.reduce((all, sum) => all + count(sum), 0);
say(`tests: ${total(({ passed }) => passed)} passed, ${total(({ failed }) => failed)} failed`);
process.exitCode = stopped === null ? 0 : 1;
