// What must be so once server and relay are left alone: everybody is up to date, nothing that was acknowledged is missing,
// nothing was done twice, and nobody was taken for somebody else.

import { standings, sync } from "@lockstep/api";
import { z } from "zod";

import { id } from "../../apps/server/src/db/shape.ts";
import { array, sql } from "../../apps/server/src/db/sql.ts";
import { auditUsers, countersOff } from "../../apps/server/src/facts/auditor.ts";
import { Violation } from "./machine.ts";
import type { Scene } from "./scene.ts";

/** So many rounds bring everybody to the newest state. */
const mostRounds = 20;

/** Server, relay and workstations exchange all that they have until everybody is green. @throws Violation. */
export async function awaitGreen(scene: Scene): Promise<void> {
  const { administrator, machines } = scene;
  // What was changed last may not have been posted.
  await administrator.post();
  for (const posting of administrator.acknowledged.postings) await administrator.awaitEnd(posting);
  for (let round = 0; round < mostRounds; round += 1) {
    await administrator.exchange();
    for (const machine of machines) await machine.sync();
    await administrator.exchange();
    if ((await unsettled(scene)) === null) return;
  }
  throw new Violation(`it never came to an end: ${(await unsettled(scene)) ?? "but now it has"}`);
}

/** What is not yet as it should be, or null. */
async function unsettled({ installation, people, machines }: Scene): Promise<string | null> {
  const params = { organisationId: installation.organisationId };
  const { counts } = await installation.call(standings.countOrganisation, { params });
  const state = await installation.call(sync.showSync, { params });
  const unsent: number[] = [];
  for (const machine of machines) unsent.push(await machine.unsent());
  const { active, "update-pending": pending } = counts.encryption;
  const isGreen = active === people.working.length && pending === people.waiting.length;
  const isQuiet = state.toDeliver === 0 && unsent.every((reports) => reports === 0);
  return isGreen && isQuiet ? null : JSON.stringify({ counts: counts.encryption, state, unsent });
}

const counted = z.object({ count: z.int() });
const keyFile = z.object({ place: z.string(), hash: z.string() });

/** Kinds of events that only a thief, a cloned disk, a restored backup or a bug brings about. */
const alarms = [
  "workstation-cloned",
  "report-foreign",
  "server-behind",
  "box-refused",
  "key-file-rejected",
  "key-file-failed",
  "command-failed",
  "code-reused",
];

function must(holds: boolean, says: string): void {
  if (!holds) throw new Violation(says);
}

/** @throws Violation that says what does not hold. */
export async function verify(scene: Scene): Promise<void> {
  await verifyPostings(scene);
  await verifyCommands(scene);
  await verifyContents(scene);
  const { database, installation, people } = scene;
  const { organisationId } = installation;
  const alarmed = await database.read((reader) =>
    reader.rows(
      z.object({ kind: z.string() }),
      sql`select distinct kind from events
        where organisation_id = ${organisationId} and kind = any(${array(alarms, "text")})`,
    ),
  );
  must(alarmed.length === 0, `there were alarms: ${JSON.stringify(alarmed)}`);
  const drifted = await auditUsers(database, organisationId, [...people.working, ...people.waiting]);
  must(drifted.length === 0, `postures are not what the facts say: ${JSON.stringify(drifted.slice(0, 3))}`);
  must((await countersOff(database, organisationId)).length === 0, "counters do not add up");
}

/** Each posting that was acknowledged has ended, and posted to nobody twice. */
async function verifyPostings({ administrator, database, installation, machines }: Scene): Promise<void> {
  let posted = 0;
  for (const postingId of administrator.acknowledged.postings) {
    const posting = await administrator.showPosting(postingId);
    must(posting.endedAt !== null && posting.done === posting.users, "a posting was left unfinished");
    posted += posting.posted;
  }
  const { organisationId } = installation;
  const postings = await database.read((reader) =>
    reader.row(
      counted,
      sql`select count(*) as count from postings where organisation_id = ${organisationId}`,
    ),
  );
  must(postings?.count === administrator.acknowledged.postings.length, "a posting was begun twice, or lost");
  const made = await database.read((reader) =>
    reader.row(
      counted,
      sql`select count(*) as count from updates
        where organisation_id = ${organisationId} and kind = 'key-file'`,
    ),
  );
  // Each workstation got its first one when it was admitted.
  must(
    made?.count === posted + machines.length,
    `${made?.count ?? 0} Key-Files for ${posted} that were posted`,
  );
}

const command = z.object({ id: id<"update">(), state: z.string() });

async function verifyCommands({ administrator, database, installation }: Scene): Promise<void> {
  const commands = await database.read((reader) =>
    reader.rows(
      command,
      sql`select id, state from updates
        where organisation_id = ${installation.organisationId} and kind <> 'key-file'`,
    ),
  );
  must(commands.length === administrator.acknowledged.commands, "a command was posted twice, or lost");
  const left = commands.filter(({ state }) => state !== "processed");
  must(left.length === 0, `commands were not carried out: ${JSON.stringify(left)}`);
}

/** Whatever a workstation held under a number is what the server knows under it. */
async function verifyContents({ database, held }: Scene): Promise<void> {
  const made = await database.read((reader) =>
    reader.rows(
      keyFile,
      sql`select activation_id || ' ' || epoch || ' ' || version as place, key_file_hash as hash from updates
        where kind = 'key-file' and key_file_hash is not null`,
    ),
  );
  for (const { place, hash } of made) {
    const seen = held.get(place);
    must(seen === undefined || seen === hash, `what was held as ${place} is not what the server made`);
  }
  must(
    made.some(({ place }) => held.has(place)),
    "no workstation held what the server made",
  );
}
