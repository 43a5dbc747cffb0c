// Where the embedded database lives when the asked-for place does not do.

import { chmod, chown, mkdir, readFile, rename, rm, rmdir, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { describe, expect, onTestFinished, test } from "vitest";

import {
  ask,
  isRoot,
  newOptions,
  otherServer,
  prepareCluster,
  refusal,
  started,
  temporaryFolder,
  usedOptions,
} from "../testing/embedded-servers.ts";
import { startEmbeddedPostgres } from "../embedded.ts";
import { canEnter } from "./owner.ts";

prepareCluster();

test("a database folder whose path is too long for a socket works, and its socket is private all the same", async () => {
  const folder = join(await temporaryFolder(), "a-folder-with-a-long-name".repeat(6));
  const database = await started(await usedOptions({ folder }));
  expect(await ask(database, "select 1")).toBe(1);
  expect(dirname(database.connection.host)).toBe(tmpdir());
  expect((await stat(database.connection.host)).mode & 0o777).toBe(0o700);
  await database.stop();
  await expect(stat(database.connection.host)).rejects.toThrow("ENOENT");
});

test("a socket folder that somebody else has put there is not trusted", async () => {
  const folder = join(await temporaryFolder(), "a-folder-with-a-long-name".repeat(6));
  const options = await usedOptions({ folder });
  const database = await started(options);
  const { host } = database.connection;
  await database.stop();

  onTestFinished(() => rm(host, { recursive: true, force: true }));
  await symlink(await temporaryFolder(), host);
  expect(await refusal(options)).toMatch(/^embedded-socket-folder-taken: /);
  await rm(host);
  await mkdir(host);
  await chmod(host, 0o777);
  expect(await refusal(options)).toMatch(/^embedded-socket-folder-taken: /);
});

test("a folder that cannot be made is the operator's to put right", async () => {
  const file = join(await temporaryFolder(), "file");
  await writeFile(file, "");
  const options = { folder: join(file, "database") };
  expect(await refusal(options)).toMatch(/^embedded-folder-not-writable: /);
});

test("the embedded database says that it does not run on Windows", async () => {
  const platform = Object.getOwnPropertyDescriptor(process, "platform") ?? {};
  onTestFinished(() => void Object.defineProperty(process, "platform", platform));
  Object.defineProperty(process, "platform", { ...platform, value: "win32" });
  expect(await refusal({ folder: "unused" })).toMatch(/^embedded-unsupported-platform: .*Windows/);
});

describe.runIf(isRoot)("started as root", () => {
  test("PostgreSQL runs as an unprivileged user", async () => {
    const database = await started(await newOptions());
    const status = await readFile(
      `/proc/${(await readFile(join(database.folder, "cluster", "postmaster.pid"), "utf8")).split("\n")[0] ?? ""}/status`,
      "utf8",
    );
    expect(status).toMatch(/^Uid:\s+[1-9]/m);
    expect(status).toMatch(/^Groups:\s*$/m);
  });

  test("PostgreSQL cannot replace what the server keeps beside it", async () => {
    const database = await started(await newOptions());
    const { uid, mode } = await stat(database.folder);
    expect([uid, mode & 0o777]).toEqual([0, 0o711]);
    for (const name of ["lock", "holder", "postgres.log", "pg_hba.conf", "pg_ident.conf"]) {
      expect((await stat(join(database.folder, name))).uid).toBe(0);
    }
    expect((await stat(join(database.folder, "lock"))).mode & 0o777).toBe(0o600);
  });

  test("PostgreSQL runs as the user whose folder it is, who can later start without root", async ({
    skip,
  }) => {
    const nobody = { uid: 65534, gid: 65534 };
    const options = await newOptions();
    await mkdir(options.folder, { mode: 0o700 });
    await chown(options.folder, nobody.uid, nobody.gid);
    const asRoot = await started(options);
    await ask(asRoot, "create table notes as select 'kept' as note");
    await asRoot.stop();
    expect((await stat(join(options.folder, "cluster"))).uid).toBe(nobody.uid);
    for (const name of ["lock", "postgres.log", "pg_hba.conf", "pg_ident.conf"]) {
      expect((await stat(join(options.folder, name))).uid).toBe(nobody.uid);
    }
    const user = { ...nobody, name: "nobody", isAnother: true };
    skip(!(await canEnter(import.meta.dirname, user)), "other users of this machine cannot run the server");
    const server = await otherServer(options, nobody.uid);
    server.tell("start");
    expect(await server.next("started", "refused")).toMatchObject({ event: "started" });
    await server.kill();
    const again = await started(options);
    expect(await ask(again, "select note from notes")).toBe("kept");
  });

  test("a folder under a private home works: the database moves to where its user can reach it", async () => {
    const home = await temporaryFolder();
    await chmod(home, 0o700);
    const options = await newOptions({ folder: join(home, "data", "database") });
    const database = await started(options);
    cleanUpElsewhere(database.folder);
    expect(database.folder).toMatch(/^\/var\/lib\/lockstep\/[0-9a-f]{16}$/);
    await ask(database, "create table notes as select 'kept' as note");
    await database.stop();

    // The folder may be moved with the clone it is in, or become reachable: the database stays where it is.
    await rename(join(home, "data"), join(home, "moved"));
    await chmod(home, 0o711);
    const again = await started({ ...options, folder: join(home, "moved", "database") });
    expect(again.folder).toBe(database.folder);
    expect(await ask(again, "select note from notes")).toBe("kept");
  });

  test("a database that has become unreachable is not replaced by an empty one", async () => {
    const options = await usedOptions();
    await (await startEmbeddedPostgres(options)).stop();
    await chmod(dirname(options.folder), 0o700);
    expect(await refusal(options)).toMatch(new RegExp(`^embedded-folder-unreachable: .*${options.folder}`));
    await chmod(dirname(options.folder), 0o711);
  });

  test("a private folder that was made for the database is where it goes", async () => {
    const folder = join(await temporaryFolder(), "private");
    await mkdir(folder, { mode: 0o700 });
    expect((await started(await newOptions({ folder }))).folder).toBe(folder);
  });

  test("a strict umask does not shut PostgreSQL's user out", async () => {
    const before = process.umask(0o077);
    onTestFinished(() => void process.umask(before));
    const folder = join(await temporaryFolder(), "made", "on", "the", "way");
    const database = await started(await newOptions({ folder }));
    expect(database.folder).toBe(folder);
  });
});

function cleanUpElsewhere(folder: string): void {
  onTestFinished(async () => {
    await rm(folder, { recursive: true, force: true });
    await rmdir(dirname(folder)).catch(() => undefined); // others may live there
  });
}
