// The pool, and three ways to use it: a snapshot that reads, a single statement that needs none, and a transaction
// that writes and is tried again when PostgreSQL says that nothing but bad timing stood in its way.

import { createHash } from "node:crypto";

import type { OrganisationId } from "@lockstep/core";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { z } from "zod";

import { sql, type Statement } from "./sql.ts";

const { types } = pg;
// Counts stay far below 2^53; days are days and not midnights; instants are ISO 8601 in UTC.
types.setTypeParser(types.builtins.INT8, Number);
types.setTypeParser(types.builtins.DATE, (text) => text);
types.setTypeParser(types.builtins.TIMESTAMPTZ, (text) => new Date(text).toISOString());

export type ConnectionSettings = pg.PoolConfig;

interface Sending {
  /**
   * The connection keeps the statement parsed and planned. For the few hot paths, and only where its text is one
   * of a few: values are bound, and nothing of a request stands in it.
   */
  readonly prepared?: boolean;
}

/** Whoever can read. Every row is parsed by `shape` on the way in. */
export interface Reader {
  /** @throws when a row is not of the shape: the schema and the code disagree, which is a bug. */
  rows<Row>(shape: z.ZodType<Row>, statement: Statement, sending?: Sending): Promise<Row[]>;
  /** The first row, or undefined. */
  row<Row>(shape: z.ZodType<Row>, statement: Statement, sending?: Sending): Promise<Row | undefined>;
}

/** Everything read through it was true at one moment. */
export interface Snapshot extends Reader {
  /** That moment. */
  asOf(): Promise<string>;
}

export interface Transaction extends Reader {
  /** @returns how many rows were written. */
  execute(statement: Statement, sending?: Sending): Promise<number>;
  /** Writes what nobody reads any more: it is sent together with the commit, which fails if it does. */
  executeLast(statement: Statement, sending?: Sending): void;
}

export interface TransactionOptions {
  readonly lockedOrganisation?: OrganisationId;
  /**
   * The disk is not waited for. After a loss of power the last ones of these may be gone, together with whatever came
   * after them: for steps on a longer way that is gone again from wherever it had come to. The next ordinary transaction
   * makes them last (PostgreSQL, "Asynchronous Commit").
   */
  readonly mayBeLost?: boolean;
}

/**
 * What is broken only by somebody who was faster: a posture deleted under a reader, and a team deleted under whoever
 * is put into it. At the second attempt it is seen, or refused.
 */
const racing = ["users_posture", "users_organisation_id_team_id_fkey"];

/** What must be tried again: serialisation failures, deadlocks, and lost races. */
function isBadTiming(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return false;
  const { code, constraint = "" } = error;
  return code === "40001" || code === "40P01" || racing.includes(constraint);
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

/** Whether PostgreSQL had no room left; the transaction was rolled back. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === "53100";
}

const moment = z.object({ asOf: z.string() });

/** A statement as the driver takes it. */
type Sent = pg.QueryConfig;

const names = new Map<string, string>();

/** A statement's name follows from its text: PostgreSQL cuts names at 63 bytes. */
function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined)
    names.set(text, (name = createHash("sha256").update(text).digest("hex").slice(0, 32)));
  return name;
}

const attempts = 10;

/**
 * Compiling a statement takes PostgreSQL a hundred times longer than running one of ours. And plans must not look at
 * values: of an organisation that is new, or has grown since the statistics were made, those say that nobody is in it,
 * and a plan for nobody takes hours for thousands.
 */
export const sessionOptions = "-c jit=off -c plan_cache_mode=force_generic_plan";

/**
 * What is sent until the end of this turn goes out in one piece: a call of the operating system for each statement
 * takes longer than all that we do about it.
 */
function gather({ connection: { stream } }: pg.PoolClient): void {
  stream.cork();
  process.nextTick(() => stream.uncork());
}

/** Waits for all of them, whichever fails first, and then throws the first failure. */
async function settled(...these: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(these);
  await Promise.all(these);
}

export class Database {
  readonly #pool: pg.Pool;
  /** Compiles statements and runs migrations. */
  readonly kysely: Kysely<unknown>;

  constructor(settings: ConnectionSettings) {
    // A statement may be sent before the one ahead of it is answered: a transaction begins with its first one. A few
    // connections keep PostgreSQL busy; more of them take turns at its processors, and everybody is served later.
    this.#pool = new pg.Pool({ max: 10, pipeline: true, options: sessionOptions, ...settings });
    // An idle connection that breaks is replaced by the pool; whoever uses a broken one is told.
    this.#pool.on("error", () => undefined);
    this.kysely = new Kysely({ dialect: new PostgresDialect({ pool: this.#pool }) });
  }

  async close(): Promise<void> {
    await this.kysely.destroy();
  }

  /** Reads at one moment, whatever others write meanwhile. */
  async snapshot<Result>(read: (snapshot: Snapshot) => Promise<Result>): Promise<Result> {
    return this.#connected("reads", async (client) => {
      gather(client);
      const begun = client.query("begin isolation level repeatable read read only");
      const reader = this.#on(client);
      const asOf = async () =>
        (await reader.row(moment, sql`select now() as "asOf"`, { prepared: true }))?.asOf ?? "";
      const result = read({ ...reader, asOf });
      await settled(begun, result);
      return result;
    });
  }

  /**
   * Reads with one statement, which is of one moment by itself: a single way there and back instead of three.
   * @throws when a second one is asked for, which would be of another moment.
   */
  async read<Result>(read: (reader: Reader) => Promise<Result>): Promise<Result> {
    let isAsked = false;
    const pool = this.#on(this.#pool);
    const once: Reader["rows"] = async (shape, statement, sending) => {
      if (isAsked) throw new Error("two statements are of two moments: read them in a snapshot");
      isAsked = true;
      return pool.rows(shape, statement, sending);
    };
    return read({
      rows: once,
      row: async (shape, statement, sending) => (await once(shape, statement, sending))[0],
    });
  }

  /**
   * Writes all or nothing. The function may run several times, so it must have no effect but on the database.
   * Transactions that lock the same organisation take turns, from before they read anything.
   */
  async transaction<Result>(
    write: (transaction: Transaction) => Promise<Result>,
    { lockedOrganisation, mayBeLost = false }: TransactionOptions = {},
  ): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#connected("writes", async (client, last) => {
          // Several statements at once take no parameters, and an id has no quotes: `parseId` saw to it.
          const lock = `select 1 from organisations where id = '${lockedOrganisation ?? ""}' for no key update`;
          gather(client);
          const begun = client.query(
            `begin; ${mayBeLost ? "set local synchronous_commit = off;" : ""}${lockedOrganisation === undefined ? "" : lock}`,
          );
          const written = write(this.#on(client, last));
          await settled(begun, written);
          return written;
        });
      } catch (error) {
        if (attempt === attempts || !isBadTiming(error)) throw error;
      }
    }
  }

  /**
   * Nobody waits for the end of what was only read: the connection's next statement comes after it by itself.
   * @param use adds to `last` what is to be sent together with the commit.
   */
  async #connected<Result>(
    purpose: "reads" | "writes",
    use: (client: pg.PoolClient, last: Sent[]) => Promise<Result>,
  ): Promise<Result> {
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    try {
      const last: Sent[] = [];
      const result = await use(client, last);
      gather(client);
      const committed = settled(...last.map((sent) => client.query(sent)), client.query("commit"));
      if (purpose === "writes") await committed;
      else committed.catch(() => undefined);
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

  #on(client: Pick<pg.PoolClient, "query">, last: Sent[] = []): Transaction {
    const compiled = (statement: Statement, sending?: Sending): Sent => {
      const { sql: text, parameters } = statement.compile(this.kysely);
      const named = sending?.prepared === true ? { name: nameOf(text) } : {};
      return { text, values: [...parameters], ...named };
    };
    const send = async (statement: Statement, sending?: Sending) =>
      client.query<Record<string, unknown>>(compiled(statement, sending));
    const rows = async <Row>(shape: z.ZodType<Row>, statement: Statement, sending?: Sending) => {
      const result = await send(statement, sending);
      return result.rows.map((row) => shape.parse(row));
    };
    return {
      rows,
      row: async (shape, statement, sending) => (await rows(shape, statement, sending))[0],
      execute: async (statement, sending) => (await send(statement, sending)).rowCount ?? 0,
      executeLast: (statement, sending) => void last.push(compiled(statement, sending)),
    };
  }
}
