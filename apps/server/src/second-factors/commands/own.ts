// What somebody who is signed in does with the own second factor. Each begins with the password once more; taking it
// away or making new recovery codes also takes a code, so that neither a password nor an open browser is enough.

import { v7 as uuid } from "uuid";

import type { Clock } from "../../clock.ts";
import type { Change } from "../../db/change.ts";
import type { Database } from "../../db/database.ts";
import { changeFacts } from "../../facts/change.ts";
import type { KeyEncryption } from "../../keys/sealing/sealing.ts";
import { Refusal } from "../../refusal.ts";
import type { Owner } from "../../sessions/owner.ts";
import { hasPassword, reauthenticate, type SignedIn } from "../../sessions/reauthenticating.ts";
import { deleteOtherBrowsers } from "../../sessions/browsers/store.ts";
import { lockPresentUsers } from "../../users/store.ts";
import { newRecoveryCodes, newTotpSecret, recoveryHashOf, totpAddress } from "../codes.ts";
import { proveWithin, sealTotpSecret } from "../proving.ts";
import {
  confirmFactor,
  deleteFactors,
  loadShown,
  findFactor,
  putRecoveryCodes,
  putUnconfirmed,
  type FactorId,
} from "../store.ts";

export interface Parts {
  readonly database: Database;
  readonly clock: Clock;
  readonly keyEncryption: KeyEncryption;
}

interface Proven extends SignedIn {
  readonly password: string | null;
  readonly code: string;
}

export async function showSecondFactor(
  { database }: Parts,
  { organisationId, userId }: Owner,
): Promise<Awaited<ReturnType<typeof loadShown>> & { hasPassword: boolean }> {
  const has = await hasPassword({ database }, { organisationId, userId });
  const shown = await database.read((reader) => loadShown(reader, organisationId, userId));
  return { ...shown, hasPassword: has };
}

/** In a change of the owner's own, with the user's row locked: whoever signs in meanwhile waits, and sees what became. */
function changeOwn<Result>(
  { database, clock }: Parts,
  { organisationId, userId }: Owner,
  write: (change: Change) => Promise<Result>,
): Promise<Result> {
  const writing = { database, clock, doer: { role: "user", organisationId, userId } };
  return changeFacts(writing, organisationId, async (change) => {
    await lockPresentUsers(change, [userId]);
    return write(change);
  });
}

/**
 * @returns the secret for the app, which counts for nothing yet.
 * @throws Refusal sign_in_failed, sign_in_locked, sign_in_busy, fresh_sign_in_required, second_factor_set.
 */
export async function startSecondFactor(
  parts: Parts,
  { owner, sessionId, password }: SignedIn & { password: string | null },
): Promise<{ secret: string; address: string }> {
  const { username } = await reauthenticate(parts, { owner, sessionId }, password);
  const id = uuid() as FactorId;
  const secret = newTotpSecret();
  const sealed = await sealTotpSecret(parts.keyEncryption, owner, { id, secret });
  await changeOwn(parts, owner, async (change) => {
    if ((await findFactor(change, owner.userId, { isConfirmed: true })) !== undefined)
      throw new Refusal("second_factor_set");
    await putUnconfirmed(change, owner.userId, { id, ...sealed });
  });
  return { secret, address: totpAddress(secret, username) };
}

/** A secret that was shown longer ago is not taken any more: begin anew. */
const confirmedWithin = 3_600_000;

async function freshRecoveryCodes(change: Change, factorId: FactorId): Promise<string[]> {
  const codes = newRecoveryCodes();
  const hashes = codes.map(recoveryHashOf).filter((hash) => hash !== null);
  await putRecoveryCodes(change, factorId, hashes);
  return codes;
}

/**
 * @returns the recovery codes, this once.
 * @throws Refusal second_factor_wrong, second_factor_wait, second_factor_set, second_factor_missing.
 */
export async function confirmSecondFactor(
  parts: Parts,
  { owner: { organisationId, userId }, sessionId, code }: SignedIn & { code: string },
): Promise<string[]> {
  const outcome = await changeOwn(parts, { organisationId, userId }, async (change) => {
    if ((await findFactor(change, userId, { isConfirmed: true })) !== undefined)
      throw new Refusal("second_factor_set");
    const begun = await findFactor(change, userId, { isConfirmed: false });
    const age = begun === undefined ? Infinity : change.at.getTime() - Date.parse(begun.madeAt);
    if (age > confirmedWithin) throw new Refusal("second_factor_missing");
    const proof = await proveWithin(change, parts.keyEncryption, { userId, code, isConfirmed: false });
    if ("refusal" in proof) return proof;
    await confirmFactor(change, proof.factorId);
    await deleteOtherBrowsers(change, organisationId, userId, sessionId);
    change.record({ kind: "second-factor-set", userId });
    return { codes: await freshRecoveryCodes(change, proof.factorId) };
  });
  if ("refusal" in outcome) throw outcome.refusal;
  return outcome.codes;
}

/** @throws Refusal as `startSecondFactor`, and second_factor_wrong, second_factor_wait, second_factor_missing. */
async function changeProven<Result>(
  parts: Parts,
  { owner, sessionId, password, code }: Proven,
  write: (change: Change, factorId: FactorId) => Promise<Result>,
): Promise<Result> {
  await reauthenticate(parts, { owner, sessionId }, password);
  const outcome = await changeOwn(parts, owner, async (change) => {
    const proof = await proveWithin(change, parts.keyEncryption, { userId: owner.userId, code });
    return "refusal" in proof ? proof : { written: await write(change, proof.factorId) };
  });
  if ("refusal" in outcome) throw outcome.refusal;
  return outcome.written;
}

/** The former ones are void. @throws as `changeProven`. */
export async function replaceRecoveryCodes(parts: Parts, proven: Proven): Promise<string[]> {
  return changeProven(parts, proven, async (change, factorId) => {
    change.record({ kind: "recovery-codes-replaced", userId: proven.owner.userId });
    return freshRecoveryCodes(change, factorId);
  });
}

/** @throws as `changeProven`. */
export async function endSecondFactor(parts: Parts, proven: Proven): Promise<void> {
  const { userId } = proven.owner;
  await changeProven(parts, proven, async (change) => {
    await deleteFactors(change, userId);
    change.record({ kind: "second-factor-ended", userId });
  });
}
