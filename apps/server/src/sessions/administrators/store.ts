// Who administers what, of those who can sign in. Roles reach over organisations, so these few statements do too.

import { roleHolders } from "@lockstep/api";
import { roles, type OrganisationId, type Role, type UserId } from "@lockstep/core";
import { z } from "zod";

import type { Reader, Transaction } from "../../db/database.ts";
import { id, instant } from "../../db/shape.ts";
import { array, sql } from "../../db/sql.ts";
import { isEnabled, mayBeSignedIn, ofOrganisation } from "../store.ts";

const scope = z.object({ scopeId: id<"organisation">() });

/**
 * Whoever takes administrators away from a scope takes turns until the transaction ends: two could otherwise each rely
 * on the other's.
 */
export async function lockScopesOf(
  transaction: Transaction,
  organisationId: OrganisationId,
  users: readonly UserId[],
): Promise<void> {
  const scopes = await transaction.rows(
    scope,
    sql`select distinct scope_id as "scopeId" from role_grants
      where organisation_id = ${organisationId} and user_id = any(${array(users, "uuid")}) and role <> 'helpdesk'
      order by scope_id`,
  );
  for (const { scopeId } of scopes) {
    await transaction.execute(
      sql`select pg_advisory_xact_lock(hashtextextended(${`administrators ${scopeId}`}, 0))`,
    );
  }
}

const holder = z.object({ userId: id<"user">() });

/** Who lives in the organisation and administers anything. */
export async function listAdministratorsOf(
  reader: Reader,
  organisationId: OrganisationId,
): Promise<UserId[]> {
  const rows = await reader.rows(
    holder,
    sql`select distinct user_id as "userId" from role_grants
      where organisation_id = ${organisationId} and role <> 'helpdesk'`,
  );
  return rows.map(({ userId }) => userId);
}

const last = z.object({ isLast: z.boolean() });

/**
 * Whether somewhere nobody else who can sign in holds the same role as the user. Ask after `lockScopesOf`.
 * @param only in one role in one place; in all of them if left out.
 */
export async function isLastAdministrator(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
  only?: { readonly role: Role; readonly scopeId: OrganisationId },
): Promise<boolean> {
  const narrowed =
    only === undefined ? sql`` : sql`and g.role = ${only.role} and g.scope_id = ${only.scopeId}`;
  const row = await reader.row(
    last,
    sql`
    select exists (
      select from role_grants g join organisations s on s.id = g.scope_id and s.deleted_at is null
      left join authorities sa on sa.id = s.authority_id
      where sa.deleted_at is null and g.organisation_id = ${organisationId} and g.user_id = ${userId} and g.role <> 'helpdesk' ${narrowed} and not exists (
        select from role_grants x
        join users u on u.organisation_id = x.organisation_id and u.id = x.user_id ${ofOrganisation}
        where x.scope_id = g.scope_id and x.role = g.role and u.id <> g.user_id and ${mayBeSignedIn})
    ) as "isLast"`,
  );
  return row?.isLast ?? false;
}

const lastElsewhere = z.object({
  id: id<"user">(),
  name: z.string(),
  username: z.string(),
  role: z.enum(roles),
  organisation: z.string(),
});

/** Who in some organisations is, with the others in there, the last to administer something outside of them. */
export async function listLastElsewhere(
  reader: Reader,
  these: readonly OrganisationId[],
): Promise<z.output<typeof lastElsewhere>[]> {
  const inside = array(these, "uuid");
  return reader.rows(
    lastElsewhere,
    sql`
    select i.id, i.name, i.username, g.role, s.name as organisation
    from role_grants g
    join users i on i.organisation_id = g.organisation_id and i.id = g.user_id
    join organisations s on s.id = g.scope_id left join authorities sa on sa.id = s.authority_id
    where g.organisation_id = any(${inside}) and not (g.scope_id = any(${inside})) and g.role <> 'helpdesk'
      and s.deleted_at is null and sa.deleted_at is null and not exists (
        select from role_grants x
        join users u on u.organisation_id = x.organisation_id and u.id = x.user_id ${ofOrganisation}
        where x.scope_id = g.scope_id and x.role = g.role and not (x.organisation_id = any(${inside}))
          and ${mayBeSignedIn})
    order by i.username, g.role limit 50`,
  );
}

const holderElsewhere = z.object({ organisationId: id<"organisation">(), userId: id<"user">() });

/** Who in some organisations administers anything outside of them. */
export async function listAdministratorsElsewhere(
  reader: Reader,
  these: readonly OrganisationId[],
): Promise<z.output<typeof holderElsewhere>[]> {
  const inside = array(these, "uuid");
  return reader.rows(
    holderElsewhere,
    sql`select distinct organisation_id as "organisationId", user_id as "userId" from role_grants
      where organisation_id = any(${inside}) and not (scope_id = any(${inside})) and role <> 'helpdesk'
      order by organisation_id, user_id`,
  );
}

const held = z.object({ role: z.enum(roles) });

/** The highest role that a user holds anywhere; undefined for who holds none. */
export async function findHighestRole(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<Role | undefined> {
  const rows = await reader.rows(
    held,
    sql`select distinct role from role_grants where organisation_id = ${organisationId} and user_id = ${userId}`,
  );
  return roles.find((role) => rows.some((row) => row.role === role));
}

const administrator = z.object({
  role: z.enum(roles),
  scopeId: id<"organisation">(),
  authorityId: id<"authority">().nullable(),
  homeId: id<"organisation">(),
  userId: id<"user">(),
  name: z.string(),
  email: z.string().nullable(),
});

export interface Administrator {
  readonly role: Role;
  /** Where the role holds. */
  readonly scopeId: OrganisationId;
  readonly authorityId: z.output<typeof administrator>["authorityId"];
  /** Where the user lives. */
  readonly homeId: OrganisationId;
  readonly userId: UserId;
  readonly name: string;
  readonly email: string | null;
}

/** Those who can sign in and hold a role in an organisation, in its authority, or in the installation; nearest first. */
export async function listAdministratorsAround(
  reader: Reader,
  organisationId: OrganisationId,
): Promise<Administrator[]> {
  return reader.rows(
    administrator,
    sql`
    select g.role, g.scope_id as "scopeId", s.authority_id as "authorityId", u.organisation_id as "homeId",
      u.id as "userId", u.name, u.email
    from organisations t
    join organisations s on s.id = t.id or s.office = 'installation'
      or (s.office = 'authority' and s.authority_id = t.authority_id)
    join role_grants g on g.scope_id = s.id and g.role <> 'helpdesk'
    join users u on u.organisation_id = g.organisation_id and u.id = g.user_id ${ofOrganisation}
    where t.id = ${organisationId} and ${mayBeSignedIn}
    order by array_position(array['organisation-manager', 'authority-administrator'], g.role), u.sort_name, u.id`,
  );
}

const roleHolder = z.object({
  role: z.enum(roleHolders.grantedRoles),
  user: z.object({ id: id<"user">(), name: z.string(), username: z.string() }),
  livesHere: z.boolean(),
  canSignIn: z.boolean(),
  /** Nothing but what has become of the organisation could keep the user from signing in. */
  isEnabled: z.boolean(),
  grantedAt: instant,
});

export type StoredRoleHolder = z.output<typeof roleHolder>;

/** Whose role holds in an organisation or in the place whose office it is; the highest roles first. */
export async function listRoleHolders(
  reader: Reader,
  organisationId: OrganisationId,
): Promise<StoredRoleHolder[]> {
  return reader.rows(
    roleHolder,
    sql`
    select g.role, json_build_object('id', u.id, 'name', u.name, 'username', u.username) as user,
      u.organisation_id = g.scope_id as "livesHere", ${mayBeSignedIn} as "canSignIn",
      ${isEnabled} as "isEnabled", g.granted_at as "grantedAt"
    from role_grants g
    join users u on u.organisation_id = g.organisation_id and u.id = g.user_id ${ofOrganisation}
    where g.scope_id = ${organisationId} and u.account <> 'deleted' and u.removed_at is null
    order by array_position(${array(roleHolders.grantedRoles, "text")}, g.role), u.sort_name, u.id`,
  );
}
