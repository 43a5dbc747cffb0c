// Browsers in which a user has signed in before, as rows.

import type { Id, OrganisationId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Reader, Transaction } from "../../db/database.ts";
import { id } from "../../db/shape.ts";
import { sql } from "../../db/sql.ts";
import type { Credential } from "../secret.ts";

export type KnownBrowserId = Id<"known-browser">;

const knownBrowser = z.object({ id: id<"known-browser">(), username: z.string() });
export type KnownBrowser = z.output<typeof knownBrowser>;

/** @param since when it must have been used; one that was not is forgotten. */
export async function findKnownBrowser(
  reader: Reader,
  { organisationId, id: browserId, secretHash }: Credential<"known-browser">,
  since: Date,
): Promise<KnownBrowser | undefined> {
  return reader.row(
    knownBrowser,
    sql`select b.id, u.username from known_browsers b
      join users u on u.organisation_id = b.organisation_id and u.id = b.user_id
      where b.organisation_id = ${organisationId} and b.id = ${browserId} and b.secret_hash = ${secretHash}
        and b.used_at > ${since}`,
    { prepared: true },
  );
}

export async function insertKnownBrowser(
  transaction: Transaction,
  { organisationId, id: browserId, secretHash }: Credential<"known-browser">,
  { userId, at }: { userId: UserId; at: Date },
): Promise<void> {
  await transaction.execute(sql`
    insert into known_browsers (organisation_id, id, user_id, secret_hash, made_at, used_at)
    values (${organisationId}, ${browserId}, ${userId}, ${secretHash}, ${at}, ${at})`);
}

export async function updateKnownBrowser(
  transaction: Transaction,
  organisationId: OrganisationId,
  browserId: KnownBrowserId,
  at: Date,
): Promise<void> {
  await transaction.execute(sql`
    update known_browsers set used_at = greatest(used_at, ${at})
    where organisation_id = ${organisationId} and id = ${browserId}`);
}

/** Those used last stay. */
export async function deleteSurplusBrowsers(
  transaction: Transaction,
  { organisationId, userId }: { organisationId: OrganisationId; userId: UserId },
  most: number,
): Promise<void> {
  await transaction.execute(sql`
    delete from known_browsers where organisation_id = ${organisationId} and id in (
      select id from known_browsers where organisation_id = ${organisationId} and user_id = ${userId}
      order by used_at desc, id desc offset ${most})`);
}

export async function deleteKnownBrowsers(
  transaction: Transaction,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<void> {
  await transaction.execute(
    sql`delete from known_browsers where organisation_id = ${organisationId} and user_id = ${userId}`,
  );
}

export async function deleteUnusedBrowsers(
  transaction: Transaction,
  organisationId: OrganisationId,
  before: Date,
): Promise<void> {
  await transaction.execute(
    sql`delete from known_browsers where organisation_id = ${organisationId} and used_at <= ${before}`,
  );
}
