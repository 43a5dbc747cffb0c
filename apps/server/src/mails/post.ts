// Writes mails down, in the transaction of what they tell of: nothing is told that did not happen, and nothing that
// happened is left untold.

import type { UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import { loadRules } from "../accounts/rules/store.ts";
import type { Change } from "../db/change.ts";
import { bindingAt } from "../keys/sealing/pieces.ts";
import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import { issueLink } from "../links/commands.ts";
import type { LinkPurpose } from "../links/store.ts";
import { failDeadMails, insertMails, type MailId, type NewMail, type StoredMail } from "./store.ts";

export type Telling = Pick<NewMail, "userId" | "kind" | "details">;

/** Mails without a link, each in the language of the organisation. */
export async function postMails(change: Change, these: readonly Telling[]): Promise<void> {
  if (these.length === 0) return;
  const { mailLanguage } = await loadRules(change, change.organisationId);
  const mails = these.map((each) => ({ ...each, id: uuid() as MailId }));
  await insertMails(change, mails, mailLanguage);
}

/** A mail with a link; links of former ones are void. The user's row is locked already. */
export async function postLinkMail(
  change: Change,
  keyEncryption: KeyEncryption,
  { userId, purpose }: { userId: UserId; purpose: LinkPurpose },
): Promise<void> {
  const { linkId, secret, expiresAt } = await issueLink(change, { userId, purpose });
  await failDeadMails(change, change.at, userId);
  const { mailLanguage } = await loadRules(change, change.organisationId);
  const id = uuid() as MailId;
  const binding = bindingOf({ organisationId: change.organisationId, id });
  const sealed = await keyEncryption.seal(binding, Buffer.from(secret));
  const details = { until: expiresAt.toISOString() };
  const mail = { id, userId, kind: purpose, details, link: { id: linkId, secret: sealed } };
  await insertMails(change, [mail], mailLanguage);
}

const bindingOf = ({ organisationId, id }: Pick<StoredMail, "organisationId" | "id">) =>
  bindingAt({ organisationId, table: "mails", rowId: id });

/** The secret of a mail's link; null where it has none. @throws SealBroken when it is not what was sealed for it. */
export async function openSecret(keyEncryption: KeyEncryption, mail: StoredMail): Promise<string | null> {
  const { material, kekVersion } = mail;
  if (material === null || kekVersion === null) return null;
  return Buffer.from(await keyEncryption.open(bindingOf(mail), { material, kekVersion })).toString("utf8");
}
