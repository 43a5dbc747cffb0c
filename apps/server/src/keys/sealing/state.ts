// Under which version of the key-encryption key the key material of the whole installation is sealed.

import type { OrganisationId } from "@lockstep/core";

import type { Database } from "../../db/database.ts";
import { changeFacts, type Writing } from "../../facts/change.ts";
import { findInstallationOffice, listOrganisations } from "../../organisations/store.ts";
import type { KeyEncryption } from "./sealing.ts";
import { countSealed, findLastCanaryRun, type CanaryRun } from "./store.ts";

export interface SealingState {
  readonly currentVersion: number;
  /** Pieces under the current version, and those that still wait for it. */
  readonly wrapped: number;
  readonly left: number;
  readonly canary: Pick<CanaryRun, "at" | "sampled" | "unreadable"> | null;
}

export async function stateOfSealing(
  database: Database,
  { currentVersion }: KeyEncryption,
): Promise<SealingState> {
  return database.snapshot(async (snapshot) => {
    let [wrapped, left] = [0, 0];
    for (const { id } of await listOrganisations(snapshot)) {
      const sealed = await countSealed(snapshot, id, currentVersion);
      wrapped += sealed.total - sealed.left;
      left += sealed.left;
    }
    return { currentVersion, wrapped, left, canary: (await findLastCanaryRun(snapshot)) ?? null };
  });
}

/** Makes a new version, which the rounds of housekeeping then seal everything under. */
export async function rotateKeyEncryption(
  writing: Writing,
  keyEncryption: KeyEncryption,
): Promise<Pick<SealingState, "currentVersion" | "left">> {
  const version = keyEncryption.addVersion();
  const office = await writing.database.snapshot(findInstallationOffice);
  await recordRotation(writing, office?.id, version);
  return stateOfSealing(writing.database, keyEncryption);
}

async function recordRotation(
  writing: Writing,
  organisationId: OrganisationId | undefined,
  version: number,
): Promise<void> {
  if (organisationId === undefined) return;
  await changeFacts(writing, organisationId, (change) => {
    change.record({ kind: "key-encryption-key-rotated", detail: { version } });
    return Promise.resolve();
  });
}
