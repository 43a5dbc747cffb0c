// A folder for one test, and a key.

import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { onTestFinished } from "vitest";

export const identity = await generateX25519Identity();
export const recipient = await identityToRecipient(identity);
export const lock = { recipients: [recipient] };
export const keys = { identities: [identity] };

/** An empty folder that goes when the test ends. Every user may look into it. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-files-"));
  await chmod(folder, 0o755);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The names in a folder, in order. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).sort();
}

/** Runs as somebody who is not the superuser, whom modes would not stop. */
export async function asOrdinaryUser<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
