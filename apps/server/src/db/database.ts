// The pool and its two kinds of transaction: a snapshot that reads, and one that writes and is tried again
// when PostgreSQL says that nothing but bad timing stood in its way.

import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { z } from "zod";

import type { Statement } from "./sql.ts";

const { types } = pg;
// Counts stay far below 2^53; days are days and not midnights; instants are ISO 8601 in UTC.
types.setTypeParser(types.builtins.INT8, Number);
types.setTypeParser(types.builtins.DATE, (text) => text);
types.setTypeParser(types.builtins.TIMESTAMPTZ, (text) => new Date(text).toISOString());

export type ConnectionSettings = pg.PoolConfig;

/** Whoever can read. Every row is parsed by `shape` on the way in. */
export interface Reader {
  /** @throws when a row is not of the shape: the schema and the code disagree, which is a bug. */
  rows<Row>(shape: z.ZodType<Row>, statement: Statement): Promise<Row[]>;
  /** The first row, or undefined. */
  row<Row>(shape: z.ZodType<Row>, statement: Statement): Promise<Row | undefined>;
}

/** Everything read through it was true at one moment. */
export interface Snapshot extends Reader {
  readonly asOf: string;
}

export interface Transaction extends Reader {
  /** @returns how many rows were written. */
  execute(statement: Statement): Promise<number>;
}

/** What must be tried again: serialisation failures, deadlocks, and a posture deleted under a reader. */
function isBadTiming(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return false;
  return error.code === "40001" || error.code === "40P01" || error.constraint === "users_posture";
}

/** Whether an error says that the database cannot be reached, rather than that it refused. */
export function isDatabaseGone(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return error.code?.startsWith("57P") ?? false;
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? error.code : undefined;
  return (
    code === "ECONNREFUSED" ||
    code === "ENOENT" ||
    code === "ECONNRESET" ||
    code === "EPIPE" ||
    error.message.startsWith("Connection terminated")
  );
}

const attempts = 10;

export class Database {
  readonly #pool: pg.Pool;
  /** Compiles statements and runs migrations. */
  readonly kysely: Kysely<unknown>;

  constructor(settings: ConnectionSettings) {
    this.#pool = new pg.Pool({ max: 10, ...settings });
    // An idle connection that breaks is replaced by the pool; whoever uses a broken one is told.
    this.#pool.on("error", () => undefined);
    this.kysely = new Kysely({ dialect: new PostgresDialect({ pool: this.#pool }) });
  }

  async close(): Promise<void> {
    await this.kysely.destroy();
  }

  /** Reads at one moment, whatever others write meanwhile. */
  async snapshot<Result>(read: (snapshot: Snapshot) => Promise<Result>): Promise<Result> {
    return this.#connected(async (client) => {
      await client.query("begin isolation level repeatable read read only");
      const reader = this.#on(client);
      const asOf = await client.query<{ asOf: string }>({ name: "as-of", text: `select now() as "asOf"` });
      return read({ ...reader, asOf: asOf.rows[0]?.asOf ?? "" });
    });
  }

  /**
   * Writes all or nothing. The function may run several times, so it must have no effect but on the database.
   */
  async transaction<Result>(write: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#connected(async (client) => {
          await client.query("begin");
          return write(this.#on(client));
        });
      } catch (error) {
        if (attempt === attempts || !isBadTiming(error)) throw error;
      }
    }
  }

  async #connected<Result>(use: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    try {
      const result = await use(client);
      await client.query("commit");
      return result;
    } catch (error) {
      await client.query("rollback").catch((failure: unknown) => {
        broken = failure instanceof Error ? failure : new Error(String(failure));
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  #on(client: pg.PoolClient): Transaction {
    const send = async (statement: Statement) => {
      const { sql: text, parameters } = statement.compile(this.kysely);
      return client.query<Record<string, unknown>>(text, [...parameters]);
    };
    const rows = async <Row>(shape: z.ZodType<Row>, statement: Statement) => {
      const result = await send(statement);
      return result.rows.map((row) => shape.parse(row));
    };
    return {
      rows,
      row: async (shape, statement) => (await rows(shape, statement))[0],
      execute: async (statement) => (await send(statement)).rowCount ?? 0,
    };
  }
}
