// The folder of a profile on the disk: one process at a time works in it, and what is written is there whole or not at
// all, also after a loss of power.

import { chmod, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";

import { WorkstationRefusal } from "./refusal.ts";

/** Called around every durable write: a test stops there, as a machine that loses power would. */
export type WriteWatcher = (moment: "before" | "after", path: string) => void;

const full = new Set<unknown>(["ENOSPC", "EDQUOT"]);
const refused = new Set<unknown>(["EACCES", "EPERM", "EROFS", "ENOTDIR", "EISDIR", "ENOENT", "ELOOP"]);

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && "code" in cause ? cause.code : undefined;
}

/** What the file system complains of, as something that a person can put right; anything else stays what it is. */
function complaintOf(cause: unknown, path: string): unknown {
  const code = codeOf(cause);
  if (full.has(code)) return new WorkstationRefusal("disk-full", { detail: path, cause });
  if (refused.has(code)) return new WorkstationRefusal("profile-unwritable", { detail: path, cause });
  return cause;
}

async function flushed(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Writes a file as a whole, for its owner alone (mode 0600): a new file, flushed, in the place of the old one.
 * @throws WorkstationRefusal disk-full, profile-unwritable; the old file is then as it was.
 */
export async function writeWhole(path: string, text: string, watcher?: WriteWatcher): Promise<void> {
  watcher?.("before", path);
  const fresh = `${path}.new`;
  try {
    const file = await open(fresh, "w", 0o600);
    try {
      await file.chmod(0o600);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, path);
    await flushed(dirname(path));
  } catch (cause) {
    throw complaintOf(cause, path);
  }
  watcher?.("after", path);
}

/** Removes a file for good. */
export async function removeWhole(path: string, watcher?: WriteWatcher): Promise<void> {
  watcher?.("before", path);
  try {
    await rm(path, { force: true });
    await flushed(dirname(path));
  } catch (cause) {
    throw complaintOf(cause, path);
  }
  watcher?.("after", path);
}

/** A file's text, or null when there is none. */
export async function readWhole(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return null;
    throw complaintOf(cause, path);
  }
}

/** Makes a folder for its owner alone (mode 0700), if it is not there. */
async function makeFolder(path: string): Promise<void> {
  try {
    if ((await mkdir(path, { recursive: true, mode: 0o700 })) !== undefined) await chmod(path, 0o700);
  } catch (cause) {
    throw complaintOf(cause, path);
  }
}

const sqliteBusy = 5;
const pauseMilliseconds = 20;

// Node has no flock(), but its SQLite takes a kernel lock on an empty file: one that kill -9 lets go, and that other
// systems have as well. Nothing is ever stored in that file.
function tryLock(path: string): DatabaseSync | null {
  let file: DatabaseSync | undefined;
  try {
    file = new DatabaseSync(path, { timeout: 0 });
    file.exec("pragma journal_mode = memory; begin immediate");
    return file;
  } catch (cause) {
    file?.close();
    if (cause instanceof Error && "errcode" in cause && cause.errcode === sqliteBusy) return null;
    throw new WorkstationRefusal("profile-unwritable", { detail: path, cause });
  }
}

/**
 * Does some work while no other process, and nobody else in this one, works in the folder. The folder is made if need be.
 * @param patienceMilliseconds how long to wait for the one who works there now.
 * @throws WorkstationRefusal profile-busy, profile-unwritable.
 */
export async function whileHolding<Result>(
  folder: string,
  patienceMilliseconds: number,
  work: () => Promise<Result>,
): Promise<Result> {
  await makeFolder(folder);
  const path = join(folder, "lock");
  let lock = tryLock(path);
  for (let waited = 0; lock === null; waited += pauseMilliseconds) {
    if (waited >= patienceMilliseconds) throw new WorkstationRefusal("profile-busy", { detail: folder });
    await pause(pauseMilliseconds);
    lock = tryLock(path);
  }
  try {
    await chmod(path, 0o600);
    return await work();
  } finally {
    lock.close();
  }
}
