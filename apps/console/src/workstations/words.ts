// The states of a workstation in words: why it is in one, and what can be done about it.

import type { WorkstationDetail } from "@lockstep/api";

export type WorkstationState = WorkstationDetail["states"][number];

export const stateWords: Record<
  WorkstationState,
  { readonly label: string; readonly why: string; readonly next: string }
> = {
  normal: {
    label: "Normal",
    why: "It holds the policy of its workstation team, and reports in time.",
    next: "Nothing needs to be done.",
  },
  "requires-policy-update": {
    label: "Requires policy update",
    why: "It does not hold the policy of its workstation team.",
    next: "Post the policy, or move it back to the team whose policy it holds.",
  },
  "update-pending": {
    label: "Update pending",
    why: "A policy was posted to it, and is not yet processed.",
    next: "Wait for its next sync.",
  },
  locked: {
    label: "Locked",
    why: "An administrator locked it: no Key-File can be opened there.",
    next: "Unlock it if the reason no longer holds.",
  },
  silent: {
    label: "Silent",
    why: "It has not reported for longer than its policy allows.",
    next: "Ask its users where it is. If nobody knows, declare it lost.",
  },
  "wipe-not-confirmed": {
    label: "Wipe not confirmed",
    why: "It was told to wipe its keys, and has not said that it did.",
    next: "It wipes them as soon as it calls. Until then it may hold what it was sent.",
  },
  cloned: {
    label: "Cloned?",
    why: "Two machines report as this one, so its disk may have been copied.",
    next: "Lock it and ask its users. If it was copied, declare it lost and activate anew.",
  },
  lost: {
    label: "Lost",
    why: "It was declared lost: nobody is active on it any more.",
    next: "Rotate the keys that it held. If it turns up, activate it with a new code.",
  },
};

/** The newest of when its activations last reported; null if none did. */
export function lastReportOf({ activations }: Pick<WorkstationDetail, "activations">): string | null {
  const reports = activations.flatMap(({ lastReportAt }) => lastReportAt ?? []).sort();
  return reports.at(-1) ?? null;
}
