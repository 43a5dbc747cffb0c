// Gives people accounts and takes back what was never activated. The mail is part of it: without an address there is
// nobody to invite.

import type { AccountMarks, OrganisationId, UserId } from "@lockstep/core";

import type { Change } from "../../db/change.ts";
import { changeFacts } from "../../facts/change.ts";
import type { KeyEncryption } from "../../keys/sealing/sealing.ts";
import { voidLinks } from "../../links/store.ts";
import { postLinkMail } from "../../mails/post.ts";
import { Refusal } from "../../refusal.ts";
import { commandEverywhere } from "../../updates/everywhere.ts";
import { updateAccountMarks, type User } from "../../users/store.ts";
import { liftBlock } from "../blocks/store.ts";
import { roleToAct, type Acting } from "./acting.ts";
import { lockUser, marksAfter } from "./marks.ts";

export interface Inviting extends Acting {
  readonly keyEncryption: KeyEncryption;
}

/** What an invitation asks of a person. */
export type Invited = Pick<User, "id" | "email"> & AccountMarks;

/** @throws Refusal email_missing. */
async function postInvitation(change: Change, keyEncryption: KeyEncryption, user: Invited): Promise<void> {
  if (user.email === null) throw new Refusal("email_missing");
  await postLinkMail(change, keyEncryption, { userId: user.id, purpose: "activate-account" });
}

/**
 * Whoever asks has seen to it that it is allowed, and has locked the user.
 * @throws Refusal account_exists, account_deleted, email_missing.
 */
export async function inviteWithin(
  change: Change,
  keyEncryption: KeyEncryption,
  user: Invited,
): Promise<void> {
  await updateAccountMarks(change, user.id, marksAfter(user, "invite"));
  await postInvitation(change, keyEncryption, user);
  change.record({ kind: "account-invited", userId: user.id });
}

/** @throws Refusal user_not_found, permission_denied, account_exists, account_deleted, email_missing. */
export async function inviteAccount(
  { writing, actors, keyEncryption }: Inviting,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<void> {
  await changeFacts(writing, organisationId, async (change) => {
    const user = await lockUser(change, userId);
    await roleToAct(change, { actors, action: "invite-account", userId });
    await inviteWithin(change, keyEncryption, user);
  });
}

/** @throws Refusal user_not_found, permission_denied, account_none, account_not_pending, account_blocked, account_deleted, email_missing. */
export async function resendWithin(
  change: Change,
  { actors, keyEncryption }: Omit<Inviting, "writing">,
  userId: UserId,
): Promise<void> {
  const user = await lockUser(change, userId);
  await roleToAct(change, { actors, action: "resend-invitation", userId });
  marksAfter(user, "resend-invitation");
  await postInvitation(change, keyEncryption, user);
  change.record({ kind: "invitation-resent", userId });
}

/** @throws Refusal user_not_found, permission_denied, account_none, account_not_pending, account_blocked, account_deleted, email_missing. */
export async function resendInvitation(
  { writing, ...inviting }: Inviting,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<void> {
  await changeFacts(writing, organisationId, (change) => resendWithin(change, inviting, userId));
}

/**
 * Of a blocked account the block goes too, so whoever does it must be allowed to lift it: else inviting again would be
 * a way around it.
 * @throws Refusal user_not_found, permission_denied, account_none, account_not_pending, account_deleted.
 */
export async function withdrawInvitation(
  { writing, actors }: Acting,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<void> {
  await changeFacts(writing, organisationId, async (change) => {
    const user = await lockUser(change, userId);
    await roleToAct(change, { actors, action: "withdraw-invitation", userId });
    const marks = marksAfter(user, "withdraw-invitation");
    await voidLinks(change, userId);
    if (user.blocked) {
      const role = await roleToAct(change, { actors, action: "unblock-account", userId });
      await liftBlock(change, userId);
      await commandEverywhere(change, userId, "unlock");
      change.record({ kind: "account-unblocked", userId, detail: { role } });
    }
    await updateAccountMarks(change, userId, marks);
    change.record({ kind: "invitation-withdrawn", userId });
  });
}
