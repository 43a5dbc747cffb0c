// What tests of the embedded database stand on: folders that go away again, servers in processes of their
// own, and waiting for a condition.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import pg from "pg";
import { afterAll, beforeAll, onTestFinished, vi } from "vitest";
import { z } from "zod";

import { exists } from "../embedded/place.ts";
import { pidFileOf, pidIn } from "../embedded/trace.ts";
import { startEmbeddedPostgres, type EmbeddedOptions, type EmbeddedPostgres } from "../embedded.ts";
import { OperatorError } from "../operator-error.ts";

const run = promisify(execFile);
const program = fileURLToPath(new URL("embedded-program.ts", import.meta.url));
const reported = z.object({
  event: z.string(),
  adopted: z.boolean().optional(),
  code: z.string().optional(),
  sentence: z.string().optional(),
  id: z.string().optional(),
});

type Reported = z.infer<typeof reported>;

export const isRoot = process.getuid?.() === 0;

/** Waits for a condition, at most 20 seconds. */
export async function until<Result>(
  condition: () => Result | false | Promise<Result | false>,
): Promise<Result> {
  return vi.waitUntil(condition, { timeout: 20_000, interval: 5 });
}

/** A disk in memory, where there is one with room, makes a new database ten times as fast. */
async function makeTemporaryFolder(): Promise<string> {
  const memory = await statfs("/dev/shm").catch(() => ({ bavail: 0, bsize: 0 }));
  const parent = memory.bavail * memory.bsize > 2 ** 31 ? "/dev/shm" : tmpdir();
  const folder = await mkdtemp(join(parent, "lockstep-test-"));
  await chmod(folder, 0o711);
  return folder;
}

/** A folder that others may pass through, gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await makeTemporaryFolder();
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Options for a throw-away database in a new folder. What still runs there after the test is stopped. */
export async function newOptions(more: Partial<EmbeddedOptions> = {}): Promise<EmbeddedOptions> {
  const options: EmbeddedOptions = {
    folder: join(await temporaryFolder(), "database"),
    durability: "throw-away",
    ...more,
  };
  onTestFinished(async () => {
    if ((await pidIn(pidFileOf(join(options.folder, "cluster")))) === undefined) return;
    await (await startEmbeddedPostgres(options)).stop();
  });
  return options;
}

/** Prepared once per test file, because initdb takes most of a first start. */
export function prepareCluster(): void {
  let folder = "";
  beforeAll(async () => {
    folder = await makeTemporaryFolder();
    await (await startEmbeddedPostgres({ folder, durability: "throw-away" })).stop();
    prepared = folder;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
}

let prepared = "";

/** As `newOptions`, for a folder that was started on before. */
export async function usedOptions(more: Partial<EmbeddedOptions> = {}): Promise<EmbeddedOptions> {
  const options = await newOptions(more);
  await mkdir(options.folder, { mode: 0o711, recursive: true });
  await run("cp", ["-a", join(prepared, "cluster"), options.folder]);
  // There only where PostgreSQL's user cannot read the programs where npm has put them.
  const runtime = join(prepared, "runtime");
  if (await exists(runtime)) await run("cp", ["-al", runtime, options.folder]);
  return options;
}

/** Starts in this process; stopped after the test at the latest. */
export async function started(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const database = await startEmbeddedPostgres(options);
  onTestFinished(() => database.stop());
  return database;
}

/** What the query returns first. */
export async function ask(database: EmbeddedPostgres, text: string): Promise<unknown> {
  const client = new pg.Client(database.connection);
  client.on("error", () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text, rowMode: "array" });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

/** The code and the sentence with which a start is refused. */
export async function refusal(options: EmbeddedOptions): Promise<string> {
  try {
    await started(options);
    return "started";
  } catch (cause) {
    if (cause instanceof OperatorError) return `${cause.code}: ${cause.sentence}`;
    throw cause;
  }
}

export async function postmasterOf(folder: string): Promise<number> {
  return (await pidIn(pidFileOf(join(folder, "cluster")))) ?? 0;
}

export async function unfinishedIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.includes(".new-"));
}

export interface OtherServer {
  readonly pid: number;
  readonly events: readonly Reported[];
  /** Waits for the next event of that kind after the last one waited for. */
  next(...kinds: string[]): Promise<Reported>;
  tell(command: "start" | "stop" | "write"): void;
  /** Kills the process and waits until nobody holds its output any more. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** A server in a process (and process group) of its own, which waits to be told. */
export async function otherServer(options: EmbeddedOptions, uid?: number): Promise<OtherServer> {
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const events: Reported[] = [];
  const closed = once(child, "close");
  createInterface(child.stdout).on("line", (line) => events.push(reported.parse(JSON.parse(line))));
  let seen = 0;
  const server: OtherServer = {
    pid: child.pid ?? 0,
    events,
    next: async (...kinds) => {
      const found = await until(() => events.slice(seen).find(({ event }) => kinds.includes(event)) ?? false);
      seen = events.indexOf(found) + 1;
      return found;
    },
    tell: (command) => child.stdin.write(`${command}\n`),
    kill: async (signal = "SIGKILL") => {
      child.kill(signal);
      await closed;
    },
  };
  onTestFinished(() => server.kill());
  await server.next("here");
  return server;
}
