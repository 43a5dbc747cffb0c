// What some work says to PostgreSQL, as PostgreSQL itself logs it, and the same statements for pgbench. It is done by the
// real application, in this process, where nothing that happens by time comes in between.

import { open, stat } from "node:fs/promises";

import { systemClock } from "../apps/server/src/clock.ts";
import { Database, sessionOptions } from "../apps/server/src/db/database.ts";
import type { EmbeddedPostgres } from "../apps/server/src/db/embedded.ts";
import { sql } from "../apps/server/src/db/sql.ts";
import { makeApp } from "../apps/server/src/http/app.ts";
import { signersWith } from "../apps/server/src/roots/signers.ts";
import { allRoutes, gateFor } from "../apps/server/src/server.ts";
import { SetUpCode } from "../apps/server/src/sessions/set-up.ts";
import type { Call } from "./load.ts";
import { makingIn } from "./server.ts";

export interface Logged {
  /** Several, if they were sent as one. */
  readonly text: string;
  /** As SQL literals. */
  readonly values: ReadonlyMap<number, string>;
}

const name = "recorded";
const fence = "select 'answered'";

/** A line of the log, and those that go on with it. */
function entriesOf(log: string): { kind: string; text: string }[] {
  const entries: { kind: string; text: string; isOurs: boolean }[] = [];
  for (const line of log.split("\n")) {
    const [, application, kind, text] =
      /^\d\S+ \S+ UTC \[\d+\] (\S+) (LOG|DETAIL|STATEMENT|ERROR|HINT): {2}(.*)$/.exec(line) ?? [];
    if (kind !== undefined && text !== undefined) entries.push({ kind, text, isOurs: application === name });
    else if (line.startsWith("\t")) {
      const last = entries.at(-1);
      if (last !== undefined) last.text += `\n${line.slice(1)}`;
    }
  }
  return entries.filter(({ isOurs }) => isOurs);
}

function valuesOf(detail: string): Map<number, string> {
  const found = detail.matchAll(/\$(\d+) = (NULL|'(?:[^']|'')*')/g);
  return new Map([...found].map(([, number, value]) => [Number(number), value ?? "NULL"]));
}

function statementsOf(log: string): Logged[] {
  const logged: { text: string; values: Map<number, string> }[] = [];
  for (const { kind, text } of entriesOf(log)) {
    const [, sent] = /^(?:statement|execute [^:]+): ([^]*)$/.exec(text) ?? [];
    if (kind === "LOG" && sent !== undefined) logged.push({ text: sent, values: new Map() });
    const last = logged.at(-1);
    if (kind === "DETAIL" && last !== undefined) last.values = valuesOf(text);
  }
  return logged;
}

/** For pgbench a colon begins a variable, also between quotes. */
function guarded(literal: string): string {
  if (!/[:\\]/.test(literal)) return literal;
  return `E${literal.replaceAll("\\", "\\\\").replaceAll(":", "\\x3a")}`;
}

/** What differs from one time to the next and is counted by pgbench, as the caller counts it. */
export interface Counted {
  /** The variable with the revision that an edit was made from. */
  readonly revision?: string;
  /** Variables by the literals that stand for them. */
  readonly numbers?: ReadonlyMap<string, string>;
}

/** The statement with its values in their places, but for what is counted, and ids of events, which are made anew. */
function filledIn({ text, values }: Logged, { revision, numbers }: Counted): string {
  const isEvent = text.includes("insert into events");
  return text.replaceAll(/(revision = )?\$(\d+)/g, (_, compared: string | undefined, number: string) => {
    if (compared !== undefined) return `${compared}:${revision ?? ""}`;
    const literal = values.get(Number(number)) ?? "NULL";
    const counted = numbers?.get(literal);
    if (counted !== undefined) return `:${counted}`;
    const [ids] = /(?<='\{)[0-9a-f-]{36}(?=\}')/.exec(literal) ?? [];
    const isNewId = isEvent && ids !== undefined && text.includes(`unnest($${number}::`);
    return isNewId ? "array[gen_random_uuid()]" : guarded(literal);
  });
}

/** What was sent as one goes through the prepared protocol as a pipeline: one way there and back, as it was. */
export function lineOf(statement: Logged, counted: Counted): string {
  const parts = statement.text.split(";").map((part) => part.trim());
  if (parts.length === 1) return `${filledIn(statement, counted)};`;
  return ["\\startpipeline", ...parts.map((part) => `${part};`), "\\endpipeline"].join("\n");
}

const variableOf = (edited: string | null) => `r_${(edited ?? "").replaceAll("-", "")}`;

/** For pgbench: each client chooses one of its own calls at random and sends what the application sends for it. */
function scriptOf(
  connections: readonly (readonly { call: Call; statements: readonly Logged[] }[])[],
): string {
  const most = Math.max(...connections.map((calls) => calls.length));
  const branches = connections.flatMap((calls, client) =>
    calls.map(({ call, statements }, at) => {
      const counter = variableOf(call.edits);
      return [
        `if :chosen = ${client * most + at}`,
        ...statements.map((statement) => lineOf(statement, { revision: counter })),
        ...(call.edits === null ? [] : [`\\set ${counter} :${counter} + 1`]),
      ].join("\n");
    }),
  );
  return [
    `\\set chosen :client_id * ${most} + random(0, ${most - 1})`,
    `\\${branches.join("\n\\el")}`,
    "\\endif",
    "",
  ].join("\n");
}

/** What `scriptOf` counts from. */
export function variablesOf(revisions: Readonly<Record<string, number>>): string[] {
  return Object.entries(revisions).flatMap(([edited, revision]) => [
    "-D",
    `${variableOf(edited)}=${revision}`,
  ]);
}

/** A single connection, of which every statement is logged. */
export function recordingDatabase({ connection }: Pick<EmbeddedPostgres, "connection">): Database {
  const options = `${sessionOptions} -c log_statement=all`;
  return new Database({ ...connection, application_name: name, options, max: 1 });
}

/** Does some work on a recording database. @returns what it said. */
export async function statementsOfWork(
  { log }: Pick<EmbeddedPostgres, "log">,
  work: () => Promise<unknown>,
): Promise<Logged[]> {
  const from = (await stat(log)).size;
  await work();
  return statementsOf(await readFrom(log, from));
}

/** The application as the server has it, but for what happens by time. */
async function appOn(database: Database, folder: string) {
  const making = await makingIn(folder, database);
  const signersOf = signersWith(making.keyEncryption);
  const nothing = () => undefined;
  const jobs = {
    proxySync: null,
    onImport: nothing,
    onPosting: nothing,
    onDirectoryRun: nothing,
    onInactivity: nothing,
    onDeletion: nothing,
    onAccountBatch: nothing,
    onMail: nothing,
    origin: () => "http://localhost:8480",
  };
  const setUpCode = new SetUpCode();
  const parts = { database, clock: systemClock, ...making, signersOf, setUpCode, ...jobs };
  const [routes, gate] = [allRoutes(parts), gateFor(parts)];
  return makeApp({ routes, gate, origin: null, console: null, log: false });
}

/**
 * Answers each of the calls once, and gives the script that says the same to PostgreSQL.
 * @param revisions are counted on by the calls that edit.
 */
export async function record(
  postgres: EmbeddedPostgres,
  folder: string,
  {
    connections,
    token,
    revisions,
  }: { connections: readonly (readonly Call[])[]; token: string; revisions: Map<string, number> },
): Promise<string> {
  const database = recordingDatabase(postgres);
  const app = await appOn(database, folder);
  const answer = async (call: Call) => {
    const revision = call.edits === null ? undefined : revisions.get(call.edits);
    const statements = await statementsOfWork(postgres, async () => {
      const { statusCode, headers } = await app.inject({
        method: call.method as "GET",
        url: call.path,
        headers: {
          host: "localhost",
          authorization: `Bearer ${token}`,
          ...(call.body === null ? {} : { "content-type": "application/json" }),
          ...(revision === undefined ? {} : { "if-match": `"${revision}"` }),
        },
        ...(call.body === null ? {} : { payload: call.body }),
      });
      if (statusCode !== 200) throw new Error(`${call.method} ${call.path} was answered ${statusCode}`);
      if (call.edits !== null) revisions.set(call.edits, Number(JSON.parse(String(headers.etag))));
      // No reply waits for the end of what was only read; whatever comes after it on the connection does.
      await sql.raw(fence).execute(database.kysely);
    });
    return { call, statements: statements.filter(({ text }) => text !== fence) };
  };
  try {
    const recorded: Awaited<ReturnType<typeof answer>>[][] = [];
    for (const calls of connections) {
      const ofOne: Awaited<ReturnType<typeof answer>>[] = [];
      for (const call of calls) ofOne.push(await answer(call));
      recorded.push(ofOne);
    }
    return scriptOf(recorded);
  } finally {
    await app.close();
    await database.close();
  }
}

async function readFrom(path: string, position: number): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read({ buffer: Buffer.alloc(size - position), position });
    return buffer.toString("utf8");
  } finally {
    await file.close();
  }
}
