// Gives every row of an import its verdict, organisation by organisation, a few hundred rows in a transaction. One that
// is interrupted goes on where it was, and several servers may work at one. It does what its starter may at that moment.

import type { OrganisationRowVerdict } from "@lockstep/api";
import { canInAnyRole, type Actor, type AuthorityId, type OrganisationId } from "@lockstep/core";

import { loadActors } from "../../accounts/verdict.ts";
import type { Clock } from "../../clock.ts";
import type { Database, Reader, Transaction } from "../../db/database.ts";
import { parseCsv } from "../../imports/csv.ts";
import { forgetPlans } from "../../imports/store.ts";
import {
  isNameTaken,
  listOrganisationsNamed,
  loadAuthority,
  lockInstallation,
} from "../../organisations/store.ts";
import { Refusal } from "../../refusal.ts";
import { loadHolder, type RootMaking } from "../../roots/commands.ts";
import { organisationsForm, stepAt, stepsOf, type Read, type Step } from "../plan.ts";
import {
  findImportSource,
  findProgress,
  insertVerdicts,
  isMadeBy,
  lockProgress,
  type GivenVerdict,
  type ImportSource,
  type Place,
} from "../store.ts";
import { Again, settlePeople, type Target } from "./people.ts";

/** Few enough that whoever else makes an organisation meanwhile does not wait for long. */
const mostRows = 500;

export interface Surroundings extends RootMaking {
  readonly database: Database;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

/** Told to stop, it leaves the rest where it is. */
export async function runOrganisationImport(around: Surroundings, place: Place): Promise<void> {
  const { database, signal } = around;
  const source = await database.read((reader) => findImportSource(reader, place));
  if (source === undefined) return;
  const steps = stepsOf(await parseCsv(source.source, organisationsForm), mostRows);
  while (signal?.aborted !== true) {
    const done = await database.read((reader) => findProgress(reader, place));
    const step = done === undefined ? undefined : stepAt(steps, done);
    if (step === undefined) return;
    await carryOut(around, { place, source, step });
  }
}

interface Running {
  readonly place: Place;
  readonly source: ImportSource;
  readonly step: Step;
}

/** Why none of a step's people can be added, whoever they are. */
const refused: Readonly<Record<string, OrganisationRowVerdict>> = {
  authority_not_found: "authority-deleted",
  permission_denied: "not-allowed",
  root_key_missing: "root-key-missing",
  root_key_wrong: "root-key-wrong",
};

async function carryOut(around: Surroundings, running: Running): Promise<void> {
  try {
    await giveVerdicts(around, running);
  } catch (error) {
    const code = error instanceof Refusal ? error.code : undefined;
    if (error instanceof Again) return;
    const verdict = code === undefined ? undefined : refused[code];
    if (verdict === undefined) throw error;
    await passOver(around, running, verdict);
  }
}

/** The verdict on a row of which nothing was made. */
function left({ organisation }: Step, read: Read, verdict: OrganisationRowVerdict): GivenVerdict {
  const { row } = read;
  const username = "wanted" in read ? read.wanted.username : read.username;
  const nothing = { organisationId: null, userId: null, makesOrganisation: false, isInvited: false };
  return { row, verdict, organisation, username, ...nothing };
}

async function passOver(
  { database, clock }: Surroundings,
  { place, step }: Running,
  verdict: OrganisationRowVerdict,
): Promise<void> {
  await database.transaction(async (transaction) => {
    if ((await lockProgress(transaction, place)) !== step.first) return;
    const given = step.rows.map((read) => left(step, read, "wanted" in read ? verdict : read.verdict));
    await insertVerdicts(transaction, { ...place, at: clock() }, given);
  });
}

/** @throws Refusal authority_not_found, permission_denied. */
async function refuseIfNotAllowed(
  reader: Reader,
  { authorityId, actors }: { authorityId: AuthorityId; actors: readonly Actor[] | null },
): Promise<void> {
  await loadAuthority(reader, authorityId);
  const authority = { userId: null, organisationId: null, authorityId, office: "none" } as const;
  const target = { ...authority, isLastAdministrator: false };
  if (actors === null || !canInAnyRole(actors, "import-organisations", target).allowed) {
    throw new Refusal("permission_denied");
  }
}

/** The organisation that a step names, one that is to be made, or why neither can be. */
async function findTarget(
  reader: Reader,
  { place, source: { authorityId }, step: { organisation } }: Running,
): Promise<Target | OrganisationRowVerdict> {
  if (organisation === null) return "organisation-missing";
  const [found, another] = await listOrganisationsNamed(reader, authorityId, organisation);
  if (another !== undefined) return "organisation-ambiguous";
  const isMadeHere = await isMadeBy(reader, place, organisation);
  if (found === undefined) {
    const isTaken = await isNameTaken(reader, organisation);
    return isTaken ? "organisation-name-taken" : { organisationId: null, organisation, isMadeHere };
  }
  if (found.office !== "none") return "organisation-is-office";
  return { organisationId: found.id, organisation, isMadeHere };
}

async function giveVerdicts(around: Surroundings, running: Running): Promise<void> {
  const { database } = around;
  const { source } = running;
  const { actors, target } = await database.snapshot(async (snapshot) => ({
    actors: await loadActors(snapshot, source.doer),
    target: await findTarget(snapshot, running),
  }));
  const locked = typeof target === "string" ? null : target.organisationId;
  await database.transaction(
    async (transaction) => {
      if ((await lockProgress(transaction, running.place)) !== running.step.first) return;
      await refuseIfNotAllowed(transaction, { authorityId: source.authorityId, actors });
      await forgetPlans(transaction);
      await write(transaction, around, { running, locked });
    },
    locked === null ? {} : { lockedOrganisation: locked },
  );
}

async function write(
  transaction: Transaction,
  around: Surroundings,
  { running, locked }: { running: Running; locked: OrganisationId | null },
): Promise<void> {
  const { place, source, step } = running;
  const at = around.clock();
  // Where there is none yet, nobody makes one and names people of it until this transaction ends.
  if (locked === null) await lockInstallation(transaction);
  const target = await findTarget(transaction, running);
  if (typeof target === "string") {
    const given = step.rows.map((read) => left(step, read, "wanted" in read ? target : read.verdict));
    return insertVerdicts(transaction, { ...place, at }, given);
  }
  // Made or renamed since it was looked for: the one that is to be locked is another.
  if (target.organisationId !== locked) throw new Again();
  const wanted = step.rows.flatMap((read) => ("wanted" in read ? [{ row: read.row, ...read.wanted }] : []));
  const isNew = target.organisationId === null;
  if (isNew && wanted.length > 0) await loadHolder(transaction, around.rootHolder);
  const outcomes = await settlePeople(transaction, { ...around, source }, { target, wanted });
  const given = step.rows.map((read): GivenVerdict => {
    const outcome = outcomes.get(read.row);
    const verdict = "wanted" in read ? undefined : read.verdict;
    if (verdict !== undefined) return left(step, read, verdict);
    if (outcome === undefined) throw new Error("whoever is wanted has a verdict");
    return { ...left(step, read, outcome.verdict), ...outcome };
  });
  await insertVerdicts(transaction, { ...place, at }, given);
}
