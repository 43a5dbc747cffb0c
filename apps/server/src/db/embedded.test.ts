// The life of the embedded database: written to, stopped, started again.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import pg from "pg";
import { expect, test } from "vitest";

import { worksIn } from "./embedded/trace.ts";
import { operatorErrorCodes } from "./operator-error.ts";
import {
  ask,
  postmasterOf,
  prepareCluster,
  refusal,
  started,
  temporaryFolder,
  usedOptions,
} from "./testing/embedded-servers.ts";

prepareCluster();

test("what was written is there after the next start", async () => {
  const options = await usedOptions();
  const first = await started(options);
  await ask(first, "create table notes as select 'kept' as note");
  await first.stop();
  const second = await started(options);
  expect(second.adopted).toBe(false);
  expect(await ask(second, "select note from notes")).toBe("kept");
});

test("a folder name with spaces, commas and quotes is a folder name", async () => {
  const folder = join(await temporaryFolder(), `Käthe's "a", b`);
  const database = await started(await usedOptions({ folder }));
  expect(await ask(database, "select 1")).toBe(1);
});

test("stop ends PostgreSQL although connections are open", async () => {
  const options = await usedOptions();
  const database = await started(options);
  const client = new pg.Client(database.connection);
  client.on("error", () => undefined);
  await client.connect();
  const postmaster = await postmasterOf(options.folder);
  await Promise.all([database.stop(), database.stop()]);
  expect(worksIn(join(options.folder, "cluster"), postmaster)).toBe(false);
  await client.end();
});

test("a folder is let go only after PostgreSQL has ended", async () => {
  const options = await usedOptions();
  const database = await started(options);
  const postmaster = await postmasterOf(options.folder);
  process.kill(postmaster, "SIGSTOP"); // so that it cannot end yet
  const stopping = database.stop();
  expect(await refusal(options)).toMatch(/^embedded-folder-in-use: /);
  process.kill(postmaster, "SIGCONT");
  await stopping;
  expect(await refusal(options)).toBe("started");
});

test("PostgreSQL's log makes room once it has grown large", async () => {
  const options = await usedOptions();
  await writeFile(join(options.folder, "postgres.log"), "x".repeat(11 * 1024 * 1024));
  const database = await started(options);
  const log = await readFile(database.log, "utf8");
  expect(log).toContain("ready to accept connections");
  expect(log.length).toBeLessThan(100_000);
});

test("what the operator is told has a code that stays", () => {
  expect([...operatorErrorCodes].sort()).toEqual(operatorErrorCodes);
  expect(operatorErrorCodes.filter((code) => code.startsWith("embedded-"))).toMatchInlineSnapshot(`
    [
      "embedded-binaries-missing",
      "embedded-binaries-not-runnable",
      "embedded-binaries-too-old",
      "embedded-folder-damaged",
      "embedded-folder-in-use",
      "embedded-folder-not-writable",
      "embedded-folder-of-other-major",
      "embedded-folder-unreachable",
      "embedded-gave-up",
      "embedded-socket-folder-taken",
      "embedded-start-failed",
      "embedded-unsupported-platform",
      "embedded-user-unknown",
    ]
  `);
});
