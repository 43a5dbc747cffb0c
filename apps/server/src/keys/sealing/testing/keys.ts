// What tests of sealing stand on: a file of its own for each test, organisations with sealed keys, and a second
// server in a process of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { parseId, type KeyId, type OrganisationId } from "@lockstep/core";
import { v7 as uuid } from "uuid";
import { inject, onTestFinished } from "vitest";
import { z } from "zod";

import type { Database } from "../../../db/database.ts";
import { sql } from "../../../db/sql.ts";
import { makeKeyMaterial, openKeyMaterial, type KeyMaterial, type KeyPlace } from "../../material.ts";
import { makeKeyFile } from "../key-encryption-file.ts";
import { openKeyEncryption, type KeyEncryption } from "../sealing.ts";
import { sampleSealed } from "../store.ts";

/** The path of a file that is not there yet, in a folder that is not there yet. */
export async function newPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-sealing-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "keys", "key-encryption-key.json");
}

export async function newKeyEncryption(): Promise<{ file: string; keyEncryption: KeyEncryption }> {
  const file = await newPath();
  makeKeyFile(file);
  return { file, keyEncryption: openKeyEncryption(file) };
}

/** Nothing sealed is left of other tests in the database. */
export async function forgetMaterial(database: Database): Promise<void> {
  await database.transaction((transaction) =>
    transaction.execute(
      sql`update key_versions set recipient = null, material = null, kek_version = null, made_at = null`,
    ),
  );
}

/** An organisation that is nothing but these many sealed keys. */
export async function makeSealedKeys(
  database: Database,
  keyEncryption: KeyEncryption,
  count: number,
): Promise<OrganisationId> {
  const organisationId = uuid() as OrganisationId;
  await database.transaction(async (transaction) => {
    await transaction.execute(
      sql`insert into authorities (id, name) values (${organisationId}, ${organisationId})`,
    );
    await transaction.execute(sql`insert into organisations (id, authority_id, name)
      values (${organisationId}, ${organisationId}, ${organisationId})`);
  });
  for (let made = 0; made < count; made++)
    await insertSealedKey(database, keyEncryption, { organisationId, keyId: uuid() as KeyId, version: 1 });
  return organisationId;
}

async function insertSealedKey(
  database: Database,
  keyEncryption: KeyEncryption,
  place: KeyPlace,
): Promise<void> {
  const { organisationId, keyId, version } = place;
  const { recipient, material, kekVersion } = await makeKeyMaterial(keyEncryption, place);
  await database.transaction(async (transaction) => {
    await transaction.execute(sql`insert into encryption_keys (organisation_id, id, name)
      values (${organisationId}, ${keyId}, ${`Key ${keyId}`})`);
    await transaction.execute(sql`insert into key_versions
      (organisation_id, key_id, version, use, recipient, material, kek_version, made_at)
      values (${organisationId}, ${keyId}, ${version}, 'active', ${recipient}, ${material}, ${kekVersion}, now())`);
  });
}

/** All keys that are sealed in an organisation. */
export async function sealedIn(
  database: Database,
  organisationId: OrganisationId,
): Promise<(KeyPlace & KeyMaterial)[]> {
  const all = await database.snapshot((snapshot) => sampleSealed(snapshot, { limit: 1_000_000 }));
  return all.flatMap(({ table, rowId, version, publicHalf, material, kekVersion, ...piece }) => {
    if (table !== "key_versions" || piece.organisationId !== organisationId) return [];
    return [
      { organisationId, keyId: rowId as KeyId, version, recipient: publicHalf ?? "", material, kekVersion },
    ];
  });
}

/** Opens everything in an organisation. @returns the versions that it is sealed under, or throws. */
export async function openAll(
  database: Database,
  keyEncryption: KeyEncryption,
  organisationId: OrganisationId,
): Promise<Set<number>> {
  const pieces = await sealedIn(database, organisationId);
  await Promise.all(pieces.map((piece) => openKeyMaterial(keyEncryption, piece, piece)));
  return new Set(pieces.map(({ kekVersion }) => kekVersion));
}

/** Where the other process seals what it reports. */
export const somewhere: KeyPlace = {
  organisationId: parseId("01900000-0000-7000-8000-000000000001"),
  keyId: parseId("01900000-0000-7000-8000-000000000002"),
  version: 1,
};

const reported = z.object({
  event: z.enum(["here", "sealed", "added", "opened", "rewrapped"]),
  piece: z.object({ recipient: z.string(), material: z.string(), kekVersion: z.int() }).exactOptional(),
  identity: z.string().exactOptional(),
  left: z.int().exactOptional(),
});

type Reported = z.output<typeof reported>;

export interface OtherServer {
  readonly events: readonly Reported[];
  tell(command: string): void;
  /** Waits for the next event of the kind after the last one waited for. */
  next(event: Reported["event"]): Promise<Reported>;
  kill(): Promise<void>;
}

const program = fileURLToPath(new URL("sealing-program.ts", import.meta.url));

/** A process that shares the file and, where one is given, the database. */
export async function otherServer(file: string, database?: Database): Promise<OtherServer> {
  const connection = JSON.stringify(database === undefined ? null : await connectionOf(database));
  const child = spawn(process.execPath, [program, file, connection], { stdio: ["pipe", "pipe", "inherit"] });
  const closed = once(child, "close");
  const events: Reported[] = [];
  let wake = Promise.withResolvers<null>();
  createInterface(child.stdout).on("line", (line) => {
    events.push(reported.parse(JSON.parse(line)));
    wake.resolve(null);
    wake = Promise.withResolvers();
  });
  let seen = 0;
  const server: OtherServer = {
    events,
    tell: (command) => child.stdin.write(`${command}\n`),
    next: async (event) => {
      for (;;) {
        const at = events.findIndex((each, index) => index >= seen && each.event === event);
        const found = events[at];
        if (found !== undefined) {
          seen = at + 1;
          return found;
        }
        await wake.promise;
      }
    },
    kill: async () => {
      child.kill("SIGKILL");
      await closed;
    },
  };
  onTestFinished(() => server.kill());
  await server.next("here");
  return server;
}

async function connectionOf(database: Database): Promise<object> {
  const row = await database.snapshot((snapshot) =>
    snapshot.row(z.object({ name: z.string() }), sql`select current_database() as name`),
  );
  return { ...inject("postgres"), database: row?.name };
}
