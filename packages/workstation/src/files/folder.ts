// Which files of a folder there are to encrypt or to decrypt: each on its own, hidden ones too, and links not followed.

import type { Dirent } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

import { WorkstationRefusal } from "../refusal.ts";
import { readingFrom } from "./disk.ts";
import { ending, isTemporary, removeAbandoned } from "./temporary.ts";

/** A file, or a part of the folder that cannot be looked into. */
export type Found =
  | { readonly path: string; readonly sizeBytes: number }
  | { readonly path: string; readonly refusal: WorkstationRefusal };

/** What the files are wanted for. */
export type Purpose = "encrypt" | "decrypt";

async function found<T>(
  path: string,
  work: Promise<T>,
): Promise<T | { path: string; refusal: WorkstationRefusal }> {
  try {
    return await readingFrom(path, work);
  } catch (refusal) {
    if (refusal instanceof WorkstationRefusal) return { path, refusal };
    throw refusal;
  }
}

function isMeant({ name }: Dirent, purpose: Purpose): boolean {
  return !isTemporary(name) && name.endsWith(ending) === (purpose === "decrypt");
}

async function* filesIn(folder: string, purpose: Purpose): AsyncGenerator<Found, void> {
  const entries = await found(folder, readdir(folder, { withFileTypes: true }));
  if ("refusal" in entries) {
    yield entries;
    return;
  }
  await removeAbandoned(
    folder,
    entries.map(({ name }) => name),
  );
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path, purpose);
    else if (entry.isFile() && isMeant(entry, purpose)) {
      const stats = await found(path, lstat(path));
      yield "refusal" in stats ? stats : { path, sizeBytes: stats.size };
    }
  }
}

/**
 * The files of a folder and of those below it, in the order of their names; those to encrypt are not encrypted yet, those
 * to decrypt end in `.age`. A path to a file gives that file, whatever it is called. What a crash has left is removed.
 * @throws WorkstationRefusal for the path itself; what is wrong further below is among what is found.
 */
export async function* eachFile(path: string, purpose: Purpose): AsyncGenerator<Found, void> {
  const stats = await readingFrom(path, lstat(path));
  if (stats.isDirectory()) yield* filesIn(path, purpose);
  else yield { path, sizeBytes: stats.size };
}
