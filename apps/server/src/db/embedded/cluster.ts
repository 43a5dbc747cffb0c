// PostgreSQL's own folder (a "cluster" in its language), and who may connect to it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { OperatorError } from "../operator-error.ts";
import { environment, type Binaries } from "./binaries.ts";
import { nullIfMissing, startFailed } from "./complaints.ts";
import { ownName, runAs } from "./owner.ts";
import { exists, makePrivateFolder, unfinished, writeWhole, type Place } from "./place.ts";

export const superuser = "lockstep";

/** Makes the cluster if there is none. It is complete or not there, whenever we are killed. */
export async function ensureCluster(place: Place, binaries: Binaries, durable: boolean): Promise<void> {
  const version = await readFile(join(place.cluster, "PG_VERSION"), "utf8").catch(nullIfMissing);
  if (version !== null) {
    refuseOtherMajor(place, binaries, version.trim());
    return;
  }
  if ((await exists(place.cluster)) && (await readdir(place.cluster)).length > 0) {
    throw new OperatorError({
      code: "embedded-folder-damaged",
      sentence: `${place.cluster} is not empty, but is not a PostgreSQL database either`,
      hint: "restore the folder from a backup, or move it away to begin with an empty database",
    });
  }
  const part = unfinished(place.cluster);
  try {
    await makePrivateFolder(part, place.owner);
    await initialise(part, place, { binaries, durable });
    await rename(part, place.cluster);
  } catch (cause) {
    await rm(part, { recursive: true, force: true });
    throw cause;
  }
  if (durable) await syncFolder(place.folder);
}

function refuseOtherMajor(place: Place, binaries: Binaries, version: string): void {
  if (version === String(binaries.major)) return;
  throw new OperatorError({
    code: "embedded-folder-of-other-major",
    sentence: `the database in ${place.folder} was made by PostgreSQL ${version}, and this is PostgreSQL ${binaries.major}`,
    hint: `start with the programs of PostgreSQL ${version}, or restore a backup into a new folder`,
  });
}

async function initialise(
  folder: string,
  place: Place,
  { binaries, durable }: { binaries: Binaries; durable: boolean },
): Promise<void> {
  const parameters = [
    ...["-D", folder, "-U", superuser, "--auth-local=peer", "--auth-host=reject", "--encoding=UTF8"],
    // The host's libraries and the bundled ICU never decide how names are sorted.
    ...(binaries.major >= 17 ? ["--locale-provider=builtin"] : []),
    ...["--locale=C.UTF-8", "--data-checksums", "--no-instructions"],
    ...(durable ? [] : ["--no-sync"]),
  ];
  const child = spawn(binaries.initdb, parameters, {
    ...runAs(place.owner),
    cwd: "/",
    env: environment,
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [words] = await Promise.all([text(child.stderr), once(child, "exit")]);
  if (child.exitCode === 0) return;
  throw startFailed(
    place.folder,
    words,
    "look at its words above; an empty new folder would tell if the folder is at fault",
  );
}

/** The new name survives a power cut only once the folder it is in has been synced. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The files that say who may connect. They lie outside the cluster, where PostgreSQL cannot write. */
export interface Access {
  readonly hba: string;
  readonly ident: string;
}

/** Only over the socket, only as `lockstep`, and only for the user of this process and PostgreSQL's own. */
export async function writeAccess({ folder, owner }: Place): Promise<Access> {
  const access = { hba: join(folder, "pg_hba.conf"), ident: join(folder, "pg_ident.conf") };
  const lines = [...new Set([ownName(), owner.name])].map((name) => `lockstep "${name}" ${superuser}\n`);
  await writeWhole(access.hba, `local all ${superuser} peer map=lockstep\n`);
  await writeWhole(access.ident, lines.join(""));
  return access;
}
