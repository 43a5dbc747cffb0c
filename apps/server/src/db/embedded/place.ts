// Where the embedded database lives: the folder that was asked for, or, where the unprivileged user cannot
// reach that one (root's home, say), a folder under /var/lib that the asked-for folder points to.

import { createHash, randomUUID } from "node:crypto";
import {
  chmod,
  chown,
  lchown,
  lstat,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

import { OperatorError } from "../operator-error.ts";
import { codeOf, notWritable, nullIfMissing, nullIfThere } from "./complaints.ts";
import { canEnter, chooseOwner, type Owner } from "./owner.ts";

/** The smallest limit among the systems PostgreSQL runs on, for the whole path of a socket. */
const longestSocketPath = 103;
const socketName = "/.s.PGSQL.5432";
const elsewhere = "/var/lib/lockstep";

export interface Place {
  readonly folder: string;
  /** PostgreSQL's own folder; complete, or not there at all. */
  readonly cluster: string;
  /** Private, and short enough for a socket. */
  readonly socketFolder: string;
  readonly owner: Owner;
}

/** Finds the folder and its owner, and makes both ready to be locked. */
export async function preparePlace(asked: string): Promise<Place> {
  const folder = await reachableFolder(resolve(asked));
  const owner = await chooseOwner(folder);
  return {
    folder,
    cluster: join(folder, "cluster"),
    socketFolder: await chooseSocketFolder(folder, owner),
    owner,
  };
}

async function reachableFolder(asked: string): Promise<string> {
  await makeFolder(asked);
  const folder = await realpath(asked);
  const location = join(folder, "location");
  const moved = await readFile(location, "utf8").catch(nullIfMissing);
  const owner = await chooseOwner(folder);
  if (moved === null && owner.isAnother) await openToOwner(folder);
  if (moved === null && (!owner.isAnother || (await canEnter(folder, owner)))) return folder;
  if (await exists(join(folder, "cluster"))) throw unreachable(folder, owner);
  const other = moved?.trim() ?? join(elsewhere, shortHash(folder));
  await makeFolder(other);
  if (!(await canEnter(other, await chooseOwner(other)))) throw unreachable(other, owner);
  if (moved === null) await writeWhole(location, `${other}\n`);
  return realpath(other);
}

/** A private folder of root's that was made for the database (or has it already) can be passed through. */
async function openToOwner(folder: string): Promise<void> {
  const { uid, mode } = await stat(folder);
  const names = await readdir(folder);
  if (uid === 0 && (names.length === 0 || names.includes("lock")))
    await chmod(folder, (mode & 0o7777) | 0o011);
}

// Starting with an empty database elsewhere would look like the loss of everything.
function unreachable(folder: string, owner: Owner): OperatorError {
  return new OperatorError({
    code: "embedded-folder-unreachable",
    sentence: `the user ${owner.name}, who is to run PostgreSQL, cannot enter the database folder ${folder}`,
    hint: `let others pass through the folders above it (chmod o+x), or move ${folder} to where ${owner.name} can enter`,
  });
}

/** Root's folders may be passed through by the owner of the database in them; everybody else's are private. */
async function makeFolder(folder: string): Promise<void> {
  const mode = process.getuid?.() === 0 ? 0o711 : 0o700;
  const first = await mkdir(folder, { recursive: true, mode }).catch((cause: unknown) => {
    // Node reports a read-only disk as a missing folder.
    throw codeOf(cause) === "ENOENT" ? notWritable(folder, cause) : cause;
  });
  if (first === undefined) return;
  // Whatever the umask took away.
  for (let made = folder; made.length >= first.length; made = dirname(made)) await chmod(made, mode);
}

async function chooseSocketFolder(folder: string, owner: Owner): Promise<string> {
  const name = `lockstep-${shortHash(folder)}`;
  const candidates = [join(folder, "socket"), join(tmpdir(), name), join("/tmp", name)];
  for (const candidate of candidates) {
    if (Buffer.byteLength(candidate + socketName) > longestSocketPath) continue;
    if (await canEnter(await realpath(dirname(candidate)), owner)) return candidate;
  }
  throw new OperatorError({
    code: "embedded-socket-folder-taken",
    sentence: `there is no folder for PostgreSQL's socket that ${owner.name} can enter and whose path is short enough`,
    hint: "name a database folder with a shorter path",
  });
}

/** Makes the private folder that PostgreSQL's socket goes to. In /tmp another user may have been there first. */
export async function makeSocketFolder({ socketFolder, owner }: Place): Promise<void> {
  await mkdir(socketFolder, { mode: 0o700 }).catch(nullIfThere);
  const found = await lstat(socketFolder);
  const isOurs = found.uid === owner.uid || found.uid === process.getuid?.();
  if (found.isDirectory() && isOurs && (found.mode & 0o077) === 0) {
    if (owner.isAnother) await lchown(socketFolder, owner.uid, owner.gid);
    return;
  }
  throw new OperatorError({
    code: "embedded-socket-folder-taken",
    sentence: `the folder for PostgreSQL's socket, ${socketFolder}, is not a private folder of ${owner.name}`,
    hint: "remove it, then start again",
  });
}

/** Makes a private folder for the owner inside `folder`. */
export async function makePrivateFolder(path: string, owner: Owner): Promise<void> {
  await mkdir(path, { mode: 0o700 });
  if (owner.isAnother) await chown(path, owner.uid, owner.gid);
}

/** A name beside `path` for what is not finished yet; `removeUnfinished` finds it after a kill. */
export function unfinished(path: string): string {
  return `${path}.new-${randomUUID()}`;
}

/** Removes what killed processes left half made. An initdb without its server still writes for a moment. */
export async function removeUnfinished(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.includes(".new-"));
  const remove = (name: string) =>
    rm(join(folder, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  await Promise.all(names.map(remove));
}

/** The old text or the new, never a part; the file goes to the owner of the folder it is in. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const part = unfinished(path);
  try {
    await writeFile(part, text, { flag: "wx" });
    await chmod(part, 0o644); // whatever the umask says
    await giveToFolderOwner(part);
    await rename(part, path);
  } catch (cause) {
    await rm(part, { force: true });
    throw cause;
  }
}

/** What root makes in the folder of an ordinary user must not lock that user out later. */
export async function giveToFolderOwner(path: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(dirname(path));
  await lchown(path, uid, gid);
}

export async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(nullIfMissing)) !== null;
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
