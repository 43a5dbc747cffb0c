// Whoever would sign in, with everything that it depends on, and by whose password: the own one, or a directory's.

import { accounts, organisationStates, type OrganisationId, type UserId } from "@lockstep/core";
import { z } from "zod";

import type { Reader, Transaction } from "../../db/database.ts";
import { id } from "../../db/shape.ts";
import { array, sql } from "../../db/sql.ts";
import { ofOrganisation } from "../store.ts";

const candidate = z.object({
  id: id<"user">(),
  username: z.string(),
  organisationId: id<"organisation">(),
  account: z.enum(accounts),
  blocked: z.boolean(),
  disabled: z.boolean(),
  organisation: z.string(),
  organisationState: z.enum(organisationStates),
  hash: z.string().nullable(),
  /** Where the password is asked for instead; null for the own one. */
  directory: z
    .object({
      organisationId: id<"organisation">(),
      directoryId: id<"directory">(),
      objectId: id<"directory-object">(),
    })
    .nullable(),
});

export type Candidate = z.output<typeof candidate>;

/**
 * Nobody becomes an administrator by way of a directory, which those who edit it choose; and one that is away, or
 * wrong, shuts none of them out.
 */
const hasNoRole = sql`not exists (select from role_grants g
  where g.organisation_id = u.organisation_id and g.user_id = u.id)`;

/** Whether somebody in any organisation signs in by a directory: a name that nobody has belongs to none. */
export async function isAnyDirectoryAsked(reader: Reader): Promise<boolean> {
  const row = await reader.row(
    z.object({ isAsked: z.boolean() }),
    sql`select exists (select from organisations o
      join directories d on d.organisation_id = o.id and d.signs_in) as "isAsked"`,
  );
  return row?.isAsked ?? false;
}

/** Ends every session and token of users who sign in by their directory. */
export async function deleteSessionsByDirectory(
  transaction: Transaction,
  organisationId: OrganisationId,
  users: readonly UserId[],
): Promise<void> {
  await transaction.execute(sql`
    delete from sessions s using users u
    where s.organisation_id = ${organisationId} and s.user_id = any(${array(users, "uuid")})
      and u.organisation_id = s.organisation_id and u.id = s.user_id and ${hasNoRole}`);
}

/** Where nobody is: of a name that nobody has the same is asked. */
const nowhere = {
  organisationId: "00000000-0000-0000-0000-000000000000",
  userId: "00000000-0000-0000-0000-000000000000",
};

/** Who has a username, with everything that signing in depends on. Removed people have none. */
export async function findCandidate(reader: Reader, username: string): Promise<Candidate | undefined> {
  const place = await reader.row(
    z.object({ organisationId: id<"organisation">(), userId: id<"user">() }),
    sql`select organisation_id as "organisationId", user_id as "userId" from usernames where username = ${username}`,
    { prepared: true },
  );
  return loadCandidate(reader, place ?? nowhere);
}

/** Somebody with everything that signing in depends on. Removed people have none. */
export async function loadCandidate(
  reader: Reader,
  { organisationId, userId }: { organisationId: string; userId: string },
): Promise<Candidate | undefined> {
  return reader.row(
    candidate,
    sql`
    select u.id, u.username, u.organisation_id as "organisationId", u.account, u.blocked_at is not null as blocked,
      u.disabled_at is not null as disabled, o.name as organisation, p.hash, case when d.id is not null then
        json_build_object('organisationId', d.organisation_id, 'directoryId', d.id, 'objectId', k.object_id)
      end as directory,
      case when o.deleted_at is not null or a.deleted_at is not null then 'deleted'
        when o.disabled_at is not null then 'disabled' else 'enabled' end as "organisationState"
    from users u ${ofOrganisation}
    left join passwords p on p.organisation_id = u.organisation_id and p.user_id = u.id
    left join directory_links k on k.organisation_id = u.organisation_id and k.user_id = u.id and ${hasNoRole}
    left join directories d on d.organisation_id = k.organisation_id and d.id = k.directory_id and d.signs_in
    where u.organisation_id = ${organisationId} and u.id = ${userId} and u.removed_at is null`,
    { prepared: true },
  );
}
