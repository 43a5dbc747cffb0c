// Whether a code is right, at this moment and for the first time. Wrong codes of the app are counted, and after a few of
// them nobody's is looked at for a while; recovery codes are too long to be guessed and always count.

import type { UserId } from "@lockstep/core";

import type { Change } from "../db/change.ts";
import { bindingAt } from "../keys/sealing/pieces.ts";
import type { KeyEncryption, Sealed } from "../keys/sealing/sealing.ts";
import { Refusal } from "../refusal.ts";
import { recoveryHashOf, stepOf, waitAfter } from "./codes.ts";
import {
  findFactor,
  noteWrongCode,
  spendRecoveryCode,
  takeStep,
  type Factor,
  type FactorId,
} from "./store.ts";

/** Not thrown at once: what was counted must be kept. */
export type Proof = { readonly factorId: FactorId } | { readonly refusal: Refusal };

export async function sealTotpSecret(
  keyEncryption: KeyEncryption,
  { organisationId }: Pick<Change, "organisationId">,
  { id, secret }: { id: FactorId; secret: string },
): Promise<Sealed> {
  return keyEncryption.seal(
    bindingAt({ organisationId, table: "second_factors", rowId: id }),
    Buffer.from(secret),
  );
}

/**
 * The user's row is locked already.
 * @param isConfirmed whether it is asked for the factor that counts, or for one that is being set up.
 */
export async function proveWithin(
  change: Change,
  keyEncryption: KeyEncryption,
  { userId, code, isConfirmed = true }: { userId: UserId; code: string; isConfirmed?: boolean },
): Promise<Proof> {
  const factor = await findFactor(change, userId, { isConfirmed });
  if (factor === undefined) return { refusal: new Refusal("second_factor_missing") };
  const hash = isConfirmed ? recoveryHashOf(code) : null;
  if (hash !== null) return proveRecoveryCode(change, { userId, factorId: factor.id, hash });
  return proveAppCode(change, keyEncryption, { factor, code });
}

const wrong = (): Proof => ({ refusal: new Refusal("second_factor_wrong") });

async function proveRecoveryCode(
  change: Change,
  { userId, factorId, hash }: { userId: UserId; factorId: FactorId; hash: Buffer },
): Promise<Proof> {
  const left = await spendRecoveryCode(change, factorId, hash);
  if (left === null) return wrong();
  change.record({ kind: "recovery-code-used", userId, detail: { left } });
  return { factorId };
}

async function proveAppCode(
  change: Change,
  keyEncryption: KeyEncryption,
  { factor, code }: { factor: Factor; code: string },
): Promise<Proof> {
  const { id: factorId, wrongCodes, waitsUntil } = factor;
  const waits = waitsUntil === null ? 0 : Date.parse(waitsUntil) - change.at.getTime();
  if (waits > 0) {
    const minutes = Math.ceil(waits / 60_000);
    const detail = `Codes of the app count again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`;
    return { refusal: new Refusal("second_factor_wait", { detail }) };
  }
  const binding = bindingAt({
    organisationId: change.organisationId,
    table: "second_factors",
    rowId: factorId,
  });
  const secret = Buffer.from(await keyEncryption.open(binding, factor)).toString("utf8");
  const step = stepOf(secret, code, change.at);
  if (step !== null && (await takeStep(change, factorId, step))) return { factorId };
  const counted = wrongCodes + 1;
  await noteWrongCode(change, factorId, {
    wrongCodes: counted,
    waitsUntil: waitAfter(counted, change.at),
  });
  return wrong();
}
