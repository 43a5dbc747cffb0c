import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";

import { Database } from "../db/database.ts";
import { OperatorError } from "../db/operator-error.ts";
import { sql } from "../db/sql.ts";
import { cloneDatabase, useDatabase } from "../db/testing/database.ts";
import { openKeyEncryption } from "../keys/sealing/sealing.ts";
import { openRootHolder } from "./root-key-file.ts";
import { ensureRoots, loadRootHolder } from "./start.ts";
import { now, useRoots } from "./testing.ts";

const database = useDatabase();
const own = useRoots(database);

async function newPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-roots-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "keys", "root-key.json");
}

async function outcome(file: string): Promise<string> {
  try {
    const holder = await loadRootHolder({ file, database: database.current });
    return holder.find() === null ? "without" : "with";
  } catch (cause) {
    if (cause instanceof OperatorError) return cause.code;
    throw cause;
  }
}

const counted = z.object({ n: z.int() });

/** How many rows of each table an organisation has. */
async function rowsOf(organisationId: string): Promise<number[]> {
  const tables = ["organisation_roots", "signing_keys", "reply_keys", "machine_keys"];
  const counts: number[] = [];
  for (const table of tables) {
    const row = await database.current.snapshot((snapshot) =>
      snapshot.row(
        counted,
        sql`select count(*) as n from ${sql.table(table)} where organisation_id = ${organisationId}`,
      ),
    );
    counts.push(row?.n ?? 0);
  }
  return counts;
}

test("the first start makes the root holder's key, and every later one finds the same", async () => {
  const file = await newPath();
  const { connection } = await cloneDatabase();
  const empty = new Database(connection);
  onTestFinished(() => empty.close());
  const starts = await Promise.all([1, 2, 3].map(() => loadRootHolder({ file, database: empty })));
  const kids = starts.map((holder) => holder.find()?.signer.kid);
  expect(new Set(kids).size).toBe(1);
  expect(kids[0]).toMatch(/^[\w-]{43}$/);
});

test("a server whose root holder's key was taken away starts without it, and makes no other", async () => {
  await own.organisation();
  const file = await newPath();
  expect(await outcome(file)).toBe("without");
  expect(existsSync(file)).toBe(false);
});

test("a server does not start with the root holder's key of another installation, or with a damaged one", async () => {
  await own.organisation();
  expect(await outcome(own.rootFile)).toBe("with");
  const { connection } = await cloneDatabase();
  const other = new Database(connection);
  onTestFinished(() => other.close());
  const file = await newPath();
  await loadRootHolder({ file, database: other });
  expect(await outcome(file)).toBe("root-key-of-another-database");
  await writeFile(file, (await readFile(file, "utf8")).slice(1));
  expect(await outcome(file)).toBe("root-key-invalid");
});

test("one damaged root keeps no server from starting", async () => {
  await own.organisation();
  const damaged = await own.organisation();
  await database.current.transaction((transaction) =>
    transaction.execute(
      sql`update organisation_roots set signed = 'damaged' where organisation_id = ${damaged}`,
    ),
  );
  expect(await outcome(own.rootFile)).toBe("with");
});

// Without the lock both find no root, and the second one fails on the first one's row.
test("organisations from before get their root once, also when two servers start at the same moment", async () => {
  const { keyEncryption } = own.making;
  const servers = [
    { keyEncryption, rootHolder: own.making.rootHolder },
    { keyEncryption: openKeyEncryption(own.keyFile), rootHolder: openRootHolder(own.rootFile) },
  ];
  for (let round = 0; round < 20; round++) {
    const organisations = [await own.oldOrganisation(), await own.oldOrganisation()];
    const starts = servers.map((making) =>
      ensureRoots({ database: database.current, clock: () => now, ...making }),
    );
    expect(await Promise.all(starts)).toEqual([0, 0]);
    for (const id of organisations) expect(await rowsOf(id)).toEqual([1, 2, 1, 1]);
  }
});

test("without the root holder's key organisations from before wait for it, and the start says how many", async () => {
  const id = await own.oldOrganisation();
  const ensure = () => ensureRoots({ database: database.current, clock: () => now, ...own.making });
  expect(await own.away(ensure)).toBe(1);
  expect(await rowsOf(id)).toEqual([0, 0, 0, 0]);
  expect(await ensure()).toBe(0);
  expect(await rowsOf(id)).toEqual([1, 2, 1, 1]);
});
