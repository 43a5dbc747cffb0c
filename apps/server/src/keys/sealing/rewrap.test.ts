import { utimes } from "node:fs/promises";

import { beforeEach, expect, test } from "vitest";
import { z } from "zod";

import { sql } from "../../db/sql.ts";
import { useDatabase } from "../../db/testing/database.ts";
import { bindingOf, makeKeyMaterial } from "../material.ts";
import { dropUnusedVersions, rewrapRound } from "./rewrap.ts";
import { openKeyEncryption } from "./sealing.ts";
import { countSealed } from "./store.ts";
import { forgetMaterial, makeSealedKeys, newKeyEncryption, openAll, sealedIn } from "./testing/keys.ts";

const database = useDatabase();
beforeEach(() => forgetMaterial(database.current));

test("after a new version every key is sealed under it, and opens, and is the key that it was", async () => {
  const { keyEncryption } = await newKeyEncryption();
  const id = await makeSealedKeys(database.current, keyEncryption, 230);
  keyEncryption.addVersion();
  const count = () => database.current.snapshot((snapshot) => countSealed(snapshot, id, 2));
  expect(await count()).toEqual({ total: 230, left: 230 });
  const round = await rewrapRound(database.current, keyEncryption, id);
  expect(round).toEqual({ rewrapped: 230, left: 0, unreadable: [] });
  expect(await openAll(database.current, keyEncryption, id)).toEqual(new Set([2]));
  expect(await count()).toEqual({ total: 230, left: 0 });
  expect(await rewrapRound(database.current, keyEncryption, id)).toEqual({
    rewrapped: 0,
    left: 0,
    unreadable: [],
  });
});

test("keys of one organisation are sealed anew without a touch to those of another", async () => {
  const { keyEncryption } = await newKeyEncryption();
  const one = await makeSealedKeys(database.current, keyEncryption, 1);
  const two = await makeSealedKeys(database.current, keyEncryption, 1);
  keyEncryption.addVersion();
  const round = await rewrapRound(database.current, keyEncryption, one);
  expect(round).toEqual({ rewrapped: 1, left: 0, unreadable: [] });
  expect(await openAll(database.current, keyEncryption, one)).toEqual(new Set([2]));
  expect(await openAll(database.current, keyEncryption, two)).toEqual(new Set([1]));
});

test("a key that does not open is named and left as it is, and keeps no other from being sealed anew", async () => {
  const { keyEncryption } = await newKeyEncryption();
  const id = await makeSealedKeys(database.current, keyEncryption, 230);
  // More than a batch, and first in order.
  await database.current.transaction((transaction) =>
    transaction.execute(sql`update key_versions set material = 'damaged ' || key_id
      where organisation_id = ${id} and material is not null
        and key_id <= (select key_id from key_versions where organisation_id = ${id} and material is not null
          order by key_id offset 119 limit 1)`),
  );
  const damaged = (await sealedIn(database.current, id)).filter(({ material }) => material.includes(" "));
  expect(damaged).toHaveLength(120);
  keyEncryption.addVersion();
  const round = await rewrapRound(database.current, keyEncryption, id);
  expect(round).toMatchObject({ rewrapped: 110, left: 120 });
  const rowId = ({ rowId }: { rowId: string }) => rowId;
  expect(round.unreadable.map(rowId).sort()).toEqual(damaged.map(bindingOf).map(rowId).sort());
  const after = await sealedIn(database.current, id);
  expect(after.filter(({ kekVersion }) => kekVersion === 2)).toHaveLength(110);
  expect(after).toEqual(expect.arrayContaining(damaged));
});

// Without the lock on the rows both servers seal the same keys anew, and the sum is too high.
test("servers that seal anew at the same moment share the work, and every key stays readable", async () => {
  const { file, keyEncryption } = await newKeyEncryption();
  const other = openKeyEncryption(file);
  const id = await makeSealedKeys(database.current, keyEncryption, 130);
  for (let round = 0; round < 20; round++) {
    const version = keyEncryption.addVersion();
    const rounds = await Promise.all(
      [keyEncryption, other, keyEncryption].map((each) => rewrapRound(database.current, each, id)),
    );
    const last = await rewrapRound(database.current, other, id);
    const rewrapped = [...rounds, last].reduce((sum, each) => sum + each.rewrapped, 0);
    expect({ rewrapped, left: last.left }).toEqual({ rewrapped: 130, left: 0 });
    expect(await openAll(database.current, other, id)).toEqual(new Set([version]));
  }
});

test("a server that has not noticed the new version does not go back to the former one", async () => {
  const { file, keyEncryption } = await newKeyEncryption();
  const id = await makeSealedKeys(database.current, keyEncryption, 3);
  const late = openKeyEncryption(file);
  keyEncryption.addVersion();
  await rewrapRound(database.current, keyEncryption, id);
  expect(await rewrapRound(database.current, late, id)).toMatchObject({ rewrapped: 0, left: 0 });
  expect(await openAll(database.current, late, id)).toEqual(new Set([2]));
});

test("a key that another transaction holds is passed over, and its turn comes", async () => {
  const { keyEncryption } = await newKeyEncryption();
  const id = await makeSealedKeys(database.current, keyEncryption, 3);
  const [held] = await sealedIn(database.current, id);
  if (held === undefined) throw new Error("there are three");
  keyEncryption.addVersion();
  const during = await database.current.transaction(async (transaction) => {
    await transaction.execute(sql`update key_versions set use = 'decrypt-only'
      where organisation_id = ${id} and key_id = ${held.keyId}`);
    return rewrapRound(database.current, keyEncryption, id);
  });
  expect(during).toEqual({ rewrapped: 2, left: 1, unreadable: [] });
  expect(await rewrapRound(database.current, keyEncryption, id)).toMatchObject({ rewrapped: 1, left: 0 });
});

const use = z.object({ version: z.int(), use: z.string() });

test("a key that is rotated while its versions are sealed anew loses nothing", async () => {
  const { keyEncryption } = await newKeyEncryption();
  for (let round = 0; round < 20; round++) {
    const id = await makeSealedKeys(database.current, keyEncryption, 1);
    const [former] = await sealedIn(database.current, id);
    if (former === undefined) throw new Error("there is one");
    const { keyId } = former;
    const rotate = () =>
      database.current.transaction(async (transaction) => {
        const place = { organisationId: id, keyId, version: 2 };
        const { recipient, material, kekVersion } = await makeKeyMaterial(keyEncryption, place);
        await transaction.execute(sql`update key_versions set use = 'decrypt-only'
          where organisation_id = ${id} and key_id = ${keyId} and version = 1`);
        await transaction.execute(sql`insert into key_versions
          (organisation_id, key_id, version, use, recipient, material, kek_version, made_at)
          values (${id}, ${keyId}, 2, 'active', ${recipient}, ${material}, ${kekVersion}, now())`);
      });
    const version = keyEncryption.addVersion();
    await Promise.all([rotate(), rewrapRound(database.current, keyEncryption, id)]);
    expect(await rewrapRound(database.current, keyEncryption, id)).toMatchObject({ left: 0 });
    expect(await openAll(database.current, keyEncryption, id)).toEqual(new Set([version]));
    const uses = await database.current.snapshot((snapshot) =>
      snapshot.rows(
        use,
        sql`select version, use from key_versions where organisation_id = ${id} and key_id = ${keyId} order by version`,
      ),
    );
    expect(uses).toEqual([
      { version: 1, use: "decrypt-only" },
      { version: 2, use: "active" },
    ]);
  }
});

test("a former version is dropped once no key of any organisation needs it, a day after the change", async () => {
  const { file, keyEncryption } = await newKeyEncryption();
  const one = await makeSealedKeys(database.current, keyEncryption, 1);
  const two = await makeSealedKeys(database.current, keyEncryption, 1);
  keyEncryption.addVersion();
  const changedAt = new Date("2026-03-01T12:00:00Z");
  await utimes(file, changedAt, changedAt);
  const dayLater = () => new Date("2026-03-02T12:00:00Z");
  const drop = (clock: () => Date) => dropUnusedVersions(database.current, keyEncryption, clock);
  await rewrapRound(database.current, keyEncryption, one);
  expect(await drop(dayLater)).toEqual([]);
  await rewrapRound(database.current, keyEncryption, two);
  expect(await drop(() => new Date("2026-03-02T11:59:59Z"))).toEqual([]);
  expect(await drop(dayLater)).toEqual([1]);
  expect(openKeyEncryption(file).versions).toEqual([2]);
  await openAll(database.current, openKeyEncryption(file), one);
  await openAll(database.current, openKeyEncryption(file), two);
});

test("the present version is never dropped, though nothing is sealed under it yet", async () => {
  const { file, keyEncryption } = await newKeyEncryption();
  keyEncryption.addVersion();
  const inTwoDays = () => new Date(Date.now() + 2 * 24 * 60 * 60 * 1000);
  expect(await dropUnusedVersions(database.current, keyEncryption, inTwoDays)).toEqual([1]);
  expect(openKeyEncryption(file).versions).toEqual([2]);
});
