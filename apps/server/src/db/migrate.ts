// Brings a database to this server's schema: numbered plain SQL, forward only, all or nothing.

import { readdir, readFile } from "node:fs/promises";

import { sql } from "kysely";
import { Migrator, type Migration, type MigrationProvider } from "kysely/migration";

import type { Database } from "./database.ts";
import { OperatorError } from "./operator-error.ts";

const folder = new URL("../../migrations/", import.meta.url);

class SqlFiles implements MigrationProvider {
  async getMigrations(): Promise<Record<string, Migration>> {
    const files = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
    const migrations = files.map(async (file): Promise<[string, Migration]> => {
      const text = await readFile(new URL(file, folder), "utf8");
      return [
        file.replace(/\.sql$/, ""),
        {
          up: async (db) => {
            await sql.raw(text).execute(db);
          },
        },
      ];
    });
    return Object.fromEntries(await Promise.all(migrations));
  }
}

/**
 * Applies what is missing. Several servers may start at once: they take turns.
 * @throws OperatorError `database-newer` when the database was migrated by a newer server; nothing is written.
 */
export async function migrate(database: Database): Promise<void> {
  const provider = new SqlFiles();
  const migrator = new Migrator({ db: database.kysely, provider });
  const known = new Set(Object.keys(await provider.getMigrations()));
  const applied = await appliedMigrations(database);
  const newer = applied.filter((name) => !known.has(name));
  if (newer.length > 0) {
    throw new OperatorError({
      code: "database-newer",
      sentence: `the database belongs to a newer Lockstep: it has ${newer.join(", ")}, which this one does not know`,
      hint: "start the newer version again, or restore a backup from before the upgrade",
    });
  }
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw new Error("a migration failed and was rolled back", { cause: error });
}

async function appliedMigrations(database: Database): Promise<string[]> {
  const table = await sql<{
    name: string | null;
  }>`select to_regclass('kysely_migration')::text as name`.execute(database.kysely);
  if (table.rows[0]?.name === null) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
    database.kysely,
  );
  return rows.map(({ name }) => name);
}
