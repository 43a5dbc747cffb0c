// The database that comes with the server: real PostgreSQL in a folder of its own, reachable over a Unix
// socket and nowhere else. It is started, watched and stopped here; what a killed server left running is
// taken over. The parts are in embedded/.

import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import { prepareBinaries } from "./embedded/binaries.ts";
import { ensureCluster, superuser, writeAccess, type Access } from "./embedded/cluster.ts";
import { inPlainWords } from "./embedded/complaints.ts";
import { holdFolder } from "./embedded/folder-lock.ts";
import { makeSocketFolder, preparePlace, removeUnfinished, type Place } from "./embedded/place.ts";
import { endPostmaster, ensureDatabase, port, runPostmaster, type Launch } from "./embedded/postmaster.ts";
import { Supervisor, type Watcher } from "./embedded/supervisor.ts";
import { OperatorError } from "./operator-error.ts";

export interface EmbeddedOptions extends Watcher {
  /** Where the database is kept; made if missing. Nothing else may be kept in it. */
  readonly folder: string;
  /** The folder above `bin/` of another PostgreSQL, 15 or newer; without it, the one from npm. */
  readonly binaries?: string;
  /** `throw-away` is several times faster and loses everything with a power cut: for tests only. */
  readonly durability?: "durable" | "throw-away";
  /** Further settings of PostgreSQL; they win over ours. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** What `pg` connects with. `host` is the socket's folder; the socket needs no TLS. */
  readonly connection: { host: string; port: number; user: string; database: string; ssl: false };
  /** Where the database is; another folder than asked for if PostgreSQL's user cannot reach that one. */
  readonly folder: string;
  /** PostgreSQL's own log. */
  readonly log: string;
  /** True when a PostgreSQL left behind by a killed server was taken over. */
  readonly adopted: boolean;
  /** Stops PostgreSQL (fast shutdown), waits until it has ended, and lets go of the folder. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL on the folder, or takes over the one that runs there.
 * @throws OperatorError for whatever an operator can put right, among it a folder that another server holds.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  if (process.platform === "win32") {
    throw new OperatorError({
      code: "embedded-unsupported-platform",
      sentence: "the embedded database does not run on Windows",
      hint: "install PostgreSQL 15 or newer, and set DATABASE_URL",
    });
  }
  try {
    const place = await preparePlace(options.folder);
    return await startOn(place, options);
  } catch (cause) {
    throw inPlainWords(cause, options.folder);
  }
}

async function startOn(place: Place, options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const lock = await holdFolder(place.folder);
  try {
    const launch = await prepareLaunch(place, options);
    const postmaster = await runPostmaster(launch);
    try {
      await ensureDatabase(place);
    } catch (cause) {
      await endPostmaster(postmaster);
      throw cause;
    }
    const supervisor = new Supervisor(launch, postmaster, options);
    const end = async () => {
      await supervisor.stop();
      // Only the one in /tmp is ours to remove: nobody would miss it, and nobody else would remove it.
      if (dirname(place.socketFolder) !== place.folder)
        await rm(place.socketFolder, { recursive: true, force: true });
      lock.release();
    };
    let ended: Promise<void> | undefined;
    return {
      connection: { host: place.socketFolder, port, user: superuser, database: superuser, ssl: false },
      folder: place.folder,
      log: launch.log,
      adopted: postmaster.adopted,
      stop: () => (ended ??= end()),
    };
  } catch (cause) {
    lock.release();
    throw cause;
  }
}

async function prepareLaunch(place: Place, options: EmbeddedOptions): Promise<Launch> {
  const isDurable = options.durability !== "throw-away";
  await removeUnfinished(place.folder);
  const binaries = await prepareBinaries(options.binaries, place);
  await ensureCluster(place, binaries, isDurable);
  await makeSocketFolder(place);
  const settings = { ...ourSettings(place, await writeAccess(place), isDurable), ...options.settings };
  return { place, binaries, log: join(place.folder, "postgres.log"), settings };
}

function ourSettings(place: Place, access: Access, isDurable: boolean): Record<string, string> {
  const durability = isDurable ? "on" : "off";
  return {
    listen_addresses: "",
    port: String(port),
    // A list: without the quotes a comma in the path would end it.
    unix_socket_directories: `"${place.socketFolder.replaceAll('"', '""')}"`,
    unix_socket_permissions: "0700",
    hba_file: access.hba,
    ident_file: access.ident,
    fsync: durability,
    synchronous_commit: durability,
    full_page_writes: durability,
    timezone: "UTC",
    log_timezone: "UTC",
    log_line_prefix: "%m [%p] %a ",
  };
}
