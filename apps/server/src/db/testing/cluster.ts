// Vitest's global set-up: one PostgreSQL for the whole run, with a migrated template that each test file clones.
// LOCKSTEP_TEST_POSTGRES names a folder with other binaries than those from npm (say, Debian's PostgreSQL 15).

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { TestProject } from "vitest/node";

import { Database } from "../database.ts";
import { startEmbeddedPostgres } from "../embedded.ts";
import { migrate } from "../migrate.ts";
import { sql } from "../sql.ts";

export interface TestServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    postgres: TestServer;
    /** A folder that is gone after the run, however the processes of its tests have ended. */
    scratch: string;
  }
}

export const template = "lockstep_template";

/**
 * In test databases only: every write to a fact of a user leaves a note, whichever way it was written. After
 * each test the users noted are compared with core's `postureOf`.
 */
const notes = `
  create table fact_writes (organisation_id uuid not null, user_id uuid not null);
  create function note_fact_write() returns trigger language plpgsql as $$
  declare
    written record := case tg_op when 'DELETE' then old else new end;
  begin
    insert into fact_writes values (written.organisation_id,
      (to_jsonb(written) ->> case tg_table_name when 'users' then 'id' else 'user_id' end)::uuid);
    return null;
  end $$;
  ${["users", "seats", "directory_links", "activations", "updates", "user_groups"]
    .map(
      (table) => `create trigger note_fact_write after insert or update or delete on ${table}
        for each row execute function note_fact_write();`,
    )
    .join("\n")}`;

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-test-"));
  const binaries = process.env["LOCKSTEP_TEST_POSTGRES"];
  const postgres = await startEmbeddedPostgres({
    folder,
    durability: "throw-away",
    settings: { max_connections: "200" },
    ...(binaries === undefined ? {} : { binaries }),
  });
  const { host, port, user, database } = postgres.connection;
  const administration = new Database({ host, port, user, database });
  await sql.raw(`create database ${template}`).execute(administration.kysely);
  await administration.close();
  const made = new Database({ host, port, user, database: template });
  await migrate(made);
  await sql.raw(notes).execute(made.kysely);
  await made.close();
  project.provide("postgres", { host, port, user });
  const scratch = await mkdtemp(join(tmpdir(), "lockstep-scratch-"));
  project.provide("scratch", scratch);
  return async () => {
    await postgres.stop();
    for (const gone of [folder, scratch]) await rm(gone, { recursive: true, force: true });
  };
}
