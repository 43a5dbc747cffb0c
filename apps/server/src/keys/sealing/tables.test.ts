import { newBoxKey } from "@lockstep/keyfile";
import type { Id, OrganisationId } from "@lockstep/core";
import { v7 as uuid } from "uuid";
import { beforeEach, expect, test } from "vitest";
import { z } from "zod";

import { sql } from "../../db/sql.ts";
import { useDatabase } from "../../db/testing/database.ts";
import { signersWith } from "../../roots/signers.ts";
import { useRoots } from "../../roots/testing.ts";
import { runCanary } from "./canary.ts";
import { bindingAt, openPiece } from "./pieces.ts";
import { rewrapRound } from "./rewrap.ts";
import { openKeyEncryption } from "./sealing.ts";
import { countSealed, listNeededKekVersions, sampleSealed } from "./store.ts";
import { sealedTableNames } from "./tables.ts";
import { forgetMaterial, makeSealedKeys } from "./testing/keys.ts";

const database = useDatabase();
const own = useRoots(database);
const clock = () => new Date();
/** The tables in which every organisation has something, and the one of its encryption keys. */
const filled = ["key_versions", "machine_keys", "reply_keys", "signing_keys"] as const;

beforeEach(() => forgetMaterial(database.current));

const named = z.object({ name: z.string() });
const everything = async (...organisations: OrganisationId[]) => {
  const all = await database.current.snapshot((snapshot) => sampleSealed(snapshot, { limit: 1_000_000 }));
  return all.filter(({ organisationId }) => organisations.includes(organisationId));
};
const damage = (statement: ReturnType<typeof sql>) =>
  database.current.transaction((transaction) => transaction.execute(statement));

// What is not in the list would be lost with the version of the key-encryption key that it was sealed under.
test("every table that holds something sealed is in the list", async () => {
  const found = await database.current.snapshot((snapshot) =>
    snapshot.rows(
      named,
      sql`select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attname = 'kek_version'
        order by c.relname`,
    ),
  );
  expect(found.map(({ name }) => name)).toEqual([...sealedTableNames].sort());
});

test("after a new version all that is sealed is sealed under it, in every table, and opens", async () => {
  const { keyEncryption } = own.making;
  const [id, withKeys] = [await own.organisation(), await makeSealedKeys(database.current, keyEncryption, 3)];
  const { machineKey } = await database.current.snapshot((s) => signersWith(keyEncryption)(s, id));
  const version = keyEncryption.addVersion();
  const count = () => database.current.snapshot((snapshot) => countSealed(snapshot, id, version));
  expect(await count()).toEqual({ total: 4, left: 4 });
  const rewrap = (each: OrganisationId) => rewrapRound(database.current, keyEncryption, each);
  expect(await rewrap(id)).toEqual({ rewrapped: 4, left: 0, unreadable: [] });
  expect(await count()).toEqual({ total: 4, left: 0 });
  await rewrap(withKeys);
  const pieces = await everything(id, withKeys);
  expect(new Set(pieces.map(({ table }) => table))).toEqual(new Set(filled));
  expect(new Set(pieces.map(({ kekVersion }) => kekVersion))).toEqual(new Set([version]));
  for (const piece of pieces) await openPiece(openKeyEncryption(own.keyFile), piece);
  const opened = await database.current.snapshot((s) => signersWith(keyEncryption)(s, id));
  expect(opened.machineKey).toBe(machineKey);
});

test("a version of the key-encryption key is needed as long as anything in any table is sealed under it", async () => {
  const { keyEncryption } = own.making;
  const held = await own.organisation();
  const all = await database.current.snapshot((snapshot) => sampleSealed(snapshot, { limit: 1_000_000 }));
  const organisations = new Set(all.map(({ organisationId }) => organisationId));
  const rewrapAll = async () => {
    for (const id of organisations) await rewrapRound(database.current, keyEncryption, id);
  };
  const needed = () => database.current.snapshot(listNeededKekVersions);
  for (const table of ["machine_keys", "reply_keys", "signing_keys"]) {
    const former = keyEncryption.currentVersion;
    const version = keyEncryption.addVersion();
    // What another transaction holds is passed over.
    await database.current.transaction(async (transaction) => {
      await transaction.execute(
        sql`select from ${sql.table(table)} where organisation_id = ${held} and material is not null for update`,
      );
      await rewrapAll();
      expect(await needed()).toEqual([former, version]);
    });
    await rewrapAll();
    expect(await needed()).toEqual([version]);
  }
});

test("the canary finds one altered byte in whichever table it is, and names the table", async () => {
  const { keyEncryption } = own.making;
  const organisations = [await own.organisation(), await makeSealedKeys(database.current, keyEncryption, 1)];
  const pieces = await everything(...organisations);
  expect(pieces).toHaveLength(5);
  for (const table of filled) {
    const piece = pieces.find((each) => each.table === table);
    if (piece === undefined) throw new Error(`${table} has something sealed`);
    const set = (from: string, to: string) =>
      damage(sql`update ${sql.table(table)} set material = ${to} where material = ${from}`);
    const at = piece.material.length - 20;
    const other = piece.material[at] === "A" ? "B" : "A";
    const altered = `${piece.material.slice(0, at)}${other}${piece.material.slice(at + 1)}`;
    await set(piece.material, altered);
    const { unreadable, firstUnreadable } = await runCanary(database.current, keyEncryption, clock);
    expect({ unreadable, firstUnreadable }).toEqual({ unreadable: 1, firstUnreadable: bindingAt(piece) });
    await set(altered, piece.material);
  }
});

test("what is sealed opens in no other row of its table, and in none of another organisation", async () => {
  const { keyEncryption } = own.making;
  const [one, two] = [await own.organisation(), await own.organisation()];
  const pieces = await everything(one, two);
  for (const piece of pieces) {
    for (const row of pieces) {
      if (row === piece || row.table !== piece.table) continue;
      const moved = { ...piece, organisationId: row.organisationId, rowId: row.rowId };
      await expect(openPiece(keyEncryption, moved)).rejects.toMatchObject({ reason: "other-row" });
    }
  }
});

test("what is sealed in one table does not open in another", async () => {
  const { keyEncryption } = own.making;
  const pieces = await everything(await own.organisation());
  for (const piece of pieces) {
    for (const table of sealedTableNames.filter((each) => each !== piece.table))
      await expect(openPiece(keyEncryption, { ...piece, table })).rejects.toMatchObject({
        reason: "other-row",
      });
  }
});

test("a table with one row for each id is walked beyond a batch, past what does not open", async () => {
  const { keyEncryption } = own.making;
  const id = await own.organisation();
  const { identity, recipient } = await newBoxKey("classic");
  await database.current.transaction(async (transaction) => {
    for (let made = 0; made < 229; made++) {
      const rowId = uuid() as Id<string>;
      const binding = bindingAt({ organisationId: id, table: "reply_keys", rowId });
      const { material, kekVersion } = await keyEncryption.seal(binding, Buffer.from(identity, "utf8"));
      await transaction.execute(sql`insert into reply_keys
        (organisation_id, id, recipient, material, kek_version, made_at)
        values (${id}, ${rowId}, ${recipient}, ${made < 110 ? `damaged ${made}` : material}, ${kekVersion}, now())`);
    }
  });
  keyEncryption.addVersion();
  const round = await rewrapRound(database.current, keyEncryption, id);
  expect(round).toMatchObject({ rewrapped: 123, left: 110 });
  expect(round.unreadable).toHaveLength(110);
});
