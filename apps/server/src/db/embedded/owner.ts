// Who runs PostgreSQL, and what that user can reach. PostgreSQL refuses to run as root, so a server that
// was started as root picks an unprivileged user for it.

import { readFile, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";

import { OperatorError } from "../operator-error.ts";
import { nullIfMissing } from "./complaints.ts";

/** The user whose processes PostgreSQL's are. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
  /** True when it is not the user of this process, which then is root. */
  readonly isAnother: boolean;
}

/** The owner of a database that is there already, else `postgres`, else `nobody`; if not root, ourselves. */
export async function chooseOwner(folder: string): Promise<Owner> {
  const uid = process.getuid?.() ?? -1;
  if (uid !== 0) return { uid, gid: process.getgid?.() ?? -1, name: ownName(), isAnother: false };
  const users = await listUsers();
  for (const place of [join(folder, "cluster"), folder]) {
    const found = await stat(place).catch(nullIfMissing);
    if (found === null || found.uid === 0) continue;
    const user = users.find((each) => each.uid === found.uid);
    if (user === undefined) throw nameless(found.uid);
    return user;
  }
  const user = users.find(({ name }) => name === "postgres") ?? users.find(({ name }) => name === "nobody");
  if (user !== undefined) return user;
  throw new OperatorError({
    code: "embedded-user-unknown",
    sentence:
      "PostgreSQL does not run as root, and this machine has neither a user postgres nor a user nobody",
    hint: "start the server as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own",
  });
}

async function listUsers(): Promise<Owner[]> {
  const lines = (await readFile("/etc/passwd", "utf8")).split("\n");
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(":");
    if (name === undefined || uid === undefined || gid === undefined) return [];
    return [{ uid: Number(uid), gid: Number(gid), name, isAnother: true }];
  });
}

/** The name of the user this process runs as. */
export function ownName(): string {
  try {
    return userInfo().username;
  } catch (cause) {
    throw nameless(process.getuid?.() ?? -1, cause);
  }
}

function nameless(uid: number, cause?: unknown): OperatorError {
  return new OperatorError({
    code: "embedded-user-unknown",
    sentence: `the user with the number ${uid} has no name on this machine, and PostgreSQL needs one`,
    hint: "give the user a line in /etc/passwd, start as another user, or set DATABASE_URL to a PostgreSQL of your own",
    cause,
  });
}

/** Whose process a child is to be, as `spawn` wants to be told. */
export function runAs(owner: Owner): { uid?: number; gid?: number } {
  return owner.isAnother ? { uid: owner.uid, gid: owner.gid } : {};
}

/** Whether another owner can read the file, or list and enter the folder, by its permission bits. */
export async function canRead(path: string, owner: Owner): Promise<boolean> {
  if (!owner.isAnother) return true;
  const found = await stat(path);
  const needed = found.isDirectory() ? 5 : 4;
  return ((found.mode >> shiftFor(owner, found)) & needed) === needed;
}

/** Whether another owner can pass through the folder and through every folder above it. */
export async function canEnter(folder: string, owner: Owner): Promise<boolean> {
  if (!owner.isAnother) return true;
  const found = await stat(folder);
  if (((found.mode >> shiftFor(owner, found)) & 1) === 0) return false;
  return dirname(folder) === folder || canEnter(dirname(folder), owner);
}

/** Where in the mode the bits that hold for the owner are. */
function shiftFor(owner: Owner, found: { uid: number; gid: number }): number {
  if (found.uid === owner.uid) return 6;
  return found.gid === owner.gid ? 3 : 0;
}
