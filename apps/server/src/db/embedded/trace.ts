// Finding PostgreSQL's processes from outside: in the folder's postmaster.pid, and in what the system says
// about a process. A number in a file proves nothing: it may be a zombie's, or another program's by now.

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";

import { codeOf, nullIfMissing } from "./complaints.ts";

/** The file PostgreSQL itself keeps while it runs. */
export function pidFileOf(cluster: string): string {
  return join(cluster, "postmaster.pid");
}

/** The number that such a file begins with; below zero for PostgreSQL's single-user mode. */
export async function pidIn(file: string): Promise<number | undefined> {
  const text = (await readFile(file, "utf8").catch(nullIfMissing)) ?? "";
  const pid = Number.parseInt(text, 10);
  return Number.isInteger(pid) && pid !== 0 ? pid : undefined;
}

/** Whether the process is a living PostgreSQL of this cluster: each of them works in its cluster's folder. */
export function worksIn(cluster: string, pid: number): boolean {
  if (process.platform !== "linux") {
    const { stdout } = spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
    return stdout.includes(`-D ${cluster} `);
  }
  try {
    const program = basename(readlinkSync(`/proc/${pid}/exe`)).replace(" (deleted)", "");
    return program === "postgres" && readlinkSync(`/proc/${pid}/cwd`) === cluster;
  } catch {
    return false; // gone, a zombie, or somebody else's
  }
}

/**
 * Whether there is proof that the process is no living PostgreSQL of this cluster: it is a zombie, or another
 * program that got the number of one that died.
 */
export function isProvenOther(cluster: string, pid: number): boolean {
  if (process.platform !== "linux") return false;
  try {
    // After the program's name, which stands in brackets and may hold anything, comes the state.
    if (/\) [ZX] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, "latin1"))) return true;
    readlinkSync(`/proc/${pid}/exe`);
    readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return false; // gone, or not ours to look at, which proves nothing
  }
  return !worksIn(cluster, pid);
}

/** Sends a signal to a process that may have ended meanwhile. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (cause) {
    if (codeOf(cause) !== "ESRCH") throw cause;
  }
}

/** Whatever still works in the cluster after its postmaster has died: a busy backend does not notice for long. */
export function listLeftBehind(cluster: string): number[] {
  if (process.platform !== "linux") return [];
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => worksIn(cluster, pid));
}
