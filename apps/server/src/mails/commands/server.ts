// Says which server takes mails, and tries it out.

import type { mails } from "@lockstep/api";
import { v7 as uuid } from "uuid";
import type { z } from "zod";

import type { Database } from "../../db/database.ts";
import { changeFacts, type Writing } from "../../facts/change.ts";
import type { KeyEncryption } from "../../keys/sealing/sealing.ts";
import { findInstallationOffice } from "../../organisations/store.ts";
import { Refusal } from "../../refusal.ts";
import { openMailAccess, sealMailPassword } from "../access.ts";
import {
  clearMailServer,
  findMailServer,
  findMailServerPlace,
  firstRevision,
  putMailServer,
  type MailServer,
  type MailServerId,
} from "../servers/store.ts";
import { MailNotSent, openPostbox } from "../smtp.ts";
import { hurryMails } from "../store.ts";
import { trialText } from "../texts.ts";

type Given = z.output<typeof mails.setMailServer.body>;

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** What a link in a mail lets one do is as secret as a password. @throws Refusal mail_settings_invalid. */
function refuseUnfit({ host, security, userName, certificates }: Given): void {
  const unfit = (detail: string) => new Refusal("mail_settings_invalid", { detail });
  if (security === "none" && !loopback.test(host)) {
    throw unfit("security: only a server on this machine is reached without TLS");
  }
  if (security === "none" && userName !== null)
    throw unfit("userName: a password does not travel in the clear");
  if (certificates !== null && !certificates.includes("-----BEGIN CERTIFICATE-----")) {
    throw unfit("certificates: expected PEM");
  }
}

/** Whether the password that is saved would go to where it did not go before. */
function isSentElsewhere(given: Given, former: MailServer): boolean {
  const { host, port, security, certificates, userName } = given;
  return (
    host !== former.host ||
    port !== former.port ||
    security !== former.security ||
    certificates !== former.certificates ||
    userName !== former.userName
  );
}

/** @throws Refusal mail_password_required. */
async function sealedFor(
  keyEncryption: KeyEncryption,
  place: Pick<MailServer, "organisationId" | "id">,
  { given, former }: { given: Given; former: MailServer | undefined },
): Promise<Pick<MailServer, "material" | "kekVersion">> {
  if (given.userName === null) return { material: null, kekVersion: null };
  if (given.password !== undefined) return sealMailPassword(keyEncryption, place, given.password);
  if (former === undefined || former.material === null || isSentElsewhere(given, former))
    throw new Refusal("mail_password_required");
  return { material: former.material, kekVersion: former.kekVersion };
}

/** @throws Refusal mail_settings_invalid, mail_password_required, revision_changed. */
export async function setMailServer(
  { writing, keyEncryption }: { writing: Writing; keyEncryption: KeyEncryption },
  given: Given,
  revision: number,
): Promise<void> {
  refuseUnfit(given);
  const office = await writing.database.snapshot(findInstallationOffice);
  if (office === undefined) throw new Error("somebody administers an installation without an office");
  await changeFacts(writing, office.id, async (change) => {
    const former = await findMailServer(change);
    const kept = await findMailServerPlace(change);
    if ((kept?.revision ?? firstRevision) !== revision) throw new Refusal("revision_changed");
    const place = { organisationId: office.id, id: kept?.id ?? (uuid() as MailServerId) };
    const sealed = await sealedFor(keyEncryption, place, { given, former });
    const { host, port, security, certificates, sender, userName } = given;
    const settings = { host, port, security, certificates, sender, userName };
    if (!(await putMailServer(change, { ...place, ...settings, ...sealed, revision })))
      throw new Refusal("revision_changed");
    await hurryMails(change, change.at);
    change.record({ kind: "mail-server-changed", detail: { host } });
  });
}

/** Mails wait from then on. @throws Refusal mail_server_missing, revision_changed. */
export async function removeMailServer(writing: Writing, revision: number): Promise<void> {
  const server = await writing.database.snapshot(async (snapshot) => {
    const kept = await findMailServerPlace(snapshot);
    if ((kept?.revision ?? firstRevision) !== revision) throw new Refusal("revision_changed");
    return findMailServer(snapshot);
  });
  if (server === undefined) throw new Refusal("mail_server_missing");
  await changeFacts(writing, server.organisationId, async (change) => {
    if (!(await clearMailServer(change, revision))) throw new Refusal("revision_changed");
    change.record({ kind: "mail-server-removed", detail: { host: server.host } });
  });
}

/** @throws Refusal mail_server_missing, mail_not_sent with what went wrong in words. */
export async function tryMailServer(
  { database, keyEncryption }: { database: Database; keyEncryption: KeyEncryption },
  to: string,
): Promise<void> {
  const server = await database.read(findMailServer);
  if (server === undefined) throw new Refusal("mail_server_missing");
  const postbox = openPostbox(await openMailAccess(keyEncryption, server));
  try {
    await postbox.send({ to, ...trialText });
  } catch (error) {
    if (error instanceof MailNotSent) {
      throw new Refusal("mail_not_sent", { detail: error.sentence, cause: error });
    }
    throw error;
  } finally {
    postbox.close();
  }
}
