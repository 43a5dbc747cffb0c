// Facts in, standing out: what a user's two statuses are, why, and what to do next.

import { accountReasonsOf, accountStatusOf, type AccountReason, type AccountStatus } from "./account.ts";
import {
  encryptionReasonsOf,
  encryptionStatusOf,
  type EncryptionReason,
  type EncryptionStatus,
} from "./encryption.ts";
import type { EncryptionFacts, Facts } from "./facts.ts";
import { stepOf, type Step, type StepCode } from "./steps.ts";

/** Rises when the meaning of a standing changes. 1 (2026-11): seven statuses, account axis, conditions. */
export const coreVersion = 1;

/** Orthogonal to the status and filterable with it: an orphan may also need an update. */
export const conditions = {
  licensed: ({ licence }) => licence === "held",
  "directory-linked": ({ directory }) => directory === "linked",
  activated: ({ activated }) => activated,
  "content-matches": ({ teamContent, ownContent }) => teamContent === "matches" && ownContent === "matches",
  "updates-delivered": ({ outstanding }) => !outstanding,
} as const satisfies Record<string, (facts: EncryptionFacts) => boolean>;

export type ConditionType = keyof typeof conditions;

export const conditionTypes = Object.keys(conditions) as ConditionType[];

export interface Standing {
  readonly encryption: EncryptionStatus;
  readonly account: AccountStatus;
  readonly conditions: readonly { readonly type: ConditionType; readonly holds: boolean }[];
  /** Encryption first, in the order in which to deal with them, then the account's. */
  readonly reasons: readonly (EncryptionReason | AccountReason)[];
  /** The steps in order. Empty: all is well, or the reasons say why nothing can be done. */
  readonly next: readonly Step[];
}

/** Everything the product says of one user. Pure and total. */
export function standingOf({ encryption, account, ...advice }: Facts): Standing {
  const encryptionReasons = encryptionReasonsOf({ ...encryption, ...advice });
  const accountReasons = accountReasonsOf(account);
  const accountStatus = accountStatusOf(account);
  // A Key-File is not posted to a blocked account, so the account's steps come first. Of what is deleted
  // the system wipes the workstations itself: nobody has a step left.
  const order = accountStatus === "deleted" ? [] : [...accountReasons, ...encryptionReasons];
  return {
    encryption: encryptionStatusOf(encryption),
    account: accountStatus,
    conditions: conditionTypes.map((type) => ({ type, holds: conditions[type](encryption) })),
    reasons: [...encryptionReasons, ...accountReasons],
    next: distinct(order.map(({ step }) => step)).map(stepOf),
  };
}

function distinct(codes: readonly (StepCode | null)[]): StepCode[] {
  return [...new Set(codes)].filter((code) => code !== null);
}
