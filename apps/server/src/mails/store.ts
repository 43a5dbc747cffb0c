// The outbox: one row for each mail, with its state. Without a link in it a mail has no secret.

import { mails } from "@lockstep/api";
import type { OrganisationId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../db/change.ts";
import type { Reader, Transaction } from "../db/database.ts";
import { id, instant } from "../db/shape.ts";
import { array, sql, type Statement } from "../db/sql.ts";

const mail = z.object({
  id: id<"mail">(),
  organisationId: id<"organisation">(),
  organisation: z.string(),
  userId: id<"user">(),
  name: z.string(),
  username: z.string(),
  email: z.string().nullable(),
  kind: z.enum(mails.mailKinds),
  language: z.enum(mails.mailLanguages),
  details: z.record(z.string(), z.string()),
  /** The secret of its link, sealed; null without one, and once the mail does not wait any more. */
  material: z.string().nullable(),
  kekVersion: z.int().nullable(),
  state: z.enum(mails.mailStates),
  postedAt: instant,
  attempts: z.int(),
  triedAt: instant.nullable(),
  failure: z.string().nullable(),
});

export type StoredMail = z.output<typeof mail>;
export type MailId = StoredMail["id"];

const stateOf = sql`case when m.sent_at is not null then 'sent' when m.failed_at is not null then 'failed'
  else 'waiting' end`;

const columns = sql`m.id, m.organisation_id as "organisationId", o.name as organisation, m.user_id as "userId",
  u.name, u.username, u.email, m.kind, m.language, m.details, m.material, m.kek_version as "kekVersion",
  ${stateOf} as state, m.posted_at as "postedAt", m.attempts, m.tried_at as "triedAt", m.failure`;

const withUser = sql`join users u on u.organisation_id = m.organisation_id and u.id = m.user_id
  join organisations o on o.id = m.organisation_id`;

export interface NewMail {
  readonly id: MailId;
  readonly userId: UserId;
  readonly kind: StoredMail["kind"];
  readonly details: StoredMail["details"];
  /** With the secret of the link, sealed for the mail. */
  readonly link?: {
    readonly id: string;
    readonly secret: { readonly material: string; readonly kekVersion: number };
  };
  /** To whom it goes, sealed for the mail, where nothing else knows that any more. */
  readonly addressee?: { readonly material: string; readonly kekVersion: number };
}

export async function insertMails(
  change: Change,
  these: readonly NewMail[],
  language: StoredMail["language"],
): Promise<void> {
  const text = (pick: (mail: NewMail) => string | null) => array(these.map(pick), "text");
  const ids = (pick: (mail: NewMail) => string | null) => array(these.map(pick), "uuid");
  await change.execute(sql`
    insert into mails (organisation_id, id, user_id, kind, language, details, link_id, material, kek_version,
      posted_at, next_at)
    select ${change.organisationId}, n.id, n.user_id, n.kind, ${language}, n.details::jsonb, n.link_id, n.material,
      n.kek_version, ${change.at}, ${change.at}
    from unnest(${ids((each) => each.id)}, ${ids((each) => each.userId)}, ${text(({ kind }) => kind)},
      ${text(({ details }) => JSON.stringify(details))}, ${ids(({ link }) => link?.id ?? null)},
      ${text(({ link, addressee }) => (link?.secret ?? addressee)?.material ?? null)},
      ${array(
        these.map(({ link, addressee }) => (link?.secret ?? addressee)?.kekVersion ?? null),
        "integer",
      )}) as n (id, user_id, kind, details, link_id, material, kek_version)`);
}

export async function findMail(
  reader: Reader,
  organisationId: OrganisationId,
  mailId: MailId,
): Promise<StoredMail | undefined> {
  return reader.row(
    mail,
    sql`select ${columns} from mails m ${withUser}
      where m.organisation_id = ${organisationId} and m.id = ${mailId}`,
  );
}

/** The latest of a user; undefined if there was none. */
export async function findLastMail(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<StoredMail | undefined> {
  return reader.row(
    mail,
    sql`select ${columns} from mails m ${withUser}
      where m.organisation_id = ${organisationId} and m.user_id = ${userId}
      order by m.posted_at desc, m.id desc limit 1`,
  );
}

const ofState: Readonly<Record<StoredMail["state"], Statement>> = {
  waiting: sql`m.next_at is not null`,
  sent: sql`m.sent_at is not null`,
  failed: sql`m.failed_at is not null`,
};

/** Of the whole installation, newest first; ids are made in the order of time. */
export async function listMails(
  reader: Reader,
  { state, limit }: { state?: StoredMail["state"] | undefined; limit: number },
): Promise<StoredMail[]> {
  const those = state === undefined ? sql`true` : ofState[state];
  return reader.rows(
    mail,
    sql`select ${columns} from mails m ${withUser} where ${those}
      order by m.posted_at desc, m.organisation_id, m.id desc limit ${limit}`,
  );
}

const deadLink = "The link in it was used, replaced or taken back, or has expired.";

const counted = z.object({ waiting: z.int(), failed: z.int() });

/** @param since when a failure is still counted; that another mail took the place of one is none. */
export async function countMails(reader: Reader, since: Date): Promise<z.output<typeof counted>> {
  // Of every organisation_id there is.
  const row = await reader.row(
    counted,
    sql`select (select count(*) from mails where next_at is not null) as waiting,
      (select count(*) from mails where failed_at > ${since} and failure <> ${deadLink}) as failed`,
  );
  return row ?? { waiting: 0, failed: 0 };
}

/** Gives up what waits with a link that nobody can use any more. @param only of one user; else of everybody. */
export async function failDeadMails(transaction: Transaction, at: Date, only?: UserId): Promise<number> {
  const whose = only === undefined ? sql`true` : sql`m.user_id = ${only}`;
  return transaction.execute(sql`
    update mails m set next_at = null, failed_at = ${at}, failure = ${deadLink}, details = '{}', material = null,
      kek_version = null
    from links l
    where m.next_at is not null and ${whose} and l.organisation_id = m.organisation_id and l.id = m.link_id
      and (l.used_at is not null or l.voided_at is not null or l.expires_at <= ${at})`);
}

const claimed = z.object({ organisationId: id<"organisation">(), id: id<"mail">() });

/**
 * Takes one that is due, of whichever organisation, so that no other server takes it before `again`: whoever dies
 * while it is sent leaves it to be tried then.
 */
export async function claimMail(
  transaction: Transaction,
  { at, again }: { at: Date; again: Date },
): Promise<StoredMail | undefined> {
  const taken = await transaction.row(
    claimed,
    sql`
    update mails m set next_at = ${again}, attempts = m.attempts + 1, tried_at = ${at}
    where (m.organisation_id, m.id) = (
      select organisation_id, id from mails where next_at <= ${at} order by next_at, id limit 1
      for update skip locked)
    returning m.organisation_id as "organisationId", m.id`,
  );
  return taken && findMail(transaction, taken.organisationId, taken.id);
}

interface Place {
  readonly organisationId: OrganisationId;
  readonly id: MailId;
}

const addressForgotten = "It had waited for too long, and the address is forgotten.";

/** Gives up what only the mail itself still knows the address of, and was posted before a moment. */
export async function failOldFarewells(transaction: Transaction, at: Date, before: Date): Promise<void> {
  // Of every organisation_id there is.
  await transaction.execute(sql`
    update mails set next_at = null, failed_at = ${at}, failure = ${addressForgotten}, details = '{}', material = null,
      kek_version = null
    where next_at is not null and kind = 'deletion-done' and posted_at < ${before}`);
}

const accountDeleted = "The account was deleted.";

/** Nothing is sent any more of what waits for some users. */
export async function failMailsOf(change: Change, users: readonly UserId[]): Promise<void> {
  await change.execute(sql`
    update mails set next_at = null, failed_at = ${change.at}, failure = ${accountDeleted}, details = '{}', material = null,
      kek_version = null
    where organisation_id = ${change.organisationId} and user_id = any(${array(users, "uuid")})
      and next_at is not null`);
}

/** It was handed over. Nothing secret of it is kept, nor what it said. */
export async function markMailSent(transaction: Transaction, mail: Place, at: Date): Promise<void> {
  await transaction.execute(sql`
    update mails set next_at = null, sent_at = ${at}, failure = null, details = '{}', material = null, kek_version = null
    where organisation_id = ${mail.organisationId} and id = ${mail.id} and next_at is not null`);
}

/** An attempt went wrong. @param again null if it is given up. */
export async function markMailFailed(
  transaction: Transaction,
  mail: Place,
  { failure, at, again }: { failure: string; at: Date; again: Date | null },
): Promise<void> {
  const kept =
    again === null ? sql`, failed_at = ${at}, details = '{}', material = null, kek_version = null` : sql``;
  await transaction.execute(sql`
    update mails set failure = ${failure}, next_at = ${again} ${kept}
    where organisation_id = ${mail.organisationId} and id = ${mail.id} and next_at is not null`);
}

/** Everything that waits is due now, but for what may be on its way at this moment. */
export async function hurryMails(transaction: Transaction, at: Date): Promise<void> {
  // Of every organisation_id there is.
  await transaction.execute(sql`
    update mails set next_at = ${at}
    where next_at > ${at} and tried_at < ${at}::timestamptz - interval '1 minute'`);
}

/** Gives up what has waited since before some moment, and with it what it says. */
export async function failOldMails(
  transaction: Transaction,
  { at, since, failure }: { at: Date; since: Date; failure: string },
): Promise<void> {
  // Of every organisation_id there is.
  await transaction.execute(sql`
    update mails set next_at = null, failed_at = ${at}, failure = coalesce(failure, ${failure}), details = '{}',
      material = null, kek_version = null
    where next_at is not null and posted_at <= ${since}`);
}

/** Forgets that there were mails, of those that were sent or given up before some moment. @returns how many. */
export async function deleteEndedMails(
  transaction: Transaction,
  { before, limit }: { before: Date; limit: number },
): Promise<number> {
  // Of every organisation_id there is.
  return transaction.execute(sql`
    delete from mails where (organisation_id, id) in (
      select organisation_id, id from mails
      where next_at is null and coalesce(sent_at, failed_at) <= ${before} limit ${limit})`);
}

const undelivered = z.object({ postedAt: instant, failure: z.string() });

/** Warnings of being disabled that did not reach the user, of those since the last activity; newest first. */
export async function listUndeliveredWarnings(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<z.output<typeof undelivered>[]> {
  return reader.rows(
    undelivered,
    sql`select m.posted_at as "postedAt", m.failure
      from mails m join users u on u.organisation_id = m.organisation_id and u.id = m.user_id
      where m.organisation_id = ${organisationId} and m.user_id = ${userId} and m.kind = 'inactivity-warning'
        and m.posted_at >= u.active_at and m.sent_at is null and m.failure is not null
      order by m.posted_at desc, m.id desc limit 10`,
  );
}
