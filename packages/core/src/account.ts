// The account axis: who may sign in. It is never merged with the encryption status.
// `deleted` > `blocked` > `disabled` > `pending` > `enabled`; a person without an account has status `none`.

import type { AccountFacts, AccountMarks } from "./facts.ts";
import type { StepCode } from "./steps.ts";

export const accountStatuses = {
  deleted: { label: "Deleted" },
  blocked: { label: "Blocked" },
  disabled: { label: "Disabled" },
  pending: { label: "Pending" },
  none: { label: "No account" },
  enabled: { label: "Enabled" },
} as const;

export type AccountStatus = keyof typeof accountStatuses;

/** What a deleted user is called wherever there is a name. */
export const nameOfDeleted = "Deleted user";

interface Rule {
  readonly code: string;
  readonly status: AccountStatus;
  readonly speaks: (facts: AccountFacts) => boolean;
  readonly sentence: string;
  readonly step: (facts: AccountFacts) => StepCode | null;
}

const rules = [
  {
    code: "authority-deleted",
    status: "deleted",
    speaks: ({ authority }) => authority === "deleted",
    sentence: "The authority was deleted, and with it all its accounts. This cannot be undone.",
    step: () => null,
  },
  {
    code: "organisation-deleted",
    status: "deleted",
    speaks: ({ organisation }) => organisation === "deleted",
    sentence: "The organisation was deleted, and with it all its accounts. This cannot be undone.",
    step: () => null,
  },
  {
    code: "account-deleted",
    status: "deleted",
    speaks: ({ account }) => account === "deleted",
    sentence: "The account was deleted at its owner's request. This cannot be undone.",
    step: () => null,
  },
  {
    code: "blocked",
    status: "blocked",
    speaks: ({ blocked }) => blocked,
    sentence: "An administrator blocked the account.",
    step: () => "unblock-account",
  },
  {
    code: "organisation-disabled",
    status: "disabled",
    speaks: ({ organisation, account }) => organisation === "disabled" && account !== "none",
    sentence: "The organisation is switched off, and with it all its accounts.",
    step: () => "enable-organisation",
  },
  {
    code: "disabled-for-inactivity",
    status: "disabled",
    speaks: ({ disabled }) => disabled,
    sentence: "The system disabled the account because it was not used for too long.",
    // Nobody re-enables himself while blocked; unblocking enables.
    step: ({ blocked }) => (blocked ? null : "re-enable-account"),
  },
  {
    code: "activation-pending",
    status: "pending",
    speaks: ({ account }) => account === "pending",
    sentence: "The account has been created and not yet activated.",
    step: ({ blocked }) => (blocked ? null : "activate-account"),
  },
  {
    code: "no-account",
    status: "none",
    speaks: ({ account }) => account === "none",
    sentence: "The user is known for encryption only and has no account to sign in with.",
    step: () => null,
  },
] as const satisfies readonly Rule[];

export type AccountReasonCode = (typeof rules)[number]["code"];

export const accountReasonCodes: readonly AccountReasonCode[] = rules.map(({ code }) => code);

/** A rule that spoke. */
export interface AccountReason {
  readonly code: AccountReasonCode;
  readonly sentence: string;
  readonly step: StepCode | null;
}

/** The account status: the first rule that speaks, else enabled. */
export function accountStatusOf(facts: AccountFacts): AccountStatus {
  return rules.find((rule) => rule.speaks(facts))?.status ?? "enabled";
}

/** Everything that stands in the way of signing in. What is deleted has no other reason and no step. */
export function accountReasonsOf(facts: AccountFacts): AccountReason[] {
  const speaking = rules.filter((rule) => rule.speaks(facts));
  const last = accountStatusOf(facts) === "deleted" ? 1 : speaking.length;
  return speaking.slice(0, last).map(({ code, sentence, step }) => ({ code, sentence, step: step(facts) }));
}

/** What can happen to one account. Who may cause it is the permission matrix's matter. */
export const accountEvents = [
  "invite",
  "withdraw-invitation",
  "resend-invitation",
  "activate",
  "block",
  "unblock",
  "find-inactive",
  "set-disabled",
  "clear-disabled",
  "re-enable",
  "execute-deletion",
] as const;

export type AccountEvent = (typeof accountEvents)[number];

/** The eight combinations of marks by name. */
export const accountStates = {
  none: { account: "none", blocked: false, disabled: false },
  pending: { account: "pending", blocked: false, disabled: false },
  "pending+blocked": { account: "pending", blocked: true, disabled: false },
  enabled: { account: "active", blocked: false, disabled: false },
  disabled: { account: "active", blocked: false, disabled: true },
  blocked: { account: "active", blocked: true, disabled: false },
  "blocked+disabled": { account: "active", blocked: true, disabled: true },
  deleted: { account: "deleted", blocked: false, disabled: false },
} as const satisfies Record<string, AccountMarks>;

export type AccountState = keyof typeof accountStates;

export type AccountRefusal =
  | "account_exists"
  | "account_none"
  | "account_not_pending"
  | "account_blocked"
  | "account_not_blocked"
  | "account_system_only"
  | "account_deleted";

type Outcome = { readonly to: AccountState } | { readonly refused: AccountRefusal };

const to = (state: AccountState): Outcome => ({ to: state });
const no = (code: AccountRefusal): Outcome => ({ refused: code });

/** For one state the outcome of every event, in the order of `accountEvents`. */
function row(...outcomes: Outcome[]): Record<AccountEvent, Outcome> {
  const pairs = accountEvents.map((event, at) => [event, outcomes[at]]);
  return Object.fromEntries(pairs) as Record<AccountEvent, Outcome>;
}

// prettier-ignore
const transitions: Record<AccountState, Record<AccountEvent, Outcome>> = {
  //                  invite                withdraw-invitation        resend-invitation          activate                   block                   unblock                    find-inactive           set-disabled               clear-disabled             re-enable                  execute-deletion
  none:               row(to("pending"),    no("account_none"),        no("account_none"),        no("account_none"),        no("account_none"),     no("account_none"),        to("none"),             no("account_system_only"), no("account_system_only"), no("account_none"),        no("account_none")),
  pending:            row(no("account_exists"), to("none"),            to("pending"),             to("enabled"),             to("pending+blocked"),  no("account_not_blocked"), to("pending"),          no("account_system_only"), no("account_system_only"), to("pending"),             to("deleted")),
  "pending+blocked":  row(no("account_exists"), to("none"),            no("account_blocked"),     no("account_blocked"),     to("pending+blocked"),  to("pending"),             to("pending+blocked"),  no("account_system_only"), no("account_system_only"), no("account_blocked"),     to("deleted")),
  enabled:            row(no("account_exists"), no("account_not_pending"), no("account_not_pending"), to("enabled"),         to("blocked"),          no("account_not_blocked"), to("disabled"),         no("account_system_only"), no("account_system_only"), to("enabled"),             to("deleted")),
  disabled:           row(no("account_exists"), no("account_not_pending"), no("account_not_pending"), no("account_not_pending"), to("blocked+disabled"), no("account_not_blocked"), to("disabled"),     no("account_system_only"), no("account_system_only"), to("enabled"),             to("deleted")),
  blocked:            row(no("account_exists"), no("account_not_pending"), no("account_not_pending"), no("account_blocked"), to("blocked"),          to("enabled"),             to("blocked+disabled"), no("account_system_only"), no("account_system_only"), no("account_blocked"),     to("deleted")),
  "blocked+disabled": row(no("account_exists"), no("account_not_pending"), no("account_not_pending"), no("account_blocked"), to("blocked+disabled"), to("enabled"),             to("blocked+disabled"), no("account_system_only"), no("account_system_only"), no("account_blocked"),     to("deleted")),
  deleted:            row(no("account_deleted"), no("account_deleted"), no("account_deleted"),    no("account_deleted"),     no("account_deleted"),  no("account_deleted"),     to("deleted"),          no("account_deleted"),     no("account_deleted"),     no("account_deleted"),     to("deleted")),
};

/** The name of a combination of marks. */
export function accountStateOf(marks: AccountMarks): AccountState {
  if (marks.account === "none" || marks.account === "deleted") return marks.account;
  if (marks.account === "pending") return marks.blocked ? "pending+blocked" : "pending";
  if (marks.blocked) return marks.disabled ? "blocked+disabled" : "blocked";
  return marks.disabled ? "disabled" : "enabled";
}

/** What an event does to an account: the marks that follow, or the code with which it is refused. */
export function accountAfter(
  marks: AccountMarks,
  event: AccountEvent,
): { marks: AccountMarks } | { refused: AccountRefusal } {
  const outcome = transitions[accountStateOf(marks)][event];
  return "to" in outcome ? { marks: accountStates[outcome.to] } : { refused: outcome.refused };
}
