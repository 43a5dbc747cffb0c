// Files on their way: beside their target, under a name that says which process writes them, so that what a crash has
// left is told from what another process is writing just now.

import { randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { codeOf } from "./disk.ts";

/** What an encrypted file's name ends in. */
export const ending = ".age";

const pattern = /[.]age[.]tmp-([0-9]+)-[0-9a-f]{12}$/;

/** What this process is writing. In a container each start has the same process id, so the id alone says too little. */
const current = new Set<string>();

/** A new name beside the target: `report.pdf.age.tmp-4711-0f3a…`. To be released when the file is gone from it. */
export function claimTemporary(target: string): { path: string; release: () => void } {
  const stem = basename(target, ending);
  const name = `${stem}${ending}.tmp-${process.pid}-${randomBytes(6).toString("hex")}`;
  current.add(name);
  return { path: join(dirname(target), name), release: () => current.delete(name) };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It is there and belongs to somebody else.
    return codeOf(error) === "EPERM";
  }
}

export function isTemporary(name: string): boolean {
  return pattern.test(name);
}

function isAbandoned(name: string): boolean {
  const pid = Number(pattern.exec(name)?.[1]);
  return pid === process.pid ? !current.has(name) : !isAlive(pid);
}

/** Removes those of these names in a folder that a crash has left there. The originals are still beside them. */
export async function removeAbandoned(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names.filter(isTemporary).filter(isAbandoned)) {
    await rm(join(folder, name), { force: true }).catch(() => undefined);
  }
}

const swept = new Set<string>();

/** The same for a whole folder, once in the life of a process: a crash ends a process. */
export async function sweepOnce(folder: string): Promise<void> {
  if (swept.has(folder)) return;
  swept.add(folder);
  // A folder that may be written and not listed hides what is left in it.
  await removeAbandoned(folder, await readdir(folder).catch(() => []));
}
