// A disk without room, or that may only be read. Needs small disks of its own, which only root can mount.

import { execFile } from "node:child_process";
import { chmod, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect, onTestFinished, test, type TestContext } from "vitest";

import { ask, newOptions, refusal, started, temporaryFolder } from "../testing/embedded-servers.ts";

const run = promisify(execFile);

/** A disk of that size, or the test is skipped and says why. */
async function smallDisk({ skip }: TestContext, options: string): Promise<string> {
  const folder = await temporaryFolder();
  try {
    await run("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]);
  } catch (cause) {
    skip(`cannot mount a small disk: ${String(cause)}`);
  }
  onTestFinished(async () => {
    await run("umount", [folder]);
  });
  await chmod(folder, 0o711).catch(() => undefined);
  return folder;
}

test("a disk too small for a new database is called full, and keeps nothing half made", async (context) => {
  const disk = await smallDisk(context, "size=20m");
  const { folder } = await newOptions({ folder: join(disk, "database") });
  expect(await refusal({ folder })).toBe(`disk-full: the disk that holds ${folder} is full`);
  await run("mount", ["-o", "remount,size=200m", disk]);
  expect(await ask(await started({ folder }), "select 1")).toBe(1);
});

test("a disk that filled up while the server was down is called full, and the database lives on with room", async (context) => {
  const disk = await smallDisk(context, "size=200m");
  const { folder } = await newOptions({ folder: join(disk, "database") });
  const first = await started({ folder });
  await ask(first, "create table notes as select 'kept' as note");
  await first.stop();
  const ballast = join(disk, "ballast");
  await expect(writeFile(ballast, Buffer.alloc(250 * 1024 * 1024))).rejects.toThrow("ENOSPC");
  expect(await refusal({ folder })).toMatch(/^disk-full: /);
  await rm(ballast);
  expect(await ask(await started({ folder }), "select note from notes")).toBe("kept");
});

test("a disk that may only be read is called so", async (context) => {
  const disk = await smallDisk(context, "size=1m,ro");
  const { folder } = await newOptions({ folder: join(disk, "database") });
  expect(await refusal({ folder })).toMatch(/^embedded-folder-not-writable: /);
});
