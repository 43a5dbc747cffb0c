// The example organisation in a database of the test file's own, and how tests read it.

import { parseDay, type OrganisationId, type UserId } from "@lockstep/core";
import { beforeAll } from "vitest";
import { z } from "zod";

import type { Snapshot } from "../db/database.ts";
import { id } from "../db/shape.ts";
import { sql } from "../db/sql.ts";
import { useDatabase } from "../db/testing/database.ts";
import { exampleName, loadExample } from "../example.ts";
import type { Writing } from "../facts/change.ts";
import { testMaking } from "../facts/testing.ts";
import { listOrganisations } from "../organisations/store.ts";
import { listTeams, type Team } from "../teams/store.ts";
import { countStandings, type Counts } from "./counts.ts";
import { listPage, type Query, type Row } from "./page.ts";

export const now = new Date("2026-03-01T12:00:00.000Z");
export const today = parseDay("2026-03-01");

export interface Example {
  readonly organisationId: OrganisationId;
  readonly writing: Writing;
  readonly snapshot: <Result>(read: (snapshot: Snapshot) => Promise<Result>) => Promise<Result>;
  readonly counts: () => Promise<Counts>;
  readonly teamNamed: (name: string) => Promise<Team>;
  readonly userNamed: (username: string) => Promise<UserId>;
  /** Everybody whom a query finds, page by page of three. */
  readonly everyRow: (query: Partial<Query>, day?: typeof today) => Promise<Row[]>;
}

/** For the whole test file. */
export function useExample(): Example {
  const database = useDatabase();
  let organisationId: OrganisationId;
  beforeAll(async () => {
    await loadExample({ database: database.current, clock: () => now, ...testMaking() });
    const organisations = await database.current.snapshot(listOrganisations);
    const organisation = organisations.find(({ name }) => name === exampleName);
    if (organisation === undefined) throw new Error("the example has an organisation");
    organisationId = organisation.id;
  });
  const snapshot = <Result>(read: (snapshot: Snapshot) => Promise<Result>) => database.current.snapshot(read);
  return {
    get organisationId() {
      return organisationId;
    },
    get writing() {
      return { database: database.current, clock: () => now, doer: { role: "test", userId: null } };
    },
    snapshot,
    counts: () => snapshot((reader) => countStandings(reader, { organisationId, teams: null }, today)),
    teamNamed: async (name) => {
      const team = (await snapshot((reader) => listTeams(reader, organisationId))).find(
        (each) => each.name === name,
      );
      if (team === undefined) throw new Error(`no team ${name}`);
      return team;
    },
    userNamed: async (username) => {
      const row = await snapshot((reader) =>
        reader.row(
          z.object({ id: id<"user">() }),
          sql`select id from users
            where organisation_id = ${organisationId} and username = ${`${username}@northwind.example`}`,
        ),
      );
      if (row === undefined) throw new Error(`no ${username}`);
      return row.id;
    },
    everyRow: (query, day = today) =>
      snapshot(async (reader) => {
        const rows: Row[] = [];
        let after: Query["after"] = null;
        do {
          const whole: Query = { organisationId, teams: null, search: null, limit: 3, ...query, after };
          const page = await listPage(reader, whole, day);
          rows.push(...page.users);
          after = page.next;
        } while (after !== null);
        return rows;
      }),
  };
}
