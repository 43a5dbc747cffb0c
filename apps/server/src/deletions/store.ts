// Requests of users for their own accounts to be deleted, until they are withdrawn or carried out.

import type { OrganisationId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../db/change.ts";
import type { Reader } from "../db/database.ts";
import { id, instant } from "../db/shape.ts";
import { sql } from "../db/sql.ts";

const request = z.object({ requestedAt: instant, dueAt: instant });

export type Request = z.output<typeof request>;

/** Null unless the user wants the account deleted. */
export async function findDeletionRequest(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<Request | null> {
  const row = await reader.row(
    request,
    sql`select requested_at as "requestedAt", due_at as "dueAt" from deletion_requests
      where organisation_id = ${organisationId} and user_id = ${userId}`,
  );
  return row ?? null;
}

/** The user's row is locked already. @returns whether there was none yet. */
export async function insertDeletionRequest(change: Change, userId: UserId, dueAt: Date): Promise<boolean> {
  const written = await change.execute(sql`
    insert into deletion_requests (organisation_id, user_id, requested_at, due_at)
    values (${change.organisationId}, ${userId}, ${change.at}, ${dueAt}) on conflict do nothing`);
  return written > 0;
}

/**
 * Takes the request away, whoever does so: of withdrawing and carrying out one gets it. The user's row is locked already.
 * @param dueBy only if its days are over by then. @returns whether there was one.
 */
export async function takeDeletionRequest(change: Change, userId: UserId, dueBy?: Date): Promise<boolean> {
  const isDue = dueBy === undefined ? sql`true` : sql`due_at <= ${dueBy}`;
  const taken = await change.execute(sql`
    delete from deletion_requests
    where organisation_id = ${change.organisationId} and user_id = ${userId} and ${isDue}`);
  return taken > 0;
}

const due = z.object({ organisationId: id<"organisation">(), userId: id<"user">() });

/** Whose days are over, of organisations that are there, the longest first. */
export async function listDeletionsDue(reader: Reader, at: Date): Promise<z.output<typeof due>[]> {
  return reader.rows(
    due,
    sql`select r.organisation_id as "organisationId", r.user_id as "userId"
      from organisations o left join authorities a on a.id = o.authority_id
      join deletion_requests r on r.organisation_id = o.id
      where r.due_at <= ${at} and o.deleted_at is null and a.deleted_at is null
      order by r.due_at, r.user_id limit 1000`,
  );
}

export async function countDeletionRequests(reader: Reader, organisationId: OrganisationId): Promise<number> {
  const row = await reader.row(
    z.object({ asking: z.int() }),
    sql`select count(*) as asking from deletion_requests where organisation_id = ${organisationId}`,
  );
  return row?.asking ?? 0;
}

const listed = request.extend({ id: id<"user">(), name: z.string(), username: z.string() });

/** Where in the list a page ends. */
export interface Due {
  readonly dueAt: string;
  readonly userId: UserId;
}

/** What is due first comes first; after one of them. */
export async function listDeletionRequests(
  reader: Reader,
  organisationId: OrganisationId,
  { after, limit }: { after: Due | null; limit: number },
): Promise<z.output<typeof listed>[]> {
  const later =
    after === null
      ? sql`true`
      : sql`(r.due_at, r.user_id) > (${after.dueAt}::timestamptz, ${after.userId}::uuid)`;
  return reader.rows(
    listed,
    sql`select u.id, u.name, u.username, r.requested_at as "requestedAt", r.due_at as "dueAt"
      from deletion_requests r join users u on u.organisation_id = r.organisation_id and u.id = r.user_id
      where r.organisation_id = ${organisationId} and ${later}
      order by r.due_at, r.user_id limit ${limit}`,
  );
}
