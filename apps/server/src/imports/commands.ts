// Imports people: the file is kept until each of its rows has a verdict, given in batches. An import that is
// interrupted goes on where it was, and several servers may work at one.

import type { RowVerdict } from "@lockstep/api";
import type { OrganisationId, TeamId, UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import type { Clock } from "../clock.ts";
import type { Change, Doer } from "../db/change.ts";
import type { Database } from "../db/database.ts";
import { changeFacts, type Writing } from "../facts/change.ts";
import { listTeams, loadRootTeam, loadTeam } from "../teams/store.ts";
import { insertUsers, listTakenUsernames } from "../users/store.ts";
import { parseCsv, peopleForm } from "./csv.ts";
import { planImport, teamsByWriting, type Grounds, type Person, type Planned } from "./plan.ts";
import {
  findImportSource,
  forgetPlans,
  insertImport,
  insertVerdicts,
  listUsernamesBetween,
  loadImport,
  lockProgress,
  type GivenVerdict,
  type ImportId,
  type ImportSource,
  type PeopleImport,
} from "./store.ts";

const batch = 5000;

export interface Started {
  readonly fileName: string;
  readonly csv: string;
  readonly teamId?: TeamId | undefined;
  readonly isDryRun: boolean;
}

/** @throws Refusal csv_header_invalid, team_not_found. */
export async function startImport(
  writing: Writing,
  organisationId: OrganisationId,
  { fileName, csv, teamId, isDryRun }: Started,
): Promise<PeopleImport> {
  const { length: rows } = await parseCsv(csv, peopleForm);
  return changeFacts(writing, organisationId, async (change) => {
    const team =
      teamId === undefined
        ? await loadRootTeam(change, organisationId)
        : await loadTeam(change, organisationId, teamId);
    const id = uuid() as ImportId;
    const { doer } = writing;
    await insertImport(change, { id, fileName, source: csv, teamId: team.id, isDryRun, rows, doer });
    if (!isDryRun) change.record({ kind: "people-imported", detail: { file: fileName } });
    return loadImport(change, organisationId, id);
  });
}

function doerOf({ actorRole, actorUserId, actorOrganisationId }: ImportSource): Doer {
  const home = actorOrganisationId === null ? {} : { organisationId: actorOrganisationId };
  return { role: actorRole, userId: actorUserId, ...home };
}

/** Gives every row of an import its verdict, from where it was left; told to stop, it leaves it after a batch. */
export async function runImport(
  { database, clock, signal }: { database: Database; clock: Clock; signal?: AbortSignal },
  organisationId: OrganisationId,
  importId: ImportId,
): Promise<void> {
  const source = await database.snapshot((snapshot) => findImportSource(snapshot, organisationId, importId));
  if (source === undefined) return;
  const writing: Writing = { database, clock, doer: doerOf(source) };
  const rows = await parseCsv(source.source, peopleForm);
  const earlier: Earlier = { usernames: new Set(), until: 0 };
  for (let isDone = false; !isDone && signal?.aborted !== true;) {
    isDone = await changeFacts(writing, organisationId, async (change) => {
      const first = await lockProgress(change, importId);
      if (first === undefined) return true;
      await forgetPlans(change);
      await catchUp(change, importId, earlier, first);
      const { usernames } = earlier;
      const grounds = { ...(await groundsFor(change, source)), usernames };
      const planned = planImport(rows.slice(first, first + batch), grounds);
      await giveVerdicts(change, { importId, source, first, planned });
      return false;
    });
  }
}

/** What of the rows before a batch decides about it: whichever server gave them their verdicts. */
interface Earlier {
  readonly usernames: Set<string>;
  /** The row up to which they are known. */
  until: number;
}

async function catchUp(change: Change, importId: ImportId, earlier: Earlier, until: number): Promise<void> {
  const between = { importId, after: earlier.until, until };
  for (const username of await listUsernamesBetween(change, change.organisationId, between)) {
    earlier.usernames.add(username);
  }
  earlier.until = until;
}

/** Anew for each batch, because teams come and go; where rows without a team went may have gone too. */
async function groundsFor(
  change: Change,
  { teamId }: ImportSource,
): Promise<Pick<Grounds, "teams" | "teamId">> {
  const all = await listTeams(change, change.organisationId);
  const isThere = all.some(({ id }) => id === teamId);
  const home = isThere ? teamId : (await loadRootTeam(change, change.organisationId)).id;
  return { teams: teamsByWriting(all), teamId: home };
}

interface Batch {
  readonly importId: ImportId;
  readonly source: ImportSource;
  /** How many rows have their verdict already. */
  readonly first: number;
  readonly planned: readonly Planned[];
}

async function giveVerdicts(change: Change, { importId, source, first, planned }: Batch): Promise<void> {
  const people = planned.flatMap((each) =>
    "person" in each ? [{ ...each.person, id: uuid() as UserId }] : [],
  );
  const verdictOf = source.isDryRun
    ? await foreseen(change, people)
    : await added(change, people, source.fileName);
  let at = 0;
  const verdicts = planned.map((each, index): GivenVerdict => {
    const row = first + index + 1;
    if (!("person" in each)) return { row, ...each, userId: null };
    const person = people[at++];
    if (person === undefined) throw new Error("every planned person has an id");
    const verdict = verdictOf(person);
    return { row, verdict, username: person.username, userId: verdict === "added" ? person.id : null };
  });
  await insertVerdicts(change, importId, verdicts);
}

type Verdicts = (person: Person & { readonly id: UserId }) => RowVerdict;

async function foreseen(change: Change, people: readonly Person[]): Promise<Verdicts> {
  const usernames = people.map(({ username }) => username);
  const taken = await listTakenUsernames(change, usernames);
  return ({ username }) => (taken.has(username) ? "username-taken" : "would-be-added");
}

async function added(
  change: Change,
  people: readonly (Person & { readonly id: UserId })[],
  file: string,
): Promise<Verdicts> {
  const those = await insertUsers(
    change,
    people.map((person) => ({ ...person, account: "none" })),
  );
  for (const { id, teamId } of people) {
    if (those.has(id)) change.record({ kind: "user-added", userId: id, teamId, detail: { file } });
  }
  return ({ id }) => (those.has(id) ? "added" : "username-taken");
}
