// A user wants the own account deleted: written down, told, and carried out by the system seven days later, but never while
// nobody else could do what this user does.

import type { OrganisationId, UserId } from "@lockstep/core";

import { roleToAct, system, targetOf, type Acting } from "../../accounts/commands/acting.ts";
import { lockUser, marksAfter } from "../../accounts/commands/marks.ts";
import type { Clock } from "../../clock.ts";
import type { Database } from "../../db/database.ts";
import { changeContents, changeFacts } from "../../facts/change.ts";
import type { KeyEncryption } from "../../keys/sealing/sealing.ts";
import { postMails } from "../../mails/post.ts";
import { reauthenticate, type SignedIn } from "../../sessions/reauthenticating.ts";
import { findUser } from "../../users/store.ts";
import { insertDeletionRequest, takeDeletionRequest } from "../store.ts";
import { erasePeople } from "./erase.ts";

const daysToWithdraw = 7;
const dayMilliseconds = 86_400_000;

/**
 * Asked for again, the days go on as they were.
 * @throws Refusal sign_in_failed, sign_in_locked, sign_in_busy, fresh_sign_in_required, user_not_found, permission_denied, account_none, account_deleted.
 */
export async function requestDeletion(
  { writing, actors, keyEncryption }: Acting & { readonly keyEncryption: KeyEncryption },
  { owner, sessionId }: SignedIn,
  password: string | null,
): Promise<void> {
  const { organisationId, userId } = owner;
  await reauthenticate({ ...writing, keyEncryption }, { owner, sessionId }, password);
  await changeFacts(writing, organisationId, async (change) => {
    const user = await lockUser(change, userId);
    await roleToAct(change, { actors, action: "request-deletion", userId });
    marksAfter(user, "execute-deletion");
    const dueAt = new Date(change.at.getTime() + daysToWithdraw * dayMilliseconds);
    if (!(await insertDeletionRequest(change, userId, dueAt))) return;
    const details = { on: dueAt.toISOString() };
    await postMails(change, [{ userId, kind: "deletion-requested", details }]);
    change.record({ kind: "deletion-requested", userId, detail: details });
  });
}

export interface Executing {
  readonly database: Database;
  readonly clock: Clock;
  readonly keyEncryption: KeyEncryption;
}

/**
 * Carries a request out whose days are over. Nothing happens if meanwhile it was withdrawn, or while the user is the last
 * who administers something. @returns whether the account was deleted.
 */
export async function executeDeletion(
  { keyEncryption, ...around }: Executing,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<boolean> {
  const writing = { ...around, doer: { role: system.role, userId: null } };
  return changeContents(writing, organisationId, async (change) => {
    if ((await findUser(change, organisationId, userId)) === undefined) return false;
    const user = await lockUser(change, userId);
    await roleToAct(change, { actors: [system], action: "execute-deletion", userId });
    if ((await targetOf(change, userId)).isLastAdministrator) return false;
    if (!(await takeDeletionRequest(change, userId, change.at))) return false;
    marksAfter(user, "execute-deletion");
    await erasePeople(change, keyEncryption, [user]);
    return true;
  });
}
