// Applies a plan in batches, each in one transaction. What was planned is planned again on what holds at this moment, and
// nobody ever loses more than the plan that was looked at says.

import type { TeamId, UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import type { Change, ContentChange } from "../../db/change.ts";
import type { Reader } from "../../db/database.ts";
import { lockUsers } from "../../facts/store.ts";
import type { Directory } from "../connections/store.ts";
import { forgetChoices, listGoneEntries, listPresentEntries } from "../entries/store.ts";
import { gatherKnown, gatherSettings } from "../gather.ts";
import {
  isVanishing,
  planWindow,
  type ObjectId,
  type Placement,
  type PlanRow,
  type Window,
} from "../plan.ts";
import { listPlanned, updateOutcomes, type PlannedRow } from "../plans/store.ts";
import { listRepeated, type OfRun } from "../reads/store.ts";
import {
  linkAllToDirectory,
  markDisabledInDirectory,
  markMissingFromDirectory,
  unlinkFromDirectory,
} from "../store.ts";
import { deleteSessionsByDirectory } from "../../sessions/candidates/store.ts";
import { insertTeam } from "../../teams/store.ts";
import { dropUser } from "../../users/commands.ts";
import { insertUsers, renameUsers, reviveUsers, updateUsersTeam } from "../../users/store.ts";

/** A row that is applied, and whom it is about by then. */
interface Applied extends PlanRow {
  readonly userId: UserId;
}

/** The next rows of a plan, and what of them only reading a directory changes: no two runs of one work at a time. */
export interface Batch {
  readonly of: OfRun;
  /** How many rows were before them. */
  readonly after: number;
  /** How many they are, with those that are skipped. */
  readonly size: number;
  readonly rows: readonly PlannedRow[];
  readonly window: Window;
  readonly repeated: ReadonlySet<ObjectId>;
}

export const endOf = ({ after, size }: Batch) => after + size;

/** Read while the batch before it is applied. */
export async function readBatch(
  reader: Reader,
  of: OfRun,
  { after, limit }: { after: number; limit: number },
): Promise<Batch> {
  const planned = await listPlanned(reader, of, { after, limit });
  const rows = planned.filter(({ action }) => action !== "skip");
  const vanishing = rows.filter(isVanishing).map(({ objectId }) => objectId);
  const rest = rows.filter((row) => !isVanishing(row)).map(({ objectId }) => objectId);
  // Another run may have seen them since, or seen them again: a plan that was held is an old one.
  const [entries, gone, repeated] = await Promise.all([
    rest.length === 0 ? [] : listPresentEntries(reader, of, rest),
    vanishing.length === 0 ? [] : listGoneEntries(reader, of, vanishing),
    listRepeated(reader, of, rest),
  ]);
  return { of, after, size: planned.length, rows, window: { entries, gone }, repeated };
}

export async function applyBatch(change: ContentChange, directory: Directory, batch: Batch): Promise<void> {
  if (batch.rows.length === 0) return;
  const fresh = await planAnew(change, directory, batch);
  await writeOutcomes(change, batch, await write(change, directory, fresh));
}

/** Whether nothing of a batch can be about anybody whom the one before it is about: all are new, under other names. */
export function isApart(batch: Batch, former: Batch): boolean {
  const names = new Set(former.window.entries.map(({ username }) => username));
  const { rows, window } = batch;
  return (
    rows.length > 0 &&
    rows.every(({ action }) => action === "create") &&
    window.entries.every(({ username }) => !names.has(username))
  );
}

/** A batch that is not to be written beside the one before it. */
class NotBeside extends Error {
  override readonly name = "NotBeside";
}

/**
 * A batch of people who are new, in teams that are there: it writes nothing that anybody else reads or changes.
 * @throws NotBeside when by now it is another kind of batch.
 */
export async function createBatch(change: Change, directory: Directory, batch: Batch): Promise<void> {
  const rows = await planAnew(change, directory, batch);
  const isMore = ({ action, change: { placement } }: PlanRow) =>
    action !== "create" || (placement !== undefined && placement.missing.length > 0);
  if (rows.some(isMore)) throw new NotBeside();
  const created = await createPeople(change, directory, { rows, teamOf: (placement) => placement?.teamId });
  await link(change, directory, { created, others: [] });
  await writeOutcomes(change, batch, created);
}

async function writeOutcomes(
  change: Change,
  { of, rows }: Batch,
  applied: readonly Applied[],
): Promise<void> {
  const userIds = new Map<string, UserId>(applied.map(({ objectId, userId }) => [objectId, userId]));
  // Of all others the plan has said whom they are about, and that they are applied follows from how far the run is.
  const others = rows.flatMap(({ row, objectId, userId }) => {
    const applied = userIds.get(objectId) ?? null;
    if (applied !== null && applied === userId) return [];
    return [
      {
        row,
        outcome: applied === null ? ("changed-meanwhile" as const) : ("applied" as const),
        userId: applied,
      },
    ];
  });
  if (others.length > 0) await updateOutcomes(change, of, others);
}

/** What of the planned rows still holds, with everybody it is about held fast, and the ids that the plan has for others. */
async function planAnew(change: Change, directory: Directory, batch: Batch): Promise<PlanRow[]> {
  const { of, rows, window, repeated } = batch;
  const { teams, settings } = await gatherSettings(change, directory);
  const lock = (users: readonly UserId[]) => lockUsers(change, change.organisationId, users);
  const known = await gatherKnown(change, of, window, { teams, repeated, lock });
  const shown = new Map(rows.map((row) => [row.objectId as string, row]));
  return planWindow(window, known, settings).flatMap((row) => {
    const { action, userId } = shown.get(row.objectId) ?? row;
    if (row.action === "skip" || (row.action === "remove" && action === "orphan")) return [];
    return [row.action === "create" && action === "create" ? { ...row, userId } : row];
  });
}

async function write(
  change: ContentChange,
  directory: Directory,
  rows: readonly PlanRow[],
): Promise<Applied[]> {
  const teamOf = await makeTeams(change, rows);
  const created = await createPeople(change, directory, { rows, teamOf });
  const others = rows.flatMap(({ userId, ...row }): Applied[] =>
    row.action === "create" || userId === null ? [] : [{ ...row, userId }],
  );
  await revive(change, others);
  await updatePeople(change, others, teamOf);
  await link(change, directory, { created, others });
  await markDisabled(change, others);
  await vanish(change, others);
  if (directory.signsIn) await endSessions(change, others);
  return [...created, ...others];
}

type TeamOf = (placement: Placement | undefined) => TeamId | undefined;

/** Makes the teams of units for which there is none, each below the one above. */
async function makeTeams(change: ContentChange, rows: readonly PlanRow[]): Promise<TeamOf> {
  const made = new Map<string, TeamId>();
  const keyOf = (parentId: TeamId, name: string) => `${parentId}|${name.normalize("NFC").toLowerCase()}`;
  for (const { change: to } of rows) {
    let at = to.placement?.teamId;
    for (const name of to.placement?.missing ?? []) {
      if (at === undefined) break;
      const key = keyOf(at, name);
      let id = made.get(key);
      if (id === undefined) {
        id = uuid() as TeamId;
        await insertTeam(change, { id, parentId: at, name });
        change.record({ kind: "team-created", teamId: id });
        made.set(key, id);
      }
      at = id;
    }
  }
  return (placement) =>
    placement?.missing.reduce<TeamId>((at, name) => made.get(keyOf(at, name)) ?? at, placement.teamId);
}

async function createPeople(
  change: Change,
  directory: Directory,
  { rows, teamOf }: { rows: readonly PlanRow[]; teamOf: TeamOf },
): Promise<Applied[]> {
  const people = rows.flatMap((row) => {
    const teamId = teamOf(row.change.placement);
    if (row.action !== "create" || row.username === null || teamId === undefined) return [];
    const { username, change: to } = row;
    const { name = row.name, email = null } = to;
    const id = row.userId ?? (uuid() as UserId);
    return [{ row, person: { id, teamId, username, name, email, account: "none" as const } }];
  });
  if (people.length === 0) return [];
  const added = await insertUsers(
    change,
    people.map(({ person }) => person),
    "linked",
  );
  return people.flatMap(({ row, person: { id: userId, teamId } }) => {
    if (!added.has(userId)) return [];
    change.record({ kind: "user-added", userId, teamId, detail: { directory: directory.name } });
    return [{ ...row, userId }];
  });
}

const idsOf = (rows: readonly Applied[]) => rows.map(({ userId }) => userId);

async function revive(change: Change, rows: readonly Applied[]): Promise<void> {
  const those = idsOf(rows.filter(({ action }) => action === "link" || action === "relink"));
  if (those.length === 0) return;
  for (const userId of await reviveUsers(change, those)) change.record({ kind: "user-revived", userId });
}

async function updatePeople(change: Change, rows: readonly Applied[], teamOf: TeamOf): Promise<void> {
  const names = rows.flatMap(({ userId, change: { name, email } }) =>
    name === undefined && email === undefined ? [] : [{ id: userId, name, email }],
  );
  if (names.length > 0) await renameUsers(change, names);
  for (const { id: userId } of names) change.record({ kind: "user-edited", userId });
  const moved = rows.filter(({ change: { placement } }) => placement !== undefined);
  for (const [teamId, those] of Map.groupBy(moved, (row) => teamOf(row.change.placement))) {
    if (teamId === undefined) continue;
    await updateUsersTeam(change, idsOf(those), teamId);
    for (const { userId } of those) change.record({ kind: "user-moved", userId, teamId });
  }
}

const linking: readonly PlanRow["action"][] = ["link", "relink"];

async function link(
  change: Change,
  directory: Directory,
  { created, others }: { created: readonly Applied[]; others: readonly Applied[] },
): Promise<void> {
  const former = others.filter(({ action }) => linking.includes(action));
  const links = [...created, ...former].map(({ userId, objectId, change: { isDisabled = false } }) => ({
    userId,
    objectId,
    isDisabled,
  }));
  if (links.length === 0) return;
  const { organisationId } = change;
  const objectIds = links.map(({ objectId }) => objectId);
  await Promise.all([
    linkAllToDirectory(change, directory.id, links, idsOf(former)),
    forgetChoices(change, { organisationId, directoryId: directory.id }, objectIds),
  ]);
  for (const { userId } of former) {
    change.record({ kind: "directory-linked", userId, detail: { directory: directory.name } });
  }
}

async function markDisabled(change: Change, rows: readonly Applied[]): Promise<void> {
  for (const isDisabled of [true, false]) {
    const those = idsOf(rows.filter((row) => row.change.isDisabled === isDisabled));
    if (those.length === 0) continue;
    await markDisabledInDirectory(change, those, isDisabled);
    const kind = isDisabled ? "directory-account-disabled" : "directory-account-enabled";
    for (const userId of those) change.record({ kind, userId });
  }
}

/** Who cannot sign in there any more is not left signed in here. */
async function endSessions(change: ContentChange, rows: readonly Applied[]): Promise<void> {
  const those = idsOf(rows.filter((row) => isVanishing(row) || row.change.isDisabled === true));
  if (those.length > 0) await deleteSessionsByDirectory(change, change.organisationId, those);
}

async function vanish(change: ContentChange, rows: readonly Applied[]): Promise<void> {
  const orphans = idsOf(rows.filter(({ action }) => action === "orphan"));
  if (orphans.length > 0) await markMissingFromDirectory(change, orphans);
  for (const userId of orphans) change.record({ kind: "directory-missing", userId });
  const removed = rows.filter(({ action }) => action === "remove");
  for (const { userId } of removed) change.record({ kind: "directory-missing", userId });
  const kept = idsOf(removed.filter(({ code }) => code === "gone-keeps-account"));
  if (kept.length > 0) await unlinkFromDirectory(change, kept);
  for (const userId of kept) change.record({ kind: "directory-unlinked", userId });
  for (const { userId, code } of removed) if (code !== "gone-keeps-account") await dropUser(change, userId);
}
