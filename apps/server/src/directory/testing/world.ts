// A directory and the people here as plain values, and what applying a plan makes of them: for tests of the plan alone.

import type { TeamId, UserId } from "@lockstep/core";

import {
  planWindow,
  repeatedOf,
  type Choice,
  type Entry,
  type Known,
  type Person,
  type PlanRow,
  type Settings,
} from "../plan.ts";

export interface World {
  readonly people: readonly Person[];
  readonly choices: ReadonlyMap<string, Choice>;
  /** Usernames that were given to somebody of another organisation. */
  readonly takenElsewhere: readonly string[];
  readonly teams: Known["teams"];
}

export interface Reading {
  readonly entries: readonly Entry[];
  readonly isComplete: boolean;
}

/** Short ids that look like ids. */
export const uuidOf = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;
export const rootTeam = uuidOf(900) as TeamId;

export function entry(number: number, more: Partial<Entry> = {}): Entry {
  return {
    objectId: uuidOf(number),
    dn: `cn=Person ${number},ou=People,dc=example,dc=test`,
    name: `Person ${number}`,
    username: `person-${number}@example.test`,
    email: `person-${number}@example.test`,
    units: [],
    isDisabled: false,
    ...more,
  };
}

/** As imported from the entry of the same number. */
export function person(number: number, more: Partial<Person> = {}): Person {
  return {
    id: uuidOf(1000 + number) as UserId,
    username: `person-${number}@example.test`,
    name: `Person ${number}`,
    email: `person-${number}@example.test`,
    teamId: rootTeam,
    isRemoved: false,
    hasAccount: false,
    isLicensed: false,
    isActive: false,
    link: { objectId: uuidOf(number), state: "linked", isDisabled: false, isOurs: true },
    ...more,
  };
}

export const nobody: World = {
  people: [],
  choices: new Map(),
  takenElsewhere: [],
  teams: [{ id: rootTeam, parentId: null, name: "All users" }],
};

export const everybody: Settings = { mode: "team", follows: false, teamId: rootTeam };

export function knownOf({ people, choices, takenElsewhere, teams }: World, entries: readonly Entry[]): Known {
  const own = people.map(({ username, id }): [string, UserId] => [username, id]);
  return {
    choices,
    people: new Map(people.map((each) => [each.id, each])),
    usernames: new Map<string, UserId | null>([
      ...takenElsewhere.map((name) => [name, null] as const),
      ...own,
    ]),
    repeated: repeatedOf(entries),
    teams,
  };
}

/** The ids of those who are linked and were not read; nobody is proved to be gone by a read that is not complete. */
export function goneOf({ people }: World, { entries, isComplete }: Reading): string[] {
  const read = new Set(entries.map(({ objectId }) => objectId));
  const linked = people.flatMap(({ link }) => (link?.isOurs === true ? [link.objectId] : []));
  return isComplete ? linked.filter((objectId) => !read.has(objectId)) : [];
}

/** The whole plan at once. */
export function planOf(world: World, reading: Reading, settings: Settings = everybody): PlanRow[] {
  const window = { entries: reading.entries, gone: goneOf(world, reading) };
  return planWindow(window, knownOf(world, reading.entries), settings);
}

/** What there is after the plan was applied. */
export function applied(world: World, rows: readonly PlanRow[]): World {
  return rows.reduce(withRow, world);
}

function withRow(world: World, row: PlanRow): World {
  const { action, objectId, userId, change } = row;
  if (action === "skip") return world;
  const { teamId, teams } = placed(world.teams, row);
  const isDisabled = change.isDisabled ?? false;
  const link = { objectId, state: "linked", isDisabled, isOurs: true } as const;
  const choices = new Map(world.choices);
  const remembered = (formerUserId: UserId) =>
    choices.set(objectId, { kind: "none", teamId: null, userId: null, formerUserId });
  if (action === "create") {
    const number = world.people.length + 5000;
    const made = person(number, {
      username: row.username ?? "",
      name: change.name ?? "",
      email: change.email ?? null,
      teamId: teamId ?? rootTeam,
      link,
    });
    remembered(made.id);
    return { ...world, teams, choices, people: [...world.people, made] };
  }
  if (userId !== null && (action === "link" || action === "relink")) remembered(userId);
  const people = world.people.map((each) => (each.id === userId ? changed(each, row, teamId) : each));
  return { ...world, teams, choices, people };
}

/** What somebody is like after the row. */
function changed(person: Person, { action, objectId, change }: PlanRow, teamId: TeamId | undefined): Person {
  if (action === "orphan") return { ...person, link: person.link && { ...person.link, state: "missing" } };
  if (action === "remove") return { ...person, link: null, isRemoved: !person.hasAccount };
  const { name = person.name, email = person.email } = change;
  const isDisabled = change.isDisabled ?? person.link?.isDisabled ?? false;
  const link = { objectId, state: "linked", isDisabled, isOurs: true } as const;
  return { ...person, name, email, isRemoved: false, link, teamId: teamId ?? person.teamId };
}

function placed(
  teams: Known["teams"],
  { change: { placement } }: PlanRow,
): { teamId?: TeamId; teams: Known["teams"] } {
  if (placement === undefined) return { teams };
  const all = [...teams];
  const teamId = placement.missing.reduce<TeamId>((parentId, name) => {
    const there = all.find(
      (team) => team.parentId === parentId && team.name.toLowerCase() === name.toLowerCase(),
    );
    if (there !== undefined) return there.id;
    const made = { id: uuidOf(901 + all.length) as TeamId, parentId, name };
    all.push(made);
    return made.id;
  }, placement.teamId);
  return { teamId, teams: all };
}
