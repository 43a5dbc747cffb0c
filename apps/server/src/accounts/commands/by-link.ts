// What the owner of an account does with the link of a mail: activate it, enable it again, or choose another password.
// The link alone says who it is, so whatever does not fit is a link that does not work.

import type { AccountMarks } from "@lockstep/core";

import type { Change } from "../../db/change.ts";
import { endDeletionRequest } from "../../deletions/commands/ending.ts";
import { changeFacts, type Writing } from "../../facts/change.ts";
import { lookAtLink } from "../../links/commands.ts";
import { spendLink, type Link, type LinkPurpose } from "../../links/store.ts";
import { refuseGuessable } from "../../passwords/guessable.ts";
import { replacePassword } from "../../passwords/replace.ts";
import { Refusal } from "../../refusal.ts";
import { hashPassword } from "../../sessions/password.ts";
import { ofStrangers } from "../../sessions/attempts.ts";
import { forgetTries } from "../../sessions/attempts/store.ts";
import { remember, type Remembered } from "../../sessions/known-browsers.ts";
import { putPassword } from "../../sessions/store.ts";
import { loadUser, restartClock, updateAccountMarks, type User } from "../../users/store.ts";
import { marksAfter } from "./marks.ts";

type Surroundings = Pick<Writing, "database" | "clock">;

/** @throws Refusal link_not_found, organisation_disabled. */
async function loadLink(around: Surroundings, secret: string, purpose: LinkPurpose): Promise<Link> {
  const link = await lookAtLink(around, secret);
  if (link.purpose !== purpose) throw new Refusal("link_not_found");
  if (link.organisationState === "disabled") throw new Refusal("organisation_disabled");
  return link;
}

/** @param isMeant whether the account is in the state that the link was made for. @throws Refusal link_not_found. */
async function actByLink<Result>(
  { database, clock }: Surroundings,
  link: Link,
  {
    isMeant,
    act,
  }: { isMeant: (user: User) => boolean; act: (change: Change, user: User) => Promise<Result> },
): Promise<Result> {
  const { organisationId, userId } = link;
  const writing = { database, clock, doer: { role: "user", organisationId, userId } };
  return changeFacts(writing, organisationId, async (change) => {
    if (!(await spendLink(change, link))) throw new Refusal("link_not_found");
    const user = await loadUser(change, organisationId, userId);
    if (user.blocked || !isMeant(user)) throw new Refusal("link_not_found");
    return act(change, user);
  });
}

/** Whoever has the link is the user: the browser is known from now on. */
async function rememberOwner(change: Change, { id: userId }: User): Promise<Remembered> {
  const owner = { organisationId: change.organisationId, userId };
  return remember(change, owner, { known: null, secret: undefined, at: change.at });
}

/**
 * With a password of the user's choice; days without activity count from this moment.
 * @throws Refusal link_not_found, organisation_disabled, password_guessable, sign_in_busy.
 */
export async function activateAccount(
  around: Surroundings,
  { secret, password }: { secret: string; password: string },
): Promise<Remembered> {
  const link = await loadLink(around, secret, "activate-account");
  await refuseGuessable(password, link);
  const hash = await hashPassword(password);
  return actByLink(around, link, {
    isMeant: ({ account }) => account === "pending",
    act: async (change, user) => {
      await enable(change, user, marksAfter(user, "activate"));
      await putPassword(change, change.organisationId, { userId: user.id, hash, at: change.at });
      change.record({ kind: "account-activated", userId: user.id });
      return rememberOwner(change, user);
    },
  });
}

/**
 * Whoever was signed in is signed out everywhere, and a disabled account stays disabled. Wrong passwords of strangers are
 * forgotten, so that the user can sign in also elsewhere.
 * @throws Refusal link_not_found, organisation_disabled, password_guessable, sign_in_busy.
 */
export async function resetPassword(
  around: Surroundings,
  { secret, password }: { secret: string; password: string },
): Promise<Remembered> {
  const link = await loadLink(around, secret, "reset-password");
  await refuseGuessable(password, link);
  const hash = await hashPassword(password);
  return actByLink(around, link, {
    isMeant: ({ account }) => account === "active",
    act: async (change, user) => {
      await replacePassword(change, user, { hash, but: null });
      await forgetTries(change, ofStrangers(user.username).key);
      change.record({ kind: "password-reset", userId: user.id });
      return rememberOwner(change, user);
    },
  });
}

/** Days without activity count from this moment. @throws Refusal link_not_found, organisation_disabled. */
export async function reEnableAccount(around: Surroundings, { secret }: { secret: string }): Promise<void> {
  await actByLink(around, await loadLink(around, secret, "re-enable-account"), {
    isMeant: ({ disabled }) => disabled,
    act: async (change, user) => {
      await enable(change, user, marksAfter(user, "re-enable"));
      await endDeletionRequest(change, user.id);
      change.record({ kind: "re-enabling-confirmed", userId: user.id });
      change.record({ kind: "account-enabled", userId: user.id });
    },
  });
}

async function enable(change: Change, { id: userId }: User, marks: AccountMarks): Promise<void> {
  await updateAccountMarks(change, userId, marks);
  await restartClock(change, userId);
}
