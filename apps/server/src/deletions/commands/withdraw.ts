// A user keeps the account after all.

import { roleToAct, type Acting } from "../../accounts/commands/acting.ts";
import { changeFacts } from "../../facts/change.ts";
import { Refusal } from "../../refusal.ts";
import type { Owner } from "../../sessions/owner.ts";
import { lockPresentUsers } from "../../users/store.ts";
import { endDeletionRequest } from "./ending.ts";

/** @throws Refusal user_not_found, permission_denied, deletion_not_requested. */
export async function withdrawDeletion(
  { writing, actors }: Acting,
  { organisationId, userId }: Owner,
): Promise<void> {
  await changeFacts(writing, organisationId, async (change) => {
    await lockPresentUsers(change, [userId]);
    await roleToAct(change, { actors, action: "withdraw-deletion", userId });
    if (!(await endDeletionRequest(change, userId))) throw new Refusal("deletion_not_requested");
  });
}
