// Blocks and unblocks accounts. What follows where the user works follows in the same transaction.

import { isAbove, type OrganisationId, type UserId } from "@lockstep/core";

import { voidActivationCodes } from "../../activations/store.ts";
import type { Change } from "../../db/change.ts";
import { endDeletionRequest } from "../../deletions/commands/ending.ts";
import { changeFacts, type Writing } from "../../facts/change.ts";
import type { KeyEncryption } from "../../keys/sealing/sealing.ts";
import { voidLinks } from "../../links/store.ts";
import { postLinkMail } from "../../mails/post.ts";
import { Refusal } from "../../refusal.ts";
import { deleteOtherSessions } from "../../sessions/store.ts";
import { commandEverywhere } from "../../updates/everywhere.ts";
import { restartClock, updateAccountMarks, type User } from "../../users/store.ts";
import { findBlock, insertBlock, liftBlock, updateBlock, type Block, type Grounds } from "../blocks/store.ts";
import { tellOfBlock, tellOfUnblocking } from "../told.ts";
import { roleToAct, system, type Acting } from "./acting.ts";
import { lockUser, marksAfter } from "./marks.ts";

/** Who does it, and what seals the link of the mail to who never activated. */
export interface Unblocking extends Acting {
  readonly keyEncryption: KeyEncryption;
}

/** Everything that the account lets its user do ends. */
async function shutOut(change: Change, userId: UserId): Promise<void> {
  await deleteOtherSessions(change, change.organisationId, userId, null);
  await voidLinks(change, userId);
  if ((await voidActivationCodes(change, userId)) > 0) {
    change.record({ kind: "activation-code-voided", userId });
  }
  await commandEverywhere(change, userId, "lock");
}

/**
 * Within a change. An account that is blocked already gets the new grounds, and nothing else happens to it.
 * @throws Refusal user_not_found, permission_denied, account_none, account_deleted, block_ends_in_the_past.
 */
export async function blockWithin(
  change: Change,
  actors: Acting["actors"],
  { userId, ...grounds }: Grounds & { userId: UserId },
): Promise<void> {
  const user = await lockUser(change, userId);
  const role = await roleToAct(change, { actors, action: "block-account", userId });
  const marks = marksAfter(user, "block");
  const { until } = grounds;
  if (until !== null && until <= change.at) throw new Refusal("block_ends_in_the_past");
  const standing = await findBlock(change, change.organisationId, userId);
  if (standing !== undefined) {
    const highest = isAbove(standing.role, role) ? standing.role : role;
    await updateBlock(change, userId, { ...grounds, role: highest });
    change.record({ kind: "block-changed", userId, detail: { role } });
    if (isToldOtherwise(standing, grounds)) await tellOfBlock(change, userId);
    return;
  }
  await insertBlock(change, userId, { ...grounds, role });
  await updateAccountMarks(change, userId, marks);
  await shutOut(change, userId);
  const end = until === null ? {} : { until: until.toISOString() };
  change.record({ kind: "account-blocked", userId, detail: { role, ...end } });
  await tellOfBlock(change, userId);
}

/** Whether the user would read something else than before. */
function isToldOtherwise(standing: Block, { userReason, until }: Grounds): boolean {
  const end = until === null ? null : until.toISOString();
  return standing.userReason !== userReason || standing.until !== end;
}

/** What follows a block that ends, whoever or whatever ended it. Who never activated needs another link: the former is void. */
async function letIn(change: Change, keyEncryption: KeyEncryption, user: User): Promise<void> {
  const { id: userId } = user;
  const marks = marksAfter(user, "unblock");
  await liftBlock(change, userId);
  await updateAccountMarks(change, userId, marks);
  await restartClock(change, userId);
  await endDeletionRequest(change, userId);
  await commandEverywhere(change, userId, "unlock");
  if (marks.account === "active") {
    change.record({ kind: "account-enabled", userId });
    await tellOfUnblocking(change, userId);
  } else if (user.email !== null) {
    await postLinkMail(change, keyEncryption, { userId, purpose: "activate-account" });
    change.record({ kind: "invitation-resent", userId });
  }
}

/**
 * Within a change.
 * @throws Refusal user_not_found, permission_denied, account_none, account_deleted, account_not_blocked.
 */
export async function unblockWithin(
  change: Change,
  { actors, keyEncryption }: Pick<Unblocking, "actors" | "keyEncryption">,
  { userId }: { userId: UserId },
): Promise<void> {
  const user = await lockUser(change, userId);
  const role = await roleToAct(change, { actors, action: "unblock-account", userId });
  marksAfter(user, "unblock");
  change.record({ kind: "account-unblocked", userId, detail: { role } });
  await letIn(change, keyEncryption, user);
}

/** @throws as `blockWithin`. */
export async function blockAccount(
  { writing, actors }: Acting,
  organisationId: OrganisationId,
  blocking: Grounds & { userId: UserId },
): Promise<void> {
  await changeFacts(writing, organisationId, (change) => blockWithin(change, actors, blocking));
}

/** @throws as `unblockWithin`. */
export async function unblockAccount(
  { writing, ...unblocking }: Unblocking,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<void> {
  await changeFacts(writing, organisationId, (change) => unblockWithin(change, unblocking, { userId }));
}

export interface Ending extends Pick<Writing, "database" | "clock"> {
  readonly keyEncryption: KeyEncryption;
}

/** Ends a block whose time is over. Nothing happens if meanwhile it was lifted or prolonged. @returns whether it ended. */
export async function endDatedBlock(
  { database, clock, keyEncryption }: Ending,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<boolean> {
  const writing = { database, clock, doer: { role: system.role, userId: null } };
  return changeFacts(writing, organisationId, async (change) => {
    const user = await lockUser(change, userId);
    const block = await findBlock(change, organisationId, userId);
    const until = block?.until ?? null;
    if (until === null || new Date(until) > change.at || !user.blocked) return false;
    await roleToAct(change, { actors: [system], action: "end-dated-block", userId });
    change.record({ kind: "block-ended", userId });
    await letIn(change, keyEncryption, user);
    return true;
  });
}
