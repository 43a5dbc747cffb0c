// The browsers in which a user is signed in, as the user sees them.

import type { OrganisationId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Reader, Transaction } from "../../db/database.ts";
import { id, instant } from "../../db/shape.ts";
import { sql } from "../../db/sql.ts";
import type { SessionId } from "../secret.ts";

const open = z.object({
  id: id<"session">(),
  name: z.string(),
  madeAt: instant,
  lastUsedAt: instant,
  expiresAt: instant,
});
export type OpenSession = z.output<typeof open>;

/** That have not ended, the one used last first. @param idleSince when one was used last that has ended by itself. */
export async function listOpenSessions(
  reader: Reader,
  { organisationId, userId }: { organisationId: OrganisationId; userId: UserId },
  { at, idleSince }: { at: Date; idleSince: Date },
): Promise<OpenSession[]> {
  return reader.rows(
    open,
    sql`select id, name, made_at as "madeAt", last_used_at as "lastUsedAt", expires_at as "expiresAt" from sessions
      where organisation_id = ${organisationId} and user_id = ${userId} and kind = 'browser'
        and expires_at > ${at} and last_used_at >= ${idleSince}
      order by last_used_at desc, id`,
  );
}

/** @param only one of them; else all. @param but one that stays. @returns how many there were. */
export async function deleteOpenSessions(
  transaction: Transaction,
  { organisationId, userId }: { organisationId: OrganisationId; userId: UserId },
  { only, but }: { only?: SessionId; but?: SessionId },
): Promise<number> {
  const those = only === undefined ? sql`true` : sql`id = ${only}`;
  return transaction.execute(sql`
    delete from sessions where organisation_id = ${organisationId} and user_id = ${userId} and kind = 'browser'
      and ${those} and id is distinct from ${but ?? null}::uuid`);
}
