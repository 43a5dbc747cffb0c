// Starts, confirms and cancels runs, and decides about those who were seen: who is imported, linked, left alone, unlinked.

import type { OrganisationId, TeamId, UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import type { Change } from "../../db/change.ts";
import { changeContents, changeFacts, type Writing } from "../../facts/change.ts";
import { Refusal } from "../../refusal.ts";
import { loadTeam } from "../../teams/store.ts";
import { dropUser } from "../../users/commands.ts";
import { lockPresentUsers } from "../../users/store.ts";
import { loadDirectory, lockDirectory } from "../connections/store.ts";
import { chooseEntries, chooseUserFor, ignoreEntriesOf, updateIgnored } from "../entries/store.ts";
import {
  askToCancelRun,
  confirmRun,
  endRun,
  insertRun,
  isDirectoryBusy,
  loadRun,
  lockRun,
  workingStates,
  type Run,
  type RunId,
  type RunKind,
} from "../runs/store.ts";
import { lockKnownUser } from "../people/store.ts";
import { listLinksOf, unlinkFromDirectory, type DirectoryId } from "../store.ts";

interface Of {
  readonly organisationId: OrganisationId;
  readonly directoryId: DirectoryId;
}

/** @throws Refusal directory_busy while another run of it works. */
async function begin(
  change: Change,
  directoryId: DirectoryId,
  { kind, isDryRun }: { kind: RunKind; isDryRun: boolean },
): Promise<Run> {
  const { organisationId, doer, at } = change;
  const runId = uuid() as RunId;
  const isBegun = await insertRun(change, organisationId, {
    id: runId,
    directoryId,
    kind,
    isDryRun,
    doer,
    at,
  });
  if (!isBegun) throw new Refusal("directory_busy");
  return loadRun(change, { organisationId, runId });
}

/** @throws Refusal directory_not_found, directory_busy. */
export async function startRun(
  writing: Writing,
  { organisationId, directoryId }: Of,
  asked: { kind: "full" | "changes"; isDryRun: boolean },
): Promise<Run> {
  return changeFacts(writing, organisationId, async (change) => {
    await lockDirectory(change, organisationId, directoryId);
    return begin(change, directoryId, asked);
  });
}

/** Everybody who is not linked yet if no ids are given. @throws Refusal directory_not_found, team_not_found, directory_busy. */
export async function importEntries(
  writing: Writing,
  { organisationId, directoryId }: Of,
  {
    objectIds,
    teamId = null,
  }: { objectIds?: readonly string[] | undefined; teamId?: TeamId | null | undefined },
): Promise<Run> {
  return changeFacts(writing, organisationId, async (change) => {
    await lockDirectory(change, organisationId, directoryId);
    if (teamId !== null) await loadTeam(change, organisationId, teamId);
    await chooseEntries(change, { organisationId, directoryId }, { objectIds: objectIds ?? null, teamId });
    return begin(change, directoryId, { kind: "chosen", isDryRun: false });
  });
}

/**
 * The user may be a removed one, who is then back.
 * @throws Refusal directory_not_found, directory_entry_not_found, user_not_found, directory_busy.
 */
export async function linkEntry(
  writing: Writing,
  { organisationId, directoryId }: Of,
  chosen: { objectId: string; userId: UserId },
): Promise<Run> {
  return changeFacts(writing, organisationId, async (change) => {
    await lockDirectory(change, organisationId, directoryId);
    await lockKnownUser(change, chosen.userId);
    await chooseUserFor(change, { organisationId, directoryId }, chosen);
    return begin(change, directoryId, { kind: "chosen", isDryRun: false });
  });
}

/** @returns how many. @throws Refusal directory_not_found. */
export async function ignoreEntries(
  writing: Writing,
  { organisationId, directoryId }: Of,
  { objectIds, isIgnored }: { objectIds: readonly string[]; isIgnored: boolean },
): Promise<number> {
  return changeFacts(writing, organisationId, async (change) => {
    const { name } = await loadDirectory(change, organisationId, directoryId);
    const count = await updateIgnored(change, { organisationId, directoryId }, { objectIds, isIgnored });
    const kind = isIgnored ? "directory-entries-ignored" : "directory-entries-unignored";
    if (count > 0) change.record({ kind, detail: { directory: name, count } });
    return count;
  });
}

/** Whoever confirms has seen the plan: it has as many vanish as are said. */
export async function confirmHeldRun(
  writing: Writing,
  { organisationId, directoryId }: Of,
  { runId, vanishing }: { runId: RunId; vanishing: number },
): Promise<Run> {
  return changeFacts(writing, organisationId, async (change) => {
    const { name } = await lockDirectory(change, organisationId, directoryId);
    const run = await lockOwn(change, { organisationId, directoryId }, runId);
    if (run.state !== "held" || change.doer.userId === null) throw new Refusal("directory_run_not_held");
    if (await isDirectoryBusy(change, run)) throw new Refusal("directory_busy");
    if (run.counts.orphan + run.counts.remove !== vanishing) throw new Refusal("directory_plan_differs");
    await confirmRun(change, run, { doer: change.doer, at: change.at });
    change.record({ kind: "directory-plan-confirmed", detail: { directory: name, vanishing } });
    return loadRun(change, { organisationId, runId });
  });
}

/** @throws Refusal directory_run_not_found. */
async function lockOwn(change: Change, { organisationId, directoryId }: Of, runId: RunId): Promise<Run> {
  const run = await lockRun(change, { organisationId, runId });
  if (run.directoryId !== directoryId) throw new Refusal("directory_run_not_found");
  return run;
}

/** A run that works ends as soon as its server sees it. @throws Refusal directory_run_not_found, directory_run_ended. */
export async function cancelRun(
  writing: Writing,
  { organisationId, directoryId }: Of,
  runId: RunId,
): Promise<Run> {
  return changeFacts(writing, organisationId, async (change) => {
    const { name } = await loadDirectory(change, organisationId, directoryId);
    const run = await lockOwn(change, { organisationId, directoryId }, runId);
    if (run.endedAt !== null) throw new Refusal("directory_run_ended");
    if (workingStates.some((state) => state === run.state)) await askToCancelRun(change, run, change.at);
    else await endRun(change, run, { state: "cancelled", at: change.at, failure: null });
    change.record({ kind: "directory-run-cancelled", detail: { directory: name } });
    return loadRun(change, { organisationId, runId });
  });
}

/** They keep everything, and are left alone in the directory. @throws Refusal user_not_found. */
export async function unlinkUsers(
  writing: Writing,
  organisationId: OrganisationId,
  userIds: readonly UserId[],
): Promise<number> {
  return changeFacts(writing, organisationId, async (change) => {
    await lockPresentUsers(change, userIds);
    const linked = (await listLinksOf(change, organisationId, userIds)).map(({ userId }) => userId);
    await ignoreEntriesOf(change, organisationId, { users: linked, whenGone: true });
    await unlinkFromDirectory(change, linked);
    for (const userId of linked) change.record({ kind: "directory-unlinked", userId });
    return linked.length;
  });
}

/** All or nobody. @throws Refusal user_not_found, user_not_orphaned. */
export async function removeOrphans(
  writing: Writing,
  organisationId: OrganisationId,
  userIds: readonly UserId[],
): Promise<number> {
  const those = [...new Set(userIds)];
  // As for one of them: nobody removes the own self.
  if (those.some((userId) => userId === writing.doer.userId)) throw new Refusal("permission_denied");
  return changeContents(writing, organisationId, async (change) => {
    await lockPresentUsers(change, those);
    const links = await listLinksOf(change, organisationId, those);
    const missing = links.filter(({ state }) => state === "missing");
    if (missing.length < those.length) throw new Refusal("user_not_orphaned");
    for (const userId of those) await dropUser(change, userId);
    return those.length;
  });
}
