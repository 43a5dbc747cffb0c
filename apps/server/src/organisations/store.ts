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
  authorityId: id<"authority">(),
  authority: z.string(),
  name: z.string(),
  office: z.enum(offices),
  state: z.enum(["enabled", "disabled", "deleted"]),
});

export type Organisation = z.output<typeof organisation>;

const columns = sql`o.id, o.authority_id as "authorityId", a.name as authority, o.name, o.office,
  case when coalesce(a.deleted_at, o.deleted_at) is not null then 'deleted'
    when o.disabled_at is not null then 'disabled' else 'enabled' end as state`;

export async function listOrganisations(reader: Reader): Promise<Organisation[]> {
  return reader.rows(
    organisation,
    sql`select ${columns} from organisations o join authorities a on a.id = o.authority_id order by o.name`,
  );
}

/** @throws Refusal organisation_not_found. */
export async function loadOrganisation(
  reader: Reader,
  organisationId: OrganisationId,
): Promise<Organisation> {
  const found = await reader.row(
    organisation,
    sql`select ${columns} from organisations o join authorities a on a.id = o.authority_id
      where o.id = ${organisationId}`,
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
      from organisations o join authorities a on a.id = o.authority_id where o.id = ${organisationId}`,
    { prepared: true },
  );
  return row ?? { state: "deleted", authorityState: "enabled" };
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

/** Derived by everybody in it at once; nothing of its users is written. Null switches it on again. */
export async function setOrganisationDisabled(
  transaction: Transaction,
  organisationId: OrganisationId,
  at: Date | null,
): Promise<void> {
  await transaction.execute(sql`update organisations set disabled_at = ${at} where id = ${organisationId}`);
}
