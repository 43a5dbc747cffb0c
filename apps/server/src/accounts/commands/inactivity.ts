// Disables accounts that nobody uses: warned two weeks before, never the last administrator of anything, and never so
// many at once that a mistake is likelier than so many who left.

import type { OrganisationId, UserId } from "@lockstep/core";

import type { Clock } from "../../clock.ts";
import type { Change } from "../../db/change.ts";
import type { Database, Reader } from "../../db/database.ts";
import { changeFacts, type Writing } from "../../facts/change.ts";
import { disableAccounts, type Disabled } from "../../facts/disabling.ts";
import { postMails } from "../../mails/post.ts";
import { loadOrganisationState } from "../../organisations/store.ts";
import { Refusal } from "../../refusal.ts";
import {
  isLastAdministrator,
  listAdministratorsOf,
  lockScopesOf,
} from "../../sessions/administrators/store.ts";
import { deleteSessionsOf } from "../../sessions/store.ts";
import { lockPresentUsers, lockUndeletedUsers } from "../../users/store.ts";
import {
  countDisabledOfDay,
  countDue,
  deleteExemption,
  deleteHold,
  findHold,
  isDue,
  listDueAmong,
  putExemption,
  putHold,
  takeOverOpenings,
  updateHold,
  warnIdle,
  type Terms,
} from "../inactivity/store.ts";
import { loadRules } from "../rules/store.ts";
import { tellOfDisabling } from "../told.ts";
import { system } from "./acting.ts";

interface Surroundings {
  readonly database: Database;
  readonly clock: Clock;
}

const batch = 1000;
const fewAtOnce = 20;
const percentAtOnce = 2;
/** Of so few that one of them is half of all, half is nothing. */
const fewest = 5;

/** Whether so many of all accounts within a day are more likely a mistake than people who left. */
export function isTooMany(due: number, accounts: number): boolean {
  const isManyOfMany = due > Math.max(fewAtOnce, Math.floor((accounts * percentAtOnce) / 100));
  return isManyOfMany || (due >= fewest && due * 2 > accounts);
}

/** Those whom the system leaves alone because nobody else could do what they can. */
export async function listLastAdministrators(
  reader: Reader,
  organisationId: OrganisationId,
): Promise<UserId[]> {
  const last: UserId[] = [];
  for (const userId of await listAdministratorsOf(reader, organisationId)) {
    if (await isLastAdministrator(reader, organisationId, userId)) last.push(userId);
  }
  return last;
}

const asSystem = (around: Surroundings): Writing => ({
  ...around,
  doer: { role: system.role, userId: null },
});

/** One run over one organisation. Right however many servers do it at once. @returns how many were disabled. */
export async function runInactivity(
  around: Surroundings,
  organisationId: OrganisationId,
  signal?: AbortSignal,
): Promise<number> {
  const { database, clock } = around;
  const at = clock();
  const { state, authorityState, ...terms } = await database.snapshot(async (snapshot) => ({
    ...(await loadOrganisationState(snapshot, organisationId)),
    ...(await loadRules(snapshot, organisationId)),
    at,
    not: await listLastAdministrators(snapshot, organisationId),
  }));
  // Nobody can be active where nobody can sign in.
  if (state !== "enabled" || authorityState !== "enabled") return 0;
  await database.transaction((transaction) => takeOverOpenings(transaction, organisationId, terms));
  await warn(around, organisationId, terms);
  const released = await release(around, organisationId, terms);
  if (released === null) return 0;
  const disabled = await disable(around, organisationId, released, signal);
  if (released.at !== at) {
    await database.transaction((transaction) => updateHold(transaction, organisationId, "done", at));
  }
  return disabled;
}

async function warn(around: Surroundings, organisationId: OrganisationId, terms: Terms): Promise<void> {
  for (let warned = batch; warned === batch;) {
    warned = await changeFacts(asSystem(around), organisationId, async (change) => {
      const those = await warnIdle(change, terms, batch);
      for (const { userId, days, disabledOn } of those) {
        change.record({ kind: "inactivity-warned", userId, detail: { days, on: disabledOn } });
      }
      await postMails(
        change,
        those.map(({ userId, disabledOn }) => ({
          ...{ userId, kind: "inactivity-warning" as const },
          details: { on: disabledOn },
        })),
      );
      return those.length;
    });
  }
}

/** @returns the terms by which accounts may be disabled: those of a confirmed hold, or the present ones; null to hold. */
async function release(
  around: Surroundings,
  organisationId: OrganisationId,
  terms: Terms,
): Promise<Terms | null> {
  return changeFacts(asSystem(around), organisationId, async (change) => {
    const held = await findHold(change, organisationId, { locked: true });
    if (held !== undefined && held.confirmedAt !== null) return { ...terms, at: new Date(held.at) };
    const { due, accounts } = await countDue(change, organisationId, terms);
    const before = await countDisabledOfDay(change, organisationId, terms.at);
    if (due === 0 || !isTooMany(due + before, accounts + before)) {
      if (held !== undefined) await deleteHold(change, organisationId);
      return terms;
    }
    await putHold(change, organisationId, { at: terms.at, due, accounts });
    if (held === undefined) change.record({ kind: "inactivity-held", detail: { due, accounts } });
    return null;
  });
}

async function disable(
  around: Surroundings,
  organisationId: OrganisationId,
  terms: Terms,
  signal: AbortSignal | undefined,
): Promise<number> {
  let disabled = 0;
  for (let last = batch; last === batch && signal?.aborted !== true;) {
    last = await disableMany(around, organisationId, terms);
    disabled += last;
  }
  const administrators = await around.database.read((reader) => listAdministratorsOf(reader, organisationId));
  const due = await around.database.read((reader) =>
    listDueAmong(reader, organisationId, { ...terms, users: administrators }),
  );
  for (const userId of due) {
    disabled += await changeFacts(asSystem(around), organisationId, async (change) => {
      await lockScopesOf(change, organisationId, [userId]);
      if (await isLastAdministrator(change, organisationId, userId)) return 0;
      return (await disableSome(change, { ...terms, only: userId }, 1)).length;
    });
  }
  return disabled;
}

/** Somebody was given a role while about to be disabled together with others. */
class AppointedMeanwhile extends Error {}

/** Disables those who administer nothing: of each of the others one has to ask who else could. */
async function disableMany(
  around: Surroundings,
  organisationId: OrganisationId,
  terms: Terms,
): Promise<number> {
  const not = await around.database.read((reader) => listAdministratorsOf(reader, organisationId));
  try {
    return await changeFacts(asSystem(around), organisationId, async (change) => {
      const those = await disableSome(change, { ...terms, not }, batch);
      // A role is given under a lock on the user's row: until those rows were written it was, or is refused from now on.
      const administrators = new Set(await listAdministratorsOf(change, organisationId));
      if (those.some(({ id }) => administrators.has(id))) throw new AppointedMeanwhile();
      return those.length;
    });
  } catch (error) {
    if (!(error instanceof AppointedMeanwhile)) throw error;
    return disableMany(around, organisationId, terms);
  }
}

async function disableSome(change: Change, terms: Terms, limit: number): Promise<readonly Disabled[]> {
  // Who signed in a moment ago is not among them: they are due when it is written.
  const those = await disableAccounts(change, isDue(terms), limit);
  if (those.length === 0) return those;
  await deleteSessionsOf(
    change,
    change.organisationId,
    those.map(({ id }) => id),
  );
  for (const { id: userId } of those) change.record({ kind: "account-disabled", userId });
  // Who is blocked too has no way back of the own.
  const told = those.filter(({ isBlocked }) => !isBlocked).map(({ id }) => id);
  if (told.length > 0) await tellOfDisabling(change, told, terms.inactiveDays);
  return those;
}

/** Lets the held run disable those who were due when it was held. @throws Refusal inactivity_not_held, inactivity_differs. */
export async function confirmInactivity(
  writing: Writing,
  organisationId: OrganisationId,
  due: number,
): Promise<void> {
  await changeFacts(writing, organisationId, async (change) => {
    const held = await findHold(change, organisationId, { locked: true });
    if (held === undefined || held.confirmedAt !== null) throw new Refusal("inactivity_not_held");
    if (held.due !== due) throw new Refusal("inactivity_differs");
    await updateHold(change, organisationId, "confirmed", change.at);
    change.record({ kind: "inactivity-confirmed", detail: { due } });
  });
}

/** @throws Refusal user_not_found. */
export async function exemptUser(
  writing: Writing,
  organisationId: OrganisationId,
  { userId, reason }: { userId: UserId; reason: string },
): Promise<void> {
  await changeFacts(writing, organisationId, async (change) => {
    await lockUndeletedUsers(change, [userId]);
    await putExemption(change, userId, reason);
    change.record({ kind: "account-exempted", userId });
  });
}

/** @throws Refusal user_not_found. */
export async function endExemption(
  writing: Writing,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<void> {
  await changeFacts(writing, organisationId, async (change) => {
    await lockPresentUsers(change, [userId]);
    if ((await deleteExemption(change, userId)) > 0) change.record({ kind: "exemption-ended", userId });
  });
}
