// Adds, names, moves and removes people, and gives them encryption groups of their own.

import type { User as Shown } from "@lockstep/api";
import type { GroupId, OrganisationId, TeamId, UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import { voidActivationCodes } from "../activations/store.ts";
import type { ContentChange } from "../db/change.ts";
import { ignoreEntriesOf } from "../directory/entries/store.ts";
import { unlinkFromDirectory } from "../directory/store.ts";
import { changeContents, changeFacts, type Writing } from "../facts/change.ts";
import { loadGroups } from "../keys/store.ts";
import { deleteSeats, listSeatsOf } from "../licences/store.ts";
import { Refusal } from "../refusal.ts";
import { loadRootTeam, loadTeam } from "../teams/store.ts";
import { commandEverywhere } from "../updates/everywhere.ts";
import {
  giveGroupToUser,
  insertUsers,
  loadUser,
  lockPresentUsers,
  lockUndeletedUsers,
  markUserRemoved,
  takeGroupFromUser,
  updateUserNames,
  updateUserRevision,
  updateUsersTeam,
  type Names,
  type User,
} from "./store.ts";

export function shownOf(user: User): Shown {
  const { id, teamId, username, name, email, account, groupIds, licenceId, revision } = user;
  return { id, teamId, username, name, email, account, groupIds, licenceId, revision };
}

/** @throws Refusal team_not_found, username_taken. */
export async function addUser(
  writing: Writing,
  organisationId: OrganisationId,
  person: { name: string; username: string; email: string | null; teamId?: TeamId | undefined },
): Promise<Shown> {
  return changeFacts(writing, organisationId, async (change) => {
    const { teamId: wanted, ...names } = person;
    const team =
      wanted === undefined
        ? await loadRootTeam(change, organisationId)
        : await loadTeam(change, organisationId, wanted);
    const id = uuid() as UserId;
    const added = await insertUsers(change, [{ id, teamId: team.id, ...names, account: "none" }]);
    if (added.size === 0) throw new Refusal("username_taken");
    change.record({ kind: "user-added", userId: id, teamId: team.id });
    return shownOf(await loadUser(change, organisationId, id));
  });
}

/** @throws Refusal user_not_found, account_deleted, revision_changed. */
export async function editUser(
  writing: Writing,
  organisationId: OrganisationId,
  { userId, revision, ...names }: Names & { userId: UserId; revision: number },
): Promise<Shown> {
  return changeFacts(writing, organisationId, async (change) => {
    await lockUndeletedUsers(change, [userId]);
    const edited = await updateUserNames(change, userId, { ...names, revision });
    if (edited === undefined) throw new Refusal("revision_changed");
    change.record({ kind: "user-edited", userId });
    return shownOf(edited);
  });
}

/** @throws Refusal team_not_found, user_not_found; then nobody is moved. */
export async function moveUsers(
  writing: Writing,
  organisationId: OrganisationId,
  { userIds, teamId }: { userIds: readonly UserId[]; teamId: TeamId },
): Promise<number> {
  return changeFacts(writing, organisationId, async (change) => {
    const { name } = await loadTeam(change, organisationId, teamId);
    await lockPresentUsers(change, userIds);
    await updateUsersTeam(change, userIds, teamId);
    for (const userId of new Set(userIds)) {
      change.record({ kind: "user-moved", userId, teamId, detail: { team: name } });
    }
    return new Set(userIds).size;
  });
}

/** @throws Refusal user_not_found, account_deleted, group_not_found, revision_changed. */
export async function setUserGroups(
  writing: Writing,
  organisationId: OrganisationId,
  { userId, revision, groupIds }: { userId: UserId; revision: number; groupIds: readonly GroupId[] },
): Promise<Shown> {
  return changeContents(writing, organisationId, async (change) => {
    await lockUndeletedUsers(change, [userId]);
    const user = await loadUser(change, organisationId, userId);
    if (user.revision !== revision) throw new Refusal("revision_changed");
    const groups = await loadGroups(change, organisationId, groupIds);
    for (const groupId of user.groupIds) {
      if (!groupIds.includes(groupId)) await takeGroupFromUser(change, userId, groupId);
    }
    for (const groupId of groupIds) await giveGroupToUser(change, userId, groupId);
    await updateUserRevision(change, userId);
    const detail = { groups: groups.map(({ name }) => name) };
    change.record({ kind: "own-keys-changed", userId, detail });
    return shownOf(await loadUser(change, organisationId, userId));
  });
}

/**
 * The seat goes back to its pool, codes are void, own keys and the directory link are dropped, workstations wiped. Who
 * has an account keeps it; of anybody else only the username is left. The user is locked already.
 * @throws Refusal user_not_found.
 */
export async function dropUser(change: ContentChange, userId: UserId): Promise<void> {
  const { organisationId } = change;
  const user = await loadUser(change, organisationId, userId);
  await commandEverywhere(change, userId, "deactivate");
  const [seat] = await listSeatsOf(change, organisationId, [userId]);
  await deleteSeats(change, [userId]);
  if (seat !== undefined) change.record({ kind: "licence-returned", userId, licenceId: seat.licenceId });
  await voidActivationCodes(change, userId);
  for (const groupId of user.groupIds) await takeGroupFromUser(change, userId, groupId);
  await unlinkFromDirectory(change, [userId]);
  if (user.account === "none") await markUserRemoved(change, userId);
  await updateUserRevision(change, userId);
  change.record({ kind: "user-removed", userId });
}

/**
 * As `dropUser`, because somebody wants it: who is still in a directory is not imported from it again.
 * @throws Refusal user_not_found.
 */
export async function removeUser(
  writing: Writing,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<void> {
  await changeContents(writing, organisationId, async (change) => {
    await lockPresentUsers(change, [userId]);
    await ignoreEntriesOf(change, organisationId, { users: [userId], whenGone: false });
    await dropUser(change, userId);
  });
}
