// Requests and deletions as they are shown, to those who may see them.

import type { Account, Deletion, DeletionRequest } from "@lockstep/api";
import { isId, sees, type Actor, type OrganisationId, type UserId } from "@lockstep/core";
import { z } from "zod";

import { gatherAccount } from "../accounts/shown.ts";
import type { Snapshot } from "../db/database.ts";
import { Refusal } from "../refusal.ts";
import { isLastAdministrator } from "../sessions/administrators/store.ts";
import { listDeleted } from "./organisations/store.ts";
import { listDeletionRequests, type Due } from "./store.ts";

/** The own account. @throws Refusal user_not_found. */
export function gatherOwn(
  snapshot: Snapshot,
  organisationId: OrganisationId,
  { userId, at }: { userId: UserId; at: Date },
): Promise<Account> {
  return gatherAccount(snapshot, organisationId, { userId, isOwn: true, at });
}

const instantText = z.iso.datetime();

/** @throws Refusal cursor_invalid. */
function dueAfter(text: string | undefined): Due | null {
  if (text === undefined) return null;
  const [dueAt, userId, ...more] = text.split("/");
  if (!isId(userId) || !instantText.safeParse(dueAt).success || more.length > 0)
    throw new Refusal("cursor_invalid");
  return { dueAt, userId } as Due;
}

/** What is due first comes first. @throws Refusal cursor_invalid. */
export async function gatherRequests(
  snapshot: Snapshot,
  organisationId: OrganisationId,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<{ requests: DeletionRequest[]; next: string | null }> {
  const rows = await listDeletionRequests(snapshot, organisationId, { after: dueAfter(after), limit });
  const requests: DeletionRequest[] = [];
  for (const { requestedAt, dueAt, ...user } of rows) {
    const isLast = await isLastAdministrator(snapshot, organisationId, user.id);
    requests.push({ user, requestedAt, dueAt, isLastAdministrator: isLast });
  }
  const last = rows.length < limit ? undefined : rows.at(-1);
  return { requests, next: last === undefined ? null : `${last.dueAt}/${last.id}` };
}

/** Of organisations that somebody could see before they were deleted. */
export async function gatherDeletions(snapshot: Snapshot, actors: readonly Actor[]): Promise<Deletion[]> {
  const all = await listDeleted(snapshot);
  return all.filter(({ organisationId, authorityId }) => {
    const target = { userId: null, organisationId, authorityId, office: "none" as const };
    return sees(actors, { ...target, isLastAdministrator: false });
  });
}
