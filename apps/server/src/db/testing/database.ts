// A database of its own for a test file, cloned from the run's template.

import { randomUUID } from "node:crypto";

import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";
import { z } from "zod";

import { auditUsers, countersOff } from "../../facts/auditor.ts";
import { Database } from "../database.ts";
import { id } from "../shape.ts";
import { sql } from "../sql.ts";
import { template } from "./cluster.ts";

/** Makes an empty, migrated database and gives its name; the run's server goes away with all of them. */
export async function cloneDatabase(): Promise<{
  connection: { host: string; port: number; user: string; database: string };
}> {
  const server = inject("postgres");
  const name = `lockstep_${randomUUID().replaceAll("-", "")}`;
  const administration = new Database({ ...server, database: "postgres" });
  try {
    await sql.raw(`create database ${name} template ${template}`).execute(administration.kysely);
  } finally {
    await administration.close();
  }
  return { connection: { ...server, database: name } };
}

const note = z.object({ organisationId: id<"organisation">(), userId: id<"user">() });

/** Every user of whom a fact was written since the last call must be in the posture that core gives. */
export async function expectNoDrift(database: Database): Promise<void> {
  const notes = await database.transaction((transaction) =>
    transaction.rows(
      note,
      sql`delete from fact_writes returning organisation_id as "organisationId", user_id as "userId"`,
    ),
  );
  const users = Map.groupBy(notes, ({ organisationId }) => organisationId);
  for (const [organisationId, written] of users) {
    const ids = [...new Set(written.map(({ userId }) => userId))];
    expect(await auditUsers(database, organisationId, ids)).toEqual([]);
    expect(await countersOff(database, organisationId)).toEqual([]);
  }
}

/** For the whole test file; after each test nothing may have drifted. */
export function useDatabase(): { readonly current: Database } {
  let database: Database | undefined;
  const current = () => {
    if (database === undefined) throw new Error("the database is made before the first test");
    return database;
  };
  beforeAll(async () => {
    const { connection } = await cloneDatabase();
    database = new Database(connection);
  });
  afterEach(() => expectNoDrift(current()));
  afterAll(async () => {
    await database?.close();
  });
  return {
    get current() {
      return current();
    },
  };
}
