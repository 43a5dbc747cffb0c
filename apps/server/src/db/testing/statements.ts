// What is asked of PostgreSQL while something is done: for tests that two ways do the same work.

import pg from "pg";
import { vi } from "vitest";

/** @returns what came of it, and the statements of all connections in the order in which they were sent. */
export async function withStatements<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; statements: string[] }> {
  const query = vi.spyOn(pg.Client.prototype, "query");
  try {
    const result = await work();
    const statements = query.mock.calls.map(([first]: unknown[]) =>
      typeof first === "string" ? first : String((first as { text?: unknown }).text),
    );
    return { result, statements };
  } finally {
    query.mockRestore();
  }
}
