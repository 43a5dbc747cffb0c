// Files that are imported: read whole, and in UTF-8 only.

import { readFileSync } from "node:fs";
import { basename } from "node:path";

import { Failure } from "./failure.ts";

export const fileArgument = [
  "<file>",
  "in UTF-8, separated by commas, semicolons or tabs; - for standard input",
] as const;

function readText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file === "-" ? process.stdin.fd : file);
  } catch {
    throw new Failure(`${file} cannot be read`, "is the name right, and may you read it?");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Failure(`${file} is not written in UTF-8`, 'save it again as "CSV UTF-8"');
  }
}

/** @throws Failure if it cannot be read, or is empty. */
export function readImport(file: string): { csv: string; fileName: string } {
  const csv = readText(file);
  if (csv.trim() === "") throw new Failure(`${file} is empty`, "its first row must name the columns");
  return { csv, fileName: file === "-" ? "standard input" : basename(file) };
}
