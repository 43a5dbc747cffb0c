// PostgreSQL's own folder: how it is made, and who is let in.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import pg from "pg";
import { expect, onTestFinished, test, vi } from "vitest";

import { startEmbeddedPostgres } from "../embedded.ts";
import {
  ask,
  isRoot,
  newOptions,
  otherServer,
  prepareCluster,
  refusal,
  started,
  unfinishedIn,
  until,
  usedOptions,
} from "../testing/embedded-servers.ts";
import { canEnter } from "./owner.ts";

prepareCluster();

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
  const options = await usedOptions({ durability: "durable" });
  const durable = await started(options);
  expect(await ask(durable, durability)).toBe("on on on");
  await durable.stop();
  const throwAway = await started({ ...options, durability: "throw-away" });
  expect(await ask(throwAway, durability)).toBe("off off off");
});

test("the embedded database listens on a private socket and nowhere else", async () => {
  const database = await started(await usedOptions());
  expect(await ask(database, "show listen_addresses")).toBe("");
  expect((await stat(database.connection.host)).mode & 0o777).toBe(0o700);
});

test("what the environment says about other PostgreSQLs does not concern the embedded one", async () => {
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv("PGSSLMODE", "require");
  vi.stubEnv("PGHOST", "elsewhere");
  vi.stubEnv("PGPORT", "1");
  vi.stubEnv("PGDATA", "/nowhere");
  expect(await ask(await started(await usedOptions()), "select 1")).toBe(1);
});

test("the embedded database refuses every role but lockstep", async () => {
  const database = await started(await usedOptions());
  await ask(database, "create role somebody superuser login");
  const client = new pg.Client({ ...database.connection, user: "somebody" });
  await expect(client.connect()).rejects.toThrow(/no pg_hba.conf entry/);
});

test.runIf(isRoot)(
  "the embedded database lets its own user in, and no other user of the machine",
  async ({ skip }) => {
    skip(!(await canRunPrograms()), "other users of this machine cannot run Node.js");
    // The socket is opened up, so that the refusal is PostgreSQL's.
    const options = await usedOptions({ settings: { unix_socket_permissions: "0777" } });
    const database = await started(options);
    const { uid } = await stat(join(database.folder, "cluster"));
    await chmod(database.connection.host, 0o755);
    expect(await connectAs(uid, database.connection)).toBe("connected");
    expect(await connectAs(65534 === uid ? 65533 : 65534, database.connection)).toMatch(
      /[Pp]eer authentication failed/,
    );
  },
);

async function canRunPrograms(): Promise<boolean> {
  return canEnter(dirname(process.execPath), { uid: 65534, gid: 65534, name: "nobody", isAnother: true });
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

test("a server killed in its first start leaves nothing in the way of the next one", async () => {
  const options = await newOptions();
  const first = await otherServer(options);
  first.tell("start");
  await until(async () =>
    (await unfinishedIn(options.folder).catch(() => [])).some((name) => name.startsWith("cluster")),
  );
  await first.kill();
  expect(await unfinishedIn(options.folder)).not.toEqual([]);

  const second = await started(options);
  expect(await ask(second, "select 1")).toBe(1);
  expect(await unfinishedIn(options.folder)).toEqual([]);
});

test("a database of another PostgreSQL major version is left alone", async () => {
  const options = await usedOptions();
  await (await startEmbeddedPostgres(options)).stop();
  await writeFile(join(options.folder, "cluster", "PG_VERSION"), "17\n");
  expect(await refusal(options)).toMatch(/^embedded-folder-of-other-major: .*PostgreSQL 17.*PostgreSQL 18/);
});

test("a folder with something else in the database's place is left alone", async () => {
  const options = await newOptions();
  await mkdir(join(options.folder, "cluster"), { recursive: true, mode: 0o711 });
  await writeFile(join(options.folder, "cluster", "letter.txt"), "dear diary");
  expect(await refusal(options)).toMatch(/^embedded-folder-damaged: /);
});
