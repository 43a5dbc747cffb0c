// Several servers share the file of the key-encryption key, and any of them may be killed at any moment.

import { beforeEach, expect, test } from "vitest";
import { z } from "zod";

import { sql } from "../../db/sql.ts";
import { useDatabase } from "../../db/testing/database.ts";
import { until } from "../../db/testing/embedded-servers.ts";
import { makeKeyMaterial, openKeyMaterial } from "../material.ts";
import { rewrapRound } from "./rewrap.ts";
import { openKeyEncryption } from "./sealing.ts";
import {
  forgetMaterial,
  makeSealedKeys,
  newKeyEncryption,
  openAll,
  otherServer,
  sealedIn,
  somewhere,
  type OtherServer,
} from "./testing/keys.ts";

const database = useDatabase();
beforeEach(() => forgetMaterial(database.current));

/** Everything that was reported as sealed must open with what is on the disk. */
async function openReported(file: string, servers: readonly OtherServer[]): Promise<number> {
  const keyEncryption = openKeyEncryption(file);
  const pieces = servers.flatMap(({ events }) => events.flatMap(({ piece }) => piece ?? []));
  await Promise.all(pieces.map((piece) => openKeyMaterial(keyEncryption, somewhere, piece)));
  return pieces.length;
}

test("a running server opens what another process has sealed under a version added since", async () => {
  const { file, keyEncryption } = await newKeyEncryption();
  const other = await otherServer(file);
  keyEncryption.addVersion();
  const material = await makeKeyMaterial(keyEncryption, somewhere);
  expect(material.kekVersion).toBe(2);
  other.tell(`open ${JSON.stringify(material)}`);
  const identity = await openKeyMaterial(keyEncryption, somewhere, material);
  expect(await other.next("opened")).toMatchObject({ identity });
  other.tell("add 1");
  const { piece } = await other.next("sealed");
  if (piece === undefined) throw new Error("it reports what it has sealed");
  expect(piece.kekVersion).toBe(3);
  await openKeyMaterial(keyEncryption, somewhere, piece);
});

// Without the lock each server writes the versions that it knows of, and another's are gone.
test("servers that add versions at the same moment take turns, and no version is lost", async () => {
  const { file } = await newKeyEncryption();
  const servers = await Promise.all([otherServer(file), otherServer(file), otherServer(file)]);
  for (const server of servers) server.tell("add 20");
  await Promise.all(servers.map((server) => server.next("added")));
  expect(openKeyEncryption(file).currentVersion).toBe(61);
  expect(await openReported(file, servers)).toBe(60);
});

test("a server that is killed while it adds versions leaves a whole file, in which nothing is missing", async () => {
  const { file } = await newKeyEncryption();
  for (let round = 0; round < 5; round++) {
    const server = await otherServer(file);
    server.tell("add 1000000");
    for (let heard = 0; heard <= round; heard++) await server.next("sealed");
    await server.kill();
    expect(await openReported(file, [server])).toBeGreaterThan(round);
  }
});

const waiting = z.object({ pid: z.int() });

test("sealing anew that was interrupted goes on where it was, and every key stays readable", async () => {
  const { file, keyEncryption } = await newKeyEncryption();
  const id = await makeSealedKeys(database.current, keyEncryption, 250);
  const stuck = (await sealedIn(database.current, id)).map(({ keyId }) => keyId).sort()[150];
  if (stuck === undefined) throw new Error("there are 250");
  // In the middle of its second batch the other server waits for a lock that is held here.
  await database.current.transaction((transaction) =>
    transaction.execute(
      sql.raw(`create function wait_here() returns trigger language plpgsql as $$
        begin perform pg_advisory_xact_lock(4711); return new; end $$;
        create trigger wait_here before update on key_versions for each row
        when (new.key_id = '${stuck}') execute function wait_here()`),
    ),
  );
  keyEncryption.addVersion();
  const other = await otherServer(file, database.current);
  await database.current.transaction(async (transaction) => {
    await transaction.execute(sql`select pg_advisory_xact_lock(4711)`);
    other.tell(`rewrap ${id}`);
    await until(async () => {
      const found = sql`select pid from pg_locks where locktype = 'advisory' and not granted
        and database = (select oid from pg_database where datname = current_database())`;
      return (await transaction.rows(waiting, found)).length > 0;
    });
    await other.kill();
    const pieces = await sealedIn(database.current, id);
    expect(pieces.filter(({ kekVersion }) => kekVersion === 2)).toHaveLength(100);
    expect(await openAll(database.current, keyEncryption, id)).toEqual(new Set([1, 2]));
  });
  // PostgreSQL notices that the killed server is gone when it answers it.
  await until(async () => (await rewrapRound(database.current, keyEncryption, id)).left === 0);
  expect(await openAll(database.current, keyEncryption, id)).toEqual(new Set([2]));
});
