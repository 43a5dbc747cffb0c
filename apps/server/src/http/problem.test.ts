import { expect, test } from "vitest";

import { sql } from "../db/sql.ts";
import { useDatabase } from "../db/testing/database.ts";
import { problemOf } from "./problem.ts";

const database = useDatabase();

/** PostgreSQL's own error of a code (SQLSTATE), as the driver throws it. */
async function errorOf(code: string): Promise<unknown> {
  const raising = sql.raw(`do $$ begin raise exception 'particulars' using errcode = '${code}'; end $$`);
  return database.current
    .transaction((transaction) => transaction.execute(raising))
    .catch((error: unknown) => error);
}

const away = Object.assign(new Error("particulars"), { code: "ECONNREFUSED" });

test.each([
  ["the disk of the database is full", () => errorOf("53100"), 507, "storage_full"],
  ["PostgreSQL is being stopped", () => errorOf("57P01"), 503, "database_unavailable"],
  ["no database answers", () => Promise.resolve(away), 503, "database_unavailable"],
  ["a constraint was broken, which is a bug", () => errorOf("23514"), 500, "internal_error"],
  ["anything else is thrown", () => Promise.resolve(new TypeError("particulars")), 500, "internal_error"],
] as const)("when %s, the caller learns the code and nothing else", async (_, thrown, status, code) => {
  const problem = problemOf(await thrown(), "request-1");
  expect(problem).toMatchObject({ status, code, instance: "request-1" });
  expect(JSON.stringify(problem)).not.toContain("particulars");
});
