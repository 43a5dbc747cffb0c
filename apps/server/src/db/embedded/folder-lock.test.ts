// One server per folder, also when two start at the same moment.

import { rm } from "node:fs/promises";

import { expect, test } from "vitest";

import {
  ask,
  newOptions,
  otherServer,
  prepareCluster,
  refusal,
  started,
  type OtherServer,
  unfinishedIn,
  usedOptions,
} from "../testing/embedded-servers.ts";

prepareCluster();

type Two = readonly [OtherServer, OtherServer];

/** Both are told to start at once; one may win, and the other must be told who did. */
async function race(servers: Two): Promise<OtherServer> {
  for (const server of servers) server.tell("start");
  const [first, second] = await Promise.all([
    servers[0].next("started", "refused"),
    servers[1].next("started", "refused"),
  ]);
  expect([first.event, second.event].sort()).toEqual(["refused", "started"]);
  const [winner, refusal] = first.event === "started" ? [servers[0], second] : [servers[1], first];
  expect(refusal.code).toBe("embedded-folder-in-use");
  expect(refusal.sentence).toMatch(new RegExp(` process ${winner.pid}$`));
  return winner;
}

async function stop(server: OtherServer): Promise<void> {
  server.tell("stop");
  await server.next("stopped");
}

test("INV-11: of two servers that start at once on one folder, exactly one wins, twenty times out of twenty", async () => {
  const options = await usedOptions();
  const servers: Two = [await otherServer(options), await otherServer(options)];
  for (let round = 0; round < 20; round++) await stop(await race(servers));
  expect(await ask(await started(options), "select 1")).toBe(1);
});

test("of two servers that start at once on a new folder, exactly one wins and leaves a whole database", async () => {
  const options = await newOptions();
  const servers: Two = [await otherServer(options), await otherServer(options)];
  for (let round = 0; round < 5; round++) {
    await stop(await race(servers));
    expect(await unfinishedIn(options.folder)).toEqual([]);
    const database = await started(options);
    expect(await ask(database, "select 1")).toBe(1);
    await database.stop();
    await rm(options.folder, { recursive: true });
  }
});

test("of two servers that find a PostgreSQL left behind, exactly one takes it over", async () => {
  const options = await usedOptions();
  for (let round = 0; round < 3; round++) {
    const first = await otherServer(options);
    first.tell("start");
    await first.next("started");
    await first.kill();
    await (await race([await otherServer(options), await otherServer(options)])).kill();
  }
});

test("INV-11: a second server on the same folder is refused and told who holds it", async () => {
  const options = await usedOptions();
  const first = await otherServer(options);
  first.tell("start");
  await first.next("started");
  expect(await refusal(options)).toMatch(new RegExp(`^embedded-folder-in-use: .* process ${first.pid}$`));
  first.tell("stop");
  await first.next("stopped");
  expect(await ask(await started(options), "select 1")).toBe(1);
});

test("a folder stays held after an attempt of the same process to start on it again", async () => {
  const options = await usedOptions();
  await started(options);
  expect(await refusal(options)).toMatch(new RegExp(`^embedded-folder-in-use: .* process ${process.pid}$`));
  const other = await otherServer(options);
  other.tell("start");
  expect(await other.next("started", "refused")).toMatchObject({ code: "embedded-folder-in-use" });
});
