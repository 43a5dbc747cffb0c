// The mail that enables a disabled account again. Asking only writes the name down, whoever has it, so neither the answer
// nor its time tells anything; who has the name is looked up afterwards.

import type { Database } from "../../db/database.ts";
import type { Clock } from "../../clock.ts";
import { changeFacts } from "../../facts/change.ts";
import type { KeyEncryption } from "../../keys/sealing/sealing.ts";
import { postLinkMail } from "../../mails/post.ts";
import { findCandidate } from "../../sessions/store.ts";
import { deleteRequests, listRequests, putRequest, takeRequest } from "../re-enabling/store.ts";
import { system } from "./acting.ts";
import { lockUser } from "./marks.ts";

interface Surroundings {
  readonly database: Database;
  readonly clock: Clock;
}

/** Of a name that was asked for a moment ago nothing happens: nobody's letter box is filled. */
const askedAgainMinutes = 5;

const agoFrom = (at: Date) => new Date(at.getTime() - askedAgainMinutes * 60_000);

/** @param username as it is kept: without spaces around it, in lower case. */
export async function askToReEnable({ database, clock }: Surroundings, username: string): Promise<void> {
  const at = clock();
  await database.transaction((transaction) =>
    putRequest(transaction, username, { at, unlessSince: agoFrom(at) }),
  );
}

export interface Answering extends Surroundings {
  readonly keyEncryption: KeyEncryption;
}

/** Right however many servers do it at once. Told to stop, it leaves the rest to the next round. */
export async function answerRequests(parts: Answering, signal?: AbortSignal): Promise<void> {
  const { database, clock } = parts;
  for (const username of await database.read(listRequests)) {
    if (signal?.aborted === true) return;
    await answerRequest(parts, username);
  }
  await database.transaction((transaction) => deleteRequests(transaction, agoFrom(clock())));
}

async function answerRequest({ database, clock, keyEncryption }: Answering, username: string): Promise<void> {
  const found = await database.snapshot((snapshot) => findCandidate(snapshot, username));
  if (found?.organisationState !== "enabled") {
    await database.transaction((transaction) => takeRequest(transaction, username, clock()));
    return;
  }
  const writing = { database, clock, doer: { role: system.role, userId: null } };
  await changeFacts(writing, found.organisationId, async (change) => {
    if (!(await takeRequest(change, username, change.at))) return;
    const { id: userId, account, blocked, disabled, email } = await lockUser(change, found.id);
    if (account !== "active" || blocked || !disabled || email === null) return;
    await postLinkMail(change, keyEncryption, { userId, purpose: "re-enable-account" });
    change.record({ kind: "re-enabling-asked", userId });
  });
}
