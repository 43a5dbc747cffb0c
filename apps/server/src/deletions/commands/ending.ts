// Ends the request of a user before it is carried out: because the user wants so, or because the account was given a new
// start, by unblocking or by its owner.

import type { UserId } from "@lockstep/core";

import type { Change } from "../../db/change.ts";
import { postMails } from "../../mails/post.ts";
import { takeDeletionRequest } from "../store.ts";

/** Within a change that has locked the user: without a request nothing happens. @returns whether there was one. */
export async function endDeletionRequest(change: Change, userId: UserId): Promise<boolean> {
  if (!(await takeDeletionRequest(change, userId))) return false;
  await postMails(change, [{ userId, kind: "deletion-withdrawn", details: {} }]);
  change.record({ kind: "deletion-withdrawn", userId });
  return true;
}
