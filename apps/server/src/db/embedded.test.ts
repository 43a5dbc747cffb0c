// The life of the embedded database: first start, later starts, kills, and its end.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import pg from "pg";
import { expect, onTestFinished, test } from "vitest";

import { worksIn } from "./embedded/trace.ts";
import { startEmbeddedPostgres } from "./embedded.ts";
import { OperatorError, operatorErrorCodes } from "./operator-error.ts";
import {
  ask,
  isRoot,
  newOptions,
  otherServer,
  postmasterOf,
  started,
  temporaryFolder,
  unfinishedIn,
  until,
} from "./testing/embedded-servers.ts";

test("the embedded database is UTF-8, sorts the same on every machine and checks its pages", async () => {
  const database = await started(await newOptions());
  const settings = `select concat_ws(' ', datlocprovider, datlocale, pg_encoding_to_char(encoding),
    current_setting('data_checksums'), current_setting('timezone'))
    from pg_database where datname = current_database()`;
  expect(await ask(database, settings)).toBe("b C.UTF-8 UTF8 on UTC");
});

test("the embedded database keeps what it acknowledged through a power cut, unless told to be for tests", async () => {
  const durability = `select concat_ws(' ', current_setting('fsync'), current_setting('synchronous_commit'),
    current_setting('full_page_writes'))`;
  const options = await newOptions({ durability: "durable" });
  const durable = await started(options);
  expect(await ask(durable, durability)).toBe("on on on");
  await durable.stop();
  const throwAway = await started({ ...options, durability: "throw-away" });
  expect(await ask(throwAway, durability)).toBe("off off off");
});

test("the embedded database listens on a private socket and nowhere else", async () => {
  const database = await started(await newOptions());
  expect(await ask(database, "show listen_addresses")).toBe("");
  expect((await stat(database.connection.host)).mode & 0o777).toBe(0o700);
});

test("the embedded database refuses every role but lockstep", async () => {
  const database = await started(await newOptions());
  await ask(database, "create role somebody superuser login");
  const client = new pg.Client({ ...database.connection, user: "somebody" });
  await expect(client.connect()).rejects.toThrow(/no pg_hba.conf entry/);
});

test.runIf(isRoot)("the embedded database lets its own user in, and no other user of the machine", async () => {
  // The socket is opened up, so that the refusal is PostgreSQL's.
  const options = await newOptions({ settings: { unix_socket_permissions: "0777" } });
  const database = await started(options);
  const { uid } = await stat(join(database.folder, "cluster"));
  await openUp(database.connection.host);
  expect(await connectAs(uid, database.connection)).toBe("connected");
  expect(await connectAs(65534 === uid ? 65533 : 65534, database.connection)).toMatch(/[Pp]eer authentication failed/);
});

async function openUp(folder: string): Promise<void> {
  const { chmod } = await import("node:fs/promises");
  await chmod(folder, 0o755);
}

/** What a user of that number is told. The program is handed over as text, for the tree may be private. */
async function connectAs(uid: number, connection: { host: string; port: number }): Promise<string> {
  const startup = `
    const { host, port } = JSON.parse(process.argv[1]);
    const socket = require("node:net").connect(host + "/.s.PGSQL." + port);
    const body = Buffer.from("\\0\\x03\\0\\0user\\0lockstep\\0database\\0lockstep\\0\\0");
    const size = Buffer.alloc(4);
    size.writeInt32BE(body.length + 4);
    socket.write(Buffer.concat([size, body]));
    socket.on("error", (error) => console.log(error.message));
    socket.on("data", (bytes) => {
      console.log(bytes.toString("latin1", 0, 1) === "R" ? "connected" : bytes.toString("latin1"));
      socket.destroy();
    });`;
  const child = spawn(process.execPath, ["-e", startup, JSON.stringify(connection)], {
    uid,
    gid: uid,
    cwd: "/",
    stdio: ["ignore", "pipe", "inherit"],
  });
  let words = "";
  child.stdout.on("data", (bytes: Buffer) => (words += bytes.toString()));
  await once(child, "close");
  return words.trim();
}

test("what was written is there after the next start", async () => {
  const options = await newOptions();
  const first = await started(options);
  await ask(first, "create table notes as select 'kept' as note");
  await first.stop();
  const second = await started(options);
  expect(second.adopted).toBe(false);
  expect(await ask(second, "select note from notes")).toBe("kept");
});

test("a folder name with spaces, commas and quotes is a folder name", async () => {
  const folder = join(await temporaryFolder(), `Käthe's "a", b`);
  const database = await started(await newOptions({ folder }));
  expect(await ask(database, "select 1")).toBe(1);
});

test("a killed server's PostgreSQL is taken over by the next server", async () => {
  const options = await newOptions();
  const first = await otherServer(options);
  first.tell("start");
  await first.next("started");
  const postmaster = await postmasterOf(options.folder);
  await first.kill();

  const second = await started(options);
  expect(second.adopted).toBe(true);
  expect(await postmasterOf(options.folder)).toBe(postmaster);
  await second.stop();
  expect(worksIn(join(options.folder, "cluster"), postmaster)).toBe(false);
});

test("a PostgreSQL left behind with other settings is not taken over as it is", async () => {
  const options = await newOptions();
  const first = await otherServer(options);
  first.tell("start");
  await first.next("started");
  await first.kill();

  const second = await started({ ...options, settings: { work_mem: "5MB" } });
  expect(second.adopted).toBe(false);
  expect(await ask(second, "show work_mem")).toBe("5MB");
});

test("a server killed in its first start leaves nothing in the way of the next one", async () => {
  const options = await newOptions();
  const first = await otherServer(options);
  first.tell("start");
  await until(async () => (await unfinishedIn(options.folder).catch(() => [])).some((name) => name.startsWith("cluster")));
  await first.kill();
  expect(await unfinishedIn(options.folder)).not.toEqual([]);

  const second = await started(options);
  expect(await ask(second, "select 1")).toBe(1);
  expect(await unfinishedIn(options.folder)).toEqual([]);
});

test("a PostgreSQL that died, but that the system has not buried yet, is waited for", async () => {
  const options = await newOptions();
  await (await startEmbeddedPostgres(options)).stop();
  const { uid, gid } = await stat(join(options.folder, "cluster"));
  // A parent that never asks after its child.
  const launch = [process.execPath, "-e", "", "x"].length > 0 ? `"$@" >/dev/null 2>&1 & exec sleep 60` : "";
  const { postgres, parameters } = await lastCommand(options.folder);
  const parent = spawn("/bin/sh", ["-c", launch, "sh", postgres, ...parameters], { uid, gid, cwd: "/", stdio: "ignore" });
  onTestFinished(() => void parent.kill("SIGKILL"));
  const zombie = await until(() => postmasterOf(options.folder));
  await until(async () => (await readFile(join(options.folder, "cluster", "postmaster.pid"), "utf8")).includes("ready"));
  process.kill(zombie, "SIGKILL");
  await until(async () => /^State:\s+Z/m.test(await readFile(`/proc/${zombie}/status`, "utf8")));

  const starting = started(options);
  const log = join(options.folder, "postgres.log");
  await until(async () => (await readFile(log, "utf8")).includes(`lock file "postmaster.pid" already exists`));
  parent.kill("SIGKILL");
  expect(await ask(await starting, "select 1")).toBe(1);
});

/** How PostgreSQL was started the last time. */
async function lastCommand(folder: string): Promise<{ postgres: string; parameters: string[] }> {
  const line = (await readFile(join(folder, "cluster", "postmaster.opts"), "utf8")).trim();
  const [postgres = "", ...parameters] = line.split(/ "|" "/).map((part) => part.replace(/"$/, ""));
  return { postgres, parameters };
}

test("a postmaster.pid that names another program by now is no obstacle", async () => {
  const options = await newOptions();
  await (await startEmbeddedPostgres(options)).stop();
  const { uid, gid } = await stat(join(options.folder, "cluster"));
  const other = spawn("sleep", ["60"], { uid, gid, stdio: "ignore" });
  onTestFinished(() => void other.kill("SIGKILL"));
  await once(other, "spawn");
  await writeFile(join(options.folder, "cluster", "postmaster.pid"), `${other.pid ?? 0}\n`);

  const database = await started(options);
  expect(await ask(database, "select 1")).toBe(1);
  expect(other.exitCode).toBe(null);
});

test("a busy query that outlived its PostgreSQL does not keep the next one from starting", async () => {
  const options = await newOptions({ settings: { max_parallel_workers: "0" } });
  const first = await otherServer(options);
  first.tell("start");
  await first.next("started");
  await first.kill();
  const second = await started(options);
  const busy = ask(second, "select count(*) from generate_series(1, 1000000000)").catch(() => "lost");
  await until(() => ask(second, "select true from pg_stat_activity where query like '%1000000000)' and state = 'active' and pid <> pg_backend_pid()"));
  process.kill(await postmasterOf(options.folder), "SIGKILL");

  await until(() => ask(second, "select 1").catch(() => undefined));
  expect(await busy).toBe("lost");
});

test("a second server on the same folder is refused and told who holds it", async () => {
  const options = await newOptions();
  const first = await otherServer(options);
  first.tell("start");
  await first.next("started");
  await expect(startEmbeddedPostgres(options)).rejects.toMatchObject({
    code: "embedded-folder-in-use",
    sentence: expect.stringContaining(`process ${first.pid}`),
  });
  first.tell("stop");
  await first.next("stopped");
  expect(await ask(await started(options), "select 1")).toBe(1);
});

test("a folder stays held after an attempt of the same process to start on it again", async () => {
  const options = await newOptions();
  await started(options);
  const again = startEmbeddedPostgres(options);
  await expect(again).rejects.toMatchObject({ sentence: expect.stringContaining(`process ${process.pid}`) });
  const other = await otherServer(options);
  other.tell("start");
  expect(await other.next("started", "refused")).toMatchObject({ code: "embedded-folder-in-use" });
});

test("kill -9 of the server and of PostgreSQL, twelve times while writing, loses nothing acknowledged", async () => {
  const options = await newOptions({ durability: "durable" });
  const acknowledged: string[] = [];
  for (let round = 0; round < 4; round++) {
    const server = await otherServer(options);
    server.tell("start");
    expect((await server.next("started", "refused")).event).toBe("started");
    server.tell("write");
    for (let kills = 0; kills < 2; kills++) {
      await server.next("acknowledged");
      process.kill(await postmasterOf(options.folder), "SIGKILL");
      await server.next("restarted");
    }
    await server.next("acknowledged");
    await server.kill();
    acknowledged.push(...server.events.flatMap(({ id }) => id ?? []));
  }
  const database = await started(options);
  const present = await ask(database, "select array_agg(id::text) from notes");
  expect(new Set(acknowledged).difference(new Set(Array.isArray(present) ? present : []))).toEqual(new Set());
  await database.stop();
  expect(await ask(await started(options), "select count(*)::int from notes")).toBeGreaterThanOrEqual(acknowledged.length);
});

test("a PostgreSQL that dies is started again; one that keeps dying is given up, and the server is told", async () => {
  let told: OperatorError | undefined;
  let restarts = 0;
  const options = await newOptions({ onRestart: () => restarts++, onGaveUp: (error) => (told = error) });
  const database = await started(options);
  for (let deaths = 1; deaths <= 5; deaths++) {
    process.kill(await postmasterOf(options.folder), "SIGKILL");
    await until(() => told !== undefined || restarts === deaths);
  }
  expect(restarts).toBe(4);
  expect(told?.code).toBe("embedded-gave-up");
  await database.stop();
  expect(await ask(await started(options), "select 1")).toBe(1);
});

test("Ctrl-C in the server's terminal does not reach PostgreSQL, and a killed server's output is let go", async () => {
  const options = await newOptions();
  const server = await otherServer(options);
  server.tell("start");
  await server.next("started");
  process.kill(-server.pid, "SIGINT");
  await server.next("interrupted");
  await server.kill(); // returns once nobody holds the output
  expect((await started(options)).adopted).toBe(true);
});

test("stop ends PostgreSQL although connections are open", async () => {
  const options = await newOptions();
  const database = await started(options);
  const client = new pg.Client(database.connection);
  client.on("error", () => undefined);
  await client.connect();
  const postmaster = await postmasterOf(options.folder);
  await Promise.all([database.stop(), database.stop()]);
  expect(worksIn(join(options.folder, "cluster"), postmaster)).toBe(false);
  await client.end();
});

test("PostgreSQL's log makes room once it has grown large", async () => {
  const options = await newOptions();
  await mkdir(options.folder, { mode: 0o711 });
  await writeFile(join(options.folder, "postgres.log"), "x".repeat(11 * 1024 * 1024));
  const database = await started(options);
  const log = await readFile(database.log, "utf8");
  expect(log).toContain("ready to accept connections");
  expect(log.length).toBeLessThan(100_000);
});

test("a PostgreSQL that cannot start says why in its own words", async () => {
  const options = await newOptions({ settings: { shared_buffers: "plenty" } });
  await expect(startEmbeddedPostgres(options)).rejects.toMatchObject({
    code: "embedded-start-failed",
    sentence: expect.stringContaining(`invalid value for parameter "shared_buffers": "plenty"`),
  });
});

test("a database of another PostgreSQL major version is left alone", async () => {
  const options = await newOptions();
  await (await startEmbeddedPostgres(options)).stop();
  await writeFile(join(options.folder, "cluster", "PG_VERSION"), "17\n");
  await expect(startEmbeddedPostgres(options)).rejects.toMatchObject({
    code: "embedded-folder-of-other-major",
    sentence: expect.stringMatching(/PostgreSQL 17.*PostgreSQL 18/),
  });
});

test("a folder with something else in the database's place is left alone", async () => {
  const options = await newOptions();
  await mkdir(join(options.folder, "cluster"), { recursive: true, mode: 0o711 });
  await writeFile(join(options.folder, "cluster", "letter.txt"), "dear diary");
  await expect(startEmbeddedPostgres(options)).rejects.toMatchObject({ code: "embedded-folder-damaged" });
});

test("what the operator is told has a code that stays", () => {
  expect([...operatorErrorCodes].sort()).toEqual(operatorErrorCodes);
  expect(operatorErrorCodes.filter((code) => code.startsWith("embedded-"))).toMatchInlineSnapshot();
});
