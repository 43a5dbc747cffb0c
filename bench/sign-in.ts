// Signing in through HTTP, beside bare Argon2id with the same parameters and as many at once, in turns: what the product
// leaves of the pace that the passwords alone allow.

import { spawn } from "node:child_process";
import { argon2, randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { z } from "zod";

import { id } from "../apps/server/src/db/shape.ts";
import { sql } from "../apps/server/src/db/sql.ts";
import type { Writing } from "../apps/server/src/facts/change.ts";
import { atOnce, hashPassword, present } from "../apps/server/src/sessions/password.ts";
import { putPassword } from "../apps/server/src/sessions/store.ts";
import { note, percent, type Finding } from "./findings.ts";
import type { Large } from "./generate.ts";
import type { Setting } from "./http.ts";
import { parseAnswered, type Call, type Order } from "./load.ts";
import { middleOf, type Round } from "./measure.ts";
import { startProgram } from "./server.ts";

const people = 64;
/** Some wait while others are looked at, so that there is always one to go on with. */
const concurrency = 8 * atOnce;
const seconds = 8;
const rounds = 3;
const promised = 0.8;
const password = "a few words in a row";

const load = fileURLToPath(new URL("load.ts", import.meta.url));
const computed = promisify(argon2);

const person = z.object({ id: id<"user">(), username: z.string() });

/** Some of the organisation's people, who from now on have this password. */
async function givePasswords({ database }: Writing, { organisationId }: Large): Promise<string[]> {
  const hash = await hashPassword(password);
  return database.transaction(async (transaction) => {
    const rows = await transaction.rows(
      person,
      sql`select id, username from users where organisation_id = ${organisationId} and account = 'active'
        and blocked_at is null and disabled_at is null order by id limit ${people}`,
    );
    for (const { id: userId, username } of rows) {
      // Who was generated has a name in the organisation, and not yet in the installation.
      await transaction.execute(sql`
        insert into usernames (username, organisation_id, user_id) values (${username}, ${organisationId}, ${userId})`);
      await putPassword(transaction, organisationId, { userId, hash, at: new Date() });
    }
    return rows.map(({ username }) => username);
  });
}

/** Sign-ins a second. Nobody is signed in to begin with, so no token is sent. */
async function rateThroughHttp(origin: string, usernames: readonly string[]): Promise<number> {
  const calls = usernames.map((username): Call => ({
    method: "POST",
    path: "/api/v1/session",
    body: JSON.stringify({ username, password }),
    edits: null,
  }));
  const { hostname: host, port } = new URL(origin);
  const connections = Array.from({ length: concurrency }, () => calls);
  const order: Order = { host, port: Number(port), token: "", seconds, connections, revisions: {} };
  const child = spawn(process.execPath, [load], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(order));
  const { perSecond } = parseAnswered(await text(child.stdout));
  // The first second is for warming up.
  const counted = perSecond.slice(1);
  return counted.reduce((sum, each) => sum + each, 0) / counted.length;
}

/** Hashes a second. */
async function rateOfArgon2(): Promise<number> {
  const start = performance.now();
  const isOver = () => performance.now() - start >= seconds * 1000;
  let count = 0;
  const keepComputing = async () => {
    while (!isOver()) {
      await computed("argon2id", { message: password, nonce: randomBytes(16), tagLength: 32, ...present });
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, keepComputing));
  return (count * 1000) / (performance.now() - start);
}

export async function measureSigningIn(setting: Setting, large: Large): Promise<Finding[]> {
  const { writing, postgres, folder } = setting;
  const usernames = await givePasswords(writing, large);
  const server = await startProgram(postgres.connection, folder);
  try {
    const measured: Round[] = [];
    for (let round = 0; round < rounds; round++) {
      const ours = await rateThroughHttp(server.origin, usernames);
      const raw = await rateOfArgon2();
      measured.push({ ours, raw });
      note(`  sign-in: ${ours.toFixed(1)} a second, Argon2id ${raw.toFixed(1)}`);
    }
    const { ours, raw, ratio } = middleOf(measured, (round) => round.ours / round.raw);
    return [
      {
        what: `sign-in through HTTP by ${concurrency} at once, against bare Argon2id of the same parameters, ${atOnce} at once as in the server`,
        ours: `${ours.toFixed(1)}/s`,
        raw: `${raw.toFixed(1)}/s (Argon2id)`,
        ratio: percent(ratio),
        promise: `≥ ${percent(promised)}`,
        kept: ratio >= promised,
      },
    ];
  } finally {
    await server.stop();
  }
}
