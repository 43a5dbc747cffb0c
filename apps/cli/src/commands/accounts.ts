// Accounts: who may sign in, why not, and what is done about it.

import { accounts, type Account, type MailKind } from "@lockstep/api";
import type { Day, Role } from "@lockstep/core";
import type { Command } from "commander";

import { day } from "../arguments.ts";
import type { Invocation } from "../invocation.ts";
import { fields, momentOf, table } from "../layout.ts";
import { findPerson, userArgument } from "../people.ts";
import { accountWord } from "../statuses.ts";

const roleWords: Partial<Record<Role, string>> = {
  "system-administrator": "a system administrator",
  "authority-administrator": "an authority administrator",
  "organisation-manager": "an organisation manager",
};

type Block = Account["formerBlocks"][number];

function whoBlocked({ by, role }: Block): string {
  const as = role === null ? null : (roleWords[role] ?? role);
  if (by === null) return as ?? "unknown";
  return as === null ? by : `${by}, as ${as}`;
}

function blockFields(block: Block): (readonly [string, string])[] {
  const { at, reason, userReason, until } = block;
  return [
    ["blocked", `since ${momentOf(at)}, by ${whoBlocked(block)}`],
    ["reason", reason ?? "not written down"],
    ["told", userReason ?? "no reason"],
    ["until", until === null ? "it is unblocked" : momentOf(until)],
  ];
}

/** When the system disables it, and whether the user knows. */
function outlookFields(account: Account): (readonly [string, string])[] {
  const { disabledOn, warnedAt, exemption } = account;
  if (exemption !== null) return [["exempt", exemption]];
  if (disabledOn === null) return undeliveredFields(account);
  const warned = warnedAt === null ? "not warned yet" : `warned ${momentOf(warnedAt)}`;
  return [
    ["disabled on", `${momentOf(disabledOn)} unless it is used; ${warned}`],
    ...undeliveredFields(account),
  ];
}

/** Warnings that did not reach the user. */
function undeliveredFields({ undelivered }: Account): (readonly [string, string])[] {
  return undelivered.map(({ postedAt, failure }) => [
    "not warned",
    `the warning of ${momentOf(postedAt)} could not be delivered: ${failure}`,
  ]);
}

const mailWords: Record<MailKind, string> = {
  "activate-account": "to activate the account",
  "re-enable-account": "to enable the account again",
  "inactivity-warning": "warning that the account will be disabled",
  "account-disabled": "that the account was disabled",
  "account-blocked": "that the account was blocked",
  "account-unblocked": "that the account was unblocked",
  "role-granted": "that a role was granted",
  "role-withdrawn": "that a role was withdrawn",
  "account-digest": "what waits for a manager",
  "reset-password": "to choose another password",
  "password-changed": "telling that the password was changed",
  "account-stays-blocked": "telling whom to ask about the block",
  "second-factor-reset": "that the second factor was reset",
  "deletion-requested": "that the account will be deleted",
  "deletion-withdrawn": "that the account is not deleted",
  "deletion-done": "that the account was deleted",
};

/** A condition that ends by itself, and no status. */
function lockFields({ signInLockedUntil: until }: Account): (readonly [string, string])[] {
  if (until === null) return [];
  return [["wrong passwords", `too many: until ${momentOf(until)} only known browsers may try`]];
}

/** Whether its owner wants it deleted. */
function deletionFields({ deletion }: Account): (readonly [string, string])[] {
  if (deletion === null) return [];
  const { requestedAt, dueAt } = deletion;
  return [["deleted on", `${momentOf(dueAt)} unless it is withdrawn; asked for ${momentOf(requestedAt)}`]];
}

/** The latest mail, and how far it has come. */
function mailFields({ mail }: Account): (readonly [string, string])[] {
  if (mail === null) return [];
  const { kind, state, postedAt, failure } = mail;
  const why = failure === null ? "" : `: ${failure}`;
  return [["mail", `${mailWords[kind]}, ${momentOf(postedAt)}, ${state}${why}`]];
}

function accountScreen(account: Account): string {
  const { status, block, formerBlocks, disabledAt, activeAt } = account;
  const standing = fields([
    ["account", accountWord(status)],
    ...(block === null ? [] : blockFields(block)),
    ...(disabledAt === null ? [] : [["disabled", `since ${momentOf(disabledAt)}`] as const]),
    ...lockFields(account),
    ...(activeAt === null ? [] : [["active", momentOf(activeAt)] as const]),
    ...outlookFields(account),
    ...deletionFields(account),
    ...mailFields(account),
  ]);
  if (formerBlocks.length === 0) return standing;
  const former = formerBlocks.map((each) => [
    momentOf(each.at),
    each.liftedAt === null ? null : momentOf(each.liftedAt),
    whoBlocked(each),
    each.reason,
  ]);
  return `${standing}\n\n${table(["BLOCKED", "UNTIL", "BY", "REASON"], former)}`;
}

async function showAccount(invocation: Invocation, text: string): Promise<void> {
  const scope = await invocation.organisation();
  const { id: userId } = await findPerson(scope, text);
  const account = await scope.call(accounts.showAccount, { params: { ...scope.params, userId } });
  invocation.show(account, () => accountScreen(account));
}

export interface BlockOptions {
  readonly reason: string;
  readonly tell?: string;
  readonly until?: Day;
}

/** The grounds as they travel: a day begins at midnight in UTC, as everywhere. */
export function groundsOf({ reason, tell, until }: BlockOptions) {
  return {
    reason,
    userReason: tell ?? null,
    until: until === undefined ? null : `${until}T00:00:00.000Z`,
  };
}

async function blockAccount(invocation: Invocation, text: string, options: BlockOptions): Promise<void> {
  const scope = await invocation.organisation();
  const { id: userId, name, username } = await findPerson(scope, text);
  const params = { ...scope.params, userId };
  const account = await scope.call(accounts.blockAccount, { params, body: groundsOf(options) });
  invocation.show(account, () => `Blocked ${name} (${username}).`);
}

async function unblockAccount(invocation: Invocation, text: string): Promise<void> {
  const scope = await invocation.organisation();
  const { id: userId, name, username } = await findPerson(scope, text);
  const account = await scope.call(accounts.unblockAccount, { params: { ...scope.params, userId } });
  const now = accountWord(account.status).toLowerCase();
  invocation.show(account, () => `Unblocked ${name} (${username}): the account is ${now}.`);
}

/** The three that say why an account is blocked. */
export function withGrounds(command: Command): Command {
  return command
    .requiredOption("--reason <text>", "why, for administrators")
    .option("--tell <text>", "why, for the user, who reads it after the right password")
    .option("--until <day>", "ends by itself when this day begins, in UTC", day);
}

export function addAccountCommands(noun: Command, invocation: Invocation): void {
  noun
    .command("account")
    .description("How the account of a user stands: blocked by whom and why, disabled since when.")
    .argument(...userArgument)
    .action((text: string) => showAccount(invocation, text));

  withGrounds(
    noun
      .command("block")
      .description(
        [
          "Blocks the account of a user: at once the user is signed out everywhere, codes are void, and every",
          "workstation is posted a lock. Of one that is blocked it changes the reasons and the end.",
        ].join(" "),
      )
      .argument(...userArgument),
  ).action((text: string, options: BlockOptions) => blockAccount(invocation, text, options));

  noun
    .command("unblock")
    .description("Unblocks the account of a user, which also enables it, and posts the unlock.")
    .argument(...userArgument)
    .action((text: string) => unblockAccount(invocation, text));
}
