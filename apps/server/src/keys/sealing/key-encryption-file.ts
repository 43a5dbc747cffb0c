// The file of the key-encryption key: outside the database, private to the server's user, and always whole. It is
// read and written at one go, without waiting in between, so that what is in memory is what is on the disk.

import { createSecretKey, randomBytes, type KeyObject } from "node:crypto";
import {
  chmodSync,
  chownSync,
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type BigIntStats,
} from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { z } from "zod";

import { OperatorError } from "../../db/operator-error.ts";

const isWindows = process.platform === "win32";
const lockTimeoutMilliseconds = 5000;

/** 32 bytes in their only spelling: a second one would be a slip of the pen. */
function isKeyText(text: string): boolean {
  const bytes = Buffer.from(text, "base64url");
  return bytes.length === 32 && bytes.toString("base64url") === text;
}

const shape = z
  .strictObject({
    current: z.int().positive(),
    keys: z.record(z.string().regex(/^[1-9]\d{0,8}$/), z.string().refine(isKeyText)),
  })
  // So that no number is ever given to a second key.
  .refine(({ current, keys }) => Math.max(...Object.keys(keys).map(Number)) === current);

type Written = z.output<typeof shape>;

/** The file's versions in memory. */
export interface KeyRing {
  readonly current: number;
  readonly keys: ReadonlyMap<number, KeyObject>;
  /** Other than `markOf` the file as soon as the file is another one. */
  readonly mark: string;
}

/** @throws OperatorError `key-encryption-key-missing` or `key-encryption-key-invalid`. */
export function readKeyRing(file: string): KeyRing {
  const { written, mark } = read(file);
  const keys = Object.entries(written.keys).map(
    ([version, text]) => [Number(version), createSecretKey(text, "base64url")] as const,
  );
  return { current: written.current, keys: new Map(keys), mark };
}

/** @throws OperatorError as `readKeyRing`. */
export function markOf(file: string): string {
  try {
    return mark(statSync(file, { bigint: true }));
  } catch (cause) {
    throw complaint(file, cause);
  }
}

function mark({ ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [ino, size, mtimeNs, ctimeNs].join(" ");
}

function read(file: string): { written: Written; mark: string; changedAt: Date } {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, "r");
    const found = fstatSync(descriptor, { bigint: true });
    if (!isWindows && (found.mode & 0o077n) !== 0n) throw tooOpen(file, found.mode);
    const written = parse(file, readFileSync(descriptor, "utf8"));
    return { written, mark: mark(found), changedAt: found.mtime };
  } catch (cause) {
    throw complaint(file, cause);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The parsers' own words would repeat what they stumble over, which may be a key. */
function parse(file: string, text: string): Written {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw malformed(file);
  }
  const parsed = shape.safeParse(json);
  if (!parsed.success) throw malformed(file);
  return parsed.data;
}

/** Makes the file with its first version, unless it is there already. */
export function makeKeyFile(file: string): void {
  makeFolder(file);
  change(file, (found) => found ?? { current: 1, keys: { 1: newKey() } });
}

/** Adds a version, which is current from now on. When this returns, the disk has it. */
export function addKeyVersion(file: string): void {
  change(file, (found) => {
    if (found === null) throw missing(file);
    const current = found.current + 1;
    return { current, keys: { ...found.keys, [current]: newKey() } };
  });
}

export interface Dropping {
  readonly kept: readonly number[];
  /** Nothing is dropped when the file was changed after this moment. */
  readonly unchangedSince: Date;
}

/** Drops the former versions that are not kept. @returns those it dropped. */
export function dropKeyVersions(file: string, { kept, unchangedSince }: Dropping): number[] {
  const dropped: number[] = [];
  change(file, (found, changedAt) => {
    if (found === null) throw missing(file);
    if (changedAt > unchangedSince) return found;
    const isDropped = (version: number) => version !== found.current && !kept.includes(version);
    dropped.push(...Object.keys(found.keys).map(Number).filter(isDropped));
    if (dropped.length === 0) return found;
    const keys = Object.entries(found.keys).filter(([version]) => !isDropped(Number(version)));
    return { current: found.current, keys: Object.fromEntries(keys) };
  });
  return dropped;
}

function newKey(): string {
  return randomBytes(32).toString("base64url");
}

/** Whoever changes the file takes turns, over all processes; returning what was found changes nothing. */
function change(named: string, decide: (found: Written | null, changedAt: Date) => Written): void {
  try {
    // A link stays a link: what it points to is replaced.
    const file = isThere(named) ? realpathSync(named) : named;
    const lock = takeLock(file);
    try {
      const found = isThere(file) ? read(file) : { written: null, changedAt: new Date(0) };
      const decided = decide(found.written, found.changedAt);
      if (decided !== found.written) writeWhole(file, `${JSON.stringify(decided, null, 2)}\n`);
    } finally {
      lock.close();
    }
  } catch (cause) {
    throw complaint(named, cause);
  }
}

/** A disk that does not answer is not a missing file. */
function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** The kernel's lock through SQLite, as on the embedded database's folder: a killed process lets go of it. */
function takeLock(file: string): DatabaseSync {
  if (!isThere(dirname(file))) throw missing(file);
  const lock = new DatabaseSync(`${file}.lock`, { timeout: lockTimeoutMilliseconds });
  try {
    // Whoever can open the file can hold it against us.
    chmodSync(`${file}.lock`, 0o600);
    giveToFolderOwner(`${file}.lock`);
    lock.exec("pragma journal_mode = memory; begin immediate");
    return lock;
  } catch (cause) {
    lock.close();
    throw cause;
  }
}

function makeFolder(file: string): void {
  const folder = dirname(file);
  try {
    if (isThere(folder)) return;
    mkdirSync(dirname(folder), { recursive: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    giveToFolderOwner(folder);
    flushFolder(dirname(folder));
  } catch (cause) {
    throw complaint(file, cause);
  }
}

function writeWhole(file: string, text: string): void {
  const part = `${file}.new`;
  // What a killed process has left.
  rmSync(part, { force: true });
  const descriptor = openSync(part, "wx", 0o600);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  giveToFolderOwner(part);
  renameSync(part, file);
  flushFolder(dirname(file));
}

/** A rename is on the disk when its folder is. Windows flushes no folders. */
function flushFolder(folder: string): void {
  if (isWindows) return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** What root makes in the folder of an ordinary user must not lock that user out later. */
function giveToFolderOwner(path: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(path));
  chownSync(path, uid, gid);
}

function complaint(file: string, cause: unknown): OperatorError {
  if (cause instanceof OperatorError) return cause;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
  if (code === "ENOENT") return missing(file);
  if (code === "ENOSPC" || code === "EDQUOT")
    return new OperatorError({
      code: "disk-full",
      sentence: `the disk that is to hold the key-encryption key, ${file}, is full`,
      hint: "free some space on that disk; the file is as it was before",
      cause,
    });
  return new OperatorError({
    code: "key-encryption-key-invalid",
    sentence: `the file of the key-encryption key, ${file}, cannot be read and written: ${cause instanceof Error ? cause.message : code}`,
    hint: "give the file and its folder to the user whom the server runs as",
    cause,
  });
}

function missing(file: string): OperatorError {
  return new OperatorError({
    code: "key-encryption-key-missing",
    sentence: `the file of the key-encryption key, ${file}, is not there`,
    hint: "put it back from its backup; without it the encryption keys in the database cannot be opened",
  });
}

function malformed(file: string): OperatorError {
  return new OperatorError({
    code: "key-encryption-key-invalid",
    sentence: `the file of the key-encryption key, ${file}, is not of the form that the server has written`,
    hint: "put it back from its backup, and do not edit it",
  });
}

function tooOpen(file: string, mode: bigint): OperatorError {
  return new OperatorError({
    code: "key-encryption-key-invalid",
    sentence: `the file of the key-encryption key, ${file}, is open to other users (mode ${(mode & 0o777n).toString(8)})`,
    hint: `take their rights away (chmod 600 ${file}), and if somebody may have read it, rotate the key-encryption key`,
  });
}
