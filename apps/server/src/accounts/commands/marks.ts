// The marks on one account, and what an event makes of them: core's transition table, with its refusals.

import { accountAfter, type AccountEvent, type AccountMarks, type UserId } from "@lockstep/core";

import type { Change } from "../../db/change.ts";
import { Refusal } from "../../refusal.ts";
import { loadUser, lockPresentUsers, type User } from "../../users/store.ts";

/** As it is, and stays until the transaction ends. @throws Refusal user_not_found. */
export async function lockUser(change: Change, userId: UserId): Promise<User> {
  await lockPresentUsers(change, [userId]);
  return loadUser(change, change.organisationId, userId);
}

/** @throws Refusal with the code of core's transition table. */
export function marksAfter(user: AccountMarks, event: AccountEvent): AccountMarks {
  const { account, blocked, disabled } = user;
  const after = accountAfter({ account, blocked, disabled }, event);
  if ("marks" in after) return after.marks;
  if (after.refused === "account_system_only") throw new Error(`nobody asks for ${event}`);
  throw new Refusal(after.refused);
}
