// Writes mails down, in the transaction of what they tell of: nothing is told that did not happen, and nothing that
// happened is left untold.

import type { UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";
import { z } from "zod";

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

const addressee = z.object({ name: z.string(), email: z.string() });

/** Whom a mail is for. */
export type Addressee = z.output<typeof addressee>;

/** The last mail to somebody who is erased in the same change: only it knows the address, as long as it waits. */
export async function postFarewell(
  change: Change,
  keyEncryption: KeyEncryption,
  { userId, ...whom }: Addressee & { readonly userId: UserId },
): Promise<void> {
  const { mailLanguage } = await loadRules(change, change.organisationId);
  const id = uuid() as MailId;
  const binding = bindingOf({ organisationId: change.organisationId, id });
  const sealed = await keyEncryption.seal(binding, Buffer.from(JSON.stringify(whom)));
  const mail = { id, userId, kind: "deletion-done" as const, details: {}, addressee: sealed };
  await insertMails(change, [mail], mailLanguage);
}

const bindingOf = ({ organisationId, id }: Pick<StoredMail, "organisationId" | "id">) =>
  bindingAt({ organisationId, table: "mails", rowId: id });

async function openMaterial(keyEncryption: KeyEncryption, mail: StoredMail): Promise<string | null> {
  const { material, kekVersion } = mail;
  if (material === null || kekVersion === null) return null;
  return Buffer.from(await keyEncryption.open(bindingOf(mail), { material, kekVersion })).toString("utf8");
}

const isFarewell = ({ kind }: StoredMail) => kind === "deletion-done";

/** The secret of a mail's link; null where it has none. @throws SealBroken when it is not what was sealed for it. */
export async function openSecret(keyEncryption: KeyEncryption, mail: StoredMail): Promise<string | null> {
  return isFarewell(mail) ? null : openMaterial(keyEncryption, mail);
}

/** The mail with the name and the address that it goes to. @throws SealBroken as `openSecret`. */
export async function withAddressee(keyEncryption: KeyEncryption, mail: StoredMail): Promise<StoredMail> {
  const sealed = isFarewell(mail) ? await openMaterial(keyEncryption, mail) : null;
  return sealed === null ? mail : { ...mail, ...addressee.parse(JSON.parse(sealed)) };
}
