// Providers of organisations, and who their people are there, as rows.

import { singleSignOn } from "@lockstep/api";
import type { Id, OrganisationId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../db/change.ts";
import type { Reader } from "../db/database.ts";
import { id } from "../db/shape.ts";
import { sql } from "../db/sql.ts";

export type ConnectionId = Id<"single-sign-on">;

const connection = z.object({
  organisationId: id<"organisation">(),
  id: id<"single-sign-on">(),
  name: z.string(),
  shortName: z.string(),
  issuer: z.string(),
  clientId: z.string(),
  material: z.string(),
  kekVersion: z.int(),
  claim: z.enum(singleSignOn.singleSignOnClaims),
  isOn: z.boolean(),
  revision: z.int(),
});
export type Connection = z.output<typeof connection>;

/** Of an organisation without one. */
export const firstRevision = 1;

const columns = sql`c.organisation_id as "organisationId", c.id, c.name, n.short_name as "shortName", c.issuer,
  c.client_id as "clientId", c.material, c.kek_version as "kekVersion", c.claim, c.is_on as "isOn", c.revision
  from single_sign_on c join single_sign_on_names n on n.organisation_id = c.organisation_id`;

export async function findConnection(
  reader: Reader,
  organisationId: OrganisationId,
): Promise<Connection | undefined> {
  return reader.row(connection, sql`select ${columns} where c.organisation_id = ${organisationId}`);
}

/** One that lets people in. */
export async function findByShortName(reader: Reader, shortName: string): Promise<Connection | undefined> {
  return reader.row(connection, sql`select ${columns} where n.short_name = ${shortName} and c.is_on`);
}

/** Whether it still is as it was read, and on; nobody changes it until the transaction ends. */
export async function isStillOn(
  change: Change,
  { organisationId, id: connectionId, revision }: Connection,
): Promise<boolean> {
  const row = await change.row(
    z.object({ isOn: z.boolean() }),
    sql`select is_on as "isOn" from single_sign_on
      where organisation_id = ${organisationId} and id = ${connectionId} and revision = ${revision} for share`,
  );
  return row?.isOn ?? false;
}

/** @returns whether nobody else has the short name, and it still was in the revision that was edited. */
export async function putConnection(
  change: Change,
  c: Omit<Connection, "organisationId">,
): Promise<"put" | "name-taken" | "changed"> {
  const { organisationId } = change;
  await change.execute(sql`delete from single_sign_on_names where organisation_id = ${organisationId}`);
  const named = await change.execute(sql`
    insert into single_sign_on_names (short_name, organisation_id) values (${c.shortName}, ${organisationId})
    on conflict do nothing`);
  if (named === 0) return "name-taken";
  const written =
    c.revision === firstRevision
      ? await change.execute(sql`
          insert into single_sign_on (organisation_id, id, name, issuer, client_id, material, kek_version, claim,
            is_on, revision)
          values (${organisationId}, ${c.id}, ${c.name}, ${c.issuer}, ${c.clientId}, ${c.material}, ${c.kekVersion},
            ${c.claim}, ${c.isOn}, ${c.revision + 1})
          on conflict do nothing`)
      : await change.execute(sql`
          update single_sign_on set name = ${c.name}, issuer = ${c.issuer}, client_id = ${c.clientId},
            material = ${c.material}, kek_version = ${c.kekVersion}, claim = ${c.claim}, is_on = ${c.isOn},
            revision = revision + 1
          where organisation_id = ${organisationId} and revision = ${c.revision}`);
  return written > 0 ? "put" : "changed";
}

/** Forgets the provider. */
export async function deleteConnection(change: Change): Promise<void> {
  const { organisationId } = change;
  await change.execute(sql`delete from single_sign_on_names where organisation_id = ${organisationId}`);
  await change.execute(sql`delete from single_sign_on where organisation_id = ${organisationId}`);
}

/** Forgets who everybody is at the provider. @returns how many were known. */
export async function deleteLinks(change: Change): Promise<number> {
  return change.execute(
    sql`delete from single_sign_on_links where organisation_id = ${change.organisationId}`,
  );
}

/** @returns whether it was known. */
export async function deleteLink(change: Change, userId: UserId): Promise<boolean> {
  const written = await change.execute(sql`
    delete from single_sign_on_links where organisation_id = ${change.organisationId} and user_id = ${userId}`);
  return written > 0;
}

export async function countLinks(reader: Reader, organisationId: OrganisationId): Promise<number> {
  const row = await reader.row(
    z.object({ linked: z.int() }),
    sql`select count(*) as linked from single_sign_on_links where organisation_id = ${organisationId}`,
  );
  return row?.linked ?? 0;
}

/** Who somebody is at the provider: subjects are never given again, names are. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

const found = z.object({ userId: id<"user">() });

/** Who is remembered as this subject; else who has the username, in this organisation and no other one. */
export async function findComer(
  reader: Reader,
  organisationId: OrganisationId,
  { issuer, subject, username }: Identity & { readonly username: string | null },
): Promise<UserId | undefined> {
  const row = await reader.row(
    found,
    sql`
    select user_id as "userId" from (
      select user_id, 1 as rank from single_sign_on_links
      where organisation_id = ${organisationId} and issuer = ${issuer} and subject = ${subject}
      union all
      select user_id, 2 from usernames
      where username = ${username} and organisation_id = ${organisationId}
    ) comers order by rank limit 1`,
  );
  return row?.userId;
}

/**
 * Remembers who somebody is, the first time.
 * @returns "other" when somebody else is remembered.
 */
export async function rememberIdentity(
  change: Change,
  userId: UserId,
  { issuer, subject }: Identity,
): Promise<"new" | "same" | "other"> {
  const { organisationId, at } = change;
  const written = await change.execute(sql`
    insert into single_sign_on_links (organisation_id, user_id, issuer, subject, made_at)
    values (${organisationId}, ${userId}, ${issuer}, ${subject}, ${at}) on conflict do nothing`);
  if (written > 0) return "new";
  const row = await change.row(
    found,
    sql`select user_id as "userId" from single_sign_on_links where organisation_id = ${organisationId}
      and user_id = ${userId} and issuer = ${issuer} and subject = ${subject}`,
  );
  return row === undefined ? "other" : "same";
}

/**
 * Whether the user holds a role in which nobody comes by the provider: those who choose it are managers, so nobody who
 * may do more than them ever does, and managers only where their authority allows it.
 */
export async function holdsTooMuch(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<boolean> {
  const row = await reader.row(
    z.object({ holds: z.boolean() }),
    sql`
    select exists (
      select from role_grants g
      left join account_rules r on r.organisation_id = g.organisation_id and r.single_sign_on_for = 'managers'
      where g.organisation_id = ${organisationId} and g.user_id = ${userId} and not (
        r.organisation_id is not null and g.scope_id = g.organisation_id
        and g.role in ('organisation-manager', 'helpdesk'))
    ) as holds`,
  );
  return row?.holds ?? true;
}
