// Requests and deletions as they are shown, to those who may see them.

import type { Account, Deletion, DeletionRequest } from "@lockstep/api";
import { isId, parseId, sees, type Actor, type OrganisationId, type UserId } from "@lockstep/core";

import { gatherAccount } from "../accounts/shown.ts";
import type { Snapshot } from "../db/database.ts";
import { Refusal } from "../refusal.ts";
import { isLastAdministrator } from "../sessions/administrators/store.ts";
import { listDeleted } from "./organisations/store.ts";
import { listDeletionRequests } from "./store.ts";

/** The own account. @throws Refusal user_not_found. */
export function gatherOwn(
  snapshot: Snapshot,
  organisationId: OrganisationId,
  { userId, at }: { userId: UserId; at: Date },
): Promise<Account> {
  return gatherAccount(snapshot, organisationId, { userId, isOwn: true, at });
}

/** @throws Refusal cursor_invalid. */
export async function gatherRequests(
  snapshot: Snapshot,
  organisationId: OrganisationId,
  { after = null, limit }: { after?: string | null | undefined; limit: number },
): Promise<{ requests: DeletionRequest[]; next: string | null }> {
  if (after !== null && !isId(after)) throw new Refusal("cursor_invalid");
  const page = { after: after === null ? null : parseId<"user">(after), limit };
  const rows = await listDeletionRequests(snapshot, organisationId, page);
  const requests: DeletionRequest[] = [];
  for (const { requestedAt, dueAt, ...user } of rows) {
    const isLast = await isLastAdministrator(snapshot, organisationId, user.id);
    requests.push({ user, requestedAt, dueAt, isLastAdministrator: isLast });
  }
  return { requests, next: rows.length < limit ? null : (rows.at(-1)?.id ?? null) };
}

/** Of organisations that somebody could see before they were deleted. */
export async function gatherDeletions(snapshot: Snapshot, actors: readonly Actor[]): Promise<Deletion[]> {
  const all = await listDeleted(snapshot);
  return all.filter(({ organisationId, authorityId }) => {
    const target = { userId: null, organisationId, authorityId, office: "none" as const };
    return sees(actors, { ...target, isLastAdministrator: false });
  });
}
