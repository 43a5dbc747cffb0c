// What follows the deletion of an organisation: everybody is erased in batches and every workstation wiped, then the keys
// go. Killed anywhere it goes on where it was; several servers take turns.

import type { OrganisationId } from "@lockstep/core";

import { system } from "../../accounts/commands/acting.ts";
import { changeContents, type Writing } from "../../facts/change.ts";
import {
  countUndelivered,
  deleteDirectoriesOf,
  endEverythingRunning,
  eraseKeys,
  eraseSigningMaterial,
  insertProgress,
  lockNextPeople,
  lockProgress,
  markProgress,
  updateProgress,
} from "../progress/store.ts";
import { deleteConnection } from "../../single-sign-on/store.ts";
import { erasePeople } from "./erase.ts";
import type { Executing } from "./request.ts";

const batch = 100;
const dayMilliseconds = 86_400_000;
/** A relay that does not answer is waited for so long; then the keys go nevertheless. */
const waitedForRelayMilliseconds = 30 * dayMilliseconds;

const asSystem = ({ database, clock }: Executing): Writing => {
  return { database, clock, doer: { role: system.role, userId: null } };
};

/** Told to stop, it leaves the rest to the next round. @returns whether everything is done. */
export async function carryOnDeletion(
  parts: Executing,
  organisationId: OrganisationId,
  signal?: AbortSignal,
): Promise<boolean> {
  await changeContents(asSystem(parts), organisationId, async (change) => {
    if ((await insertProgress(change)) !== undefined) await endEverythingRunning(change);
  });
  for (let step: Step = "goes on"; step === "goes on" && signal?.aborted !== true;) {
    step = await eraseSome(parts, organisationId);
  }
  return endIfDelivered(parts, organisationId);
}

type Step = "goes on" | "nobody is left";

async function eraseSome(parts: Executing, organisationId: OrganisationId): Promise<Step> {
  return changeContents(asSystem(parts), organisationId, async (change) => {
    const progress = await lockProgress(change);
    if (progress === undefined || progress.erasedAt !== null) return "nobody is left";
    const people = await lockNextPeople(change, progress, batch);
    const last = people.at(-1);
    if (last !== undefined) {
      await erasePeople(change, parts.keyEncryption, people);
      await updateProgress(change, { erased: people.length, lastUserId: last.id });
      return "goes on";
    }
    if (progress.lastUserId !== null) {
      // Whoever was being added when the mark was set may stand before.
      await updateProgress(change, { erased: 0, lastUserId: null });
      return "goes on";
    }
    await deleteDirectoriesOf(change);
    await deleteConnection(change);
    await eraseKeys(change);
    await markProgress(change, "erased");
    change.record({ kind: "organisation-erased", detail: { people: progress.erased } });
    return "nobody is left";
  });
}

/** Wipes are signed with the organisation's keys, so those go when the relay has every one. */
async function endIfDelivered(parts: Executing, organisationId: OrganisationId): Promise<boolean> {
  return changeContents(asSystem(parts), organisationId, async (change) => {
    const progress = await lockProgress(change);
    if (progress === undefined || progress.erasedAt === null) return false;
    if (progress.endedAt !== null) return true;
    const waited = change.at.getTime() - Date.parse(progress.erasedAt);
    if (waited < waitedForRelayMilliseconds && (await countUndelivered(change)) > 0) return false;
    await eraseSigningMaterial(change);
    await markProgress(change, "ended");
    return true;
  });
}
