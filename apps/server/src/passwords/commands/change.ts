// Changes the own password. Whoever has got hold of a session still has to know the former one.

import { lockUser } from "../../accounts/commands/marks.ts";
import { changeFacts, type Writing } from "../../facts/change.ts";
import { Refusal } from "../../refusal.ts";
import { ofSession, tryPassword } from "../../sessions/attempts.ts";
import { forgetTries } from "../../sessions/attempts/store.ts";
import type { Owner } from "../../sessions/owner.ts";
import { remember, type Remembered } from "../../sessions/known-browsers.ts";
import { hashPassword, isPassword } from "../../sessions/password.ts";
import type { SessionId } from "../../sessions/secret.ts";
import { findPassword, findSignedIn } from "../../sessions/store.ts";
import { refuseGuessable } from "../guessable.ts";
import { replacePassword } from "../replace.ts";

/**
 * Every other session and token of the user ends with it, and no other browser is known any more.
 * @returns by what this one is.
 * @throws Refusal sign_in_failed when the current password is wrong, sign_in_locked, sign_in_busy, password_guessable.
 */
export async function changePassword(
  writing: Writing,
  owner: Owner,
  { current, password, sessionId }: { current: string; password: string; sessionId: SessionId },
): Promise<Remembered> {
  const { database } = writing;
  const { organisationId, userId } = owner;
  const account = ofSession(sessionId);
  const former = await database.snapshot((snapshot) => findPassword(snapshot, organisationId, userId));
  const isRight = await tryPassword(writing, { account, whose: owner }, () => isPassword(current, former));
  if (!isRight) throw new Refusal("sign_in_failed");
  await refuseGuessableOf(writing, owner, password);
  const hash = await hashPassword(password);
  return changeFacts(writing, organisationId, async (change) => {
    const user = await lockUser(change, userId);
    // Meanwhile it was changed somewhere else, or reset.
    if ((await findPassword(change, organisationId, userId)) !== former) throw new Refusal("sign_in_failed");
    await forgetTries(change, account.key);
    await replacePassword(change, user, { hash, but: sessionId });
    change.record({ kind: "password-changed", userId });
    return remember(change, owner, { known: null, secret: undefined, at: change.at });
  });
}

/** @throws Refusal password_guessable, sign_in_required when the account was blocked after the call was let in. */
async function refuseGuessableOf(
  { database }: Writing,
  { organisationId, userId }: Owner,
  password: string,
): Promise<void> {
  const me = await database.snapshot((snapshot) => findSignedIn(snapshot, organisationId, userId));
  if (me === undefined) throw new Refusal("sign_in_required");
  await refuseGuessable(password, me.user);
}
