// A file that holds a secret: outside the database, private to the server's user, and always whole. It is read and
// written at one go, without waiting in between, so that what is in memory is what is on the disk.

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

import type { z } from "zod";

import { OperatorError, type OperatorErrorCode } from "../db/operator-error.ts";

const isWindows = process.platform === "win32";
const lockTimeoutMilliseconds = 5000;

/** What such a file holds, and in which words its operator is told what is wrong with it. */
export interface Secret<Written> {
  /** As in "the file of the key-encryption key". */
  readonly name: string;
  readonly shape: z.ZodType<Written>;
  readonly codes: { readonly missing: OperatorErrorCode; readonly invalid: OperatorErrorCode };
  /** What to do when the file is gone, and when somebody else may have read it. */
  readonly hints: { readonly missing: string; readonly exposed: string };
}

interface Found<Written> {
  readonly written: Written;
  /** Other than `mark()` as soon as the file is another one. */
  readonly mark: string;
  readonly changedAt: Date;
}

/** Every method throws an OperatorError with one of the secret's codes, or `disk-full`. */
export class PrivateFile<Written> {
  readonly #path: string;
  readonly #secret: Secret<Written>;

  constructor(path: string, secret: Secret<Written>) {
    this.#path = path;
    this.#secret = secret;
  }

  isThere(): boolean {
    return this.#complaining(() => isThere(this.#path));
  }

  mark(): string {
    return this.#complaining(() => markOf(statSync(this.#path, { bigint: true })));
  }

  read(): Found<Written> {
    return this.#complaining(() => this.#readAt(this.#path));
  }

  /** Makes the file, and a folder of its own for it, unless they are there already. */
  make(first: () => Written): void {
    this.#complaining(() => {
      makeFolder(dirname(this.#path));
      this.#changeAt(({ written }) => written ?? first());
    });
  }

  /** Whoever changes the file takes turns, over all processes; returning what was found changes nothing. */
  change(decide: (found: Written, changedAt: Date) => Written): void {
    this.#complaining(() =>
      this.#changeAt(({ written, changedAt }) => {
        if (written === null) throw this.#missing();
        return decide(written, changedAt);
      }),
    );
  }

  #changeAt(decide: (found: { written: Written | null; changedAt: Date }) => Written): void {
    // A link stays a link: what it points to is replaced.
    const path = isThere(this.#path) ? realpathSync(this.#path) : this.#path;
    if (!isThere(dirname(path))) throw this.#missing();
    const lock = takeLock(path);
    try {
      const found = isThere(path) ? this.#readAt(path) : { written: null, changedAt: new Date(0) };
      const decided = decide(found);
      if (decided !== found.written) writeWhole(path, `${JSON.stringify(decided, null, 2)}\n`);
    } finally {
      lock.close();
    }
  }

  #readAt(path: string): Found<Written> {
    const descriptor = openSync(path, "r");
    try {
      const found = fstatSync(descriptor, { bigint: true });
      if (!isWindows && (found.mode & 0o077n) !== 0n) throw this.#tooOpen(found.mode);
      const written = this.#parse(readFileSync(descriptor, "utf8"));
      return { written, mark: markOf(found), changedAt: found.mtime };
    } finally {
      closeSync(descriptor);
    }
  }

  /** The parsers' own words would repeat what they stumble over, which may be a key. */
  #parse(text: string): Written {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      throw this.#malformed();
    }
    const parsed = this.#secret.shape.safeParse(json);
    if (!parsed.success) throw this.#malformed();
    return parsed.data;
  }

  #complaining<Result>(act: () => Result): Result {
    try {
      return act();
    } catch (cause) {
      throw this.#complaint(cause);
    }
  }

  #complaint(cause: unknown): OperatorError {
    if (cause instanceof OperatorError) return cause;
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    if (code === "ENOENT") return this.#missing();
    const { name, codes } = this.#secret;
    if (code === "ENOSPC" || code === "EDQUOT")
      return new OperatorError({
        code: "disk-full",
        sentence: `the disk that is to hold the ${name}, ${this.#path}, is full`,
        hint: "free some space on that disk; the file is as it was before",
        cause,
      });
    return new OperatorError({
      code: codes.invalid,
      sentence: `the file of the ${name}, ${this.#path}, cannot be read and written: ${cause instanceof Error ? cause.message : code}`,
      hint: "give the file and its folder to the user whom the server runs as",
      cause,
    });
  }

  #missing(): OperatorError {
    const { name, codes, hints } = this.#secret;
    return new OperatorError({
      code: codes.missing,
      sentence: `the file of the ${name}, ${this.#path}, is not there`,
      hint: hints.missing,
    });
  }

  #malformed(): OperatorError {
    const { name, codes } = this.#secret;
    return new OperatorError({
      code: codes.invalid,
      sentence: `the file of the ${name}, ${this.#path}, is not of the form that the server has written`,
      hint: "put it back from its backup, and do not edit it",
    });
  }

  #tooOpen(mode: bigint): OperatorError {
    const { name, codes, hints } = this.#secret;
    return new OperatorError({
      code: codes.invalid,
      sentence: `the file of the ${name}, ${this.#path}, is open to other users (mode ${(mode & 0o777n).toString(8)})`,
      hint: `take their rights away (chmod 600 ${this.#path}), and if somebody may have read it, ${hints.exposed}`,
    });
  }
}

function markOf({ ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [ino, size, mtimeNs, ctimeNs].join(" ");
}

/** A disk that does not answer is not a missing file. */
function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** The kernel's lock through SQLite, as on the embedded database's folder: a killed process lets go of it. */
function takeLock(path: string): DatabaseSync {
  const lock = new DatabaseSync(`${path}.lock`, { timeout: lockTimeoutMilliseconds });
  try {
    // Whoever can open the file can hold it against us.
    chmodSync(`${path}.lock`, 0o600);
    giveToFolderOwner(`${path}.lock`);
    lock.exec("pragma journal_mode = memory; begin immediate");
    return lock;
  } catch (cause) {
    lock.close();
    throw cause;
  }
}

function makeFolder(folder: string): void {
  if (isThere(folder)) return;
  mkdirSync(dirname(folder), { recursive: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  giveToFolderOwner(folder);
  flushFolder(dirname(folder));
}

function writeWhole(path: string, text: string): void {
  const part = `${path}.new`;
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
  renameSync(part, path);
  flushFolder(dirname(path));
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
