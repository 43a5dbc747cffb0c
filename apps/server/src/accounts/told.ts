// What a blocked user is told after the right password: why, until when, and whom to ask.

import { can, type OrganisationId, type UserId } from "@lockstep/core";

import type { Database, Reader } from "../db/database.ts";
import { loadOrganisation } from "../organisations/store.ts";
import { listAdministratorsAround } from "../sessions/administrators/store.ts";
import { findBlock } from "./blocks/store.ts";
import { loadRules } from "./rules/store.ts";

/** So many are named of those who could unblock, all in the nearest role that may. */
const named = 3;

/** Names, with addresses where they are known, of some who could unblock; none where nobody can. */
export async function whomToAsk(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<string[]> {
  const block = await findBlock(reader, organisationId, userId);
  const rules = await loadRules(reader, organisationId);
  const { authorityId, office } = await loadOrganisation(reader, organisationId);
  const target = { userId, organisationId, authorityId, office, isLastAdministrator: false };
  const strict = rules.unblocking === "strict" && block !== undefined ? { blockedBy: block.role } : {};
  const around = (await listAdministratorsAround(reader, organisationId)).filter((each) => {
    const actor = { ...each, organisationId: each.scopeId };
    return can(actor, "unblock-account", { ...target, ...strict }).allowed;
  });
  return around
    .filter(({ role }) => role === around[0]?.role)
    .slice(0, named)
    .map(({ name, email }) => (email === null ? name : `${name} (${email})`));
}

/** Sentences for the user; the reason for administrators is not among them. */
export async function toldOfBlock(
  database: Database,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<string> {
  return database.snapshot(async (snapshot) => {
    const block = await findBlock(snapshot, organisationId, userId);
    const whom = await whomToAsk(snapshot, organisationId, userId);
    const { userReason = null, until = null } = block ?? {};
    return [
      ...(userReason === null ? [] : [`The reason: ${endedSentence(userReason)}`]),
      ...(until === null ? [] : [`It ends by itself on ${until.slice(0, 10)}.`]),
      whom.length === 0 ? "Your administrator can unblock it." : `Whom to ask: ${whom.join(", ")}.`,
    ].join(" ");
  });
}

function endedSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
