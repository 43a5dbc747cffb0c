// The people of one organisation that a file names: who is new is added, with the organisation itself where there is none
// yet, its teams, the invitations and the roles. Whoever is there already is left as is.

import type { OrganisationRowVerdict } from "@lockstep/api";
import type { OrganisationId, TeamId, UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import { inviteWithin } from "../../accounts/commands/invite.ts";
import type { ContentChange } from "../../db/change.ts";
import type { Reader, Transaction } from "../../db/database.ts";
import { changeFactsWithin, type Writing } from "../../facts/change.ts";
import { folded, teamNamed, teamsByWriting } from "../../imports/plan.ts";
import { createOrganisationBelow } from "../../organisations/commands.ts";
import { insertRoleGrant } from "../../roles/store.ts";
import type { RootMaking } from "../../roots/commands.ts";
import { createTeamWithin } from "../../teams/commands.ts";
import { listTeams, loadRootTeam } from "../../teams/store.ts";
import { insertUsers, listPresentUsernames, listTakenUsernames } from "../../users/store.ts";
import { pathOf, type Wanted } from "../plan.ts";
import type { GivenVerdict, ImportSource } from "../store.ts";

/** Something came in between: what was begun is given up, and looked at anew. */
export class Again extends Error {}

/** The organisation that people are added to. */
export interface Target {
  /** Null while there is none: it is made together with its first people. */
  readonly organisationId: OrganisationId | null;
  readonly organisation: string;
  /** Made by this very import, or would be: then its teams are made too. */
  readonly isMadeHere: boolean;
}

type WantedRow = Wanted & { readonly row: number };

type Outcome = Pick<GivenVerdict, "verdict"> &
  Partial<Pick<GivenVerdict, "organisationId" | "userId" | "makesOrganisation" | "isInvited">>;

interface Surroundings extends Pick<Writing, "database" | "clock">, RootMaking {
  readonly source: ImportSource;
}

/** @throws Refusal as `createOrganisationBelow`; Again. */
export async function settlePeople(
  transaction: Transaction,
  around: Surroundings,
  { target, wanted }: { target: Target; wanted: readonly WantedRow[] },
): Promise<Map<number, Outcome>> {
  const outcomes = new Map<number, Outcome>();
  const taken = await listTakenUsernames(
    transaction,
    wanted.map(({ username }) => username),
  );
  const isTaken = ({ username }: WantedRow) => taken.has(username);
  await judgeTaken(transaction, { target, outcomes }, wanted.filter(isTaken));
  const free: Placed[] = [];
  const teamOf = await teamsIn(transaction, target);
  for (const person of wanted.filter((each) => !isTaken(each))) {
    const team = teamOf(person.team);
    if ("verdict" in team) outcomes.set(person.row, { ...team, organisationId: target.organisationId });
    else free.push({ ...person, ...team });
  }
  if (free.length === 0) return outcomes;
  if (around.source.isDryRun) foresee({ target, free, outcomes });
  else await add(transaction, around, { target, free, outcomes });
  return outcomes;
}

/** A person with the team: one that there is, or null where it is made of the path. */
type Placed = WantedRow & { readonly teamId: TeamId | null };

interface Settling {
  readonly target: Target;
  readonly outcomes: Map<number, Outcome>;
}

/** Where rows may go. In an organisation that the import makes a team is its whole path, and is made with it. */
async function teamsIn(
  reader: Reader,
  { organisationId, isMadeHere }: Target,
): Promise<(team: string) => { teamId: TeamId | null } | { verdict: OrganisationRowVerdict }> {
  if (organisationId === null || isMadeHere) return () => ({ teamId: null });
  const all = await listTeams(reader, organisationId);
  const { id: teamId } = await loadRootTeam(reader, organisationId);
  const grounds = { teams: teamsByWriting(all), teamId };
  return (team) => teamNamed(team, grounds);
}

async function judgeTaken(
  reader: Reader,
  { target: { organisationId }, outcomes }: Settling,
  those: readonly WantedRow[],
): Promise<void> {
  const usernames = those.map(({ username }) => username);
  const present =
    organisationId === null
      ? new Set<string>()
      : await listPresentUsernames(reader, organisationId, usernames);
  for (const { row, username } of those) {
    const verdict = present.has(username) ? "already-there" : "username-taken";
    outcomes.set(row, { verdict, organisationId });
  }
}

function foresee({
  target: { organisationId, isMadeHere },
  free,
  outcomes,
}: Settling & { free: readonly Placed[] }): void {
  const isNew = organisationId === null && !isMadeHere;
  for (const [index, { row, isInvited }] of free.entries()) {
    const makesOrganisation = isNew && index === 0;
    outcomes.set(row, { verdict: "would-be-added", organisationId, makesOrganisation, isInvited });
  }
}

async function add(
  transaction: Transaction,
  around: Surroundings,
  { target, free, outcomes }: Settling & { free: readonly Placed[] },
): Promise<void> {
  const { database, clock, keyEncryption, rootHolder, source } = around;
  const writing = { database, clock, doer: source.doer, keyEncryption, rootHolder };
  const { authorityId } = source;
  const organisationId =
    target.organisationId ??
    (await createOrganisationBelow(transaction, writing, { authorityId, name: target.organisation }));
  await changeFactsWithin(transaction, writing, organisationId, async (change) => {
    const makeTeam = await teamMaker(change, target.organisation);
    const people = [];
    for (const person of free) {
      const teamId = person.teamId ?? (await makeTeam(person.team));
      people.push({ ...person, teamId, id: uuid() as UserId, account: "none" as const });
    }
    const added = await insertUsers(change, people);
    const isNew = target.organisationId === null;
    // Nobody else's people are a reason to make an organisation: their names were given at this moment.
    if (isNew && added.size === 0) throw new Again();
    const settling = { target: { ...target, organisationId }, outcomes };
    await judgeTaken(
      change,
      settling,
      people.filter(({ id }) => !added.has(id)),
    );
    const those = people.filter(({ id }) => added.has(id));
    for (const [index, person] of those.entries()) {
      await letIn(change, around, { ...person, organisation: target.organisation });
      const { row, id: userId, isInvited } = person;
      const makesOrganisation = isNew && index === 0;
      outcomes.set(row, { verdict: "added", organisationId, userId, makesOrganisation, isInvited });
    }
  });
}

interface Added extends Wanted {
  readonly id: UserId;
  readonly organisation: string;
  readonly teamId: TeamId;
}

/** What else a row asks for. The person was added in this very change, so nobody else can have done anything about them. */
async function letIn(
  change: ContentChange,
  { keyEncryption, source: { fileName: file } }: Surroundings,
  { id, organisation, email, teamId, isInvited, role }: Added,
): Promise<void> {
  const { organisationId, at } = change;
  change.record({ kind: "user-added", userId: id, teamId, detail: { file } });
  if (isInvited) {
    await inviteWithin(change, keyEncryption, {
      id,
      email,
      account: "none",
      blocked: false,
      disabled: false,
    });
  }
  if (role !== null) {
    await insertRoleGrant(change, organisationId, { userId: id, role, scopeId: organisationId }, at);
    change.record({ kind: "role-granted", userId: id, detail: { role, place: organisation } });
  }
}

/** Finds or makes the team of a path, each of those above it once. The path may begin with the organisation. */
async function teamMaker(
  change: ContentChange,
  organisation: string,
): Promise<(team: string) => Promise<TeamId>> {
  const { organisationId } = change;
  const all = await listTeams(change, organisationId);
  const { id: root } = await loadRootTeam(change, organisationId);
  const keyOf = (parentId: TeamId | null, name: string) => `${parentId ?? ""}/${folded(name)}`;
  const known = new Map(all.map(({ id, parentId, name }) => [keyOf(parentId, name), id]));
  return async (team) => {
    const path = team === "" ? [] : (pathOf(team) ?? []);
    const below = folded(path[0] ?? "") === folded(organisation) ? path.slice(1) : path;
    let at = root;
    for (const name of below) {
      const key = keyOf(at, name);
      const next = known.get(key) ?? (await createTeamWithin(change, { name, parentId: at }));
      known.set(key, next);
      at = next;
    }
    return at;
  };
}
