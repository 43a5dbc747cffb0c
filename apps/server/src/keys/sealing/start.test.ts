import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { beforeEach, expect, test } from "vitest";
import { z } from "zod";

import { OperatorError } from "../../db/operator-error.ts";
import { sql } from "../../db/sql.ts";
import { useDatabase } from "../../db/testing/database.ts";
import { openKeyMaterial } from "../material.ts";
import { loadKeyEncryption } from "./start.ts";
import {
  forgetMaterial,
  makeSealedKeys,
  newKeyEncryption,
  newPath,
  openAll,
  sealedIn,
} from "./testing/keys.ts";

const database = useDatabase();
beforeEach(() => forgetMaterial(database.current));

async function refusal(file: string): Promise<string> {
  try {
    await loadKeyEncryption({ file, database: database.current });
    return "started";
  } catch (cause) {
    if (cause instanceof OperatorError) return `${cause.code}: ${cause.sentence.replace(file, "FILE")}`;
    throw cause;
  }
}

test("the first start makes the key-encryption key, and every later one finds the same", async () => {
  const file = await newPath();
  const first = await loadKeyEncryption({ file, database: database.current });
  const id = await makeSealedKeys(database.current, first, 2);
  const second = await loadKeyEncryption({ file, database: database.current });
  expect(await openAll(database.current, second, id)).toEqual(new Set([1]));
});

test("servers that start for the first time at the same moment make one key-encryption key", async () => {
  const file = await newPath();
  const starts = Array.from({ length: 5 }, () => loadKeyEncryption({ file, database: database.current }));
  const [one, ...others] = await Promise.all(starts);
  if (one === undefined) throw new Error("there are five");
  const id = await makeSealedKeys(database.current, one, 1);
  for (const other of others) await openAll(database.current, other, id);
});

test("a server whose database has sealed keys does not start without the file, and makes no other", async () => {
  const { file, keyEncryption } = await newKeyEncryption();
  await makeSealedKeys(database.current, keyEncryption, 1);
  await rm(dirname(file), { recursive: true });
  expect(await refusal(file)).toBe(
    "key-encryption-key-missing: the file of the key-encryption key, FILE, is not there",
  );
  expect(existsSync(dirname(file))).toBe(false);
});

test("a server does not start with a file from before a version that the database names", async () => {
  const { file, keyEncryption } = await newKeyEncryption();
  const older = await readFile(file, "utf8");
  keyEncryption.addVersion();
  await makeSealedKeys(database.current, keyEncryption, 1);
  await writeFile(file, older);
  expect(await refusal(file)).toMatch(/^key-encryption-key-missing: .* lacks version 2/);
});

test("a server does not start with the file of another installation", async () => {
  const { keyEncryption } = await newKeyEncryption();
  await makeSealedKeys(database.current, keyEncryption, 2);
  const { file } = await newKeyEncryption();
  expect(await refusal(file)).toMatch(/^key-encryption-key-missing: .* has another version 1/);
});

test("one damaged key keeps no server from starting", async () => {
  const { file, keyEncryption } = await newKeyEncryption();
  const id = await makeSealedKeys(database.current, keyEncryption, 2);
  await database.current.transaction((transaction) =>
    transaction.execute(sql`update key_versions set material = 'damaged' where organisation_id = ${id}
      and key_id = (select key_id from key_versions where organisation_id = ${id} and material is not null limit 1)`),
  );
  expect(await refusal(file)).toBe("started");
});

test("a stolen database opens nothing without the file", async () => {
  const { keyEncryption } = await newKeyEncryption();
  const id = await makeSealedKeys(database.current, keyEncryption, 3);
  const thief = await newKeyEncryption();
  const pieces = await sealedIn(database.current, id);
  expect(pieces).toHaveLength(3);
  for (const piece of pieces)
    await expect(openKeyMaterial(thief.keyEncryption, piece, piece)).rejects.toMatchObject({
      reason: "altered",
    });
  const stored = await database.current.snapshot((snapshot) =>
    snapshot.rows(
      z.object({ text: z.string() }),
      sql`select k::text as text from key_versions k where organisation_id = ${id}`,
    ),
  );
  const identities = await Promise.all(pieces.map((piece) => openKeyMaterial(keyEncryption, piece, piece)));
  for (const identity of identities)
    expect(stored.filter(({ text }) => text.includes(identity.slice(16)))).toEqual([]);
});

test("sealed keys that were moved to another row or another organisation do not open there", async () => {
  const { keyEncryption } = await newKeyEncryption();
  const one = await makeSealedKeys(database.current, keyEncryption, 2);
  const two = await makeSealedKeys(database.current, keyEncryption, 1);
  const everything = async () => [
    ...(await sealedIn(database.current, one)),
    ...(await sealedIn(database.current, two)),
  ];
  const [first, second, third] = await everything();
  if (first === undefined || second === undefined || third === undefined) throw new Error("there are three");
  const moves = [
    [first, second],
    [second, third],
    [third, first],
  ] as const;
  await database.current.transaction(async (transaction) => {
    for (const [from, to] of moves)
      await transaction.execute(sql`update key_versions set recipient = ${from.recipient}, material = ${from.material}
        where organisation_id = ${to.organisationId} and key_id = ${to.keyId}`);
  });
  const pieces = await everything();
  expect(pieces).toHaveLength(3);
  for (const piece of pieces)
    await expect(openKeyMaterial(keyEncryption, piece, piece)).rejects.toMatchObject({ reason: "other-row" });
});
