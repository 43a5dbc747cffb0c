// Opens the store in its folder and brings its schema up to date, or says what the operator can do about it.

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { OperatorError } from "../operator-error.ts";
import { Database, isStoreError } from "./database.ts";

/** In order, for ever: the schema's version is how many of them it has seen. */
const migrations = ["0001-mailboxes.sql"] as const;

const versionRows = z.tuple([z.object({ user_version: z.int() })]);

/** @throws OperatorError for whatever an operator can put right. */
export function openStore(folder: string): Database {
  const file = join(folder, "relay.sqlite");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const database = new Database(file);
    try {
      migrate(database, file);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (cause) {
    throw inOperatorsWords(cause, file);
  }
}

function migrate(database: Database, file: string): void {
  const [{ user_version: version }] = versionRows.parse(database.rows("pragma user_version"));
  if (version > migrations.length) {
    throw new OperatorError({
      code: "store-newer",
      sentence: `a newer relay has already changed ${file}`,
      hint: "start the newer version again",
    });
  }
  for (const [index, name] of migrations.entries()) {
    if (index < version) continue;
    const sql = readFileSync(new URL(`../../migrations/${name}`, import.meta.url), "utf8");
    database.migrate(`${sql}; pragma user_version = ${index + 1}`);
  }
}

function inOperatorsWords(cause: unknown, file: string): unknown {
  if (isStoreError(cause, "busy")) {
    return new OperatorError({
      code: "store-in-use",
      sentence: `another relay works with ${file}`,
      hint: "stop it, or give this one another folder: LOCKSTEP_RELAY_DATA",
      cause,
    });
  }
  if (isStoreError(cause, "corrupt", "notADatabase")) {
    return new OperatorError({
      code: "store-damaged",
      sentence: `${file} is damaged, or not a relay's store`,
      hint: "move it away and start again; the servers open their mailboxes and post anew",
      cause,
    });
  }
  if (isStoreError(cause, "full") || hasCode(cause, "ENOSPC")) {
    return new OperatorError({
      code: "disk-full",
      sentence: `the disk that holds ${file} is full`,
      hint: "free some space and start again",
      cause,
    });
  }
  const isClosed = ["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST"].some((code) => hasCode(cause, code));
  if (isClosed || isStoreError(cause, "readOnly", "cantOpen")) {
    return new OperatorError({
      code: "store-not-writable",
      sentence: `${file} cannot be written`,
      hint: "give the folder to the user whom the relay runs as, or choose another one: LOCKSTEP_RELAY_DATA",
      cause,
    });
  }
  return cause;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
