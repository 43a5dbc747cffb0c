// All facts that the two statuses depend on, as one small number: how postures are grouped and filtered in SQL.
// The SQL that computes it from a posture is in store.ts; a test compares the two over every combination.

import {
  accounts,
  accountStatusOf,
  authorityStates,
  conditions,
  directories,
  encryptionStatusOf,
  everyAccountFacts,
  everyEncryptionFacts,
  licences,
  organisationStates,
  type AccountFacts,
  type AccountStatus,
  type ConditionType,
  type EncryptionFacts,
  type EncryptionStatus,
} from "@lockstep/core";

/** Weights of a mixed-radix number: each digit counts through one fact. */
export const weights = {
  licence: 1,
  directory: 3,
  activated: 9,
  teamDiffers: 18,
  ownDiffers: 36,
  ownKeys: 72,
  outstanding: 144,
  account: 288,
  blocked: 1152,
  disabled: 2304,
  organisation: 4608,
  authority: 13824,
} as const;

export interface StatusFacts {
  readonly encryption: EncryptionFacts;
  readonly account: AccountFacts;
}

export function factsCodeOf({ encryption, account }: StatusFacts): number {
  return (
    weights.licence * licences.indexOf(encryption.licence) +
    weights.directory * directories.indexOf(encryption.directory) +
    weights.activated * Number(encryption.activated) +
    weights.teamDiffers * Number(encryption.teamContent === "differs") +
    weights.ownDiffers * Number(encryption.ownContent === "differs") +
    weights.ownKeys * Number(encryption.ownKeys) +
    weights.outstanding * Number(encryption.outstanding) +
    weights.account * accounts.indexOf(account.account) +
    weights.blocked * Number(account.blocked) +
    weights.disabled * Number(account.disabled) +
    weights.organisation * organisationStates.indexOf(account.organisation) +
    weights.authority * authorityStates.indexOf(account.authority)
  );
}

/** What a code means. The statuses are core's; nothing here decides. */
export interface Meaning extends StatusFacts {
  readonly code: number;
  readonly statuses: { readonly encryption: EncryptionStatus; readonly account: AccountStatus };
}

const meanings: ReadonlyMap<number, Meaning> = new Map(
  everyEncryptionFacts().flatMap((encryption) =>
    everyAccountFacts().map((account) => {
      const code = factsCodeOf({ encryption, account });
      const statuses = { encryption: encryptionStatusOf(encryption), account: accountStatusOf(account) };
      return [code, { code, encryption, account, statuses }];
    }),
  ),
);

/** @throws when no facts have this code: the SQL and the table above disagree, which is a bug. */
export function meaningOf(code: number): Meaning {
  const meaning = meanings.get(code);
  if (meaning === undefined) throw new Error(`no facts have the code ${code}`);
  return meaning;
}

/** What a list can be narrowed to; everything left out does not narrow. */
export interface Filter {
  readonly status?: EncryptionStatus | undefined;
  readonly account?: AccountStatus | undefined;
  /** The condition must not hold: lists are for finding what is not in order. */
  readonly without?: ConditionType | undefined;
}

/**
 * The codes of all facts that pass. Deleted accounts are in no list but their own:
 * to everybody else they are as if unknown.
 */
export function codesOf({ status, account, without }: Filter): number[] {
  return [...meanings.values()]
    .filter(({ statuses, encryption }) => {
      const shown = account === undefined ? statuses.account !== "deleted" : statuses.account === account;
      return (
        shown &&
        (status === undefined || statuses.encryption === status) &&
        (without === undefined || !conditions[without](encryption))
      );
    })
    .map(({ code }) => code);
}
