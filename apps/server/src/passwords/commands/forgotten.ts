// A password was forgotten: whoever has the name that was asked by gets the mail that brings this account on, which is not
// for everybody another password.

import { lockUser } from "../../accounts/commands/marks.ts";
import type { Answering } from "../../accounts/commands/re-enabling.ts";
import { whomToAsk } from "../../accounts/told.ts";
import type { Change } from "../../db/change.ts";
import { answerAsked, ask } from "../../links/asked.ts";
import type { LinkPurpose } from "../../links/store.ts";
import { postLinkMail, postMails } from "../../mails/post.ts";
import type { Candidate } from "../../sessions/candidates/store.ts";
import type { User } from "../../users/store.ts";

/** @param username as it is kept: without spaces around it, in lower case. */
export async function askForPassword(
  around: Pick<Answering, "database" | "clock">,
  username: string,
): Promise<void> {
  await ask(around, "password_requests", username);
}

/** Told to stop, it leaves the rest to the next round. */
export async function answerForgotten(parts: Answering, signal?: AbortSignal): Promise<void> {
  const answer = (change: Change, found: Candidate) => answerOne(parts, change, found);
  await answerAsked(parts, "password_requests", { signal, answer });
}

/** What is next for somebody who would sign in, and is not blocked. */
function purposeFor({ account, disabled }: User): LinkPurpose {
  if (account === "pending") return "activate-account";
  return disabled ? "re-enable-account" : "reset-password";
}

async function answerOne({ keyEncryption }: Answering, change: Change, found: Candidate): Promise<void> {
  const user = await lockUser(change, found.id);
  const { id: userId, account, blocked, email } = user;
  if ((account !== "active" && account !== "pending") || email === null) return;
  // Another password here would let nobody in who signs in with the one of a directory.
  if (found.directory !== null) return;
  change.record({ kind: "password-forgotten", userId });
  if (!blocked) {
    await postLinkMail(change, keyEncryption, { userId, purpose: purposeFor(user) });
    return;
  }
  const whom = await whomToAsk(change, change.organisationId, userId);
  await postMails(change, [{ userId, kind: "account-stays-blocked", details: { whom: whom.join(", ") } }]);
}
