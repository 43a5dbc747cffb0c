// PostgreSQL's programs: made whole, and put where their user can read them.

import { execFile } from "node:child_process";
import {
  chmod,
  cp,
  mkdir,
  readFile,
  readdir,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import {
  ask,
  isRoot,
  newOptions,
  prepareCluster,
  refusal,
  started,
  temporaryFolder,
  usedOptions,
} from "../testing/embedded-servers.ts";
import { startEmbeddedPostgres } from "../embedded.ts";
import { packagedBinaries, repairLinks } from "./binaries.ts";

const run = promisify(execFile);

prepareCluster();

/** As npm unpacks them: whole, but for the links between the libraries. */
async function unpackedBinaries(): Promise<string> {
  const folder = join(await temporaryFolder(), "native");
  await run("cp", ["-r", packagedBinaries(), folder]);
  await run("find", [folder, "-type", "l", "-delete"]);
  return folder;
}

test("the links between PostgreSQL's libraries are made at the first start", async () => {
  const binaries = await unpackedBinaries();
  const database = await started(await usedOptions({ binaries }));
  expect(await ask(database, "select 1")).toBe(1);
  expect(await readlink(join(binaries, "lib", "libpq.so.5"))).toMatch(/^libpq\.so\.5\.\d+$/);
});

test("the links between the libraries may be made by many at once, again, and over broken ones", async () => {
  const native = join(await temporaryFolder(), "native");
  await mkdir(join(native, "lib"), { recursive: true });
  const links = Array.from({ length: 30 }, (_, each) => ({
    source: `native/lib/lib${each}.so.1.2`,
    target: `native/lib/lib${each}.so`,
  }));
  await writeFile(join(native, "pg-symlinks.json"), JSON.stringify(links));
  await symlink("nowhere", join(native, "lib", "lib0.so"));
  await Promise.all(Array.from({ length: 20 }, () => repairLinks(native)));
  await repairLinks(native);
  const names = await readdir(join(native, "lib"));
  expect(names).toHaveLength(30);
  for (const name of names) expect(await readlink(join(native, "lib", name))).toBe(`${name}.1.2`);
});

test.runIf(isRoot)(
  "programs that PostgreSQL's user cannot read are copied to the database's folder",
  async () => {
    const binaries = await unpackedBinaries();
    await chmod(join(binaries, ".."), 0o700);
    const options = await usedOptions({ binaries });
    const database = await started(options);
    expect(await ask(database, "select 1")).toBe(1);
    const [copy = ""] = await readdir(join(database.folder, "runtime"));
    const opts = await readFile(join(database.folder, "cluster", "postmaster.opts"), "utf8");
    expect(opts).toContain(join(database.folder, "runtime", copy, "bin", "postgres"));
    await database.stop();

    const before = await stat(join(database.folder, "runtime", copy));
    await (await startEmbeddedPostgres(options)).stop();
    expect((await stat(join(database.folder, "runtime", copy))).ctimeMs).toBe(before.ctimeMs);

    // As after an update.
    await rm(join(binaries, "bin", "postgres"));
    await cp(join(packagedBinaries(), "bin", "postgres"), join(binaries, "bin", "postgres"));
    await (await startEmbeddedPostgres(options)).stop();
    const copies = await readdir(join(database.folder, "runtime"));
    expect(copies).toHaveLength(1);
    expect(copies).not.toContain(copy);
  },
);

test.runIf(isRoot)(
  "programs that a strict umask has made private are copied, and the copy can be run",
  async () => {
    const binaries = await unpackedBinaries();
    for (const name of ["bin/postgres", "bin/initdb"]) await chmod(join(binaries, name), 0o700);
    for (const name of ["bin", "lib", "share"]) await chmod(join(binaries, name), 0o700);
    const database = await started(await newOptions({ binaries }));
    expect(await ask(database, "select 1")).toBe(1);
  },
);

test("the operating system's PostgreSQL may be used instead, from 15 on", async ({ skip }) => {
  const majors = await readdir("/usr/lib/postgresql").catch(() => []);
  const newest = Math.max(0, ...majors.map(Number).filter((major) => major >= 15));
  skip(newest === 0, "this machine has no PostgreSQL of its own");
  const options = await newOptions({ binaries: `/usr/lib/postgresql/${newest}` });
  const first = await started(options);
  expect(await ask(first, "show server_version")).toMatch(new RegExp(`^${newest}\\.`));
  expect(await ask(first, "select current_setting('data_checksums')")).toBe("on");
  await first.stop();
  expect(await ask(await started(options), "show server_encoding")).toBe("UTF8");
});

test("programs that are not there, do not run or are too old are named", async () => {
  const binaries = await temporaryFolder();
  await chmod(binaries, 0o755);
  const options = await newOptions({ binaries });
  expect(await refusal(options)).toMatch(/^embedded-binaries-missing: /);
  await mkdir(join(binaries, "bin"), { mode: 0o755 });
  const program = async (text: string) => {
    for (const name of ["postgres", "initdb"])
      await writeFile(join(binaries, "bin", name), text, { mode: 0o755 });
  };
  await program("#!/bin/sh\necho 'cannot open shared object file' >&2; exit 127\n");
  expect(await refusal(options)).toMatch(
    /^embedded-binaries-not-runnable: .*cannot open shared object file/s,
  );
  await program("#!/bin/sh\necho 'postgres (PostgreSQL) 14.9 (Debian)'\n");
  expect(await refusal(options)).toMatch(/^embedded-binaries-too-old: .*14\.9/);
});
