import { rm } from "node:fs/promises";

import { beforeEach, expect, test } from "vitest";

import { sql } from "../../db/sql.ts";
import { useDatabase } from "../../db/testing/database.ts";
import { bindingOf } from "../material.ts";
import { canaryIsDue, runCanary } from "./canary.ts";
import { findLastCanaryRun } from "./store.ts";
import { forgetMaterial, makeSealedKeys, newKeyEncryption, sealedIn } from "./testing/keys.ts";

const database = useDatabase();
beforeEach(() => forgetMaterial(database.current));

let hour = 0;
/** Each call an hour after the one before. */
const clock = () => new Date(Date.UTC(2026, 2, 1, ++hour));
const run = (keyEncryption: Parameters<typeof runCanary>[1]) =>
  runCanary(database.current, keyEncryption, clock);
const lastRun = () => database.current.snapshot(findLastCanaryRun);

test("the canary opens keys of all organisations and writes down that it did", async () => {
  const { keyEncryption } = await newKeyEncryption();
  await makeSealedKeys(database.current, keyEncryption, 2);
  keyEncryption.addVersion();
  await makeSealedKeys(database.current, keyEncryption, 3);
  expect(await run(keyEncryption)).toEqual({ sampled: 5, unreadable: 0, firstUnreadable: null });
  expect(await lastRun()).toMatchObject({ sampled: 5, unreadable: 0 });
});

test("the canary has nothing to say of an installation without keys", async () => {
  const { keyEncryption } = await newKeyEncryption();
  expect(await run(keyEncryption)).toEqual({ sampled: 0, unreadable: 0, firstUnreadable: null });
});

test("the canary finds one altered byte, and names the row", async () => {
  const { keyEncryption } = await newKeyEncryption();
  const id = await makeSealedKeys(database.current, keyEncryption, 20);
  const [piece] = await sealedIn(database.current, id);
  if (piece === undefined) throw new Error("there are twenty");
  const last = piece.material.endsWith("A") ? "B" : "A";
  await database.current.transaction((transaction) =>
    transaction.execute(sql`update key_versions set material = left(material, -1) || ${last}
      where organisation_id = ${id} and key_id = ${piece.keyId}`),
  );
  expect(await run(keyEncryption)).toEqual({
    sampled: 20,
    unreadable: 1,
    firstUnreadable: bindingOf(piece),
  });
  expect(await lastRun()).toMatchObject({ sampled: 20, unreadable: 1 });
});

test("the canary finds a public half that was exchanged", async () => {
  const { keyEncryption } = await newKeyEncryption();
  const id = await makeSealedKeys(database.current, keyEncryption, 2);
  await database.current.transaction((transaction) =>
    transaction.execute(sql`update key_versions set recipient = (select min(recipient) from key_versions
      where organisation_id = ${id}) where organisation_id = ${id} and material is not null`),
  );
  expect(await run(keyEncryption)).toMatchObject({ sampled: 2, unreadable: 1 });
});

test("the canary takes another hundred each time", async () => {
  const { keyEncryption } = await newKeyEncryption();
  const id = await makeSealedKeys(database.current, keyEncryption, 120);
  await database.current.transaction((transaction) =>
    transaction.execute(sql`update key_versions set material = 'damaged'
      where organisation_id = ${id} and material is not null
        and key_id < (select key_id from key_versions where organisation_id = ${id} and material is not null
          order by key_id offset 60 limit 1)`),
  );
  const runs = [];
  for (let night = 0; night < 5; night++) runs.push(await run(keyEncryption));
  expect(runs.map(({ sampled }) => sampled)).toEqual([100, 100, 100, 100, 100]);
  // Twenty of 120 stay out, so at least forty of sixty are found; the same forty every night would be no sample.
  for (const { unreadable } of runs) expect(unreadable).toBeGreaterThanOrEqual(40);
  expect(new Set(runs.map(({ firstUnreadable }) => firstUnreadable?.rowId)).size).toBeGreaterThan(1);
});

test("the canary does not sing when the file is gone, though the keys are still in memory", async () => {
  const { file, keyEncryption } = await newKeyEncryption();
  await makeSealedKeys(database.current, keyEncryption, 1);
  await rm(file);
  await expect(run(keyEncryption)).rejects.toMatchObject({ code: "key-encryption-key-missing" });
});

test("the canary is due when it has never run, and a day after it last did", () => {
  const lastRun = { at: "2026-03-01T02:00:00.000Z" };
  expect(canaryIsDue(undefined, new Date(lastRun.at))).toBe(true);
  expect(canaryIsDue(lastRun, new Date("2026-03-02T01:59:59.999Z"))).toBe(false);
  expect(canaryIsDue(lastRun, new Date("2026-03-02T02:00:00.000Z"))).toBe(true);
});
