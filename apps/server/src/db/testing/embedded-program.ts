// A server with an embedded database and nothing else, for tests that need a process to kill. It takes its
// options as JSON, obeys the lines `start`, `stop` and `write`, and reports each event as a line of JSON.

import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";

import pg from "pg";
import { z } from "zod";

import { startEmbeddedPostgres, type EmbeddedPostgres } from "../embedded.ts";
import { OperatorError } from "../operator-error.ts";

const options = z
  .object({
    folder: z.string(),
    binaries: z.string().exactOptional(),
    durability: z.enum(["durable", "throw-away"]).exactOptional(),
    settings: z.record(z.string(), z.string()).exactOptional(),
  })
  .parse(JSON.parse(process.argv[2] ?? "{}"));

let database: EmbeddedPostgres | undefined;

function report(event: string, more: object = {}): void {
  process.stdout.write(`${JSON.stringify({ event, ...more })}\n`);
}

async function start(): Promise<void> {
  try {
    database = await startEmbeddedPostgres({ ...options, onRestart: () => report("restarted") });
    report("started", { adopted: database.adopted });
  } catch (cause) {
    if (!(cause instanceof OperatorError)) throw cause;
    report("refused", { code: cause.code, sentence: cause.sentence });
  }
}

async function stop(): Promise<void> {
  await database?.stop();
  database = undefined;
  report("stopped");
}

/** Writes one row after the other and reports those that PostgreSQL acknowledged. */
async function write(): Promise<void> {
  const pool = new pg.Pool({ ...database?.connection, max: 1 });
  pool.on("error", () => undefined);
  await pool.query("create table if not exists notes (id bigint generated always as identity, note text)");
  for (;;) {
    try {
      const { rows } = await pool.query<{ id: string }>(
        "insert into notes (note) values (repeat('x', 500)) returning id",
      );
      report("acknowledged", { id: rows[0]?.id });
    } catch {
      // PostgreSQL is away. Nobody was told that this row was written, so nobody may rely on it.
      await pause(10);
    }
  }
}

const commands = new Map([
  ["start", start],
  ["stop", stop],
  ["write", write],
]);

process.on("SIGINT", () => report("interrupted"));
createInterface(process.stdin).on("line", (line) => void commands.get(line)?.());
report("here");
