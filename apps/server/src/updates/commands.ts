// Posts Key-Files and commands, to one person or to a hundred thousand, and cancels what nobody has fetched.

import type {
  ActivationId,
  Id,
  OrganisationId,
  TeamId,
  UpdateId,
  UpdateKind,
  UserId,
  WorkstationId,
} from "@lockstep/core";
import type { Update } from "@lockstep/api";
import { v7 as uuid } from "uuid";

import type { Clock } from "../clock.ts";
import type { Change, Doer } from "../db/change.ts";
import type { Database } from "../db/database.ts";
import { changeFacts, type Writing } from "../facts/change.ts";
import { Refusal } from "../refusal.ts";
import { listTeams, loadTeam } from "../teams/store.ts";
import { lockPresentUsers, loadUser } from "../users/store.ts";
import { loadUpdate } from "./panel/store.ts";
import {
  countRequiring,
  insertPosting,
  listRequiring,
  loadPosting,
  lockPosting,
  updatePosting,
  type Posting,
  type PostingId,
} from "./postings/store.ts";
import { askToCancel, listActivationsToCommand, postCommand, postKeyFiles } from "./store.ts";

/** Whom a posting is about: the chosen, those of a team and the teams below it, or all of the organisation. */
export interface Audience {
  readonly userIds?: readonly UserId[] | undefined;
  readonly teamId?: TeamId | undefined;
}

const batch = 1000;

/**
 * Begins to post Key-Files to those who require one.
 * @throws Refusal user_not_found, team_not_found.
 */
export async function startPosting(
  writing: Writing,
  organisationId: OrganisationId,
  { userIds, teamId }: Audience,
): Promise<Posting> {
  return changeFacts(writing, organisationId, async (change) => {
    if (userIds !== undefined) await lockPresentUsers(change, userIds);
    if (teamId !== undefined) await loadTeam(change, organisationId, teamId);
    const teamIds = teamId === undefined ? null : await teamsBelow(change, teamId);
    const users = await countRequiring(change, organisationId, { userIds: userIds ?? null, teamIds });
    const id = uuid() as PostingId;
    await insertPosting(change, { id, teamId: teamId ?? null, userIds: userIds ?? null, users });
    return loadPosting(change, organisationId, id);
  });
}

async function teamsBelow(change: Change, teamId: TeamId): Promise<TeamId[]> {
  const all = await listTeams(change, change.organisationId);
  const below = new Set([teamId]);
  // Parents may come after their children in the list: as often as something is added.
  for (let before = 0; before < below.size;) {
    before = below.size;
    for (const { id, parentId } of all) if (parentId !== null && below.has(parentId)) below.add(id);
  }
  return [...below];
}

/** Carries a posting on from where it was; told to stop, it leaves it after a batch. */
export async function runPosting(
  {
    database,
    clock,
    signal,
    onBatch,
  }: { database: Database; clock: Clock; signal: AbortSignal; onBatch: () => void },
  organisationId: OrganisationId,
  id: PostingId,
): Promise<void> {
  for (let isDone = false; !isDone && !signal.aborted;) {
    const running = await database.read((reader) => loadPosting(reader, organisationId, id));
    const writing = { database, clock, doer: running.doer satisfies Doer };
    isDone = await changeFacts(writing, organisationId, async (change) => {
      const posting = await lockPosting(change, id);
      if (posting === undefined) return true;
      const { userIds, teamId, after } = posting;
      const teamIds = teamId === null ? null : await teamsBelow(change, teamId);
      const users = await listRequiring(change, organisationId, { userIds, teamIds, after, limit: batch });
      const posted = await postKeyFiles(change, users);
      for (const userId of new Set(posted.map((each) => each.userId))) {
        change.record({ kind: "key-file-posted", userId });
      }
      const isLast = users.length < batch;
      const progress = { users: users.length, posted: posted.length, after: users.at(-1) ?? null, isLast };
      await updatePosting(change, id, progress);
      return isLast;
    });
    onBatch();
  }
}

export interface CommandOrder {
  readonly userId: UserId;
  readonly kind: Exclude<UpdateKind, "key-file">;
  readonly workstationId?: WorkstationId | undefined;
}

/**
 * Posts a command to every workstation of a user, or to one of them.
 * @returns to how many.
 * @throws Refusal user_not_found, workstation_not_found, user_not_active.
 */
export async function commandUser(
  writing: Writing,
  organisationId: OrganisationId,
  { userId, kind, workstationId }: CommandOrder,
): Promise<number> {
  return changeFacts(writing, organisationId, async (change) => {
    await lockPresentUsers(change, [userId]);
    await loadUser(change, organisationId, userId);
    const active = await listActivationsToCommand(change, organisationId, userId);
    if (active.length === 0) throw new Refusal("user_not_active");
    const those = active.filter(
      (each) => workstationId === undefined || each.workstationId === workstationId,
    );
    if (those.length === 0) throw new Refusal("workstation_not_found");
    for (const { id: activationId, workstation } of those) {
      await postCommand(change, {
        id: uuid() as UpdateId,
        kind,
        activationId: activationId satisfies ActivationId,
        userId,
      });
      change.record({ kind: "command-posted", userId, detail: { command: kind, workstation } });
    }
    return those.length;
  });
}

/**
 * Asks for an update back. It is cancelled at once while it is nowhere but here, and later unless the workstation has
 * fetched it; the relay knows.
 * @throws Refusal update_not_found, update_ended.
 */
export async function cancelUpdate(
  writing: Writing,
  organisationId: OrganisationId,
  updateId: Id<"update">,
): Promise<Update> {
  return changeFacts(writing, organisationId, async (change) => {
    const update = await loadUpdate(change, organisationId, updateId);
    if (update.endedAt !== null) throw new Refusal("update_ended");
    const userId = update.user.id;
    if (await askToCancel(change, updateId, userId)) change.record({ kind: "update-cancelled", userId });
    return loadUpdate(change, organisationId, updateId);
  });
}
