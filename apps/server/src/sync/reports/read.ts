// Reads what workstations report: many queues with one request to the relay, and each organisation's reports with one
// transaction. A parcel is dropped at the relay only once what it says is committed here.

import type { ActivationId, OrganisationId } from "@lockstep/core";

import { openActivationSecrets } from "../../activations/secrets.ts";
import { apart, concernsAll } from "../apart.ts";
import type { Delivering } from "../deliver.ts";
import { updateMailboxesRead, type Mailbox, type ReadUpTo } from "../mailboxes/store.ts";
import { inParallel } from "../parallel.ts";
import { replyKeysOnce, takeReports } from "./take.ts";

/** How many queues are asked for together, and how many such requests at a time. */
const queuesAtOnce = 100;
const requestsAtOnce = 6;

/** Where an activation's reports lie. */
interface Queue extends Mailbox {
  readonly activationId: ActivationId;
  readonly deviceX: string;
}

interface Reading extends Delivering {
  readonly keysOf: ReturnType<typeof replyKeysOnce>;
}

/** A parcel that was read, of a queue. */
interface Report {
  readonly queue: Queue;
  readonly seq: number;
  readonly body: string;
}

/** @param mailboxes of any kind; the others are left alone. */
export async function readReports(delivering: Delivering, mailboxes: readonly Mailbox[]): Promise<void> {
  const queues = mailboxes.filter(isQueue);
  const reading = { ...delivering, keysOf: replyKeysOnce(delivering) };
  const some = Array.from({ length: Math.ceil(queues.length / queuesAtOnce) }, (_, at) =>
    queues.slice(at * queuesAtOnce, (at + 1) * queuesAtOnce),
  );
  await inParallel(some, requestsAtOnce, (each) => readQueues(reading, each));
}

function isQueue(mailbox: Mailbox): mailbox is Queue {
  const { direction, codeId, activationId, deviceX } = mailbox;
  return direction === "up" && codeId === null && activationId !== null && deviceX !== null;
}

/** Asks until nothing is left: asking after the last parcel of a queue tells the relay to drop those before. */
async function readQueues(reading: Reading, queues: readonly Queue[]): Promise<void> {
  let waiting = new Map(queues.map((queue) => [queue.address, { queue, after: queue.lastSeq }]));
  while (waiting.size > 0) {
    const asked = [...waiting.values()].map(({ queue, after }) => ({ mailbox: queue.address, after }));
    const read = await reading.connection.account.readQueues(asked, reading.signal);
    const reports: Report[] = [];
    for (const { mailbox, parcels } of read.queues) {
      const queue = waiting.get(mailbox)?.queue;
      if (queue === undefined) continue;
      waiting.delete(mailbox);
      if (parcels === null) await apart(reading, () => openAgain(reading, queue));
      else reports.push(...parcels.map(({ seq, body }) => ({ queue, seq, body })));
    }
    const taken = await takeInTurns(reading, reports);
    waiting = new Map([...waiting, ...taken.map((each) => [each.queue.address, each] as const)]);
  }
}

/** The relay has lost its store, or has never heard of the mailbox. There is nothing in it. */
async function openAgain(
  { connection, keyEncryption }: Reading,
  { organisationId, activationId, material, kekVersion, address }: Queue,
): Promise<void> {
  if (material === null || kekVersion === null) return;
  const whose = { organisationId, activationId };
  const { up } = await openActivationSecrets(keyEncryption, whose, { material, kekVersion });
  const shared = await connection.mailbox(up, "up", address);
  await shared.open();
}

/** @returns the queues that were read, and up to where. */
async function takeInTurns(
  reading: Reading,
  reports: readonly Report[],
): Promise<{ queue: Queue; after: number }[]> {
  const taken = new Map<string, { queue: Queue; after: number }>();
  const failed = new Set<Queue>();
  for (const turn of turnsOf(reports)) {
    const sound = turn.filter(({ queue }) => !failed.has(queue));
    for (const each of await takeTogether(reading, sound)) failed.add(each.queue);
    for (const { queue, seq } of sound)
      if (!failed.has(queue)) taken.set(queue.address, { queue, after: seq });
  }
  return [...taken.values()];
}

/** One report of each queue in a turn, oldest first, and none of two organisations. */
function turnsOf(reports: readonly Report[]): Report[][] {
  const counts = new Map<Queue, number>();
  const turns = new Map<string, { at: number; reports: Report[] }>();
  for (const report of reports) {
    const at = counts.get(report.queue) ?? 0;
    counts.set(report.queue, at + 1);
    const name = `${at} ${report.queue.organisationId}`;
    const turn = turns.get(name) ?? { at, reports: [] };
    turns.set(name, turn);
    turn.reports.push(report);
  }
  return [...turns.values()].sort((a, b) => a.at - b.at).map((turn) => turn.reports);
}

/**
 * Takes all with one transaction. If that fails, each by itself, so that one that is broken keeps no other waiting.
 * @returns those that could not be taken.
 */
async function takeTogether(reading: Reading, reports: readonly Report[]): Promise<readonly Report[]> {
  const [first] = reports;
  if (first === undefined) return [];
  const { organisationId } = first.queue;
  try {
    await takeAll(reading, organisationId, reports);
    return [];
  } catch (error) {
    if (concernsAll(error)) throw error;
  }
  const failed: Report[] = [];
  for (const report of reports) {
    if (!(await apart(reading, () => takeAll(reading, organisationId, [report])))) failed.push(report);
  }
  return failed;
}

async function takeAll(
  reading: Reading,
  organisationId: OrganisationId,
  reports: readonly Report[],
): Promise<void> {
  const { database, keysOf } = reading;
  const read: ReadUpTo[] = reports.map(({ queue: { address }, seq }) => ({ address, seq }));
  const marked = { isDone: false };
  const sent = reports.map(({ queue: { activationId, deviceX }, body }) => ({ activationId, deviceX, body }));
  await takeReports(reading, organisationId, sent, {
    keysOf,
    onTaken: (transaction) => {
      updateMailboxesRead(transaction, read);
      marked.isDone = true;
    },
  });
  if (marked.isDone) return;
  await database.transaction((transaction) => {
    updateMailboxesRead(transaction, read);
    return Promise.resolve();
  });
}
