// Codes of the core in words for the screen.

import type { ConditionType, UpdateKind, UpdateState } from "@lockstep/core";

/** What a condition says when it holds, and when it does not. */
export const conditionWords: Record<ConditionType, { readonly holds: string; readonly fails: string }> = {
  licensed: { holds: "Holds a valid licence", fails: "Holds no valid licence" },
  "directory-linked": { holds: "Linked to a directory", fails: "Not linked to a directory" },
  activated: { holds: "Active on a workstation", fails: "Active on no workstation" },
  "content-matches": { holds: "Policy and keys match", fails: "Policy or keys differ" },
  "updates-delivered": { holds: "No update outstanding", fails: "Updates outstanding" },
};

export const updateKindWords: Record<UpdateKind, string> = {
  "key-file": "Key-File",
  deactivate: "Deactivation",
  "force-password-change": "Password change",
  lock: "Lock",
  unlock: "Unlock",
  "workstation-policy": "Workstation policy",
};

export const updateStateWords: Record<UpdateState, string> = {
  posted: "posted, not yet fetched",
  fetched: "fetched, not yet answered",
  processed: "processed",
  failed: "failed",
  rejected: "rejected",
  cancelled: "cancelled",
  superseded: "superseded",
};
