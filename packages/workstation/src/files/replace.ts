// One file takes the place of another, never in place. Whatever is cut off at whatever moment leaves the original, or the
// original and its whole successor: never neither, and never a half.

import { link, open, rename, unlink, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";

import { WorkstationRefusal } from "../refusal.ts";
import { assertUnchanged, codeOf, exists, openPlain, syncFolder, writingTo, type Snapshot } from "./disk.ts";
import { claimTemporary, sweepOnce } from "./temporary.ts";

export interface Replacement {
  readonly path: string;
  readonly target: string;
  readonly shouldKeepOriginal: boolean;
  /** Writes the successor, and checks what it has written. */
  readonly write: (original: FileHandle, successor: FileHandle, sizeBytes: number) => Promise<void>;
}

/** File systems without hard links: the target's name is taken first, so that nobody else's file is overwritten. */
async function renameWithoutLinks(from: string, target: string): Promise<void> {
  const placeholder = await open(target, "wx");
  await placeholder.close();
  try {
    await rename(from, target);
  } catch (error) {
    await unlink(target);
    throw error;
  }
}

/** Gives a file its name. Unlike `rename` it never overwrites: an existing target is an error, whenever it came. */
async function publish(from: string, target: string): Promise<void> {
  try {
    await link(from, target);
  } catch (error) {
    if (!["EPERM", "ENOTSUP", "ENOSYS"].includes(codeOf(error))) throw error;
    return renameWithoutLinks(from, target);
  }
  await unlink(from);
}

async function removeOriginal(path: string, before: Snapshot): Promise<void> {
  await assertUnchanged(path, before);
  await writingTo(path, unlink(path));
}

/** Writes the successor under its temporary name, whole and durable, with the rights of the original. */
async function writeSuccessor(
  temporary: string,
  original: { handle: FileHandle; before: Snapshot },
  write: Replacement["write"],
): Promise<void> {
  const successor = await open(temporary, "wx+", 0o600);
  try {
    await write(original.handle, successor, Number(original.before.sizeBytes));
    await successor.chmod(original.before.mode);
    await successor.sync();
  } finally {
    await successor.close();
  }
}

/**
 * Puts the successor beside the original, and removes the original once the successor is safe.
 * @throws WorkstationRefusal; the original is then untouched, and nothing new is beside it.
 */
export async function replaceFile({ path, target, shouldKeepOriginal, write }: Replacement): Promise<void> {
  const original = await openPlain(path);
  const folder = dirname(target);
  const temporary = claimTemporary(target);
  let written: string | null = null;
  try {
    if (await exists(target)) throw new WorkstationRefusal("file-exists", { detail: target });
    await sweepOnce(folder);
    written = temporary.path;
    await writingTo(target, writeSuccessor(temporary.path, original, write));
    await assertUnchanged(path, original.before);
    await writingTo(target, publish(temporary.path, target));
    written = target;
    await syncFolder(folder);
    if (!shouldKeepOriginal) {
      await removeOriginal(path, original.before);
      written = null;
      await syncFolder(dirname(path));
    }
  } catch (error) {
    if (written !== null) await unlink(written).catch(() => undefined);
    throw error;
  } finally {
    temporary.release();
    await original.handle.close();
  }
}
