// One server per folder. Node has no flock(), but its SQLite takes a real kernel lock on an empty file: one
// that kill -9 lets go, that holds from before initdb until after shutdown, and that two containers sharing
// a volume see as well. Nothing is ever stored in that file.

import { rmSync } from "node:fs";
import { chmod, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";

import { OperatorError } from "../operator-error.ts";
import { notWritable, nullIfMissing } from "./complaints.ts";
import { giveToFolderOwner, writeWhole } from "./place.ts";

const sqliteBusy = 5;

// A lock that nothing refers to would be collected, and with it let go.
const held = new Set<DatabaseSync>();

export interface FolderLock {
  release(): void;
}

/**
 * Holds the folder until released or until this process ends, in whatever way.
 * No other code of this process may open the file `lock`: closing it would let go of the kernel's lock.
 * @throws OperatorError `embedded-folder-in-use`
 */
export async function holdFolder(folder: string): Promise<FolderLock> {
  const lock = await takeLock(folder);
  held.add(lock);
  const release = () => {
    if (!held.delete(lock)) return;
    try {
      rmSync(join(folder, "holder"), { force: true });
    } finally {
      lock.close();
    }
  };
  try {
    // Whoever can open the file can hold it against us.
    await chmod(join(folder, "lock"), 0o600);
    await giveToFolderOwner(join(folder, "lock"));
    await writeWhole(join(folder, "holder"), `${process.pid} ${hostname()}\n`);
  } catch (cause) {
    release();
    throw cause;
  }
  return { release };
}

async function takeLock(folder: string): Promise<DatabaseSync> {
  let file: DatabaseSync | undefined;
  try {
    file = new DatabaseSync(join(folder, "lock"), { timeout: 0 });
    file.exec("pragma journal_mode = memory; begin immediate");
    return file;
  } catch (cause) {
    file?.close();
    const isBusy = cause instanceof Error && "errcode" in cause && cause.errcode === sqliteBusy;
    throw isBusy ? inUse(folder, await nameHolder(folder)) : notWritable(folder, cause);
  }
}

/** Another server, or another program, works in the folder. */
export function inUse(folder: string, holder: string): OperatorError {
  return new OperatorError({
    code: "embedded-folder-in-use",
    sentence: `the database folder ${folder} is in use by ${holder}`,
    hint: "stop that one first, or name another folder for this server",
  });
}

/** The holder writes its name just after it took the lock; for a moment there is none, or a killed one's. */
async function nameHolder(folder: string): Promise<string> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const text = (await readFile(join(folder, "holder"), "utf8").catch(nullIfMissing)) ?? "";
    const [, pid, host] = /^(\d+) (.*)$/m.exec(text) ?? [];
    if (pid !== undefined && host !== undefined && host !== hostname()) return `process ${pid} on ${host}`;
    if (pid !== undefined && isAlive(Number(pid))) return `process ${pid}`;
    await pause(10);
  }
  return "another process";
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "EPERM";
  }
}
