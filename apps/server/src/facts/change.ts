// The one door to the facts. Whatever is written through it, the postures of everybody touched, what teams and
// users should hold, the counters and the events are right when it commits: no write path can forget them.

import { ownContentOf, type GroupId, type OrganisationId, type TeamId, type UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import { sealPersonal } from "../audit/personal.ts";
import { insertEvents } from "../audit/store.ts";
import { findAnsweredCall, insertAnsweredCall, lockCall, type AnsweredOnce } from "../calls/store.ts";
import type { Clock } from "../clock.ts";
import type { Change, ContentChange, Doer, Happening } from "../db/change.ts";
import type { Database, Transaction } from "../db/database.ts";
import { desiredContentsOf } from "./desired.ts";
import { identify } from "./identity.ts";
import {
  loadGroupHolders,
  loadOwnKeys,
  loadTeamLevels,
  lockUsers,
  refreshPostures,
  writeDesiredContents,
  writeOwnContents,
} from "./store.ts";

export interface Writing {
  readonly database: Database;
  readonly clock: Clock;
  readonly doer: Doer;
  /** The call that it is for, if repeating that call must not repeat the change. */
  readonly once?: AnsweredOnce | undefined;
  /** It is a step on a longer way that can be gone again: `TransactionOptions` says what that means. */
  readonly mayBeLost?: boolean;
}

/** What a change has touched so far. */
class Touched {
  readonly users = new Set<UserId>();
  readonly ownKeys = new Set<UserId>();
  readonly teams = new Set<TeamId>();
  readonly groups = new Set<GroupId>();
  readonly happenings: Happening[] = [];
}

const addTo =
  <Item>(set: Set<Item>) =>
  (items: readonly Item[]) => {
    for (const item of items) set.add(item);
  };

/**
 * Changes facts of one organisation: all or nothing. May run `write` several times (see `Database.transaction`).
 */
export async function changeFacts<Result>(
  writing: Writing,
  organisationId: OrganisationId,
  write: (change: Change) => Promise<Result>,
): Promise<Result> {
  return writing.database.transaction((transaction) => settled(writing, organisationId, transaction, write));
}

/**
 * Changes what teams or users of one organisation should hold; otherwise as `changeFacts`. The lock comes before
 * anything is read: two changes could otherwise each compute a team's content without the other's.
 */
export async function changeContents<Result>(
  writing: Writing,
  organisationId: OrganisationId,
  write: (change: ContentChange) => Promise<Result>,
): Promise<Result> {
  const { mayBeLost = false } = writing;
  return writing.database.transaction((transaction) => settled(writing, organisationId, transaction, write), {
    lockedOrganisation: organisationId,
    mayBeLost,
  });
}

/**
 * The same inside a transaction that spans several organisations: one of the few that do. Either everything in this one is
 * new, so that nobody else can change it, or the transaction has locked it from the start.
 */
export async function changeFactsWithin<Result>(
  transaction: Transaction,
  writing: Writing,
  organisationId: OrganisationId,
  write: (change: ContentChange) => Promise<Result>,
): Promise<Result> {
  return applied(writing, organisationId, transaction, write);
}

/** Carries a call out, or gives back what it was answered when it was carried out before. */
async function carriedOutOnce<Result>(
  { once, clock }: Writing,
  transaction: Transaction,
  carryOut: () => Promise<Result>,
): Promise<Result> {
  if (once === undefined) return carryOut();
  await lockCall(transaction, once);
  const answered = await findAnsweredCall(transaction, once);
  // What this very call made before, through JSON; the route parses it like any reply.
  if (answered !== undefined) return answered.reply as Result;
  const result = await carryOut();
  await insertAnsweredCall(transaction, once, { reply: result, at: clock() });
  return result;
}

/** For what is made outside any one organisation: a transaction that a repeated call does not repeat. */
export async function makeOnce<Result>(
  writing: Writing,
  write: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  return writing.database.transaction((transaction) =>
    carriedOutOnce(writing, transaction, () => write(transaction)),
  );
}

async function settled<Result>(
  writing: Writing,
  organisationId: OrganisationId,
  transaction: Transaction,
  write: (change: ContentChange) => Promise<Result>,
): Promise<Result> {
  return carriedOutOnce(writing, transaction, () => applied(writing, organisationId, transaction, write));
}

async function applied<Result>(
  { clock, doer }: Writing,
  organisationId: OrganisationId,
  transaction: Transaction,
  write: (change: ContentChange) => Promise<Result>,
): Promise<Result> {
  const at = clock();
  const touched = new Touched();
  const result = await write({
    ...transaction,
    organisationId,
    at,
    doer,
    touchUsers: addTo(touched.users),
    touchOwnKeys: addTo(touched.ownKeys),
    touchTeams: addTo(touched.teams),
    touchGroups: addTo(touched.groups),
    record: (happening) => touched.happenings.push(happening),
  });
  await settle(transaction, organisationId, touched, at);
  const events = touched.happenings.map((happening) => ({ ...happening, id: uuid() }));
  const happenings = await sealPersonal(transaction, organisationId, events);
  insertEvents(transaction, organisationId, { happenings, doer, at });
  return result;
}

async function settle(
  transaction: Transaction,
  organisationId: OrganisationId,
  touched: Touched,
  at: Date,
): Promise<void> {
  const groups = [...touched.groups];
  const holders =
    groups.length > 0
      ? await loadGroupHolders(transaction, organisationId, groups)
      : { teams: [], users: [] };
  const teams = [...new Set([...touched.teams, ...holders.teams])];
  const ownKeys = [...new Set([...touched.ownKeys, ...holders.users])];
  const users = [...new Set([...touched.users, ...ownKeys])];
  await settleTeams(transaction, organisationId, { teams, edited: [...touched.teams], at });
  if (users.length === 0) return;
  await lockUsers(transaction, organisationId, users);
  await settleOwnKeys(transaction, organisationId, ownKeys);
  await refreshPostures(transaction, organisationId, users, at);
}

async function settleTeams(
  transaction: Transaction,
  organisationId: OrganisationId,
  { teams, edited, at }: { teams: readonly TeamId[]; edited: readonly TeamId[]; at: Date },
): Promise<void> {
  if (teams.length === 0) return;
  const levels = await loadTeamLevels(transaction, organisationId, teams);
  const wishes = [...desiredContentsOf(levels)].map(([of, content]) => ({
    of,
    content,
    identity: identify(content),
  }));
  writeDesiredContents(transaction, organisationId, { wishes, edited, at });
}

async function settleOwnKeys(
  transaction: Transaction,
  organisationId: OrganisationId,
  holders: readonly UserId[],
): Promise<void> {
  if (holders.length === 0) return;
  const loaded = await loadOwnKeys(transaction, organisationId, holders);
  const wishes = loaded.map(({ userId, keys }) => {
    const content = ownContentOf(keys);
    return { of: userId, content, identity: identify(content) };
  });
  await writeOwnContents(transaction, organisationId, wishes);
}
