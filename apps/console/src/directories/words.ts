// Directories and their runs in words for the screen.

import { planActions, type Directory, type DirectoryRun, type PlanAction } from "@lockstep/api";

import { wordsOfNumber } from "../ui/format.ts";

export const kindWords: Readonly<Record<Directory["kind"], string>> = {
  "active-directory": "Active Directory",
  openldap: "OpenLDAP",
  "389-ds": "389 Directory Server",
};

export const securityWords: Readonly<Record<Directory["security"], string>> = {
  ldaps: "TLS from the start (ldaps)",
  starttls: "StartTLS",
};

export const modeWords: Readonly<Record<Directory["mode"], string>> = {
  manual: "Whom you choose",
  team: "Everybody, to one team",
  units: "Everybody, to teams as the units are",
};

/** In one or two words. */
export function stateOf({ failure, heldRunId, isOn }: Directory): "failing" | "held" | "on" | "off" {
  if (failure !== null) return "failing";
  if (heldRunId !== null) return "held";
  return isOn ? "on" : "off";
}

export const stateWords: Readonly<Record<ReturnType<typeof stateOf>, string>> = {
  failing: "Cannot be read",
  held: "A plan is held",
  on: "Read by time",
  off: "Read when asked",
};

export const runKindWords: Readonly<Record<DirectoryRun["kind"], string>> = {
  full: "Everything",
  changes: "Changes",
  chosen: "Those chosen",
};

export const runStateWords: Readonly<Record<DirectoryRun["state"], string>> = {
  waiting: "Waits to begin",
  reading: "Reads",
  planning: "Plans",
  held: "Held",
  applying: "Applies the plan",
  done: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
  superseded: "Superseded",
};

export const actionWords: Readonly<Record<PlanAction, string>> = {
  create: "Added",
  update: "Changed",
  link: "Linked",
  relink: "Linked again",
  orphan: "Orphaned",
  remove: "Removed",
  skip: "Skipped",
};

/** "Added 12, skipped 1". */
export function sumsOf({ counts }: Pick<DirectoryRun, "counts">): string {
  const there = planActions.filter((action) => counts[action] > 0);
  if (there.length === 0) return "Nothing to change";
  const sums = there
    .map((action) => `${actionWords[action].toLowerCase()} ${wordsOfNumber(counts[action])}`)
    .join(", ");
  return sums.charAt(0).toUpperCase() + sums.slice(1);
}

/** "0.4 s", "3 min 5 s"; empty while it works. */
export function durationOf({ startedAt, endedAt }: Pick<DirectoryRun, "startedAt" | "endedAt">): string {
  if (endedAt === null) return "";
  const seconds = (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
