import { readdirSync } from "node:fs";

import { expect, test } from "vitest";
import { z } from "zod";

import { Database } from "./database.ts";
import { migrate } from "./migrate.ts";
import { openDatabase } from "./open.ts";
import { sql } from "./sql.ts";
import { cloneDatabase, useDatabase } from "./testing/database.ts";

const database = useDatabase();
const migrationNames = readdirSync(new URL("../../migrations/", import.meta.url))
  .map((file) => file.replace(/\.sql$/, ""))
  .sort();

test("several servers that start at once migrate one database once", async () => {
  const { connection } = await cloneDatabase();
  const first = new Database(connection);
  const servers = [first, new Database(connection), new Database(connection)];
  try {
    await first.transaction((transaction) =>
      transaction.execute(sql.raw("drop schema public cascade; create schema public")),
    );
    await Promise.all(servers.map(migrate));
    const rows = await first.snapshot((snapshot) =>
      snapshot.rows(z.object({ name: z.string() }), sql`select name from kysely_migration`),
    );
    expect(rows.map(({ name }) => name)).toEqual(migrationNames);
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
});

test("a database of a newer Lockstep is left alone, and the sentence says what to do", async () => {
  await database.current.transaction((transaction) =>
    transaction.execute(sql`insert into kysely_migration values ('9999-later', '2030-01-01')`),
  );
  await expect(migrate(database.current)).rejects.toMatchObject({
    code: "database-newer",
    message: "the database belongs to a newer Lockstep: it has 9999-later, which this one does not know",
    hint: "start the newer version again, or restore a backup from before the upgrade",
  });
  await database.current.transaction((transaction) =>
    transaction.execute(sql`delete from kysely_migration where name = '9999-later'`),
  );
});

test.each([
  ["http://example.test/db", "database-url-invalid"],
  ["no address at all", "database-url-invalid"],
  ["postgresql://me:secret@127.0.0.1:1/db", "database-unreachable"],
  ["postgresql://me:secret@no-such-host.invalid/db", "database-unreachable"],
])("DATABASE_URL %s is answered with %s, and never with its password", async (databaseUrl, code) => {
  const error: unknown = await openDatabase({ databaseUrl, folder: "", onGaveUp: () => undefined }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code });
  expect(String(error) + JSON.stringify(error)).not.toContain("secret");
});

test("a database that does not exist is answered with what to check", async () => {
  const { connection } = await cloneDatabase();
  const url = new URL("postgresql://localhost/nowhere");
  url.searchParams.set("host", connection.host);
  url.searchParams.set("user", connection.user);
  url.searchParams.set("port", String(connection.port));
  const opening = openDatabase({ databaseUrl: url.href, folder: "", onGaveUp: () => undefined });
  await expect(opening).rejects.toMatchObject({ code: "database-refused" });
});
