// Authorities and organisations: small, shared by the whole installation.

import {
  authorityStates,
  offices,
  organisationStates,
  type AuthorityId,
  type OrganisationId,
} from "@lockstep/core";
import { z } from "zod";

import type { Reader, Transaction } from "../db/database.ts";
import { id } from "../db/shape.ts";
import { sql } from "../db/sql.ts";
import { Refusal } from "../refusal.ts";

const organisation = z.object({
  id: id<"organisation">(),
  /** Null for the office of the installation. */
  authorityId: id<"authority">().nullable(),
  authority: z.string().nullable(),
  name: z.string(),
  office: z.enum(offices),
  state: z.enum(["enabled", "disabled", "deleted"]),
  revision: z.int(),
});

export type Organisation = z.output<typeof organisation>;

const columns = sql`o.id, o.authority_id as "authorityId", a.name as authority, o.name, o.office,
  case when coalesce(a.deleted_at, o.deleted_at) is not null then 'deleted'
    when o.disabled_at is not null then 'disabled' else 'enabled' end as state, o.revision`;

const withAuthority = sql`from organisations o left join authorities a on a.id = o.authority_id`;

export async function listOrganisations(reader: Reader): Promise<Organisation[]> {
  return reader.rows(organisation, sql`select ${columns} ${withAuthority} order by o.name`);
}

/** @throws Refusal organisation_not_found. */
export async function loadOrganisation(
  reader: Reader,
  organisationId: OrganisationId,
): Promise<Organisation> {
  const found = await reader.row(
    organisation,
    sql`select ${columns} ${withAuthority} where o.id = ${organisationId}`,
  );
  if (found === undefined) throw new Refusal("organisation_not_found");
  return found;
}

const organisationState = z.object({
  state: z.enum(organisationStates),
  authorityState: z.enum(authorityStates),
});

/** What every status in an organisation derives from. One that does not exist is as if it were deleted. */
export async function loadOrganisationState(
  reader: Reader,
  organisationId: OrganisationId,
): Promise<z.output<typeof organisationState>> {
  const row = await reader.row(
    organisationState,
    sql`select case when o.deleted_at is not null then 'deleted' when o.disabled_at is not null then 'disabled'
        else 'enabled' end as state, case when a.deleted_at is not null then 'deleted' else 'enabled' end as "authorityState"
      ${withAuthority} where o.id = ${organisationId}`,
    { prepared: true },
  );
  return row ?? { state: "deleted", authorityState: "enabled" };
}

/** The organisation in which the people of the installation itself live; made by the set-up. */
export async function findInstallationOffice(reader: Reader): Promise<Organisation | undefined> {
  return reader.row(organisation, sql`select ${columns} ${withAuthority} where o.office = 'installation'`);
}

/** Who makes authorities and organisations takes turns until the transaction ends: names are theirs alone. */
export async function lockInstallation(transaction: Transaction): Promise<void> {
  await transaction.execute(sql`select pg_advisory_xact_lock(hashtextextended('installation', 0))`);
}

const authority = z.object({
  id: id<"authority">(),
  name: z.string(),
  officeId: id<"organisation">(),
  state: z.enum(authorityStates),
  revision: z.int(),
});

export type Authority = z.output<typeof authority>;

const authorities = sql`
  select a.id, a.name, o.id as "officeId", a.revision,
    case when a.deleted_at is not null then 'deleted' else 'enabled' end as state
  from authorities a join organisations o on o.authority_id = a.id and o.office = 'authority'`;

/** Every authority that has an office, by name. */
export async function listAuthorities(reader: Reader): Promise<Authority[]> {
  return reader.rows(authority, sql`${authorities} order by a.name`);
}

/** @throws Refusal authority_not_found, also for one that was deleted. */
export async function loadAuthority(reader: Reader, authorityId: AuthorityId): Promise<Authority> {
  const found = await reader.row(authority, sql`${authorities} where a.id = ${authorityId}`);
  if (found?.state !== "enabled") throw new Refusal("authority_not_found");
  return found;
}

const taken = z.object({ taken: z.boolean() });

/** Whether an organisation or an authority has the name already. */
export async function isNameTaken(reader: Reader, name: string): Promise<boolean> {
  const row = await reader.row(
    taken,
    sql`select exists (select from organisations where name = ${name})
      or exists (select from authorities where name = ${name}) as taken`,
  );
  return row?.taken ?? false;
}

/** Those of an authority that are called so, capitals aside, its office included, and not deleted. */
export async function listOrganisationsNamed(
  reader: Reader,
  authorityId: AuthorityId,
  name: string,
): Promise<Organisation[]> {
  return reader.rows(
    organisation,
    sql`select ${columns} ${withAuthority}
      where o.authority_id = ${authorityId} and lower(o.name) = lower(${name}) and o.deleted_at is null order by o.id`,
  );
}

export async function insertAuthority(
  transaction: Transaction,
  { id, name }: { id: AuthorityId; name: string },
): Promise<void> {
  await transaction.execute(sql`insert into authorities (id, name) values (${id}, ${name})`);
}

export async function insertOrganisation(
  transaction: Transaction,
  { id, authorityId, name, office }: Pick<Organisation, "id" | "authorityId" | "name" | "office">,
): Promise<void> {
  await transaction.execute(sql`
    insert into organisations (id, authority_id, name, office) values (${id}, ${authorityId}, ${name}, ${office})`);
}

/** An organisation of the authority was made or deleted: whoever has looked at it before sees that. */
export async function noteOrganisationChange(
  transaction: Transaction,
  authorityId: AuthorityId,
): Promise<void> {
  await transaction.execute(sql`update authorities set revision = revision + 1 where id = ${authorityId}`);
}

/** Its keys were written to a recovery file. */
export async function markKeysExported(
  transaction: Transaction,
  organisationId: OrganisationId,
  at: Date,
): Promise<void> {
  await transaction.execute(
    sql`update organisations set keys_exported_at = ${at} where id = ${organisationId}`,
  );
}

export async function updateOrganisationName(
  transaction: Transaction,
  organisationId: OrganisationId,
  name: string,
): Promise<void> {
  await transaction.execute(
    sql`update organisations set name = ${name}, revision = revision + 1 where id = ${organisationId}`,
  );
}

/** Derived by everybody in it at once; nothing of its users is written. Null switches it on again. */
export async function setOrganisationDisabled(
  transaction: Transaction,
  organisationId: OrganisationId,
  at: Date | null,
): Promise<void> {
  await transaction.execute(sql`
    update organisations set disabled_at = ${at}, revision = revision + 1 where id = ${organisationId}`);
}
