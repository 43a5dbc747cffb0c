// `npm run faults`: plants the faults of planted-faults.ts and the other lists of faults in copies of the
// sources, one at a time in each, and sees to it that a test notices each. Run by `npm test`: a guard whose removal nobody notices is decoration.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

import { accountFaults } from "./account-faults.ts";
import { directoryFaults } from "./directory-faults.ts";
import { faults, type Fault } from "./planted-faults.ts";
import { roadFaults } from "./road-faults.ts";
import { root } from "./repository.ts";
import { signInFaults } from "./sign-in-faults.ts";
import { run, toolPath } from "./tool.ts";

/** A copy of the sources that shares what is installed. */
function copyTree(): string {
  const copy = mkdtempSync(join(tmpdir(), "lockstep-faults-"));
  const skipped = new Set(["node_modules", ".git", "data", "dist", "coverage", ".tmp"]);
  for (const name of readdirSync(root)) {
    if (skipped.has(name)) continue;
    cpSync(join(root, name), join(copy, name), {
      recursive: true,
      filter: (source) => !skipped.has(source.split(/[\\/]/).at(-1) ?? ""),
    });
  }
  // The workspaces' links must lead into the copy; everything else is read only.
  symlinkModules(copy);
  return copy;
}

function symlinkModules(copy: string): void {
  const modules = join(copy, "node_modules");
  cpSync(join(root, "node_modules", "@lockstep"), join(modules, "@lockstep"), {
    recursive: true,
    verbatimSymlinks: true,
  });
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name !== "@lockstep") symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
}

async function isGreen(copy: string, tests: string): Promise<boolean> {
  const parameters = [toolPath("vitest"), "run", tests, "--bail", "1", "--root", copy];
  return (await run(process.execPath, parameters)).exitCode === 0;
}

/** @returns whether a test noticed. */
async function isNoticed(copy: string, { file, find, put, tests }: Fault): Promise<boolean> {
  const path = join(copy, file);
  const sound = readFileSync(path, "utf8");
  if (!sound.includes(find))
    throw new Error(`${file} no longer has the text that a fault replaces:\n${find}`);
  writeFileSync(
    path,
    sound.replace(find, () => put),
  );
  try {
    return !(await isGreen(copy, tests));
  } finally {
    writeFileSync(path, sound);
  }
}

async function inCopy(work: (copy: string) => Promise<void>): Promise<void> {
  const copy = copyTree();
  try {
    await work(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** @throws Error when tests fail without any fault: whatever they would say of one says nothing. */
async function expectGreen(planted: readonly Fault[]): Promise<void> {
  await inCopy(async (copy) => {
    for (const tests of new Set(planted.map((fault) => fault.tests))) {
      if (!(await isGreen(copy, tests))) throw new Error(`${tests} fails without any fault`);
    }
  });
}

/** @returns what those faults say that no test noticed. */
async function plant(planted: readonly Fault[]): Promise<string[]> {
  const unnoticed: string[] = [];
  const rest = planted.values();
  const lane = () =>
    inCopy(async (copy) => {
      for (const fault of rest) {
        const start = performance.now();
        const noticed = await isNoticed(copy, fault);
        if (!noticed) unnoticed.push(fault.says);
        const seconds = ((performance.now() - start) / 1000).toFixed(1);
        const verdict = noticed ? "noticed  " : "UNNOTICED";
        process.stdout.write(`${verdict}  ${seconds.padStart(5)} s  ${fault.says}\n`);
      }
    });
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return unnoticed;
}

/** @param tested whether all tests were seen to pass without any fault. */
export async function plantFaults(
  tested: boolean,
  only = "",
): Promise<{ noticed: number; unnoticed: string[] }> {
  const planted = [...faults, ...roadFaults, ...directoryFaults, ...accountFaults, ...signInFaults].filter(
    ({ says, tests }) => `${says} ${tests}`.includes(only),
  );
  if (!tested) await expectGreen(planted);
  const unnoticed = await plant(planted);
  return { noticed: planted.length - unnoticed.length, unnoticed };
}

if (import.meta.main) {
  const { unnoticed } = await plantFaults(false, process.argv[2]);
  process.exitCode = unnoticed.length === 0 ? 0 : 1;
}
