// What a PostgreSQL may have left behind, and what the next start makes of it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { chown, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";

import {
  ask,
  otherServer,
  postmasterOf,
  prepareCluster,
  refusal,
  started,
  until,
  usedOptions,
} from "../testing/embedded-servers.ts";
import { prepareBinaries } from "./binaries.ts";
import { preparePlace } from "./place.ts";
import { worksIn } from "./trace.ts";

/** Elsewhere the system does not say as much about a process. */
const isLinux = process.platform === "linux";

prepareCluster();

test("a killed server's PostgreSQL is taken over by the next server", async () => {
  const options = await usedOptions();
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
  const options = await usedOptions();
  const first = await otherServer(options);
  first.tell("start");
  await first.next("started");
  await first.kill();

  const second = await started({ ...options, settings: { work_mem: "5MB" } });
  expect(second.adopted).toBe(false);
  expect(await ask(second, "show work_mem")).toBe("5MB");
});

test.runIf(isLinux)(
  "a PostgreSQL that died, but that the system has not buried yet, is no obstacle",
  async () => {
    const options = await usedOptions();
    // A parent that never asks after its child, once it has become `sleep`.
    const { uid, gid } = await stat(join(options.folder, "cluster"));
    const parent = spawn("/bin/sh", ["-c", "sleep 60 & echo $!; exec sleep 61"], {
      uid,
      gid,
      stdio: ["ignore", "pipe", "ignore"],
    });
    onTestFinished(() => void parent.kill("SIGKILL"));
    const [zombie] = z.tuple([z.instanceof(Buffer)]).parse(await once(parent.stdout, "data"));
    await until(async () => (await readFile(`/proc/${parent.pid ?? 0}/cmdline`, "utf8")).startsWith("sleep"));
    process.kill(Number(zombie), "SIGKILL");
    const status = `/proc/${Number(zombie)}/status`;
    await until(async () => /^State:\s+Z/m.test(await readFile(status, "utf8")));
    await leavePid(options.folder, zombie.toString());

    const database = await started(options);
    expect(await ask(database, "select 1")).toBe(1);
    expect(await readFile(status, "utf8")).toMatch(/^State:\s+Z/m);
  },
);

/** As a PostgreSQL of that number leaves its folder when it is killed. */
async function leavePid(folder: string, pid: string): Promise<void> {
  const { uid, gid } = await stat(join(folder, "cluster"));
  await mkdir(join(folder, "socket"), { mode: 0o700 });
  for (const file of [join("cluster", "postmaster.pid"), join("socket", ".s.PGSQL.5432.lock")]) {
    await writeFile(join(folder, file), pid, { mode: 0o600 });
    await chown(join(folder, file), uid, gid);
  }
}

test.runIf(isLinux)("a postmaster.pid that names another program by now is no obstacle", async () => {
  const options = await usedOptions();
  const { uid, gid } = await stat(join(options.folder, "cluster"));
  const other = spawn("sleep", ["60"], { uid, gid, stdio: "ignore" });
  onTestFinished(() => void other.kill("SIGKILL"));
  await once(other, "spawn");
  await leavePid(options.folder, `${other.pid ?? 0}\n`);

  const database = await started(options);
  expect(await ask(database, "select 1")).toBe(1);
  expect(other.exitCode).toBe(null);
});

test.runIf(isLinux)(
  "a busy query that outlived its PostgreSQL does not keep the next one from starting",
  async () => {
    const options = await usedOptions({ settings: { max_parallel_workers: "0" } });
    const first = await otherServer(options);
    first.tell("start");
    await first.next("started");
    await first.kill();
    const second = await started(options);
    const busy = ask(second, "select count(*) from generate_series(1, 1000000000)").catch(() => "lost");
    await until(() =>
      ask(
        second,
        "select true from pg_stat_activity where query like '%1000000000)' and state = 'active' and pid <> pg_backend_pid()",
      ),
    );
    process.kill(await postmasterOf(options.folder), "SIGKILL");

    await until(() => ask(second, "select 1").catch(() => undefined));
    expect(await busy).toBe("lost");
  },
);

test.runIf(isLinux)(
  "a PostgreSQL that an administrator runs by hand in single-user mode is left alone",
  async () => {
    const options = await usedOptions();
    const cluster = join(options.folder, "cluster");
    const { uid, gid } = await stat(cluster);
    const { postgres } = await prepareBinaries(undefined, await preparePlace(options.folder));
    const byHand = spawn(postgres, ["--single", "-D", cluster, "lockstep"], {
      uid,
      gid,
      cwd: "/",
      stdio: ["pipe", "ignore", "ignore"],
    });
    onTestFinished(() => void byHand.kill("SIGKILL"));
    await until(async () => (await postmasterOf(options.folder)) === -(byHand.pid ?? 0));
    expect(await refusal(options)).toMatch(/^embedded-folder-in-use: .*single-user mode/);
    byHand.stdin.end();
    await once(byHand, "exit");
    expect(byHand.exitCode).toBe(0);
  },
);

test("a PostgreSQL that cannot start says why in its own words", async () => {
  const options = await usedOptions({ settings: { shared_buffers: "plenty" } });
  const words = await refusal(options);
  expect(words).toMatch(/^embedded-start-failed: /);
  expect(words).toContain(`invalid value for parameter "shared_buffers": "plenty"`);
});
