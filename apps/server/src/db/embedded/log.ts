// PostgreSQL's own log: one file beside the database, and one older one.

import { open, readFile, rename, stat, type FileHandle } from "node:fs/promises";

import { nullIfMissing } from "./complaints.ts";
import { giveToFolderOwner } from "./place.ts";

const tooLargeBytes = 10 * 1024 * 1024;

export interface OpenLog {
  readonly file: FileHandle;
  /** What was written since it was opened. */
  wordsSince(): Promise<string>;
}

/** Opens the log for a new PostgreSQL; one that has grown large makes room first. */
export async function openLog(path: string): Promise<OpenLog> {
  const found = await stat(path).catch(nullIfMissing);
  if (found !== null && found.size > tooLargeBytes) await rename(path, path.replace(/\.log$/, ".old.log"));
  const file = await open(path, "a", 0o640);
  await giveToFolderOwner(path);
  const { size } = await file.stat();
  return { file, wordsSince: async () => (await readFile(path)).subarray(size).toString() };
}
