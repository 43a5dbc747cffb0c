// Why accounts are blocked, by whom and until when. The mark itself is a fact of the user.

import { roles, type OrganisationId, type Role, type UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";
import { z } from "zod";

import type { Change } from "../../db/change.ts";
import type { Reader } from "../../db/database.ts";
import { id, instant } from "../../db/shape.ts";
import { sql } from "../../db/sql.ts";

const block = z.object({
  at: instant,
  role: z.enum(roles),
  actorOrganisationId: id<"organisation">().nullable(),
  actorUserId: id<"user">().nullable(),
  reason: z.string(),
  userReason: z.string().nullable(),
  until: instant.nullable(),
  liftedAt: instant.nullable(),
});

export type Block = z.output<typeof block>;

/** What is said of a block by whoever sets or changes it. */
export interface Grounds {
  readonly reason: string;
  readonly userReason: string | null;
  readonly until: Date | null;
}

const columns = sql`at, role, actor_organisation_id as "actorOrganisationId", actor_user_id as "actorUserId", reason,
  user_reason as "userReason", until, lifted_at as "liftedAt"`;

/** The block that stands; undefined without one, and for one from before blocks had rows. */
export async function findBlock(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<Block | undefined> {
  return reader.row(
    block,
    sql`select ${columns} from blocks
      where organisation_id = ${organisationId} and user_id = ${userId} and lifted_at is null`,
  );
}

/** Those that were lifted, newest first. */
export async function listFormerBlocks(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<Block[]> {
  return reader.rows(
    block,
    sql`select ${columns} from blocks
      where organisation_id = ${organisationId} and user_id = ${userId} and lifted_at is not null
      order by at desc, id desc limit 20`,
  );
}

export async function insertBlock(
  change: Change,
  userId: UserId,
  { role, reason, userReason, until }: Grounds & { role: Role },
): Promise<void> {
  const { organisationId, at, doer } = change;
  await change.execute(sql`
    insert into blocks (organisation_id, id, user_id, role, actor_organisation_id, actor_user_id, at, reason,
      user_reason, until)
    values (${organisationId}, ${uuid()}, ${userId}, ${role}, ${doer.organisationId ?? null}, ${doer.userId},
      ${at}, ${reason}, ${userReason}, ${until})`);
}

/** Gives the block that stands other grounds. @param role is the highest in which it was set or changed by now. */
export async function updateBlock(
  change: Change,
  userId: UserId,
  { role, reason, userReason, until }: Grounds & { role: Role },
): Promise<void> {
  await change.execute(sql`
    update blocks set role = ${role}, reason = ${reason}, user_reason = ${userReason}, until = ${until}
    where organisation_id = ${change.organisationId} and user_id = ${userId} and lifted_at is null`);
}

export async function liftBlock(change: Change, userId: UserId): Promise<void> {
  await change.execute(sql`
    update blocks set lifted_at = ${change.at}
    where organisation_id = ${change.organisationId} and user_id = ${userId} and lifted_at is null`);
}

const ending = z.object({ organisationId: id<"organisation">(), userId: id<"user">() });

/** Whose block should have ended by now, over the whole installation. */
export async function listBlocksToEnd(reader: Reader, at: Date): Promise<z.output<typeof ending>[]> {
  return reader.rows(
    ending,
    sql`select organisation_id as "organisationId", user_id as "userId" from blocks
      where lifted_at is null and until <= ${at} order by until limit 1000`,
  );
}
