// Who holds which role, and where. Everybody is also a `user` of the own organisation, which nobody has to write.

import type { OrganisationId, Role, UserId } from "@lockstep/core";

import type { Transaction } from "../db/database.ts";
import { sql } from "../db/sql.ts";

export interface RoleGrant {
  readonly userId: UserId;
  readonly role: Exclude<Role, "user" | "system">;
  /** Where it holds: the organisation, or the office of the authority or of the installation. */
  readonly scopeId: OrganisationId;
}

export async function insertRoleGrant(
  transaction: Transaction,
  organisationId: OrganisationId,
  { userId, role, scopeId }: RoleGrant,
  at: Date,
): Promise<void> {
  await transaction.execute(sql`
    insert into role_grants (organisation_id, user_id, role, scope_id, granted_at)
    values (${organisationId}, ${userId}, ${role}, ${scopeId}, ${at}) on conflict do nothing`);
}
