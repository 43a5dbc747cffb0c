// One run of PostgreSQL's first process, the postmaster: taken over or launched, known to be ready because
// it answers, and brought to its end.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import pg from "pg";

import { environment, type Binaries } from "./binaries.ts";
import { superuser } from "./cluster.ts";
import { codeOf, nullIfMissing, startFailed } from "./complaints.ts";
import { inUse } from "./folder-lock.ts";
import { openLog } from "./log.ts";
import { runAs } from "./owner.ts";
import { exists, type Place } from "./place.ts";
import { isProvenOther, listLeftBehind, pidIn, pidFileOf, signal, worksIn } from "./trace.ts";

export const port = 5432;
const answerMs = 60_000;
const patienceMs = 15_000;
const pollMs = 10;
const slowestPollMs = 250;
const startingUp = "57P03";

/** After anything but the first, the next start recovers as it does after a crash. */
const shutdowns = [
  { name: "SIGINT", forMs: 60_000 },
  { name: "SIGQUIT", forMs: 10_000 },
  { name: "SIGKILL", forMs: 10_000 },
] as const;

export interface Launch {
  readonly place: Place;
  readonly binaries: Binaries;
  readonly log: string;
  /** Each given to PostgreSQL as `-c name=value`. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface Postmaster {
  readonly pid: number;
  /** True when it was running already. */
  readonly adopted: boolean;
  /** Whether its process is gone. */
  hasEnded(): boolean;
}

/** Takes over the postmaster that is running, or launches one, and waits until it answers. */
export async function runPostmaster(launch: Launch): Promise<Postmaster> {
  const { cluster } = launch.place;
  const until = Date.now() + patienceMs;
  let wasKilled = false;
  for (;;) {
    const running = await findPostmaster(launch);
    if (running !== undefined) {
      const postmaster = await adopt(launch, running);
      if (postmaster !== undefined) return postmaster;
      continue;
    }
    wasKilled ||= await exists(pidFileOf(cluster));
    await endLeftBehind(cluster);
    await removeDisproved(launch.place);
    try {
      return await start(launch);
    } catch (cause) {
      // A killed PostgreSQL may be in the way for a while: by its memory, or still starting.
      const isInTheWay = wasKilled || (await exists(pidFileOf(cluster)));
      if (!isInTheWay || Date.now() > until) throw cause;
      await pause(100);
    }
  }
}

async function findPostmaster({ place: { cluster, folder } }: Launch): Promise<number | undefined> {
  const pid = await pidIn(pidFileOf(cluster));
  if (pid === undefined || !worksIn(cluster, Math.abs(pid))) return undefined;
  if (pid < 0) throw inUse(folder, `PostgreSQL in single-user mode (process ${-pid})`);
  return pid;
}

/** Only a postmaster that was started just as we would start it is taken over; any other is stopped. */
async function adopt(launch: Launch, pid: number): Promise<Postmaster | undefined> {
  const { cluster } = launch.place;
  const postmaster: Postmaster = { pid, adopted: true, hasEnded: () => !worksIn(cluster, pid) };
  const options = await readFile(join(cluster, "postmaster.opts"), "utf8").catch(nullIfMissing);
  if (options?.trim() !== commandLine(launch)) {
    await endPostmaster(postmaster);
    return undefined;
  }
  // It may have been told before that others may connect.
  signal(pid, "SIGHUP");
  const version = await awaitAnswer(launch, postmaster);
  if (version === launch.binaries.version) return postmaster;
  await endPostmaster(postmaster);
  return undefined;
}

async function start(launch: Launch): Promise<Postmaster> {
  const { place, binaries } = launch;
  const log = await openLog(launch.log);
  let child: ChildProcess;
  try {
    // A session of its own: Ctrl-C in our terminal is not for PostgreSQL.
    child = spawn(binaries.postgres, parametersOf(launch), {
      ...runAs(place.owner),
      cwd: "/",
      env: environment,
      detached: true,
      stdio: ["ignore", log.file.fd, log.file.fd],
    });
    await once(child, "spawn");
  } finally {
    await log.file.close();
  }
  child.unref();
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const postmaster: Postmaster = { pid: child.pid ?? -1, adopted: false, hasEnded };
  const version = await awaitAnswer(launch, postmaster);
  // One that a killed server launched a moment ago may be the one that answered.
  if (version !== undefined && (await pidIn(pidFileOf(place.cluster))) === postmaster.pid) return postmaster;
  while (!hasEnded()) await pause(pollMs);
  throw startFailed(place.folder, await log.wordsSince(), `the whole log is ${launch.log}`);
}

/** @returns the server's version once it answers, or undefined if it ended before that. */
async function awaitAnswer(launch: Launch, postmaster: Postmaster): Promise<string | undefined> {
  let until = Date.now() + answerMs;
  // Each refusal is a line in the log, so a long recovery is asked less and less often.
  for (let waitMs = pollMs; ; waitMs = Math.min(waitMs * 1.2, slowestPollMs)) {
    try {
      return await askVersion(launch.place);
    } catch (cause) {
      if (postmaster.hasEnded()) return undefined;
      // It says that it recovers from a crash, which takes as long as it takes.
      if (codeOf(cause) === startingUp) until = Date.now() + answerMs;
      if (Date.now() > until) {
        await endPostmaster(postmaster);
        throw startFailed(
          launch.place.folder,
          String(cause),
          `PostgreSQL ran but did not answer; its log is ${launch.log}`,
        );
      }
      await pause(waitMs);
    }
  }
}

async function askVersion(place: Place): Promise<string> {
  return connected(place, async (client) => {
    const { rows } = await client.query<{ version: string }>(
      "select current_setting('server_version') as version",
    );
    return rows[0]?.version ?? "";
  });
}

/** Makes the database `lockstep`, unless it is there. */
export async function ensureDatabase(place: Place): Promise<void> {
  await connected(place, async (client) => {
    const found = await client.query("select from pg_database where datname = $1", [superuser]);
    if (found.rowCount === 0) await client.query(`create database ${superuser}`);
  });
}

async function connected<Result>(place: Place, use: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({
    host: place.socketFolder,
    port,
    user: superuser,
    database: "postgres",
    ssl: false,
    connectionTimeoutMillis: 5_000,
    application_name: "lockstep-supervisor",
  });
  client.on("error", () => undefined); // whoever waits for a query is told
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Shuts PostgreSQL down: open transactions are rolled back, everything acknowledged is on disk. */
export async function endPostmaster(postmaster: Postmaster): Promise<void> {
  for (const { name, forMs } of shutdowns) {
    if (!postmaster.hasEnded()) signal(postmaster.pid, name);
    const until = Date.now() + forMs;
    while (!postmaster.hasEnded() && Date.now() < until) await pause(pollMs);
  }
}

async function endLeftBehind(cluster: string): Promise<void> {
  const until = Date.now() + patienceMs;
  for (const pid of listLeftBehind(cluster)) signal(pid, "SIGQUIT");
  while (listLeftBehind(cluster).length > 0 && Date.now() < until) await pause(pollMs);
}

// PostgreSQL takes any process of its user for its predecessor, be it a zombie that nobody buries or, in a
// container where numbers come round soon, another program. Its second guard, the memory that its processes
// share, does not depend on these files.
async function removeDisproved({ cluster, socketFolder }: Place): Promise<void> {
  for (const file of [pidFileOf(cluster), join(socketFolder, `.s.PGSQL.${port}.lock`)]) {
    const pid = await pidIn(file);
    if (pid !== undefined && isProvenOther(cluster, Math.abs(pid))) await rm(file);
  }
}

function parametersOf({ place, settings }: Launch): string[] {
  return [
    "-D",
    place.cluster,
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
}

/** As PostgreSQL notes it in `postmaster.opts`. */
function commandLine(launch: Launch): string {
  return [launch.binaries.postgres, ...parametersOf(launch).map((each) => `"${each}"`)].join(" ");
}
