// When managers were told what waits for them, and whom they have invited in vain so far.

import type { OrganisationId } from "@lockstep/core";
import { z } from "zod";

import type { Reader, Transaction } from "../../db/database.ts";
import { sql } from "../../db/sql.ts";

/**
 * @returns whether it is time; then nobody else tells the same until the transaction ends, and not for a while after. Of
 * an organisation that is new to this the while begins now.
 */
export async function claimDigest(
  transaction: Transaction,
  organisationId: OrganisationId,
  { at, since }: { at: Date; since: Date },
): Promise<boolean> {
  const isNew = await transaction.execute(sql`
    insert into account_digests (organisation_id, posted_at) values (${organisationId}, ${at}) on conflict do nothing`);
  if (isNew > 0) return false;
  const claimed = await transaction.execute(sql`
    update account_digests set posted_at = ${at}
    where organisation_id = ${organisationId} and posted_at <= ${since}`);
  return claimed > 0;
}

const isPending = sql`account = 'pending' and blocked_at is null and removed_at is null`;

const counted = z.object({ pending: z.int() });

export async function countPending(reader: Reader, organisationId: OrganisationId): Promise<number> {
  const row = await reader.row(
    counted,
    sql`select count(*) as pending from users where organisation_id = ${organisationId} and ${isPending}`,
  );
  return row?.pending ?? 0;
}

const person = z.object({ name: z.string() });

/** The names of those who were invited and have not activated their accounts. */
export async function listPending(
  reader: Reader,
  organisationId: OrganisationId,
  limit: number,
): Promise<string[]> {
  const rows = await reader.rows(
    person,
    sql`select name from users where organisation_id = ${organisationId} and ${isPending}
      order by sort_name, id limit ${limit}`,
  );
  return rows.map(({ name }) => name);
}
