// A file of people imported through HTTP, with a verdict for each row and progress to be seen, beside COPY of the very
// rows that the import wrote into the same tables, with the same indexes and foreign keys.

import { setTimeout as pause } from "node:timers/promises";

import { addressOf, clientFor, imports, sessions, type Call, type PeopleImport } from "@lockstep/api";
import type { AuthorityId, OrganisationId, TeamId } from "@lockstep/core";
import { v7 as uuid } from "uuid";
import { z } from "zod";

import type { Database } from "../apps/server/src/db/database.ts";
import { sql } from "../apps/server/src/db/sql.ts";
import { changeContents, type Writing } from "../apps/server/src/facts/change.ts";
import { createOrganisationWithin } from "../apps/server/src/organisations/commands.ts";
import { insertAuthority } from "../apps/server/src/organisations/store.ts";
import type { RootMaking } from "../apps/server/src/roots/commands.ts";
import { insertTeam } from "../apps/server/src/teams/store.ts";
import { milliseconds, note, percent, seconds, type Finding } from "./findings.ts";
import type { Large } from "./generate.ts";
import type { Setting } from "./http.ts";
import { middleOf, timed, type Round } from "./measure.ts";
import { makeManager, startProgram } from "./server.ts";

const divisions = 9;
const teamsOfDivision = 10;
const rounds = 3;
const promised = 0.25;
const longestPromised = 1000;

/** An organisation with some hundred teams, two levels deep, and nobody in it. */
export async function makeEmpty(writing: Writing & RootMaking): Promise<OrganisationId> {
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

function fileOf(people: number): string {
  const mark = uuid();
  const rows = Array.from({ length: people }, (_, n) => rowOf(n, mark));
  return `${["name,username,email,team", ...rows].join("\r\n")}\r\n`;
}

interface Imported {
  readonly taken: number;
  /** How often progress was seen. */
  readonly steps: number;
  /** The longest that somebody else had to wait meanwhile. */
  readonly longest: number;
}

interface Caller {
  readonly origin: string;
  readonly token: string;
}

/** Posts a body that was made before, because making it is not the server's work. */
async function post(
  { origin, token }: Caller,
  organisationId: OrganisationId,
  body: string,
): Promise<PeopleImport> {
  const reply = await fetch(origin + addressOf(imports.startImport.path, { organisationId }), {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body,
  });
  return imports.startImport.reply.parse(await reply.json());
}

/** Somebody who asks for something small, again and again. @returns the longest wait. */
async function longestWait(call: Call, { signal }: AbortController): Promise<number> {
  let longest = 0;
  while (!signal.aborted) {
    longest = Math.max(longest, await timed(() => call(sessions.showSession)));
    await pause(10);
  }
  return longest;
}

/** Posts the file and asks how far it is until it has ended. */
async function importFile(caller: Caller, organisationId: OrganisationId, csv: string): Promise<Imported> {
  const call = clientFor(caller.origin, caller);
  const body = JSON.stringify({ fileName: "people.csv", csv });
  const ended = new AbortController();
  const waits = longestWait(call, ended);
  const start = performance.now();
  let progress = await post(caller, organisationId, body);
  const params = { organisationId, importId: progress.id };
  const { rows } = progress;
  const seen = new Set<number>();
  while (progress.endedAt === null) {
    progress = await call(imports.showImport, { params });
    if (progress.done > 0 && progress.done < rows) seen.add(progress.done);
    await pause(20);
  }
  const taken = performance.now() - start;
  ended.abort();
  if (progress.done !== rows || progress.skipped !== rows / 100) throw new Error("every row has its verdict");
  return { taken, steps: seen.size, longest: await waits };
}

/** Tables, and which rows of each an organisation has, in an order that the foreign keys allow. */
export type Written = readonly (readonly [table: string, of: (organisation: string) => string])[];

/** Every row that the import wrote for a person or a row of the file, in an order that the foreign keys allow. */
const imported: Written = [
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
export async function copyBack(
  database: Database,
  organisationId: OrganisationId,
  written: Written,
): Promise<number> {
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
  const measured: Round[] = [];
  const waits: number[] = [];
  for (const organisationId of organisations) {
    const csv = fileOf(people);
    await sql.raw("checkpoint").execute(database.kysely);
    const server = await startProgram(postgres.connection, folder);
    const caller = { origin: server.origin, token };
    const { taken, steps, longest } = await importFile(caller, organisationId, csv).finally(() =>
      server.stop(),
    );
    if (steps < 3) throw new Error("progress was to be seen");
    const raw = await copyBack(database, organisationId, imported);
    measured.push({ ours: taken, raw });
    waits.push(longest);
    note(
      `  import ${seconds(taken)} in ${steps + 1} steps, longest wait ${milliseconds(longest)}; COPY ${seconds(raw)}`,
    );
  }
  return findingsOf(people, measured, waits);
}

function findingsOf(people: number, measured: readonly Round[], waits: readonly number[]): Finding[] {
  const { ours, raw, ratio } = middleOf(measured, (round) => round.raw / round.ours);
  const longest = Math.max(...waits);
  return [
    {
      what: `import of ${people.toLocaleString("en")} people from a file through HTTP, a verdict for each row, against COPY of the rows that it writes`,
      ours: seconds(ours),
      raw: seconds(raw),
      ratio: `${percent(ratio)} of the pace`,
      promise: `≥ ${percent(promised)}`,
      kept: ratio >= promised,
    },
    {
      what: "the longest that somebody else had to wait for the server meanwhile",
      ours: milliseconds(longest),
      raw: "–",
      ratio: "–",
      promise: `≤ ${milliseconds(longestPromised)}`,
      kept: longest <= longestPromised,
    },
  ];
}
