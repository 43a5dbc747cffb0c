// Updates in words for the screen.

import type { Update } from "@lockstep/api";
import type { UpdateKind, UpdateState } from "@lockstep/core";

const updateKindWords: Record<UpdateKind, string> = {
  "key-file": "Key-File",
  deactivate: "Deactivation",
  "force-password-change": "Password change",
  lock: "Lock",
  unlock: "Unlock",
  "workstation-policy": "Workstation policy",
};

/** "Key-File 17", "Lock". */
export function wordsOfUpdate({ kind, version }: Pick<Update, "kind" | "version">): string {
  return version === null ? updateKindWords[kind] : `${updateKindWords[kind]} ${version}`;
}

export const updateStateWords: Record<UpdateState | "outstanding", string> = {
  outstanding: "On the way",
  posted: "Posted",
  fetched: "Fetched",
  processed: "Processed",
  failed: "Failed",
  rejected: "Rejected",
  cancelled: "Cancelled",
  superseded: "Superseded",
};

export const isOutstanding = ({ state }: Pick<Update, "state">): boolean =>
  state === "posted" || state === "fetched";

export const hasFailed = ({ state }: Pick<Update, "state">): boolean =>
  state === "failed" || state === "rejected";

const stepWords: Record<UpdateState, string> = {
  posted: "at the relay, not yet fetched",
  fetched: "on the workstation, not yet answered",
  processed: "the workstation has confirmed it",
  failed: "the workstation could not carry it out",
  rejected: "the workstation did not accept it",
  cancelled: "taken back before it was fetched",
  superseded: "a newer one has taken its place",
};

/** How far it has come, and why it failed if it did. */
export function wordsOfProgress(update: Omit<Update, "user" | "workstation" | "by">): string {
  const { state, deliveredAt, isCancelAsked, outcome, detail } = update;
  const step = state === "posted" && deliveredAt === null ? "waits for the relay" : stepWords[state];
  const why = [outcome, detail].filter((part) => part !== null).join(": ");
  const asked = isCancelAsked && isOutstanding(update) ? ", asked back" : "";
  return `${step}${asked}${why === "" ? "" : ` (${why})`}`;
}
