// The keys under which the personal values of events are sealed: one for each person of whom there are any.

import { randomBytes } from "node:crypto";

import type { OrganisationId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Transaction } from "../../db/database.ts";
import { id } from "../../db/shape.ts";
import { array, sql } from "../../db/sql.ts";

const personKey = z.object({ userId: id<"user">(), key: z.instanceof(Buffer) });

/** The keys of some users, made where there are none yet. Who is deleted has none and gets none. */
export async function ensurePersonKeys(
  transaction: Transaction,
  organisationId: OrganisationId,
  users: readonly UserId[],
): Promise<Map<UserId, Buffer>> {
  const keys = new Map<UserId, Buffer>();
  // Somebody else may make one at the same moment: then it is found at the second attempt.
  for (let attempt = 1; attempt <= 2 && keys.size < users.length; attempt++) {
    const rows = await transaction.rows(
      personKey,
      sql`
      with given as materialized (
        select * from unnest(${array(users, "uuid")}, ${array(
          users.map(() => randomBytes(32).toString("hex")),
          "text",
        )}) as n (user_id, key)
      ), found as (
        select user_id, key from person_keys
        where organisation_id = ${organisationId} and user_id = any(${array(users, "uuid")})
      ), made as (
        insert into person_keys (organisation_id, user_id, key)
        select ${organisationId}, n.user_id, decode(n.key, 'hex')
        from given n join users u on u.organisation_id = ${organisationId} and u.id = n.user_id
        where u.account <> 'deleted' and not exists (select from found f where f.user_id = n.user_id)
        order by n.user_id
        on conflict do nothing returning user_id, key
      )
      select user_id as "userId", key from found union all select user_id, key from made`,
      { prepared: true },
    );
    for (const { userId, key } of rows) keys.set(userId, key);
  }
  return keys;
}

/** What was sealed under them is read by nobody any more. */
export async function deletePersonKeys(
  transaction: Transaction,
  organisationId: OrganisationId,
  users: readonly UserId[],
): Promise<void> {
  await transaction.execute(sql`
    delete from person_keys
    where organisation_id = ${organisationId} and user_id = any(${array(users, "uuid")})`);
}
