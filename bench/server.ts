// The real server, as a process of its own, on the database that is measured; and somebody who may use it.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import type { OrganisationId } from "@lockstep/core";
import { z } from "zod";

import { id } from "../apps/server/src/db/shape.ts";
import type { Database } from "../apps/server/src/db/database.ts";
import { sql } from "../apps/server/src/db/sql.ts";
import type { EmbeddedPostgres } from "../apps/server/src/db/embedded.ts";
import type { Writing } from "../apps/server/src/facts/change.ts";
import { loadKeyEncryption } from "../apps/server/src/keys/sealing/start.ts";
import { insertRoleGrant } from "../apps/server/src/roles/store.ts";
import type { RootMaking } from "../apps/server/src/roots/commands.ts";
import { loadRootHolder } from "../apps/server/src/roots/start.ts";
import { beginSession } from "../apps/server/src/sessions/commands.ts";

const program = fileURLToPath(new URL("../apps/server/src/main.ts", import.meta.url));

export interface RunningServer {
  readonly origin: string;
  /** The most memory that the process ever had. */
  peakKibibytes(): Promise<number>;
  stop(): Promise<void>;
}

/** Where programs that are not ours find the database. */
export function urlOf({ host, port, user, database }: EmbeddedPostgres["connection"]): string {
  const place = new URLSearchParams({ host, port: String(port), user });
  return `postgresql:///${database}?${place.toString()}`;
}

/** The key files that `startProgram` uses too: what is sealed here opens there. */
export async function makingIn(folder: string, database: Database): Promise<RootMaking> {
  const keys = join(folder, "server", "keys");
  return {
    keyEncryption: await loadKeyEncryption({ file: join(keys, "key-encryption-key.json"), database }),
    rootHolder: await loadRootHolder({ file: join(keys, "root-key.json"), database }),
  };
}

/** @param folder for the key files. */
export async function startProgram(
  connection: EmbeddedPostgres["connection"],
  folder: string,
): Promise<RunningServer> {
  const child = spawn(process.execPath, [program], {
    env: {
      ...process.env,
      DATABASE_URL: urlOf(connection),
      LOCKSTEP_DATA: join(folder, "server"),
      LOCKSTEP_PORT: "0",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return {
    origin: await originOf(child),
    peakKibibytes: async () => {
      const status = await readFile(`/proc/${child.pid ?? 0}/status`, "utf8");
      return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function originOf({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error("the server has an output");
  for await (const line of createInterface({ input: stdout })) {
    const [origin] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
    if (origin !== undefined) return origin;
  }
  throw new Error("the server ended before it said where it is");
}

const somebody = z.object({ id: id<"user">() });

/** Makes one of the organisation's people a manager of all these organisations. @returns a token. */
export async function makeManager(
  { database, clock }: Writing,
  home: OrganisationId,
  organisations: readonly OrganisationId[],
): Promise<string> {
  return database.transaction(async (transaction) => {
    const user = await transaction.row(
      somebody,
      sql`select id from users where organisation_id = ${home} and account = 'active' and blocked_at is null
        and disabled_at is null order by id limit 1`,
    );
    if (user === undefined) throw new Error("somebody has an account");
    const at = clock();
    for (const scopeId of organisations) {
      const grant = { userId: user.id, role: "organisation-manager", scopeId } as const;
      await insertRoleGrant(transaction, home, grant, at);
    }
    const owner = { organisationId: home, userId: user.id };
    const { secret } = await beginSession(transaction, owner, { kind: "token", name: "Bench", at });
    return secret;
  });
}
