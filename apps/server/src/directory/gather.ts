// What is known here of some of what was read, gathered in one transaction for the plan.

import type { OrganisationId, UserId } from "@lockstep/core";

import type { Reader } from "../db/database.ts";
import { listChoices, listLinkedTo, listNamedTeams, listOwners, listPeople } from "./people/store.ts";
import type { Known, ObjectId, Settings, Window } from "./plan.ts";
import type { Directory } from "./connections/store.ts";
import type { DirectoryId } from "./store.ts";

export interface Of {
  readonly organisationId: OrganisationId;
  readonly directoryId: DirectoryId;
}

/** Teams come and go, so that they are read with each window; the team where people went may have gone too. */
export async function gatherSettings(
  reader: Reader,
  {
    organisationId,
    mode,
    follows,
    teamId,
  }: Pick<Directory, "organisationId" | "mode" | "follows" | "teamId">,
): Promise<{ teams: Known["teams"]; settings: Settings }> {
  const teams = await listNamedTeams(reader, organisationId);
  const home = teams.find(({ id }) => id === teamId) ?? teams.find(({ parentId }) => parentId === null);
  if (home === undefined) throw new Error("every organisation has a root team");
  return { teams, settings: { mode, follows, teamId: home.id } };
}

export interface Gathering {
  readonly teams: Known["teams"];
  readonly repeated: ReadonlySet<ObjectId>;
  /** Before the people are read: whoever applies the plan holds them. */
  readonly lock?: (users: readonly UserId[]) => Promise<void>;
}

export async function gatherKnown(
  reader: Reader,
  of: Of,
  { entries, gone }: Window,
  { teams, repeated, lock }: Gathering,
): Promise<Known> {
  const { organisationId } = of;
  const objectIds = [...entries.map(({ objectId }) => objectId), ...gone];
  const theirs = entries.map(({ username }) => username);
  const [choices, usernames, linked] = await Promise.all([
    listChoices(reader, { ...of, objectIds }),
    listOwners(reader, organisationId, theirs),
    listLinkedTo(reader, organisationId, objectIds),
  ]);
  const decided = [...choices.values()].flatMap(({ userId, formerUserId }) => [userId, formerUserId]);
  const users = [...new Set([...linked, ...decided, ...usernames.values()])].filter((user) => user !== null);
  if (users.length === 0) return { choices, people: new Map(), usernames, repeated, teams };
  await lock?.(users);
  const people = await listPeople(reader, of, users);
  return { choices, people, usernames, repeated, teams };
}
