// What the deletion of organisations and authorities concerns, the marks on their rows, and how far what follows has come.
// An authority's organisations are many, so these few statements name several.

import type { AuthorityId, OrganisationId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../../db/change.ts";
import type { Reader, Transaction } from "../../db/database.ts";
import { id, instant } from "../../db/shape.ts";
import { array, sql } from "../../db/sql.ts";

const concerned = z.object({
  id: id<"organisation">(),
  name: z.string(),
  people: z.int(),
  accounts: z.int(),
  administrators: z.int(),
  workstations: z.int(),
  seats: z.int(),
  keys: z.int(),
  keysExportedAt: instant.nullable(),
});

/** What is in some organisations, by name. */
export async function listConcerned(
  reader: Reader,
  these: readonly OrganisationId[],
): Promise<z.output<typeof concerned>[]> {
  return reader.rows(
    concerned,
    sql`select o.id, o.name, o.keys_exported_at as "keysExportedAt", p.people, p.accounts,
        (select count(distinct g.user_id) from role_grants g where g.organisation_id = o.id) as administrators,
        (select count(*) from activations a where a.organisation_id = o.id and a.ended_at is null) as workstations,
        (select count(*) from seats s where s.organisation_id = o.id) as seats,
        (select count(*) from encryption_keys k where k.organisation_id = o.id) as keys
      from organisations o
      cross join lateral (select count(*) as people, count(*) filter (where u.account <> 'none') as accounts
        from users u where u.organisation_id = o.id and u.account <> 'deleted') p
      where o.id = any(${array(these, "uuid")}) order by o.name`,
  );
}

export interface Place {
  readonly organisationId: OrganisationId;
  readonly userId: UserId;
}

const person = z.object({
  organisationId: id<"organisation">(),
  id: id<"user">(),
  name: z.string(),
  username: z.string(),
  workstations: z.int(),
});

/** Everybody who would be erased, in the order of organisations' and users' ids, after one of them. */
export async function listPeopleConcerned(
  reader: Reader,
  these: readonly OrganisationId[],
  { after, limit }: { after: Place | null; limit: number },
): Promise<z.output<typeof person>[]> {
  const later =
    after === null
      ? sql`true`
      : sql`(u.organisation_id, u.id) > (${after.organisationId}::uuid, ${after.userId}::uuid)`;
  return reader.rows(
    person,
    sql`select u.organisation_id as "organisationId", u.id, u.name, u.username,
        (select count(*) from activations a
          where a.organisation_id = u.organisation_id and a.user_id = u.id and a.ended_at is null) as workstations
      from users u where u.organisation_id = any(${array(these, "uuid")}) and u.account <> 'deleted' and ${later}
      order by u.organisation_id, u.id limit ${limit}`,
  );
}

const member = z.object({ id: id<"organisation">() });

/** An authority's office and organisations that are there. */
export async function listOrganisationsOf(
  reader: Reader,
  authorityId: AuthorityId,
): Promise<OrganisationId[]> {
  const rows = await reader.rows(
    member,
    sql`select id from organisations where authority_id = ${authorityId} and deleted_at is null order by id`,
  );
  return rows.map((row) => row.id);
}

/** The one mark: every status derives from it at once, and nobody in there is signed in. */
export async function markOrganisationDeleted(change: Change): Promise<void> {
  await change.execute(sql`
    update organisations set deleted_at = ${change.at}, revision = revision + 1
    where id = ${change.organisationId} and deleted_at is null`);
}

/** As `markOrganisationDeleted`, for an office and every organisation of an authority. */
export async function markAuthorityDeleted(
  transaction: Transaction,
  authorityId: AuthorityId,
  at: Date,
): Promise<void> {
  await transaction.execute(sql`
    update authorities set deleted_at = ${at}, revision = revision + 1
    where id = ${authorityId} and deleted_at is null`);
}

const deleted = z.object({
  organisationId: id<"organisation">(),
  organisation: z.string(),
  authority: z.string().nullable(),
  authorityId: id<"authority">().nullable(),
  deletedAt: instant,
  people: z.int().nullable(),
  erased: z.int(),
  wipesDue: z.int(),
  endedAt: instant.nullable(),
});

/** Every organisation that was deleted, the latest first. */
export async function listDeleted(reader: Reader): Promise<z.output<typeof deleted>[]> {
  return reader.rows(
    deleted,
    sql`select o.id as "organisationId", o.name as organisation, a.name as authority, a.id as "authorityId",
        coalesce(o.deleted_at, a.deleted_at) as "deletedAt", d.people, coalesce(d.erased, 0) as erased,
        (select count(*) from activations x where x.organisation_id = o.id
          and x.orders_delivered_version < x.orders_version and x.device is not null) as "wipesDue",
        d.ended_at as "endedAt"
      from organisations o left join authorities a on a.id = o.authority_id
      left join deletions d on d.organisation_id = o.id
      where o.deleted_at is not null or a.deleted_at is not null
      order by coalesce(o.deleted_at, a.deleted_at) desc, o.name`,
  );
}

const open = z.object({ organisationId: id<"organisation">() });

/** Of which deleted organisations something is still to be done. */
export async function listDeletionsToCarryOn(reader: Reader): Promise<OrganisationId[]> {
  const rows = await reader.rows(
    open,
    sql`select o.id as "organisationId" from organisations o left join authorities a on a.id = o.authority_id
      left join deletions d on d.organisation_id = o.id
      where (o.deleted_at is not null or a.deleted_at is not null) and d.ended_at is null
      order by coalesce(o.deleted_at, a.deleted_at), o.id`,
  );
  return rows.map(({ organisationId }) => organisationId);
}
