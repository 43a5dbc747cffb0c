// What concerns accounts in words for the screen.

import type { Account, Expected, Mail, Verdict } from "@lockstep/api";
import { permissions, type AccountStatus, type Action, type Role } from "@lockstep/core";

import { anyOf, roleWords } from "../sessions/words.ts";
import { wordsOfMoment } from "../ui/format.ts";

/** What a status means for whoever has the account. */
export const statusWords: Record<AccountStatus, string> = {
  enabled: "Can sign in.",
  pending: "Was created and waits to be activated by the mail that was sent.",
  disabled: "Cannot sign in until the account is enabled again.",
  blocked: "Cannot sign in until an administrator lifts the block.",
  deleted: "Cannot sign in ever again.",
  none: "Is known for encryption only and has nothing to sign in with.",
};

/** Why somebody who is signed in may not do it themselves; null if they may. */
export function whyNot(
  verdict: Pick<Verdict, "allowed" | "rule" | "sentence">,
  action: Action,
): string | null {
  if (verdict.allowed) return null;
  switch (verdict.rule) {
    case "role-may-not":
      return `Your role does not allow this. It needs: ${anyOf(rolesFor(action))}.`;
    case "out-of-scope":
      return "Your role allows this, but not in this organisation.";
    case "not-self":
      return "Nobody does this to themselves.";
    case "not-last-administrator":
      // Only the own deletion is asked for by oneself.
      return action === "request-deletion"
        ? "Nobody else could administer what you do. Appoint somebody first."
        : verdict.sentence;
    default:
      return verdict.sentence;
  }
}

function rolesFor(action: Action): string[] {
  return (Object.keys(permissions[action].grants) as Role[]).map((role) => roleWords[role]);
}

const groups = {
  Accounts: [
    "block-account",
    "unblock-account",
    "invite-account",
    "resend-invitation",
    "withdraw-invitation",
    "re-enable-account",
    "reset-second-factor",
    "edit-single-sign-on",
    "set-disabled",
    "clear-disabled",
    "grant-role",
    "withdraw-role",
    "edit-account-rules",
    "request-deletion",
  ],
  People: [
    "read-standing",
    "read-people",
    "export-people",
    "edit-people",
    "move-people",
    "remove-people",
    "generate-activation-code",
    "post-updates",
    "edit-keys",
    "edit-licences",
  ],
} as const satisfies Record<string, readonly Action[]>;

const special: Partial<Record<Action, string>> = {
  "set-disabled": "Disable the account",
  "clear-disabled": "Enable a disabled account",
  "re-enable-account": "Enable the own account again by mail",
  "edit-single-sign-on": "Say by which provider people sign in",
  "resend-invitation": "Send the invitation again",
  "withdraw-invitation": "Withdraw the invitation",
  "grant-role": "Grant a role here",
  "withdraw-role": "Withdraw a role",
  "edit-account-rules": "Change the rules, exempt people",
  "request-deletion": "Ask for the deletion of the own account",
  "read-standing": "See status and reasons",
  "read-people": "See people",
  "generate-activation-code": "Issue an activation code",
};

/** An action as one says it. */
export function wordsOfAction(action: Action): string {
  const words = special[action] ?? action.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What can be asked about, what concerns accounts first. */
export const askedActions = Object.entries(groups).map(([group, actions]) => ({
  group,
  items: actions.map((value) => ({ value, label: wordsOfAction(value) })),
}));

export const forecastWords: Record<Expected["kind"], string> = {
  "account-disabled": "Account disabled",
  "block-ends": "Block ends",
  "licence-expires": "Licence expires",
  "activation-code-expires": "Activation code expires",
};

export const mailWords: Record<Mail["kind"], string> = {
  "activate-account": "Activation",
  "re-enable-account": "Enabling again",
  "inactivity-warning": "Warning of inactivity",
  "account-disabled": "Disabled",
  "account-blocked": "Blocked",
  "account-unblocked": "Unblocked",
  "role-granted": "Role granted",
  "role-withdrawn": "Role withdrawn",
  "account-digest": "What waits for a manager",
  "reset-password": "Another password",
  "password-changed": "Password changed",
  "account-stays-blocked": "Whom to ask about the block",
  "second-factor-reset": "Second factor reset",
  "deletion-requested": "Deletion asked for",
  "deletion-withdrawn": "Deletion withdrawn",
  "deletion-done": "Deleted",
};

/** How far a mail has come. */
export function wordsOfMail({ state, failure }: NonNullable<Account["mail"]>): string {
  if (state === "sent") return "sent";
  if (state === "failed") return `given up: ${failure ?? "no reason is known"}`;
  return failure === null ? "waits to be sent" : `waits to be tried again: ${failure}`;
}

type Block = NonNullable<Account["block"]>;

/** "By Ada Holm, organisation manager, on 1 Mar 2026, 10:00". */
export function wordsOfBlocker({ by, role, at }: Block): string {
  const as = role === null ? "" : by === null ? ` as ${roleWords[role]}` : `, ${roleWords[role]}`;
  return `By ${by ?? "somebody"}${as}, on ${wordsOfMoment(at)}`;
}
