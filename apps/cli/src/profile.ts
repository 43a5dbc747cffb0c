// Where a sign-in is kept: one file that only its owner may read.

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";

import { z } from "zod";

import { Failure } from "./failure.ts";

/** A token is one printable word; anything else would be repeated by whoever refuses it. */
export const token = z.string().regex(/^[\x21-\x7e]{1,1000}$/);

/** A token that was typed where none belongs is not repeated, because screens and logs are read by others. */
export function withoutTokens(text: string): string {
  return text.replace(/lockstep_[\w-]{16,}/g, "lockstep_…");
}

const profile = z.object({ server: z.url(), token });
export type Profile = z.output<typeof profile>;

/** The XDG Base Directory Specification: a relative path is to be ignored. */
export function profilePath(environment: NodeJS.ProcessEnv): string {
  const configured = environment["XDG_CONFIG_HOME"] ?? "";
  const folder = isAbsolute(configured) ? configured : join(homedir(), ".config");
  return join(folder, "lockstep", "profile.json");
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Null if nobody is signed in on this machine. */
export function readProfile(path: string): Profile | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return null;
    throw new Failure(
      `${path} cannot be read`,
      "it must be a file of your own; or remove it and sign in again",
    );
  }
  const parsed = profile.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  throw new Failure(`${path} is damaged`, "remove it, then sign in again: lockstep sign-in URL");
}

/** Whole or not at all: a crash leaves the former one. */
export function writeProfile(path: string, { server, token }: Profile): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}`;
  try {
    const text = `${JSON.stringify({ server, token }, null, 2)}\n`;
    writeFileSync(draft, text, { mode: 0o600, flag: "wx", flush: true });
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

export function removeProfile(path: string): void {
  rmSync(path, { force: true });
}
