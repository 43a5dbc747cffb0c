// What has a last day: blocks, licences that somebody holds a seat of, and activation codes that nobody has used.

import type { OrganisationId } from "@lockstep/core";
import { z } from "zod";

import type { Reader } from "../db/database.ts";
import { id, instant } from "../db/shape.ts";
import { sql } from "../db/sql.ts";

export interface Window {
  readonly at: Date;
  readonly until: Date;
  readonly limit: number;
}

const ofUser = z.object({ id: id<"user">(), name: z.string(), username: z.string(), on: instant });

export type DatedUser = z.output<typeof ofUser>;

export async function listBlockEnds(
  reader: Reader,
  organisationId: OrganisationId,
  { at, until, limit }: Window,
): Promise<DatedUser[]> {
  return reader.rows(
    ofUser,
    sql`select u.id, u.name, u.username, b.until as "on"
      from blocks b join users u on u.organisation_id = b.organisation_id and u.id = b.user_id
      where b.organisation_id = ${organisationId} and b.lifted_at is null and b.until > ${at} and b.until <= ${until}
      order by b.until, u.id limit ${limit}`,
  );
}

export async function listCodeEnds(
  reader: Reader,
  organisationId: OrganisationId,
  { at, until, limit }: Window,
): Promise<DatedUser[]> {
  return reader.rows(
    ofUser,
    sql`select u.id, u.name, u.username, c.expires_at as "on"
      from activation_codes c join users u on u.organisation_id = c.organisation_id and u.id = c.user_id
      where c.organisation_id = ${organisationId} and c.used_at is null and c.voided_at is null
        and c.expires_at > ${at} and c.expires_at <= ${until}
      order by c.expires_at, u.id limit ${limit}`,
  );
}

const ofLicence = z.object({
  id: id<"licence">(),
  productId: z.string(),
  users: z.int(),
  /** The moment after the last day. */
  on: instant,
});

export async function listLicenceEnds(
  reader: Reader,
  organisationId: OrganisationId,
  { at, until, limit }: Window,
): Promise<z.output<typeof ofLicence>[]> {
  return reader.rows(
    ofLicence,
    sql`
    select * from (
      select l.id, l.product_id as "productId", (l.valid_until + 1)::timestamp at time zone 'UTC' as "on",
        (select count(*) from seats s where s.organisation_id = l.organisation_id and s.licence_id = l.id) as users
      from licences l where l.organisation_id = ${organisationId}
    ) e where "on" > ${at} and "on" <= ${until} and users > 0 order by "on", id limit ${limit}`,
  );
}
