import pg from "pg";
import { expect, test } from "vitest";

import { problemOf } from "./problem.ts";

function databaseError(code: string): pg.DatabaseError {
  const error = new pg.DatabaseError("could not extend file", 0, "error");
  error.code = code;
  return error;
}

test.each([
  ["the disk is full", databaseError("53100"), 507, "storage_full"],
  ["PostgreSQL is being stopped", databaseError("57P01"), 503, "database_unavailable"],
  [
    "nothing listens any more",
    Object.assign(new Error("connect"), { code: "ECONNREFUSED" }),
    503,
    "database_unavailable",
  ],
  ["a constraint was broken, which is a bug", databaseError("23514"), 500, "internal_error"],
  ["anything else", new TypeError("undefined is not a function"), 500, "internal_error"],
])("when %s, the caller learns the code and nothing else", (_, error, status, code) => {
  const problem = problemOf(error, "request-1");
  expect(problem).toMatchObject({ status, code, instance: "request-1" });
  expect(JSON.stringify(problem)).not.toContain(error.message);
});
