// How often a password may be tried: by a username in all browsers that are new to it together, and in each known one by
// itself, so that nobody shuts somebody else out (OWASP: device cookies). Names that nobody has count like all others.

import { createHash } from "node:crypto";

import { system } from "../accounts/commands/acting.ts";
import type { Database } from "../db/database.ts";
import { changeFacts } from "../facts/change.ts";
import { Refusal } from "../refusal.ts";
import {
  countTry,
  listUntold,
  markTold,
  takeBackTry,
  type Place,
  type Tried,
  type Untold,
} from "./attempts/store.ts";
import type { Signing } from "./owner.ts";

/** What is counted. */
export interface Account {
  readonly place: Place;
  readonly key: Buffer;
}

const accountOf = (place: Place, what: string): Account => ({
  place,
  key: createHash("sha256").update(`${place} ${what}`).digest(),
});

/** @param username as it is kept: without spaces around it, in lower case. */
export const ofStrangers = (username: string): Account => accountOf("strangers", username);
export const ofKnownBrowser = (id: string): Account => accountOf("known-browser", id);
export const ofSession = (id: string): Account => accountOf("session", id);

/**
 * Finds out whether a password is right, if it may still be tried. Whoever finds it right forgets the wrong ones
 * (`forgetTries`) together with what follows.
 * @param whose null for a name that nobody has.
 * @throws Refusal sign_in_locked, and whatever `prove` throws, which then does not count.
 */
export async function tryPassword(
  { database, clock }: Signing,
  { account, whose }: { account: Account; whose: Tried | null },
  prove: () => Promise<boolean>,
): Promise<boolean> {
  const mayTry = await database.transaction((transaction) =>
    countTry(transaction, { ...account, of: whose, at: clock() }),
  );
  if (!mayTry) throw new Refusal("sign_in_locked");
  try {
    return await prove();
  } catch (error) {
    await database.transaction((transaction) => takeBackTry(transaction, account.key));
    throw error;
  }
}

/**
 * Writes into timelines whose passwords are refused: afterwards, so that it takes no time where somebody tries. Right
 * however many servers do it at once.
 */
export async function tellOfLocks({ database, clock }: Signing): Promise<void> {
  for (const untold of await database.read(listUntold)) await tell({ database, clock }, untold);
}

async function tell(
  { database, clock }: { database: Database; clock: Signing["clock"] },
  { key, organisationId, userId, place, until }: Untold,
): Promise<void> {
  const writing = { database, clock, doer: { role: system.role, userId: null } };
  await changeFacts(writing, organisationId, async (change) => {
    if (!(await markTold(change, key, change.at))) return;
    change.record({ kind: "passwords-refused", userId, detail: { place, until } });
  });
}
