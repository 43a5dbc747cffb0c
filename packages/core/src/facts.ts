// Everything a user's standing may depend on, and nothing else.
//
// Status depends on two small closed tuples, so every combination can be enumerated, counted by the
// database and read in a golden table. The advice depends on three facts more (`Facts`).

export const licences = ["none", "held", "expired"] as const;
export const directories = ["none", "linked", "missing"] as const;
export const comparisons = ["matches", "differs"] as const;

/** What the encryption status is derived from. `isPossible` says which combinations exist. */
export interface EncryptionFacts {
  /** Holds a licence seat; `expired`: holds one whose licence's last day has passed. */
  readonly licence: (typeof licences)[number];
  /** `missing`: was imported from a directory in which the account no longer exists. */
  readonly directory: (typeof directories)[number];
  /** Has an active workstation, or an update that is still on its way to one. */
  readonly activated: boolean;
  /** Whether every workstation holds, or will hold, the policy and keys of the team. */
  readonly teamContent: (typeof comparisons)[number];
  /** The same for the keys of this user alone. */
  readonly ownContent: (typeof comparisons)[number];
  /** Whether this user has keys of his own. */
  readonly ownKeys: boolean;
  /** Whether anything posted to any workstation has not been processed and read back. */
  readonly outstanding: boolean;
}

export const accounts = ["none", "pending", "active", "deleted"] as const;
export const organisationStates = ["enabled", "disabled", "deleted"] as const;
export const authorityStates = ["enabled", "deleted"] as const;

/** The marks on one account. They are independent: an account may be blocked and disabled at once. */
export interface AccountMarks {
  /** `none`: known only for encryption. `pending`: invited, not yet activated. */
  readonly account: (typeof accounts)[number];
  /** Set and lifted by administrators only. */
  readonly blocked: boolean;
  /** Set by the system only, for inactivity. */
  readonly disabled: boolean;
}

/** What the account status is derived from. The organisation's state is never copied to its users. */
export interface AccountFacts extends AccountMarks {
  readonly organisation: (typeof organisationStates)[number];
  readonly authority: (typeof authorityStates)[number];
}

export const directoryAccounts = ["enabled", "disabled"] as const;
export const activationCodes = ["none", "outstanding", "expired"] as const;
export const seatStates = ["free", "exhausted"] as const;

/** What the whole standing of one user is derived from. */
export interface Facts {
  readonly encryption: EncryptionFacts;
  readonly account: AccountFacts;
  /** Whether the account in the directory is disabled there: told, and no status. Who is in none has none disabled. */
  readonly directoryAccount: (typeof directoryAccounts)[number];
  /** The state of the newest activation code that is neither used nor voided. */
  readonly activationCode: (typeof activationCodes)[number];
  /** Whether any licence of the organisation has a seat left. */
  readonly seats: (typeof seatStates)[number];
}

/** Who holds nothing cannot differ, and nothing can be on its way to him. */
export function isPossible(facts: EncryptionFacts): boolean {
  return (
    facts.activated ||
    (facts.teamContent === "matches" && facts.ownContent === "matches" && !facts.outstanding)
  );
}

/** A person without an account can be neither blocked nor disabled; only active accounts idle. */
export function isPossibleAccount({ account, blocked, disabled }: AccountMarks): boolean {
  return !(blocked && (account === "none" || account === "deleted")) && !(disabled && account !== "active");
}

const truths = [true, false] as const;

/** Every combination of encryption facts that can exist: 162 of them. */
export function everyEncryptionFacts(): EncryptionFacts[] {
  return licences
    .flatMap((licence) => directories.map((directory) => ({ licence, directory })))
    .flatMap((facts) => truths.map((activated) => ({ ...facts, activated })))
    .flatMap((facts) => comparisons.map((teamContent) => ({ ...facts, teamContent })))
    .flatMap((facts) => comparisons.map((ownContent) => ({ ...facts, ownContent })))
    .flatMap((facts) => truths.map((ownKeys) => ({ ...facts, ownKeys })))
    .flatMap((facts) => truths.map((outstanding) => ({ ...facts, outstanding })))
    .filter(isPossible);
}

/** Every combination of marks that can stand on an account: 8 of them. */
export function everyAccountMarks(): AccountMarks[] {
  return accounts
    .flatMap((account) => truths.map((blocked) => ({ account, blocked })))
    .flatMap((marks) => truths.map((disabled) => ({ ...marks, disabled })))
    .filter(isPossibleAccount);
}

/** Every combination of account facts that can exist: 48 of them. */
export function everyAccountFacts(): AccountFacts[] {
  return everyAccountMarks()
    .flatMap((marks) => organisationStates.map((organisation) => ({ ...marks, organisation })))
    .flatMap((facts) => authorityStates.map((authority) => ({ ...facts, authority })));
}
