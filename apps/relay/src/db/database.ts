// The store's one file. Only this folder knows SQLite. What is written at the same time is made durable together: each
// piece of work stands or falls for itself, and is acknowledged once all of them are on the disk.

import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

export type Value = SQLInputValue;

/** What a store reads with. Rows are parsed by whoever asked for them. */
export interface Reader {
  rows(sql: string, ...values: Value[]): unknown[];
  /** One row after the other, for whoever may have enough before the last. */
  each(sql: string, ...values: Value[]): Iterable<unknown>;
}

/** What a store writes with, inside `Database.write`. */
export interface Transaction extends Reader {
  /** @returns how many rows it changed. */
  run(sql: string, ...values: Value[]): number;
  /** All of the work or nothing of it; the rest of the transaction stays. */
  atomically<Result>(work: () => Result): Result;
}

interface Waiting {
  /** @returns what tells the caller, once the work is on the disk. */
  readonly run: () => () => void;
  readonly fail: (cause: unknown) => void;
}

/** SQLite's own numbers for what went wrong. */
const resultCodes = { busy: 5, readOnly: 8, corrupt: 11, full: 13, cantOpen: 14, notADatabase: 26 } as const;

export function isStoreError(error: unknown, ...results: (keyof typeof resultCodes)[]): boolean {
  if (!(error instanceof Error) || !("errcode" in error)) return false;
  // The low byte is the kind, the rest tells it apart further.
  const kind = Number(error.errcode) & 0xff;
  return results.some((result) => resultCodes[result] === kind);
}

export class Database {
  readonly #sqlite: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #transaction: Transaction;
  #waiting: Waiting[] = [];

  constructor(file: string) {
    this.#sqlite = new DatabaseSync(file, { enableForeignKeyConstraints: true });
    try {
      // Exclusive, so that a second relay cannot ring bells that the first one's readers do not hear. Full, so that
      // what was acknowledged outlives a loss of power.
      this.#sqlite.exec(`
        pragma locking_mode = exclusive;
        pragma journal_mode = wal;
        pragma synchronous = full;
      `);
    } catch (error) {
      this.#sqlite.close();
      throw error;
    }
    this.#transaction = {
      rows: (sql, ...values) => this.rows(sql, ...values),
      each: (sql, ...values) => this.#statement(sql).iterate(...values),
      run: (sql, ...values) => Number(this.#statement(sql).run(...values).changes),
      atomically: (work) => this.#atomically(work),
    };
  }

  rows(sql: string, ...values: Value[]): unknown[] {
    return this.#statement(sql).all(...values);
  }

  /** Resolves once the work is on the disk, and fails if it threw, which leaves nothing of it. */
  async write<Result>(work: (transaction: Transaction) => Result): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#waiting.push({
      run: () => {
        const result = this.#atomically(() => work(this.#transaction));
        return () => resolve(result);
      },
      fail: reject,
    });
    if (this.#waiting.length === 1) setImmediate(() => this.#writeWaiting());
    return promise;
  }

  /** Several statements that belong to the schema and have no values. */
  migrate(sql: string): void {
    this.#sqlite.exec(`begin immediate; ${sql}; commit`);
  }

  /** Whoever still waits is written first. */
  close(): void {
    this.#writeWaiting();
    this.#statements.clear();
    this.#sqlite.close();
  }

  #writeWaiting(): void {
    const works = this.#waiting;
    this.#waiting = [];
    if (works.length === 0) return;
    try {
      this.#sqlite.exec("begin immediate");
      const endings = works.map((work) => this.#endingOf(work));
      this.#sqlite.exec("commit");
      for (const end of endings) end();
    } catch (error) {
      if (this.#sqlite.isTransaction) this.#sqlite.exec("rollback");
      for (const { fail } of works) fail(error);
    }
  }

  #endingOf({ run, fail }: Waiting): () => void {
    try {
      return run();
    } catch (error) {
      // A full disk ends the whole transaction (sqlite.org/lang_transaction.html §2.5), so nobody's work is there.
      if (!this.#sqlite.isTransaction) throw error;
      return () => fail(error);
    }
  }

  #atomically<Result>(work: () => Result): Result {
    this.#sqlite.exec("savepoint work");
    try {
      const result = work();
      this.#sqlite.exec("release work");
      return result;
    } catch (error) {
      if (this.#sqlite.isTransaction) this.#sqlite.exec("rollback to work; release work");
      throw error;
    }
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const prepared = this.#sqlite.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }
}
