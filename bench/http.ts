// Lists, shows and saves through HTTP, beside the same SQL sent by pgbench: the same calls, by as many at once, in
// turns, for as long. The server and whoever calls it are processes of their own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { encryptionStatuses, type UserId } from "@lockstep/core";
import { z } from "zod";

import { countEvents } from "../apps/server/src/audit/store.ts";
import { sessionOptions } from "../apps/server/src/db/database.ts";
import type { EmbeddedPostgres } from "../apps/server/src/db/embedded.ts";
import { id } from "../apps/server/src/db/shape.ts";
import { array, sql } from "../apps/server/src/db/sql.ts";
import type { Writing } from "../apps/server/src/facts/change.ts";
import type { RootMaking } from "../apps/server/src/roots/commands.ts";
import { note, percent, type Finding } from "./findings.ts";
import type { Large } from "./generate.ts";
import { parseAnswered, type Call, type Order } from "./load.ts";
import { median, middleOf, type Round } from "./measure.ts";
import { record, variablesOf } from "./recording.ts";
import { makeManager, startProgram } from "./server.ts";

/** More callers than the server has connections to the database, as with a console open on many desks. */
const concurrency = 32;
const callsOfEach = 2;
const seconds = 4;
const rounds = 3;
const promised = 0.5;

const pgbench = join(process.env["LOCKSTEP_TEST_POSTGRES"] ?? "/usr/lib/postgresql/15", "bin/pgbench");
const load = fileURLToPath(new URL("load.ts", import.meta.url));

interface Measured {
  readonly what: string;
  /** Of each connection. */
  readonly connections: readonly (readonly Call[])[];
  /** Users that are edited. */
  readonly edited: readonly UserId[];
}

const person = z.object({ id: id<"user">() });

async function listSomeUsers({ database }: Writing, { organisationId }: Large): Promise<UserId[]> {
  const rows = await database.snapshot((snapshot) =>
    snapshot.rows(
      person,
      sql`select id from users where organisation_id = ${organisationId} order by md5(id::text)
        limit ${concurrency * callsOfEach}`,
    ),
  );
  return rows.map((row) => row.id);
}

/** So many for each connection. */
function dealt<Card>(cards: readonly Card[], each: number): Card[][] {
  return Array.from({ length: concurrency }, (_, at) =>
    Array.from({ length: each }, (_, nth) => cards[(at * each + nth) % cards.length] as Card),
  );
}

/** The first page of every status, and the second where there is one. */
async function listings({ organisationId }: Large, ask: (path: string) => Promise<unknown>): Promise<Call[]> {
  const calls: Call[] = [];
  for (const status of Object.keys(encryptionStatuses)) {
    const path = `/api/v1/organisations/${organisationId}/users?status=${status}&limit=50`;
    const { next } = z.object({ next: z.string().nullable() }).parse(await ask(path));
    const paths = next === null ? [path] : [path, `${path}&after=${encodeURIComponent(next)}`];
    calls.push(...paths.map((each) => ({ method: "GET", path: each, body: null, edits: null })));
  }
  return calls;
}

/** Every connection edits people of its own, who now have this name and now that. */
function saves({ organisationId }: Large, users: readonly UserId[]): Call[] {
  return users.flatMap((user) =>
    ["One", "Other"].map((word) => ({
      method: "PATCH",
      path: `/api/v1/organisations/${organisationId}/users/${user}`,
      body: JSON.stringify({ name: `${word} ${user}`, email: `${word}@example.org` }),
      edits: user,
    })),
  );
}

async function measuredCalls(
  writing: Writing,
  large: Large,
  ask: (path: string) => Promise<unknown>,
): Promise<Measured[]> {
  const users = await listSomeUsers(writing, large);
  const edited = users.slice(0, (concurrency * callsOfEach) / 2);
  const shows = users.map((user) => ({
    method: "GET",
    path: `/api/v1/organisations/${large.organisationId}/users/${user}/standing`,
    body: null,
    edits: null,
  }));
  return [
    {
      what: "list (a page of 50 by status, with counts)",
      connections: dealt(await listings(large, ask), callsOfEach),
      edited: [],
    },
    { what: "show (the standing of a user, explained)", connections: dealt(shows, callsOfEach), edited: [] },
    {
      what: "save (a user's name and mail address)",
      connections: dealt(saves(large, edited), callsOfEach),
      edited,
    },
  ];
}

async function revisionsOf(
  { database }: Writing,
  { organisationId }: Large,
  users: readonly UserId[],
): Promise<Map<string, number>> {
  const rows = await database.snapshot((snapshot) =>
    snapshot.rows(
      person.extend({ revision: z.int() }),
      sql`select id, revision from users where organisation_id = ${organisationId} and id = any(${array(users, "uuid")})`,
    ),
  );
  return new Map(rows.map((row) => [row.id, row.revision]));
}

async function outputOf(
  program: string,
  parameters: readonly string[],
  input = "",
): Promise<{ out: string; said: string }> {
  const env = { ...process.env, PGOPTIONS: sessionOptions };
  const child = spawn(program, parameters, { env, stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.end(input);
  const [out, said] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  if (child.exitCode !== 0) throw new Error(`${program} failed: ${said}`);
  return { out, said };
}

/** The first second is for warming up, and the last one may not be whole. */
const rateOf = (perSecond: readonly number[]) => median(perSecond.slice(1).sort((a, b) => a - b));

async function rateThroughHttp(order: Order): Promise<number> {
  const { out } = await outputOf(process.execPath, [load], JSON.stringify(order));
  return rateOf(parseAnswered(out).perSecond);
}

/** How often a second pgbench gets through a script. */
export async function rateThroughPgbench(
  { host, port, user, database }: EmbeddedPostgres["connection"],
  script: string,
  { clients, variables }: { clients: number; variables: readonly string[] },
): Promise<number> {
  const { said } = await outputOf(pgbench, [
    ...["--no-vacuum", "--protocol=prepared", `--client=${clients}`, "--jobs=2", `--time=${seconds}`],
    ...["--progress=1", `--file=${script}`, ...variables],
    ...[`--host=${host}`, `--port=${port}`, `--username=${user}`, database],
  ]);
  return rateOf([...said.matchAll(/^progress: .*?, ([\d.]+) tps/gm)].map(([, rate]) => Number(rate)));
}

/** Every event of the calls before is in the chain: what is sealed belongs to those who are measured. */
async function awaitSeals({ database }: Writing, { organisationId }: Large): Promise<void> {
  for (;;) {
    const { unsealed } = await database.snapshot((snapshot) => countEvents(snapshot, organisationId));
    if (unsealed === 0) return;
    await pause(100);
  }
}

export interface Setting {
  readonly writing: Writing & RootMaking;
  readonly postgres: EmbeddedPostgres;
  /** For whatever is written beside the database. */
  readonly folder: string;
}

interface Running extends Setting {
  readonly large: Large;
  readonly origin: string;
  readonly token: string;
}

async function measure(running: Running, { what, connections, edited }: Measured): Promise<Finding> {
  const { writing, postgres, folder, large, origin, token } = running;
  const revisions = () => revisionsOf(writing, large, edited);
  const script = join(folder, "script.sql");
  await writeFile(
    script,
    await record(postgres, folder, { connections, token, revisions: await revisions() }),
  );
  const { hostname: host, port } = new URL(origin);
  const throughHttp = async () => {
    await awaitSeals(writing, large);
    const calls = connections.map((each) => [...each]);
    const given = Object.fromEntries(await revisions());
    const to = { host, port: Number(port), token };
    return rateThroughHttp({ ...to, seconds, connections: calls, revisions: given });
  };
  const throughPgbench = async () => {
    await awaitSeals(writing, large);
    const variables = variablesOf(Object.fromEntries(await revisions()));
    return rateThroughPgbench(postgres.connection, script, { clients: concurrency, variables });
  };
  // To warm up. After that statistics are made, as PostgreSQL makes them by itself within a minute.
  await throughHttp();
  await sql.raw("analyze").execute(writing.database.kysely);
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    const ours = await throughHttp();
    const raw = await throughPgbench();
    measured.push({ ours, raw });
    note(`  ${what}: ${ours.toFixed(0)} calls a second, pgbench ${raw.toFixed(0)}`);
  }
  return findingOf(what, measured);
}

export async function measureHttp(setting: Setting, large: Large): Promise<Finding[]> {
  const { writing, postgres, folder } = setting;
  const token = await makeManager(writing, large.organisationId, [large.organisationId]);
  const server = await startProgram(postgres.connection, folder);
  try {
    const { origin } = server;
    const ask = async (path: string): Promise<unknown> => {
      const reply = await fetch(origin + path, { headers: { authorization: `Bearer ${token}` } });
      return reply.json();
    };
    const findings: Finding[] = [];
    for (const measured of await measuredCalls(writing, large, ask)) {
      findings.push(await measure({ ...setting, large, origin, token }, measured));
    }
    return findings;
  } finally {
    await server.stop();
  }
}

function findingOf(what: string, measured: readonly Round[]): Finding {
  const { ours, raw, ratio } = middleOf(measured, (round) => round.ours / round.raw);
  return {
    what: `${what} through HTTP by ${concurrency} at once, against the same SQL through pgbench`,
    ours: `${ours.toFixed(0)}/s`,
    raw: `${raw.toFixed(0)}/s`,
    ratio: percent(ratio),
    promise: `≥ ${percent(promised)}`,
    kept: ratio >= promised,
  };
}
