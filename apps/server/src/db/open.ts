// The database that the server runs on: the operator's, or the embedded one. What stands in the way is said in
// a sentence that names the remedy; a password never appears in it.

import pg from "pg";
import { z } from "zod";

import { Database } from "./database.ts";
import { startEmbeddedPostgres } from "./embedded.ts";
import { migrate } from "./migrate.ts";
import { OperatorError } from "./operator-error.ts";
import { sql } from "./sql.ts";

export interface OpenDatabase {
  readonly database: Database;
  /** Where it is, in words, without secrets. */
  readonly place: string;
  readonly close: () => Promise<void>;
}

/** The oldest PostgreSQL whose dialect the schema speaks. */
const oldestVersion = 150_000;

/** @throws OperatorError when the URL is wrong, or the database cannot be reached, is too old, or too new. */
export async function openDatabase(options: {
  readonly databaseUrl: string | null;
  readonly folder: string;
  readonly onGaveUp: (error: OperatorError) => void;
}): Promise<OpenDatabase> {
  if (options.databaseUrl === null) return openEmbedded(options);
  const url = parseUrl(options.databaseUrl);
  const database = new Database({ connectionString: options.databaseUrl, connectionTimeoutMillis: 10_000 });
  const place = `${url.hostname}${url.pathname}`;
  return ready(database, place, () => database.close());
}

async function openEmbedded({
  folder,
  onGaveUp,
}: {
  folder: string;
  onGaveUp: (error: OperatorError) => void;
}): Promise<OpenDatabase> {
  const postgres = await startEmbeddedPostgres({ folder, onGaveUp });
  const database = new Database(postgres.connection);
  return ready(database, postgres.folder, async () => {
    await database.close();
    await postgres.stop();
  });
}

async function ready(database: Database, place: string, close: () => Promise<void>): Promise<OpenDatabase> {
  try {
    await requireVersion(database);
    await migrate(database);
    return { database, place, close };
  } catch (error) {
    await close();
    throw inOperatorsWords(error, place);
  }
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && (url.protocol === "postgres:" || url.protocol === "postgresql:")) return url;
  throw new OperatorError({
    code: "database-url-invalid",
    sentence: "DATABASE_URL is not the address of a PostgreSQL database",
    hint: "write it as postgresql://user:password@host:5432/database, or leave it out for the embedded database",
  });
}

async function requireVersion(database: Database): Promise<void> {
  const version = await database.snapshot((snapshot) =>
    snapshot.row(
      z.object({ number: z.int(), text: z.string() }),
      sql`select current_setting('server_version_num')::integer as number, current_setting('server_version') as text`,
    ),
  );
  if ((version?.number ?? 0) >= oldestVersion) return;
  throw new OperatorError({
    code: "database-too-old",
    sentence: `the database is PostgreSQL ${version?.text ?? "of an unknown version"}, and Lockstep needs 15 or newer`,
    hint: "upgrade PostgreSQL, or leave DATABASE_URL out for the embedded database",
  });
}

const unreachable = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENOENT",
  "EAI_AGAIN",
  "ECONNRESET",
]);

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** @returns an OperatorError if the operator can do something about it, else the error itself. */
function inOperatorsWords(error: unknown, place: string): unknown {
  const code = codeOf(error);
  const timedOut = error instanceof Error && error.message.includes("timeout");
  if (unreachable.has(code) || timedOut) {
    return new OperatorError({
      code: "database-unreachable",
      sentence: `no PostgreSQL answers at ${place}`,
      hint: "check that it runs, that DATABASE_URL names its host and port, and that no firewall is between",
      cause: error,
    });
  }
  if (!(error instanceof pg.DatabaseError)) return error;
  if (code.startsWith("28") || code === "3D000" || code === "42501") {
    return new OperatorError({
      code: "database-refused",
      sentence: `PostgreSQL at ${place} refused: ${error.message}`,
      hint: "check user, password and database name in DATABASE_URL; the user must be the database's owner",
      cause: error,
    });
  }
  if (code === "53100") {
    return new OperatorError({
      code: "disk-full",
      sentence: `the disk that holds the database at ${place} is full; nothing was half-written`,
      hint: "free some space, then start again",
      cause: error,
    });
  }
  return error;
}
