// Who holds which role, and where. Everybody is also a `user` of the own organisation, which nobody has to write.

import { roleHolders } from "@lockstep/api";
import type { OrganisationId, Role, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Reader, Transaction } from "../db/database.ts";
import { id, instant } from "../db/shape.ts";
import { array, sql } from "../db/sql.ts";
import { mayBeSignedIn, ofOrganisation } from "../sessions/store.ts";

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

const holder = z.object({
  role: z.enum(roleHolders.grantedRoles),
  user: z.object({ id: id<"user">(), name: z.string(), username: z.string() }),
  livesHere: z.boolean(),
  canSignIn: z.boolean(),
  grantedAt: instant,
});

/** Whose role holds in an organisation or in the place whose office it is; the highest roles first. */
export async function listHolders(
  reader: Reader,
  organisationId: OrganisationId,
): Promise<z.output<typeof holder>[]> {
  return reader.rows(
    holder,
    sql`
    select g.role, json_build_object('id', u.id, 'name', u.name, 'username', u.username) as user,
      u.organisation_id = g.scope_id as "livesHere", ${mayBeSignedIn} as "canSignIn", g.granted_at as "grantedAt"
    from role_grants g
    join users u on u.organisation_id = g.organisation_id and u.id = g.user_id ${ofOrganisation}
    where g.scope_id = ${organisationId} and u.account <> 'deleted' and u.removed_at is null
    order by array_position(${array(roleHolders.grantedRoles, "text")}, g.role), u.sort_name, u.id`,
  );
}
