// Codes of the core in words for the screen.

import type { ConditionType } from "@lockstep/core";

/** What a condition says when it holds, and when it does not. */
export const conditionWords: Record<ConditionType, { readonly holds: string; readonly fails: string }> = {
  licensed: { holds: "Holds a valid licence", fails: "Holds no valid licence" },
  "directory-linked": { holds: "Linked to a directory", fails: "Not linked to a directory" },
  activated: { holds: "Active on a workstation", fails: "Active on no workstation" },
  "content-matches": { holds: "Policy and keys match", fails: "Policy or keys differ" },
  "updates-delivered": { holds: "No update outstanding", fails: "Updates outstanding" },
};
