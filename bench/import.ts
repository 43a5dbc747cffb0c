// A file of people imported through HTTP, with a verdict for each row and progress to be seen, beside COPY of the very
// rows that the import wrote into the same tables, with the same indexes and foreign keys.

import { imports, clientFor, type Call, type PeopleImport } from "@lockstep/api";
import type { AuthorityId, OrganisationId, TeamId } from "@lockstep/core";
import { v7 as uuid } from "uuid";
import { z } from "zod";

import type { Database } from "../apps/server/src/db/database.ts";
import { sql } from "../apps/server/src/db/sql.ts";
import { changeContents, type Writing } from "../apps/server/src/facts/change.ts";
import { createOrganisationWithin } from "../apps/server/src/organisations/commands.ts";
import { insertAuthority } from "../apps/server/src/organisations/store.ts";
import { insertTeam } from "../apps/server/src/teams/store.ts";
import { milliseconds, note, percent, seconds, type Finding } from "./findings.ts";
import type { Large } from "./generate.ts";
import type { Setting } from "./http.ts";
import { median, timed } from "./measure.ts";
import { makeManager, startProgram } from "./server.ts";

const divisions = 9;
const teamsOfDivision = 10;
const rounds = 2;
const promised = 0.25;

/** An organisation with some hundred teams, two levels deep, and nobody in it. */
export async function makeEmpty(writing: Writing): Promise<OrganisationId> {
  const organisationId = uuid() as OrganisationId;
  const rootTeamId = uuid() as TeamId;
  const authorityId = uuid() as AuthorityId;
  await writing.database.transaction(async (transaction) => {
    await insertAuthority(transaction, { id: authorityId, name: `Authority of ${organisationId}` });
    const organisation = {
      id: organisationId,
      authorityId,
      name: organisationId,
      office: "none",
      rootTeamId,
    } as const;
    await createOrganisationWithin(transaction, writing, organisation);
  });
  await changeContents(writing, organisationId, async (change) => {
    for (let division = 0; division < divisions; division++) {
      const id = uuid() as TeamId;
      await insertTeam(change, { id, parentId: rootTeamId, name: `Division ${division}` });
      for (let team = 0; team < teamsOfDivision; team++) {
        await insertTeam(change, { id: uuid() as TeamId, parentId: id, name: `Team ${team}` });
      }
    }
  });
  return organisationId;
}

/** One in a hundred rows is bad, each of five in another way. */
function rowOf(n: number, mark: string): string {
  const username = `person-${n}-${mark}@example.org`;
  const mail = `person-${n}@example.org`;
  const team = `Division ${n % divisions}/Team ${n % teamsOfDivision}`;
  switch (n % 500) {
    case 100:
      return `,${username},${mail},${team}`;
    case 200:
      return `Person ${n},${username},no address,${team}`;
    case 300:
      return `Person ${n},${username},${mail},Division ${n % divisions}/No team`;
    case 400:
      return `Person ${n},person-${n - 1}-${mark}@example.org,${mail},${team}`;
    case 499:
      return `Person ${n},${username}`;
    default:
      return `"Person ${n}, of ${team}",${username},${mail},${team}`;
  }
}

export function fileOf(people: number): string {
  const mark = uuid();
  const rows = Array.from({ length: people }, (_, n) => rowOf(n, mark));
  return `${["name,username,email,team", ...rows].join("\r\n")}\r\n`;
}

interface Imported {
  readonly taken: number;
  /** How often progress was seen. */
  readonly steps: number;
  /** The longest time in which another call was answered meanwhile. */
  readonly longest: number;
}

/** Posts the file and asks how far it is until it has ended. */
async function importFile(call: Call, organisationId: OrganisationId, csv: string): Promise<Imported> {
  const start = performance.now();
  const params = { organisationId };
  let progress: PeopleImport = await call(imports.startImport, {
    params,
    body: { fileName: "people.csv", csv },
  });
  const { rows } = progress;
  const seen = new Set<number>();
  let longest = performance.now() - start;
  note(`  posted in ${milliseconds(longest)}`);
  while (progress.endedAt === null) {
    const taken = await timed(async () => {
      progress = await call(imports.showImport, { params: { ...params, importId: progress.id } });
    });
    longest = Math.max(longest, taken);
    if (progress.done > 0 && progress.done < rows) seen.add(progress.done);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const taken = performance.now() - start;
  if (progress.done !== rows || progress.skipped !== rows / 100) throw new Error("every row has its verdict");
  return { taken, steps: seen.size, longest };
}

/** Every row that the import wrote for a person or a row of the file, in an order that the foreign keys allow. */
const written: readonly (readonly [table: string, of: (organisation: string) => string])[] = [
  ["usernames", (organisation) => `select * from usernames where organisation_id = ${organisation}`],
  ["users", (organisation) => `select * from users where organisation_id = ${organisation}`],
  [
    "events",
    (organisation) => `select * from events where organisation_id = ${organisation} and user_id is not null`,
  ],
  // Some are sealed already, and then no longer there.
  [
    "unsealed_events",
    (organisation) =>
      `select organisation_id, id from events where organisation_id = ${organisation} and user_id is not null`,
  ],
  ["import_rows", (organisation) => `select * from import_rows where organisation_id = ${organisation}`],
];

const place = z.object({ folder: z.string() });

async function run(database: Database, ...statements: string[]): Promise<void> {
  await database.transaction(async (transaction) => {
    for (const statement of statements) await transaction.execute(sql.raw(statement));
  });
}

/** Takes the rows out into files of PostgreSQL's, and times how fast it reads them in again. */
export async function copyBack(database: Database, organisationId: OrganisationId): Promise<number> {
  const organisation = `'${organisationId}'`;
  const found = await database.snapshot((snapshot) =>
    snapshot.row(place, sql`select current_setting('data_directory') as folder`),
  );
  const fileOf = (table: string) => `'${found?.folder ?? ""}/${table}.rows'`;
  const rowsGone = written.map(
    ([table]) =>
      `delete from ${table} where organisation_id = ${organisation}${table === "events" ? " and user_id is not null" : ""}`,
  );
  await run(
    database,
    // Whether anything refers to a row that goes is not asked: it comes back.
    "set local session_replication_role = replica",
    ...written.map(([table, of]) => `copy (${of(organisation)}) to ${fileOf(table)}`),
    ...rowsGone.reverse(),
  );
  for (const [table] of written) await sql.raw(`vacuum analyze ${table}`).execute(database.kysely);
  await sql.raw("checkpoint").execute(database.kysely);
  return timed(() => run(database, ...written.map(([table]) => `copy ${table} from ${fileOf(table)}`)));
}

export async function measureImport(
  { writing, postgres, folder }: Setting,
  home: Large,
  people: number,
): Promise<Finding[]> {
  const { database } = writing;
  const organisations: OrganisationId[] = [];
  for (let round = 0; round < rounds; round++) organisations.push(await makeEmpty(writing));
  const token = await makeManager(writing, home.organisationId, organisations);
  const times: { ours: number[]; raw: number[]; longest: number[] } = { ours: [], raw: [], longest: [] };
  for (const organisationId of organisations) {
    const csv = fileOf(people);
    await sql.raw("checkpoint").execute(database.kysely);
    const server = await startProgram(postgres.connection, folder);
    const { taken, steps, longest } = await importFile(
      clientFor(server.origin, { token }),
      organisationId,
      csv,
    ).finally(() => server.stop());
    if (steps < 3) throw new Error("progress was to be seen");
    times.ours.push(taken);
    times.longest.push(longest);
    times.raw.push(await copyBack(database, organisationId));
    note(
      `  import ${seconds(taken)}, ${steps} steps seen, longest answer ${milliseconds(longest)}; COPY ${seconds(times.raw.at(-1) ?? 0)}`,
    );
  }
  for (const each of Object.values(times)) each.sort((a, b) => a - b);
  const ratio = median(times.raw) / median(times.ours);
  return [
    {
      what: `import of ${people.toLocaleString("en")} people from a file through HTTP, a verdict for each row, against COPY of the rows that it writes`,
      ours: seconds(median(times.ours)),
      raw: seconds(median(times.raw)),
      ratio: `${percent(ratio)} of the pace`,
      promise: `≥ ${percent(promised)}`,
      kept: ratio >= promised,
    },
  ];
}
