// What the user is told of what bars the account: why, until when, and whom to ask. On the page after the right
// password, and by mail.

import { can, type OrganisationId, type Role, type UserId } from "@lockstep/core";

import type { Change } from "../db/change.ts";
import type { Database, Reader } from "../db/database.ts";
import { postMails } from "../mails/post.ts";
import { loadOrganisation } from "../organisations/store.ts";
import { listAdministratorsAround } from "../sessions/administrators/store.ts";
import { findBlock } from "./blocks/store.ts";
import { loadRules } from "./rules/store.ts";

/** So many are named of those who could unblock, all in the nearest role that may. */
const named = 3;

/**
 * Those who could unblock an account in an organisation, with their mail addresses.
 * @param blockedBy the role in which it was blocked, where nobody of a lower one may lift that.
 */
async function listWhomToAsk(
  reader: Reader,
  organisationId: OrganisationId,
  { userId, blockedBy }: { userId: UserId | null; blockedBy?: Role },
): Promise<string[]> {
  const { authorityId, office } = await loadOrganisation(reader, organisationId);
  const target = { userId, organisationId, authorityId, office, isLastAdministrator: false };
  const strict = blockedBy === undefined ? {} : { blockedBy };
  const around = (await listAdministratorsAround(reader, organisationId)).filter((each) => {
    const actor = { ...each, organisationId: each.scopeId };
    return can(actor, "unblock-account", { ...target, ...strict }).allowed;
  });
  return around
    .filter(({ role }) => role === around[0]?.role)
    .slice(0, named)
    .map(({ name, email }) => (email === null ? name : `${name} (${email})`));
}

interface Told {
  readonly userReason: string | null;
  readonly until: string | null;
  readonly whom: readonly string[];
}

async function gatherTold(reader: Reader, organisationId: OrganisationId, userId: UserId): Promise<Told> {
  const block = await findBlock(reader, organisationId, userId);
  const rules = await loadRules(reader, organisationId);
  const strict = rules.unblocking === "strict" && block !== undefined ? { blockedBy: block.role } : {};
  const whom = await listWhomToAsk(reader, organisationId, { userId, ...strict });
  const { userReason = null, until = null } = block ?? {};
  return { userReason, until, whom };
}

/** Names, with addresses where they are known, of some who could unblock; none where nobody can. */
export async function whomToAsk(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<readonly string[]> {
  return (await gatherTold(reader, organisationId, userId)).whom;
}

/** Sentences for the user; the reason for administrators is not among them. */
export async function toldOfBlock(
  database: Database,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<string> {
  const { userReason, until, whom } = await database.snapshot((snapshot) =>
    gatherTold(snapshot, organisationId, userId),
  );
  return [
    ...(userReason === null ? [] : [`The reason: ${endedSentence(userReason)}`]),
    ...(until === null ? [] : [`It ends by itself on ${until.slice(0, 10)}.`]),
    whom.length === 0 ? "Your administrator can unblock it." : `Whom to ask: ${whom.join(", ")}.`,
  ].join(" ");
}

/** Tells the user by mail that the account is blocked, or blocked for another reason or until another day. */
export async function tellOfBlock(change: Change, userId: UserId): Promise<void> {
  const { userReason, until, whom } = await gatherTold(change, change.organisationId, userId);
  const details = { reason: userReason ?? "", until: until ?? "", whom: whom.join(", ") };
  await postMails(change, [{ userId, kind: "account-blocked", details }]);
}

/** Tells the user by mail that the account can be signed in to again. */
export async function tellOfUnblocking(change: Change, userId: UserId): Promise<void> {
  const whom = await listWhomToAsk(change, change.organisationId, { userId });
  await postMails(change, [{ userId, kind: "account-unblocked", details: { whom: whom.join(", ") } }]);
}

/** Tells the user by mail that the second factor was reset, and whom to ask if nobody should have. */
export async function tellOfFactorReset(change: Change, userId: UserId): Promise<void> {
  const whom = await listWhomToAsk(change, change.organisationId, { userId });
  const details = { at: change.at.toISOString(), whom: whom.join(", ") };
  await postMails(change, [{ userId, kind: "second-factor-reset", details }]);
}

/**
 * Tells users by mail that their accounts were disabled, and how they get back. NIST SP 800-63A-4, “Subscriber Account
 * Suspension or Termination”, asks for the reason, the way back and a way to seek redress: the mail says whom to ask.
 */
export async function tellOfDisabling(
  change: Change,
  users: readonly UserId[],
  inactiveDays: number,
): Promise<void> {
  const whom = await listWhomToAsk(change, change.organisationId, { userId: null });
  const details = { days: String(inactiveDays), whom: whom.join(", ") };
  await postMails(
    change,
    users.map((userId) => ({ userId, kind: "account-disabled" as const, details })),
  );
}

function endedSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
