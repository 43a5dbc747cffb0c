// Hands over what waits. Right however many servers do it at once: each mail is taken by one of them, and by the next
// one only if the first has said nothing for a while.

import type { Clock } from "../../clock.ts";
import type { Database } from "../../db/database.ts";
import type { KeyEncryption } from "../../keys/sealing/sealing.ts";
import { openMailAccess } from "../access.ts";
import { openSecret, withAddressee } from "../post.ts";
import { renderMail } from "../render.ts";
import { findMailServer } from "../servers/store.ts";
import { MailNotSent, openPostbox, type Postbox } from "../smtp.ts";
import {
  claimMail,
  deleteEndedMails,
  failDeadMails,
  failOldFarewells,
  failOldMails,
  markMailFailed,
  markMailSent,
  type StoredMail,
} from "../store.ts";
import { findTemplate } from "../templates/store.ts";

export interface Delivering {
  readonly database: Database;
  readonly clock: Clock;
  readonly keyEncryption: KeyEncryption;
  /** Where people reach the console. */
  readonly origin: () => string;
}

const minute = 60_000;
const longestPauseMinutes = 60;
/** What it says would be wrong by now. */
const staleMilliseconds = 72 * 60 * minute;
/** Whoever took a mail and has died is waited for so long. */
const takenMinutes = 10;

const later = (at: Date, minutes: number) => new Date(at.getTime() + minutes * minute);

/** After each attempt twice as long, up to an hour. */
const nextAttempt = (at: Date, attempts: number) =>
  later(at, Math.min(longestPauseMinutes, 2 ** Math.min(attempts, 10)));

/** Told to stop, it leaves the rest to the next round. @returns how many were handed over. */
export async function deliverMails(parts: Delivering, signal?: AbortSignal): Promise<number> {
  const { database, clock, keyEncryption } = parts;
  await database.transaction(async (transaction) => {
    const at = clock();
    await failDeadMails(transaction, at);
    await failOldFarewells(transaction, at, new Date(at.getTime() - staleMilliseconds));
  });
  const server = await database.read(findMailServer);
  if (server === undefined) return 0;
  const postbox = openPostbox(await openMailAccess(keyEncryption, server));
  let sent = 0;
  try {
    while (signal?.aborted !== true) {
      const at = clock();
      const mail = await database.transaction((transaction) =>
        claimMail(transaction, { at, again: later(at, takenMinutes) }),
      );
      if (mail === undefined) break;
      const outcome = await deliver(parts, postbox, mail);
      if (outcome === "sent") sent += 1;
      // Every other would meet the same; the next round begins with another one.
      if (outcome === "server away") break;
    }
  } finally {
    postbox.close();
  }
  return sent;
}

type Outcome = "sent" | "not sent" | "server away";

async function deliver(parts: Delivering, postbox: Postbox, claimed: StoredMail): Promise<Outcome> {
  const { database, clock, keyEncryption } = parts;
  const mail = await withAddressee(keyEncryption, claimed);
  const fail = async (failure: string, again: Date | null) => {
    const at = clock();
    await database.transaction((transaction) => markMailFailed(transaction, mail, { failure, at, again }));
  };
  const isStale = clock().getTime() - Date.parse(mail.postedAt) > staleMilliseconds;
  if (mail.email === null || isStale) {
    await fail(
      isStale ? (mail.failure ?? "It had waited for more than three days.") : "The user has no mail address.",
      null,
    );
    return "not sent";
  }
  try {
    await send(parts, postbox, { ...mail, email: mail.email });
  } catch (error) {
    if (!(error instanceof MailNotSent)) throw error;
    await fail(error.sentence, error.isFinal ? null : nextAttempt(clock(), mail.attempts));
    return error.isOfServer ? "server away" : "not sent";
  }
  await database.transaction((transaction) => markMailSent(transaction, mail, clock()));
  return "sent";
}

async function send(
  { database, keyEncryption, origin }: Delivering,
  postbox: Postbox,
  mail: StoredMail & { readonly email: string },
): Promise<void> {
  const secret = await openSecret(keyEncryption, mail);
  const { words } = await database.read((reader) => findTemplate(reader, mail));
  const rendered = renderMail(mail, { origin: origin(), secret }, words);
  const messageId = `<${mail.id}@${new URL(origin()).hostname}>`;
  await postbox.send({ to: mail.email, messageId, ...rendered });
}

const day = 24 * 60 * minute;
/** Without a server mails wait no longer: links are dead by then, and news is none. */
const waitingDays = 30;
/** What a mail said is gone when it does not wait any more; after this it is gone that there was one. */
const keptDays = 365;
const atOnce = 1000;

/** Nothing that was told by mail is kept for good. Right however many servers do it at once. */
export async function forgetMails({
  database,
  clock,
}: Pick<Delivering, "database" | "clock">): Promise<void> {
  const at = clock();
  const ago = (days: number) => new Date(at.getTime() - days * day);
  const failure = "It had waited for more than thirty days.";
  await database.transaction(async (transaction) => {
    await failOldMails(transaction, { at, since: ago(waitingDays), failure });
    await deleteEndedMails(transaction, { before: ago(keptDays), limit: atOnce });
  });
}
