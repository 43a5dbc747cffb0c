// Who holds which role, and where. Everybody is also a `user` of the own organisation, which nobody has to write.

import { offices, type GrantedRole, type OrganisationId, type UserId } from "@lockstep/core";
import { z } from "zod";

import type { Reader, Transaction } from "../db/database.ts";
import { id } from "../db/shape.ts";
import { sql } from "../db/sql.ts";

export interface RoleGrant {
  readonly userId: UserId;
  readonly role: GrantedRole;
  /** Where it holds: the organisation, or the office of the authority or of the installation. */
  readonly scopeId: OrganisationId;
}

/** @returns whether the user did not hold it already. */
export async function insertRoleGrant(
  transaction: Transaction,
  organisationId: OrganisationId,
  { userId, role, scopeId }: RoleGrant,
  at: Date,
): Promise<boolean> {
  const written = await transaction.execute(sql`
    insert into role_grants (organisation_id, user_id, role, scope_id, granted_at)
    values (${organisationId}, ${userId}, ${role}, ${scopeId}, ${at}) on conflict do nothing`);
  return written > 0;
}

/** @returns whether the user held it. */
export async function deleteRoleGrant(
  transaction: Transaction,
  organisationId: OrganisationId,
  { userId, role, scopeId }: RoleGrant,
): Promise<boolean> {
  const written = await transaction.execute(sql`
    delete from role_grants
    where organisation_id = ${organisationId} and user_id = ${userId} and role = ${role} and scope_id = ${scopeId}`);
  return written > 0;
}

const home = z.object({
  organisationId: id<"organisation">(),
  authorityId: id<"authority">().nullable(),
  office: z.enum(offices),
});
export type Home = z.output<typeof home>;

/**
 * Where somebody lives who could hold a role in a place: there or above, which is `isAtOrAbove` of core. One user id,
 * looked up in three organisations at most.
 */
export async function findHomeAtOrAbove(
  reader: Reader,
  placeId: OrganisationId,
  userId: UserId,
): Promise<Home | undefined> {
  return reader.row(
    home,
    sql`
    select h.id as "organisationId", h.authority_id as "authorityId", h.office
    from organisations t
    join organisations h on h.id = t.id or h.office = 'installation'
      or (h.office = 'authority' and t.office = 'none' and h.authority_id = t.authority_id)
    join users u on u.organisation_id = h.id and u.id = ${userId} and u.removed_at is null
    where t.id = ${placeId}`,
  );
}

const holderHome = home.pick({ organisationId: true });

/** Where somebody lives who holds a role in a place, wherever that is. */
export async function findHomeOfHolder(
  reader: Reader,
  { userId, role, scopeId }: RoleGrant,
): Promise<OrganisationId | undefined> {
  const row = await reader.row(
    holderHome,
    sql`select g.organisation_id as "organisationId" from role_grants g
      join users u on u.organisation_id = g.organisation_id and u.id = g.user_id and u.removed_at is null
      where g.scope_id = ${scopeId} and g.role = ${role} and g.user_id = ${userId}`,
  );
  return row?.organisationId;
}
