// Kills and other deaths, of the server and of PostgreSQL.

import { expect, test } from "vitest";
import { z } from "zod";

import { type OperatorError } from "../operator-error.ts";
import {
  ask,
  otherServer,
  postmasterOf,
  prepareCluster,
  started,
  until,
  usedOptions,
} from "../testing/embedded-servers.ts";

prepareCluster();

test("INV-12: kill -9 of the server and of PostgreSQL, ten times while writing, loses nothing acknowledged", async () => {
  const options = await usedOptions({ durability: "durable" });
  const acknowledged: string[] = [];
  for (let round = 0; round < 5; round++) {
    const server = await otherServer(options);
    server.tell("start");
    expect((await server.next("started", "refused")).event).toBe("started");
    server.tell("write");
    await server.next("acknowledged");
    process.kill(await postmasterOf(options.folder), "SIGKILL");
    await server.next("restarted");
    await server.next("acknowledged");
    await server.kill();
    acknowledged.push(...server.events.flatMap(({ id }) => id ?? []));
  }
  const database = await started(options);
  const present = z.array(z.string()).parse(await ask(database, "select array_agg(id::text) from notes"));
  const kept = new Set(present);
  expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
  await database.stop();
  expect(await ask(await started(options), "select count(*)::int from notes")).toBeGreaterThanOrEqual(
    acknowledged.length,
  );
});

test("a PostgreSQL that dies is started again; one that keeps dying is given up, and the server is told", async () => {
  let told: OperatorError | undefined;
  let restarts = 0;
  const options = await usedOptions({ onRestart: () => restarts++, onGaveUp: (error) => (told = error) });
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
  const options = await usedOptions();
  const server = await otherServer(options);
  server.tell("start");
  await server.next("started");
  process.kill(-server.pid, "SIGINT");
  await server.next("interrupted");
  await server.kill(); // returns once nobody holds the output
  expect((await started(options)).adopted).toBe(true);
});
