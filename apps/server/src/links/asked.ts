// Asking by username for a mail. It only writes the name down, whoever has it, so neither the answer nor its time tells
// anything; who has the name is looked up afterwards.

import type { Clock } from "../clock.ts";
import type { Change } from "../db/change.ts";
import type { Database } from "../db/database.ts";
import { system } from "../accounts/commands/acting.ts";
import { changeFacts } from "../facts/change.ts";
import { findCandidate, type Candidate } from "../sessions/candidates/store.ts";
import { deleteRequests, listRequests, putRequest, takeRequest, type Asked } from "./asked/store.ts";

interface Surroundings {
  readonly database: Database;
  readonly clock: Clock;
}

/** Of a name that was asked for a moment ago nothing happens: nobody's letter box is filled. */
const askedAgainMinutes = 5;

const agoFrom = (at: Date) => new Date(at.getTime() - askedAgainMinutes * 60_000);

/** @param username as it is kept: without spaces around it, in lower case. */
export async function ask({ database, clock }: Surroundings, asked: Asked, username: string): Promise<void> {
  const at = clock();
  await database.transaction((transaction) =>
    putRequest(transaction, asked, { username, at, unlessSince: agoFrom(at) }),
  );
}

/**
 * Right however many servers do it at once. Told to stop, it leaves the rest to the next round.
 * @param answer is called once for each name that somebody has, in an organisation that is switched on.
 */
export async function answerAsked(
  around: Surroundings,
  asked: Asked,
  {
    answer,
    signal,
  }: { answer: (change: Change, found: Candidate) => Promise<void>; signal?: AbortSignal | undefined },
): Promise<void> {
  const { database, clock } = around;
  for (const username of await database.read((reader) => listRequests(reader, asked))) {
    if (signal?.aborted === true) return;
    await answerOne(around, asked, { username, answer });
  }
  await database.transaction((transaction) => deleteRequests(transaction, asked, agoFrom(clock())));
}

async function answerOne(
  { database, clock }: Surroundings,
  asked: Asked,
  { username, answer }: { username: string; answer: (change: Change, found: Candidate) => Promise<void> },
): Promise<void> {
  const found = await database.snapshot((snapshot) => findCandidate(snapshot, username));
  if (found?.organisationState !== "enabled") {
    await database.transaction((transaction) => takeRequest(transaction, asked, { username, at: clock() }));
    return;
  }
  const writing = { database, clock, doer: { role: system.role, userId: null } };
  await changeFacts(writing, found.organisationId, async (change) => {
    if (await takeRequest(change, asked, { username, at: change.at })) await answer(change, found);
  });
}
