// What follows when a user has another password, however that came about.

import type { Change } from "../db/change.ts";
import { voidLinks } from "../links/store.ts";
import { postMails } from "../mails/post.ts";
import { failDeadMails } from "../mails/store.ts";
import { deleteKnownBrowsers } from "../sessions/known-browsers/store.ts";
import type { SessionId } from "../sessions/secret.ts";
import { deleteOtherSessions, putPassword } from "../sessions/store.ts";
import type { User } from "../users/store.ts";

/**
 * Everywhere else the user is signed out, no browser is known any more, no link sets the password again, and a mail says
 * that it happened. The user's row is locked already.
 * @param but the session in which it was done; null for none.
 */
export async function replacePassword(
  change: Change,
  { id: userId, email }: User,
  { hash, but }: { hash: string; but: SessionId | null },
): Promise<void> {
  const { organisationId, at } = change;
  await putPassword(change, organisationId, { userId, hash, at });
  await deleteOtherSessions(change, organisationId, userId, but);
  await deleteKnownBrowsers(change, organisationId, userId);
  await voidLinks(change, userId, "reset-password");
  await failDeadMails(change, at, userId);
  if (email === null) return;
  await postMails(change, [{ userId, kind: "password-changed", details: { at: at.toISOString() } }]);
}
