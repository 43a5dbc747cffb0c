// Directories, runs, plans and entries as they are shown.

import {
  directories,
  failureOf,
  planCodes,
  type Directory as ShownDirectory,
  type DirectoryEntry,
  type DirectoryPlanRow,
  type DirectoryRun,
} from "@lockstep/api";

import type { Reader } from "../db/database.ts";
import { countLinks, type Directory } from "./connections/store.ts";
import type { SeenEntry } from "./entries/store.ts";
import type { Change, PlanRow } from "./plan.ts";
import type { StoredRow } from "./plans/store.ts";
import type { Run } from "./runs/store.ts";

/** Without the password, sealed or not. */
export async function shownDirectory(reader: Reader, directory: Directory): Promise<ShownDirectory> {
  const { organisationId, failure, ...shown } = directory;
  const links = await countLinks(reader, organisationId, directory.id);
  // The contract's shape leaves the password out, and whatever else is nobody's concern.
  return directories.directory.parse({
    ...shown,
    ...links,
    failure: failure === null ? null : failureOf(failure),
  });
}

const heldBecause: Readonly<Record<string, string>> = {
  everybody: "Everybody who came from this directory would vanish.",
  half: "More than half of those who came from this directory would vanish.",
  many: "More people would vanish at once than the guard allows.",
};

function heldOf({ heldRule, heldLimit, counts, linked }: Run): DirectoryRun["held"] {
  if (heldRule === null || heldLimit === null) return null;
  const vanishing = counts.orphan + counts.remove;
  return { vanishing, linked, limit: heldLimit, sentence: heldBecause[heldRule] ?? heldRule };
}

export function shownRun(run: Run): DirectoryRun {
  const { id, kind, isDryRun, state, startedAt, endedAt, read, isComplete, counts, rows, done } = run;
  return {
    ...{ id, kind, isDryRun, state, startedAt, endedAt, read, isComplete, counts, rows, done },
    by: run.actor.name,
    incompleteBecause: run.incompleteBecause === null ? null : failureOf(run.incompleteBecause),
    held: heldOf(run),
    confirmedBy: run.confirmed.name,
    confirmedAt: run.confirmedAt,
    failure: run.failure === null ? null : failureOf(run.failure),
  };
}

function changesOf({ name, email, isDisabled, placement }: Change): string[] {
  return [
    ...(name === undefined ? [] : [`The name becomes ${name}.`]),
    ...(email === undefined
      ? []
      : [email === null ? "The mail address is taken away." : `The mail address becomes ${email}.`]),
    ...(isDisabled === undefined
      ? []
      : [isDisabled ? "The directory account is disabled." : "The directory account is enabled."]),
    ...(placement === undefined ? [] : [movedTo(placement.missing)]),
  ];
}

const movedTo = (missing: readonly string[]) =>
  missing.length === 0
    ? "The team changes with the unit."
    : `A team is made for the unit ${missing.join(", then ")}.`;

type Shown = Omit<DirectoryPlanRow, "row" | "outcome">;

/** A row that is not stored. */
export function shownRowOf({ objectId, action, code, name, username, dn, userId, change }: PlanRow): Shown {
  const { meaning, remedy, heals } = planCodes[code];
  // What somebody new is like is told by the rest of the row.
  const changes = action === "create" ? [] : changesOf(change);
  return {
    objectId: objectId as Shown["objectId"],
    ...{ action, code, name, username, userId, changes, meaning, remedy, heals },
    place: dn,
  };
}

/** What a run has come past is applied as it was planned, unless something else is written down. */
export function shownRow(stored: StoredRow, { done }: Pick<Run, "done">): DirectoryPlanRow {
  const { row, action } = stored;
  const outcome = stored.outcome ?? (action !== "skip" && row <= done ? "applied" : null);
  // Before that there is nobody yet under the id that somebody will have.
  const userId = action === "create" && outcome !== "applied" ? null : stored.userId;
  return { ...shownRowOf({ ...stored, userId }), row, outcome };
}

export function shownEntry(entry: SeenEntry): DirectoryEntry {
  const { objectId, name, username, email, dn, units, isDisabled, goneAt, choice, userId } = entry;
  const state = userId !== null ? "linked" : choice === "ignore" ? "ignored" : "unlinked";
  return {
    ...{ objectId, name, email, units, isDisabled, state, userId },
    username: username === "" ? null : username,
    place: dn,
    isGone: goneAt !== null,
    isChosen: choice === "import",
  };
}
