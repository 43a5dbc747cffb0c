// The disk, with its errors told as refusals: opening a plain file, writing behind, and making names durable.

import { constants } from "node:fs";
import { lstat, open, type FileHandle } from "node:fs/promises";

import type { Piece } from "../age/payload.ts";
import { WorkstationRefusal, type WorkstationRefusalCode } from "../refusal.ts";

type Codes = Readonly<Record<string, WorkstationRefusalCode>>;

const anywhere: Codes = {
  ENOENT: "file-missing",
  ENOTDIR: "file-missing",
  ENOSPC: "disk-full",
  EDQUOT: "disk-full",
  // What a limit on the size of files says.
  EFBIG: "disk-full",
  ENAMETOOLONG: "name-too-long",
};
const reading: Codes = {
  EACCES: "file-not-readable",
  EPERM: "file-not-readable",
  EISDIR: "not-a-file",
  // A link that is not followed, and a socket.
  ELOOP: "not-a-file",
  ENXIO: "not-a-file",
};
const writing: Codes = {
  EACCES: "folder-not-writable",
  EPERM: "folder-not-writable",
  EROFS: "folder-not-writable",
  EEXIST: "file-exists",
};

/** The code of a disk's error, such as `ENOENT`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

async function at<T>(path: string, codes: Codes, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = codes[codeOf(error)] ?? anywhere[codeOf(error)];
    if (error instanceof WorkstationRefusal || code === undefined) throw error;
    throw new WorkstationRefusal(code, { detail: path, cause: error });
  }
}

/** Runs what opens or makes what is in this file, so that a refusal of it names the file. */
export async function naming<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof WorkstationRefusal)) throw error;
    const detail = error.detail === undefined ? path : `${path}: ${error.detail}`;
    throw new WorkstationRefusal(error.code, { detail, cause: error.cause });
  }
}

/** Runs what opens this file or folder for reading; the disk's errors become refusals. */
export async function readingFrom<T>(path: string, work: Promise<T>): Promise<T> {
  return at(path, reading, work);
}

/** Runs what writes this file or changes its folder; the disk's errors become refusals. */
export async function writingTo<T>(path: string, work: Promise<T>): Promise<T> {
  return at(path, writing, work);
}

/** What tells whether a file is still the one that was read. */
export interface Snapshot {
  readonly sizeBytes: bigint;
  readonly mode: number;
  readonly id: string;
}

interface Stats {
  readonly size: bigint;
  readonly mode: bigint;
  readonly mtimeNs: bigint;
  readonly ino: bigint;
  readonly dev: bigint;
}

function snapshotOf({ size, mode, mtimeNs, ino, dev }: Stats): Snapshot {
  return { sizeBytes: size, mode: Number(mode & 0o777n), id: [dev, ino, size, mtimeNs].join("/") };
}

/** Opens a plain file for reading. A link is not followed, and a pipe is not waited for. */
export async function openPlain(path: string): Promise<{ handle: FileHandle; before: Snapshot }> {
  const handle = await readingFrom(
    path,
    open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK),
  );
  const stats = await handle.stat({ bigint: true });
  if (stats.isFile()) return { handle, before: snapshotOf(stats) };
  await handle.close();
  throw new WorkstationRefusal("not-a-file", { detail: path });
}

/** @throws WorkstationRefusal `file-changed` when the file under this name is not as it was. */
export async function assertUnchanged(path: string, before: Snapshot): Promise<void> {
  const now = snapshotOf(await readingFrom(path, lstat(path, { bigint: true })));
  if (now.id !== before.id) throw new WorkstationRefusal("file-changed", { detail: path });
}

export async function exists(path: string): Promise<boolean> {
  try {
    await writingTo(path, lstat(path));
    return true;
  } catch (error) {
    if (error instanceof WorkstationRefusal && error.code === "file-missing") return false;
    throw error;
  }
}

/** A name is durable only when its folder is. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A disk that fills up takes a part first, and says so with the next. */
async function writeWhole(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const rest = bytes.length - written;
    written += (await handle.write(bytes, written, rest, position + written)).bytesWritten;
  }
}

export interface Progress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface Watch {
  /** Called as the work goes on, in bytes of the file that is read. */
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the work with the signal's reason; the original stays as it is. */
  readonly signal?: AbortSignal;
}

/** Writes pieces one after another: while one is on its way to the disk, the next is made, and no more than one. */
export async function writeBehind(
  handle: FileHandle,
  pieces: AsyncIterable<Piece>,
  onPiece: (sourceBytes: number) => void,
): Promise<void> {
  let position = 0;
  let behind = Promise.resolve();
  for await (const { bytes, sourceBytes } of pieces) {
    await behind;
    behind = writeWhole(handle, bytes, position);
    // Whoever makes the next piece may fail first, and then nobody hears of this one.
    behind.catch(() => undefined);
    position += bytes.length;
    onPiece(sourceBytes);
  }
  await behind;
}
