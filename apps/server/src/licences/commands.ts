// Adds and changes licences, and gives and takes their seats. No licence ever gives more seats than it has.

import type { Licence as Shown } from "@lockstep/api";
import { dayOf, type Day, type LicenceId, type OrganisationId, type UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import type { Change } from "../db/change.ts";
import { changeFacts, type Writing } from "../facts/change.ts";
import { Refusal } from "../refusal.ts";
import { postKeyFiles } from "../updates/store.ts";
import { lockPresentUsers, lockUndeletedUsers } from "../users/store.ts";
import {
  deleteAllSeats,
  deleteSeats,
  insertLicence,
  insertSeats,
  listSeatsOf,
  loadLicence,
  lockLicences,
  updateLicence,
  updateSeatsLicence,
  type Licence,
} from "./store.ts";

function stateOf({ isSuspended, validFrom, validUntil }: Licence, today: Day): Shown["state"] {
  if (isSuspended) return "suspended";
  if (validUntil !== null && validUntil < today) return "expired";
  return today < validFrom ? "not-yet-valid" : "valid";
}

export function shownOf(licence: Licence, today: Day): Shown {
  const { id, productId, edition, term, seats, seatsTaken, validFrom, validUntil, revision } = licence;
  const state = stateOf(licence, today);
  return { id, productId, edition, term, seats, seatsTaken, validFrom, validUntil, state, revision };
}

type Dates = Pick<Licence, "term" | "validFrom" | "validUntil">;

function refuseWrongDates({ term, validFrom, validUntil }: Dates): void {
  const isEndless = validUntil === null;
  if (isEndless ? term !== "perpetual" : validUntil < validFrom) throw new Refusal("licence_dates_invalid");
}

async function loadShown(change: Change, licenceId: LicenceId): Promise<Shown> {
  return shownOf(await loadLicence(change, change.organisationId, licenceId), dayOf(change.at));
}

/** The licence with its seats counted, neither of which changes until the transaction ends. */
async function loadLocked(change: Change, licenceId: LicenceId): Promise<Licence> {
  await lockLicences(change, [licenceId]);
  return loadLicence(change, change.organisationId, licenceId);
}

async function loadUnchanged(change: Change, { licenceId, revision }: Edit): Promise<Licence> {
  const licence = await loadLocked(change, licenceId);
  if (licence.revision !== revision) throw new Refusal("revision_changed");
  return licence;
}

export interface Edit {
  readonly licenceId: LicenceId;
  /** The revision that was edited. */
  readonly revision: number;
}

export type NewLicence = Pick<
  Licence,
  "productId" | "edition" | "term" | "seats" | "validFrom" | "validUntil"
>;

/** @throws Refusal licence_dates_invalid. */
export async function addLicence(
  writing: Writing,
  organisationId: OrganisationId,
  licence: NewLicence,
): Promise<Shown> {
  refuseWrongDates(licence);
  return changeFacts(writing, organisationId, async (change) => {
    const id = uuid() as LicenceId;
    await insertLicence(change, { id, ...licence });
    change.record({ kind: "licence-added", licenceId: id, detail: { seats: licence.seats } });
    return loadShown(change, id);
  });
}

/** @throws Refusal licence_not_found, licence_dates_invalid, seats_taken, revision_changed. */
export async function editLicence(
  writing: Writing,
  organisationId: OrganisationId,
  { seats, validUntil, ...edit }: Edit & { seats?: number | undefined; validUntil?: Day | null | undefined },
): Promise<Shown> {
  return changeFacts(writing, organisationId, async (change) => {
    const former = await loadUnchanged(change, edit);
    const licence = {
      ...former,
      seats: seats ?? former.seats,
      validUntil: validUntil === undefined ? former.validUntil : validUntil,
    };
    refuseWrongDates(licence);
    if (licence.seats < licence.seatsTaken) throw new Refusal("seats_taken");
    const { licenceId } = edit;
    await updateLicence(change, licenceId, licence);
    if (licence.seats !== former.seats) {
      change.record({ kind: "licence-changed", licenceId, detail: { seats: licence.seats } });
    }
    if (licence.validUntil !== former.validUntil) {
      change.record({ kind: "licence-renewed", licenceId, detail: { until: licence.validUntil ?? "ever" } });
    }
    return loadShown(change, licenceId);
  });
}

/** @throws Refusal licence_suspended, licence_not_valid, seats_exhausted. */
function refuseUnlessItGives(licence: Licence, seats: number, today: Day): void {
  const state = stateOf(licence, today);
  if (state === "suspended") throw new Refusal("licence_suspended");
  if (state !== "valid") throw new Refusal("licence_not_valid");
  const free = licence.seats - licence.seatsTaken;
  if (seats > free) throw new Refusal("seats_exhausted", { detail: `${free} free, ${seats} wanted` });
}

/**
 * Gives every one of the users a seat, or nobody.
 * @throws Refusal licence_not_found, user_not_found, seats_exhausted, licence_suspended, licence_not_valid.
 */
export async function assignLicence(
  writing: Writing,
  organisationId: OrganisationId,
  { licenceId, userIds }: { licenceId: LicenceId; userIds: readonly UserId[] },
): Promise<Shown> {
  return changeFacts(writing, organisationId, async (change) => {
    const licence = await loadLocked(change, licenceId);
    await lockUndeletedUsers(change, userIds);
    const held = await listSeatsOf(change, organisationId, userIds);
    const holders = new Set(held.filter((seat) => seat.licenceId === licenceId).map(({ userId }) => userId));
    const takers = [...new Set(userIds)].filter((userId) => !holders.has(userId));
    refuseUnlessItGives(licence, takers.length, dayOf(change.at));
    await insertSeats(change, licenceId, takers);
    for (const userId of takers) change.record({ kind: "licence-assigned", userId, licenceId });
    return loadShown(change, licenceId);
  });
}

/**
 * Takes seats back. What the users' workstations hold is then theirs no longer, so Key-Files without keys are posted.
 * @returns how many seats were returned, and how many Key-Files posted.
 * @throws Refusal user_not_found.
 */
export async function returnSeats(
  writing: Writing,
  organisationId: OrganisationId,
  userIds: readonly UserId[],
): Promise<{ returned: number; keyFiles: number }> {
  return changeFacts(writing, organisationId, async (change) => {
    await lockPresentUsers(change, userIds);
    const held = await listSeatsOf(change, organisationId, userIds);
    const holders = held.map(({ userId }) => userId);
    await deleteSeats(change, holders);
    for (const { userId, licenceId } of held) {
      change.record({ kind: "licence-returned", userId, licenceId });
    }
    return { returned: held.length, keyFiles: await postEmptied(change, holders) };
  });
}

async function postEmptied(change: Change, users: readonly UserId[]): Promise<number> {
  const posted = await postKeyFiles(change, users);
  for (const { userId } of posted) change.record({ kind: "key-file-posted", userId });
  return posted.length;
}

/**
 * Moves every seat to another licence, or none.
 * @throws Refusal licence_not_found, licence_replaces_itself, seats_exhausted, licence_suspended, licence_not_valid.
 */
export async function replaceLicence(
  writing: Writing,
  organisationId: OrganisationId,
  { licenceId, by }: { licenceId: LicenceId; by: LicenceId },
): Promise<Shown> {
  if (licenceId === by) throw new Refusal("licence_replaces_itself");
  return changeFacts(writing, organisationId, async (change) => {
    await lockLicences(change, [licenceId, by]);
    const former = await loadLicence(change, organisationId, licenceId);
    const next = await loadLicence(change, organisationId, by);
    refuseUnlessItGives(next, former.seatsTaken, dayOf(change.at));
    const users = await updateSeatsLicence(change, { from: licenceId, to: by });
    change.record({ kind: "licence-replaced", licenceId });
    for (const userId of users) change.record({ kind: "licence-assigned", userId, licenceId: by });
    return loadShown(change, by);
  });
}

/** @throws Refusal licence_not_found, revision_changed. */
export async function suspendLicence(
  writing: Writing,
  organisationId: OrganisationId,
  edit: Edit,
): Promise<Shown> {
  return changeFacts(writing, organisationId, async (change) => {
    const licence = await loadUnchanged(change, edit);
    const { licenceId } = edit;
    await updateLicence(change, licenceId, { ...licence, isSuspended: true });
    change.record({ kind: "licence-suspended", licenceId });
    const users = await deleteAllSeats(change, licenceId);
    for (const userId of users) change.record({ kind: "licence-returned", userId, licenceId });
    await postEmptied(change, users);
    return loadShown(change, licenceId);
  });
}

/** @throws Refusal licence_not_found, revision_changed. */
export async function resumeLicence(
  writing: Writing,
  organisationId: OrganisationId,
  edit: Edit,
): Promise<Shown> {
  return changeFacts(writing, organisationId, async (change) => {
    const licence = await loadUnchanged(change, edit);
    await updateLicence(change, edit.licenceId, { ...licence, isSuspended: false });
    change.record({ kind: "licence-resumed", licenceId: edit.licenceId });
    return loadShown(change, edit.licenceId);
  });
}
