// Can I? The rule that decides whether somebody may do something to a user, and what would follow: asked of the same
// core, on the same facts, as doing it.

import type { Verdict } from "@lockstep/api";
import { refusals } from "@lockstep/api";
import {
  accountAfter,
  canInAnyRole,
  standingOf,
  type AccountEvent,
  type AccountRefusal,
  type Action,
  type Actor,
  type Day,
  type Facts,
  type OrganisationId,
  type Role,
  type UserId,
} from "@lockstep/core";

import type { Reader, Snapshot } from "../db/database.ts";
import { loadOrganisation } from "../organisations/store.ts";
import { Refusal } from "../refusal.ts";
import { actorsOf } from "../sessions/gate.ts";
import { findSignedIn } from "../sessions/store.ts";
import { gatherFacts } from "../standing/explain.ts";
import { findUser } from "../users/store.ts";
import { targetOf } from "./commands/acting.ts";

const sentences = {
  granted: "The role allows it here.",
  "role-may-not": "No role of theirs allows this anywhere.",
  "out-of-scope": "Their roles allow this, but not in this organisation.",
  "not-self": "Nobody does this to the own account.",
  "not-last-administrator": "Nobody else could administer what this user does. Appoint somebody first.",
  "not-set-above": "A higher role has set the block, and the organisation is strict about that.",
  "only-below": "They hold the same role or a higher one. Somebody who stands above does this.",
  "cannot-sign-in": "They have no account that can sign in at this moment.",
} as const;

/** Why the state of an account does not allow it. */
const states: Readonly<Record<AccountRefusal, string>> = {
  account_none: refusals.account_none.title,
  account_exists: "This person has an account already.",
  account_not_pending: "The account is not waiting to be activated.",
  account_blocked: "The account is blocked. Unblocking comes first.",
  account_not_blocked: refusals.account_not_blocked.title,
  account_system_only: "Only the system disables accounts, and only their owners enable them again.",
  account_deleted: refusals.account_deleted.title,
};

/** The sentence of a rule; of one of a newer server its code. */
export function ruleSentence(rule: string): string {
  const known: Readonly<Record<string, string>> = { ...sentences, ...states };
  return known[rule] ?? rule;
}

/** What an action does to an account; of all others it is left out. */
const events: Partial<Record<Action, AccountEvent>> = {
  "invite-account": "invite",
  "withdraw-invitation": "withdraw-invitation",
  "resend-invitation": "resend-invitation",
  "block-account": "block",
  "unblock-account": "unblock",
  "end-dated-block": "unblock",
  "set-disabled": "set-disabled",
  "clear-disabled": "clear-disabled",
  "re-enable-account": "re-enable",
  "execute-deletion": "execute-deletion",
};

export interface Question {
  readonly action: Action;
  readonly userId: UserId;
  /** Who would do it, in every role held; null for somebody who cannot sign in. */
  readonly actors: readonly Actor[] | null;
  readonly today: Day;
}

/** @throws Refusal user_not_found. */
export async function judge(
  snapshot: Snapshot,
  organisationId: OrganisationId,
  { action, userId, actors, today }: Question,
): Promise<Verdict> {
  const facts = await gatherFacts(snapshot, organisationId, userId, today);
  if (actors === null) return refused("cannot-sign-in");
  const target = await targetOf({ ...snapshot, organisationId }, userId);
  const { allowed, rule, role } = canInAnyRole(actors, action, target);
  if (!allowed) return refused(rule);
  const event = events[action];
  if (event === undefined) return granted(role, null);
  const { account, blocked, disabled } = facts.account;
  const after = accountAfter({ account, blocked, disabled }, event);
  if ("refused" in after) {
    const sentence = states[after.refused];
    return { allowed: false, rule: after.refused, sentence, role, standing: null };
  }
  return granted(role, standingAfter(facts, { ...facts.account, ...after.marks }));
}

function refused(rule: keyof typeof sentences): Verdict {
  return { allowed: false, rule, sentence: sentences[rule], role: null, standing: null };
}

function granted(role: Role | null, standing: Verdict["standing"]): Verdict {
  return { allowed: true, rule: "granted", sentence: sentences.granted, role, standing };
}

/** Blocking and unblocking also post a command to every workstation, which is then on its way. */
function standingAfter(facts: Facts, account: Facts["account"]): Verdict["standing"] {
  const posts = account.blocked !== facts.account.blocked && facts.encryption.activated;
  const encryption = { ...facts.encryption, outstanding: facts.encryption.outstanding || posts };
  const standing = standingOf({ ...facts, account, encryption });
  return { encryption: standing.encryption, account: standing.account, next: [...standing.next] };
}

/**
 * Somebody else in every role held, as far as the asker may see that user; null for who cannot sign in.
 * @throws Refusal user_not_found.
 */
export async function actorsAsSeen(
  snapshot: Snapshot,
  asker: readonly Actor[],
  { organisationId, userId }: { organisationId: OrganisationId; userId: UserId },
): Promise<readonly Actor[] | null> {
  if ((await findUser(snapshot, organisationId, userId)) === undefined) throw new Refusal("user_not_found");
  const { authorityId, office } = await loadOrganisation(snapshot, organisationId);
  const target = { userId, organisationId, authorityId, office, isLastAdministrator: false };
  if (!canInAnyRole(asker, "read-people", target).allowed) throw new Refusal("user_not_found");
  return loadActors(snapshot, { organisationId, userId });
}

/** Somebody in every role held at this moment; null for who cannot sign in. */
export async function loadActors(
  reader: Reader,
  { organisationId, userId }: { organisationId: OrganisationId; userId: UserId },
): Promise<readonly Actor[] | null> {
  const found = await findSignedIn(reader, organisationId, userId);
  return found === undefined ? null : actorsOf(found);
}
