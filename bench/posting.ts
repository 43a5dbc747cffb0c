// Key-Files posted to many activations, from the click until the relay has the last one, beside what cannot be spared of
// it: to sign, to seal, to insert and to put each. All of these by themselves, and on all cores where they are ours.

import { availableParallelism } from "node:os";
import { setTimeout as pause } from "node:timers/promises";

import { sealBox, signKeyFile, type KeyFile } from "@lockstep/keyfile";
import { v7 as uuid } from "uuid";

import { array, sql } from "../apps/server/src/db/sql.ts";
import { signersWith } from "../apps/server/src/roots/signers.ts";
import { composeKeyFiles, type SignedKeyFile } from "../apps/server/src/sync/compose.ts";
import { deliver, type Delivering } from "../apps/server/src/sync/deliver.ts";
import { inParallel } from "../apps/server/src/sync/parallel.ts";
import { Boxes } from "../apps/server/src/sync/boxes.ts";
import { listKeyFilesDue } from "../apps/server/src/sync/store.ts";
import { runPosting, startPosting } from "../apps/server/src/updates/commands.ts";
import { note, percent, seconds, type Finding } from "./findings.ts";
import { changePolicy, makeFleet, type Fleet } from "./fleet.ts";
import type { Setting } from "./http.ts";
import { middleOf, timed, type Round } from "./measure.ts";

const rounds = 3;
const promised = 0.8;
const sample = 1000;
const atOnce = 16;
const cores = availableParallelism();

/** The server's end of the relay, as the server makes it; what fails for one ends the measurement. */
export function deliveringTo({ writing }: Setting, { connection }: Fleet): Delivering {
  const { database, clock, keyEncryption } = writing;
  return {
    ...{ database, clock, keyEncryption, connection },
    signersOf: signersWith(keyEncryption),
    boxes: new Boxes(),
    relays: [connection.origin],
    onFailure: (error) => {
      throw error;
    },
  };
}

/** Posts while what is posted goes out, as the server's two jobs do. */
async function post({ writing }: Setting, { organisationId }: Fleet, delivering: Delivering): Promise<void> {
  const { database, clock } = writing;
  const { id } = await startPosting(writing, organisationId, {});
  const { signal } = new AbortController();
  const posting = { isOver: false };
  const posted = runPosting({ database, clock, signal, onBatch: () => undefined }, organisationId, id);
  const over = posted.finally(() => (posting.isOver = true));
  // Something is there to be delivered from the first batch on.
  while (!posting.isOver) if ((await deliver(delivering)) === 0) await pause(10);
  await over;
  await deliver(delivering);
}

/** Key-Files as they are due in the middle of a posting. */
async function someKeyFiles(
  { writing }: Setting,
  fleet: Fleet,
  delivering: Delivering,
): Promise<SignedKeyFile[]> {
  const { database, clock } = writing;
  const { id } = await startPosting(writing, fleet.organisationId, {
    userIds: fleet.devices.slice(0, sample).map(({ userId }) => userId),
  });
  const { signal } = new AbortController();
  await runPosting({ database, clock, signal, onBatch: () => undefined }, fleet.organisationId, id);
  const due = await database.read((reader) => listKeyFilesDue(reader, sample));
  return composeKeyFiles(delivering, fleet.organisationId, due);
}

const payloadOf = (jws: string) =>
  JSON.parse(Buffer.from(jws.split(".")[1] ?? "", "base64url").toString("utf8")) as KeyFile;

/** Rows of Key-Files, in one statement for each thousand, on as many connections as there are cores. */
async function insert({ writing }: Setting, signed: readonly SignedKeyFile[], epoch: number): Promise<void> {
  const [one] = signed;
  if (one === undefined) throw new Error("there are Key-Files");
  const column = (pick: (each: SignedKeyFile) => string | number, type: "uuid" | "integer") =>
    array(signed.map(pick), type);
  await writing.database.transaction((transaction) =>
    transaction.execute(sql`
      insert into updates (organisation_id, id, activation_id, user_id, kind, scope, version, team_content_id,
        own_content_id, posted_at, ended_at, state, epoch)
      select ${one.due.organisationId}, k.id, k.activation_id, k.user_id, 'key-file', 'user', 1, k.team, k.own, now(),
        now(), 'superseded', ${epoch}
      from unnest(${column(() => uuid(), "uuid")}, ${column(({ due }) => due.activationId, "uuid")},
        ${column(({ due }) => due.userId, "uuid")}, ${column(({ due }) => due.team, "uuid")},
        ${column(({ due }) => due.own, "uuid")}) as k (id, activation_id, user_id, team, own)`),
  );
}

interface Primitives {
  readonly sign: number;
  readonly seal: number;
  readonly insert: number;
  readonly put: number;
}

/** Milliseconds for each Key-File. */
async function measurePrimitives(
  setting: Setting,
  signed: readonly SignedKeyFile[],
  { delivering, round }: { delivering: Delivering; round: number },
): Promise<Primitives> {
  const { connection, signersOf } = delivering;
  const [{ due }] = signed as [SignedKeyFile];
  const { issuer } = await setting.writing.database.snapshot((snapshot) =>
    signersOf(snapshot, due.organisationId),
  );
  const payloads = signed.map(({ jws }) => payloadOf(jws));
  const sign = await timed(() => Promise.resolve(payloads.map((payload) => signKeyFile(payload, issuer))));
  const boxes: Uint8Array[] = [];
  const seal = await timed(async () => {
    for (const { jws, recipient } of signed) boxes.push(await sealBox(jws, recipient));
  });
  const inserted = await timed(() =>
    Promise.all(Array.from({ length: cores }, (_, at) => insert(setting, signed, 1000 + round * cores + at))),
  );
  const places = await Promise.all(
    signed.map(async ({ secrets }, at) => ({
      down: await connection.mailbox(secrets.down, "down"),
      box: boxes[at] ?? new Uint8Array(),
    })),
  );
  const put = await timed(() =>
    inParallel(places, atOnce, async ({ down, box }) => {
      await down.put(down.slotOf("key-file"), box);
    }),
  );
  const each = (milliseconds: number) => milliseconds / signed.length;
  return {
    sign: each(sign) / cores,
    seal: each(seal) / cores,
    insert: each(inserted) / cores,
    put: each(put),
  };
}

const sumOf = ({ sign, seal, insert: inserted, put }: Primitives) => sign + seal + inserted + put;

/** @param people to whom is posted. @param of so many who were promised. */
export async function measurePosting(setting: Setting, people: number, of: number): Promise<Finding[]> {
  const fleet = await makeFleet(setting, people);
  const delivering = deliveringTo(setting, fleet);
  const measured: Round[] = [];
  try {
    for (let round = 0; round <= rounds; round++) {
      await changePolicy(setting.writing, fleet, round);
      const signed = await someKeyFiles(setting, fleet, delivering);
      const primitives = await measurePrimitives(setting, signed, { delivering, round });
      await changePolicy(setting.writing, fleet, rounds + 1 + round);
      const taken = await timed(() => post(setting, fleet, delivering));
      const raw = sumOf(primitives) * people;
      const words = Object.entries(primitives).map(
        ([name, each]) => `${name} ${(each as number).toFixed(3)}`,
      );
      note(`  post ${seconds(taken)}; primitives ${seconds(raw)}, each in ms: ${words.join(", ")}`);
      // The first round warms up.
      if (round > 0) measured.push({ ours: taken, raw });
    }
  } finally {
    await delivering.boxes.stop();
    await fleet.stop();
  }
  return [findingOf(people, of, measured)];
}

function findingOf(people: number, of: number, measured: readonly Round[]): Finding {
  const { ours, raw, ratio } = middleOf(measured, (round) => round.raw / round.ours);
  const number = (count: number) => count.toLocaleString("en");
  const slice = people === of ? "" : ` (a slice of what is promised for ${number(of)}; each takes as long)`;
  return {
    what: `bulk post to ${number(people)} activations${slice}, against the sum of signing, sealing, inserting and putting each on all cores`,
    ours: seconds(ours),
    raw: `${seconds(raw)} (the sum)`,
    ratio: `${percent(ratio)} of the pace`,
    promise: `≥ ${percent(promised)}`,
    kept: ratio >= promised,
  };
}
