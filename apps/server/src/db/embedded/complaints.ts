// What the file system and PostgreSQL complain about, in words an operator can act on.

import { OperatorError } from "../operator-error.ts";

const diskFullCodes = new Set(["ENOSPC", "EDQUOT", "53100"]);
const notWritableCodes = new Set(["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST"]);
const diskFullText = /No space left on device|Disk quota exceeded|Check free disk space/;
const lastWords = 12;

/** The code of a file system error (`ENOSPC`) or of PostgreSQL (SQLSTATE), if it has one. */
export function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
}

/** For `catch`: null when the file is not there; every other complaint is passed on. */
export function nullIfMissing(cause: unknown): null {
  if (codeOf(cause) === "ENOENT") return null;
  throw cause;
}

/** For `catch`: null when the file is there already; every other complaint is passed on. */
export function nullIfThere(cause: unknown): null {
  if (codeOf(cause) === "EEXIST") return null;
  throw cause;
}

/** An `OperatorError` where there is one to make of it; anything else comes back as it is. */
export function inPlainWords(cause: unknown, folder: string): unknown {
  if (cause instanceof OperatorError) return cause;
  const code = codeOf(cause) ?? "";
  if (diskFullCodes.has(code)) return diskFull(folder, cause);
  return notWritableCodes.has(code) ? notWritable(folder, cause) : cause;
}

/** The folder, or what is in it, cannot be written by the user the server runs as. */
export function notWritable(folder: string, cause: unknown): OperatorError {
  const reason = cause instanceof Error ? ` (${cause.message})` : "";
  return new OperatorError({
    code: "embedded-folder-not-writable",
    sentence: `the database folder ${folder} cannot be written${reason}`,
    hint: "start the server as the folder's owner, give the folder to the user it runs as, or name another folder",
    cause,
  });
}

/** `initdb` or `postgres` ended before the database was ready; its last words are part of the sentence. */
export function startFailed(folder: string, output: string, hint: string): OperatorError {
  if (diskFullText.test(output)) return diskFull(folder, new Error(output));
  const words = output.trim().split("\n").slice(-lastWords).join("\n");
  return new OperatorError({
    code: "embedded-start-failed",
    sentence: `PostgreSQL did not start on ${folder}; its last words were:\n${words === "" ? "(none)" : words}`,
    hint,
  });
}

function diskFull(folder: string, cause: unknown): OperatorError {
  return new OperatorError({
    code: "disk-full",
    sentence: `the disk that holds ${folder} is full`,
    hint: "free some space on that disk, then start again; nothing that was saved is lost",
    cause,
  });
}
