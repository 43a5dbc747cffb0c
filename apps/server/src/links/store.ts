// Links as rows: whose, what for, until when, and whether anything has made them void.

import { links } from "@lockstep/api";
import { organisationStates, type OrganisationId, type UserId } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../db/change.ts";
import type { Reader } from "../db/database.ts";
import { id, instant } from "../db/shape.ts";
import { sql } from "../db/sql.ts";

const link = z.object({
  id: id<"link">(),
  organisationId: id<"organisation">(),
  userId: id<"user">(),
  purpose: z.enum(links.linkPurposes),
  username: z.string(),
  organisation: z.string(),
  organisationState: z.enum(organisationStates),
  expiresAt: instant,
});

export type Link = z.output<typeof link>;
export type LinkId = Link["id"];
export type LinkPurpose = Link["purpose"];

/** What the holder of a link has of it. */
export interface LinkKey {
  readonly organisationId: OrganisationId;
  readonly id: LinkId;
  readonly secretHash: Buffer;
}

/** The link, unless it was used, is void, has expired, or its user or organisation is gone. */
export async function findOpenLink(
  reader: Reader,
  { organisationId, id: linkId, secretHash }: LinkKey,
  at: Date,
): Promise<Link | undefined> {
  return reader.row(
    link,
    sql`
    select l.id, l.organisation_id as "organisationId", l.user_id as "userId", l.purpose, u.username,
      o.name as organisation, l.expires_at as "expiresAt",
      case when o.disabled_at is not null then 'disabled' else 'enabled' end as "organisationState"
    from links l
    join users u on u.organisation_id = l.organisation_id and u.id = l.user_id
    join organisations o on o.id = l.organisation_id left join authorities a on a.id = o.authority_id
    where l.organisation_id = ${organisationId} and l.id = ${linkId} and l.secret_hash = ${secretHash}
      and l.used_at is null and l.voided_at is null and l.expires_at > ${at}
      and u.removed_at is null and o.deleted_at is null and a.deleted_at is null`,
  );
}

export interface NewLink {
  readonly id: LinkId;
  readonly userId: UserId;
  readonly purpose: LinkPurpose;
  readonly secretHash: Buffer;
  readonly expiresAt: Date;
}

export async function insertLink(
  change: Change,
  { id: linkId, userId, purpose, secretHash, expiresAt }: NewLink,
): Promise<void> {
  await change.execute(sql`
    insert into links (organisation_id, id, user_id, purpose, secret_hash, made_at, expires_at)
    values (${change.organisationId}, ${linkId}, ${userId}, ${purpose}, ${secretHash}, ${change.at}, ${expiresAt})`);
}

/** Whoever still has a link of the user can do nothing with it from now on. The user's row is locked already. */
export async function voidLinks(change: Change, userId: UserId, purpose?: LinkPurpose): Promise<void> {
  const those = purpose === undefined ? sql`true` : sql`purpose = ${purpose}`;
  await change.execute(sql`
    update links set voided_at = ${change.at}
    where organisation_id = ${change.organisationId} and user_id = ${userId} and ${those}
      and used_at is null and voided_at is null`);
}

const own = z.object({ id: id<"user">() });

/**
 * Locks the user, as whoever blocks does, and then uses the link: of two who come at once one does.
 * @returns whether it could still be used.
 */
export async function spendLink(
  change: Change,
  { id: linkId, userId, purpose }: Pick<Link, "id" | "userId" | "purpose">,
): Promise<boolean> {
  const { organisationId, at } = change;
  const user = await change.row(
    own,
    sql`select id from users
      where organisation_id = ${organisationId} and id = ${userId} and removed_at is null for no key update`,
  );
  if (user === undefined) return false;
  const spent = await change.execute(sql`
    update links set used_at = ${at}
    where organisation_id = ${organisationId} and id = ${linkId} and user_id = ${userId} and purpose = ${purpose}
      and used_at is null and voided_at is null and expires_at > ${at}`);
  return spent > 0;
}
