// Encrypting and decrypting files where they lie, as standard age v1: `report.pdf` becomes `report.pdf.age`, and back.

import type { FileHandle } from "node:fs/promises";
import { basename } from "node:path";

import { openAge, sealAge } from "../age/age.ts";
import { openHead, sealHead, type Head, type Keys, type Lock } from "../age/head.ts";
import { edgesOf, isAuthentic, twoRooms, type Piece } from "../age/payload.ts";
import { fileSource } from "../age/source.ts";
import { WorkstationRefusal } from "../refusal.ts";
import { naming, writeBehind, type Watch } from "./disk.ts";
import { replaceFile } from "./replace.ts";
import { ending } from "./temporary.ts";

export interface Encryption extends Watch {
  readonly lock: Lock;
  /** Identities of which one must open the new file before the original goes. Without them only we vouch for it. */
  readonly proof?: readonly string[];
  readonly shouldKeepOriginal?: boolean;
}

export interface Decryption extends Watch {
  readonly keys: Keys;
  /** Where the file goes; by default beside the original, without `.age`. */
  readonly target?: string;
  readonly shouldKeepOriginal?: boolean;
}

/** Writes pieces, tells how far it is, and stops when asked to. */
async function writePieces(
  successor: FileHandle,
  pieces: AsyncIterable<Piece>,
  { onProgress, signal, totalBytes }: Watch & { totalBytes: number },
): Promise<void> {
  let doneBytes = 0;
  signal?.throwIfAborted();
  await writeBehind(successor, pieces, (sourceBytes) => {
    signal?.throwIfAborted();
    doneBytes += sourceBytes;
    onProgress?.({ doneBytes: Math.min(doneBytes, totalBytes), totalBytes });
  });
  if (doneBytes !== totalBytes) onProgress?.({ doneBytes: totalBytes, totalBytes });
}

async function readAt(handle: FileHandle, from: number, until: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(until - from), 0, until - from, from);
  return buffer.subarray(0, bytesRead);
}

/** Reads back what was written: the head, which a key must open, and the first and the last chunk. */
async function verify(successor: FileHandle, head: Head, keys: Keys | null): Promise<void> {
  const key = keys === null ? head.key : await openHead(fileSource(successor), keys);
  const { size } = await successor.stat();
  const length = head.bytes.length;
  const edges = await Promise.all(
    edgesOf(size - length).map(async ({ from, until, ...place }) =>
      isAuthentic(key, await readAt(successor, length + from, length + until), place),
    ),
  );
  const isSame = head.bytes.equals(await readAt(successor, 0, length));
  if (!isSame || edges.includes(false))
    throw new WorkstationRefusal("file-damaged", { detail: "as written" });
}

function proofOf({ lock, proof }: Encryption): Keys | null {
  if ("passphrase" in lock) return { identities: [], passphrase: lock.passphrase };
  return proof === undefined ? null : { identities: proof };
}

/**
 * Encrypts a file to `name.age` beside it, and removes the original unless it is to be kept.
 * @returns the path of the new file.
 * @throws WorkstationRefusal `file-missing`, `not-a-file`, `file-not-readable`, `file-exists`, `folder-not-writable`,
 * `name-too-long`, `disk-full`, `file-changed`, or `key-missing` when the proof opens nothing; RangeError for recipients that
 * are none; the signal's reason. The original is then as it was, and nothing new is beside it.
 */
export async function encryptFile(path: string, encryption: Encryption): Promise<string> {
  const target = `${path}${ending}`;
  await replaceFile({
    path,
    target,
    shouldKeepOriginal: encryption.shouldKeepOriginal ?? false,
    write: async (original, successor, totalBytes) => {
      const head = await sealHead(encryption.lock);
      await writePieces(successor, sealAge(fileSource(original), head, twoRooms()), {
        ...encryption,
        totalBytes,
      });
      await naming(target, verify(successor, head, proofOf(encryption)));
    },
  });
  return target;
}

function targetOf(path: string): string {
  if (basename(path).endsWith(ending) && basename(path) !== ending) return path.slice(0, -ending.length);
  throw new WorkstationRefusal("not-encrypted", { detail: path });
}

/**
 * Decrypts a file, in armour or not, to its name without `.age`, and removes the original unless it is to be kept.
 * @returns the path of the new file.
 * @throws WorkstationRefusal as `encryptFile`, and `not-encrypted`, `key-missing`, `passphrase-needed`, `passphrase-wrong` or
 * `file-damaged`. The original is then as it was, and nothing new is beside it.
 */
export async function decryptFile(path: string, decryption: Decryption): Promise<string> {
  const target = decryption.target ?? targetOf(path);
  await replaceFile({
    path,
    target,
    shouldKeepOriginal: decryption.shouldKeepOriginal ?? false,
    write: async (original, successor, totalBytes) => {
      const pieces = openAge(fileSource(original), decryption.keys, twoRooms());
      await naming(path, writePieces(successor, pieces, { ...decryption, totalBytes }));
    },
  });
  return target;
}
