// All facts that the two statuses depend on, as one small number: how postures are grouped and filtered in SQL.
// The SQL that makes it is the column postures.facts_code and what store.ts adds to it; tests compare the two.

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

/** What a posture alone does not decide: whether its licence has expired and its team's content differs. */
const circumstances = [
  { expired: false, differs: false },
  { expired: false, differs: true },
  { expired: true, differs: false },
  { expired: true, differs: true },
] as const;

/** The stored codes of postures that pass in exactly these of the `circumstances`. */
export interface Passing {
  readonly inCircumstances: readonly boolean[];
  readonly codes: readonly number[];
}

type Surroundings = Pick<AccountFacts, "organisation" | "authority">;

/** There are some two thousand filters, and each goes through all facts only once. */
const known = new Map<string, readonly Passing[]>();

/**
 * Which postures of an organisation pass. Deleted accounts are in no list but their own: to everybody else they
 * are as if unknown.
 */
export function passingOf(filter: Filter, surroundings: Surroundings): readonly Passing[] {
  const { status, account, without } = filter;
  const key = [status, account, without, surroundings.organisation, surroundings.authority].join(" ");
  let passing = known.get(key);
  if (passing === undefined) known.set(key, (passing = computePassing(filter, surroundings)));
  return passing;
}

function computePassing(filter: Filter, { organisation, authority }: Surroundings): Passing[] {
  const stored = [...meanings.values()].filter(
    ({ encryption, account }) =>
      encryption.licence !== "expired" &&
      encryption.teamContent === "matches" &&
      account.organisation === organisation &&
      account.authority === authority,
  );
  const groups = Map.groupBy(stored, (meaning) =>
    circumstances.map((circumstance) => passesIn(filter, meaning, circumstance)).join(" "),
  );
  return [...groups].map(([key, group]) => ({
    inCircumstances: key.split(" ").map((word) => word === "true"),
    codes: group.map(({ code }) => code % weights.organisation),
  }));
}

function passesIn(
  { status, account, without }: Filter,
  meaning: Meaning,
  { expired, differs }: (typeof circumstances)[number],
): boolean {
  const facts: EncryptionFacts = {
    ...meaning.encryption,
    licence: expired && meaning.encryption.licence === "held" ? "expired" : meaning.encryption.licence,
    teamContent: differs && meaning.encryption.activated ? "differs" : "matches",
  };
  const shown =
    account === undefined ? meaning.statuses.account !== "deleted" : meaning.statuses.account === account;
  const inStatus = status === undefined || encryptionStatusOf(facts) === status;
  return shown && inStatus && (without === undefined || !conditions[without](facts));
}
