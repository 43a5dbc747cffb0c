// Opens a mail that waits because there is no server. Its link lets whoever has it act for the user, so every opening is
// written down.

import type { OrganisationId } from "@lockstep/core";

import { changeFacts, type Writing } from "../../facts/change.ts";
import type { KeyEncryption } from "../../keys/sealing/sealing.ts";
import { Refusal } from "../../refusal.ts";
import { openSecret, withAddressee } from "../post.ts";
import { renderMail } from "../render.ts";
import { findMailServer } from "../servers/store.ts";
import { findTemplate } from "../templates/store.ts";
import { failDeadMails, findMail, type MailId } from "../store.ts";

interface Opening {
  readonly writing: Writing;
  readonly keyEncryption: KeyEncryption;
  readonly origin: () => string;
}

/** @throws Refusal mail_server_set, mail_not_found, mail_not_waiting. */
export async function openMail(
  { writing, keyEncryption, origin }: Opening,
  organisationId: OrganisationId,
  mailId: MailId,
): Promise<{ to: string | null; subject: string; text: string }> {
  const { database, clock } = writing;
  await database.transaction((transaction) => failDeadMails(transaction, clock()));
  return changeFacts(writing, organisationId, async (change) => {
    if ((await findMailServer(change)) !== undefined) throw new Refusal("mail_server_set");
    const found = await findMail(change, organisationId, mailId);
    if (found === undefined) throw new Refusal("mail_not_found");
    const mail = await withAddressee(keyEncryption, found);
    if (mail.state !== "waiting") throw new Refusal("mail_not_waiting");
    const secret = await openSecret(keyEncryption, mail);
    const { words } = await findTemplate(change, mail);
    const { subject, text } = renderMail(mail, { origin: origin(), secret }, words);
    change.record({ kind: "mail-opened", userId: mail.userId, detail: { mail: mail.kind } });
    return { to: mail.email, subject, text };
  });
}
