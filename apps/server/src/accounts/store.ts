// The marks on accounts: since when they stand, and those that the system sets for inactivity.

import type { OrganisationId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../db/change.ts";
import type { Reader } from "../db/database.ts";
import { id, instant } from "../db/shape.ts";
import { sql } from "../db/sql.ts";
import { isDue, type Terms } from "./inactivity/store.ts";

const times = z.object({
  blockedAt: instant.nullable(),
  disabledAt: instant.nullable(),
  activeAt: instant.nullable(),
});

/** All null for nobody. */
export async function loadTimes(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<z.output<typeof times>> {
  const row = await reader.row(
    times,
    sql`select blocked_at as "blockedAt", disabled_at as "disabledAt", active_at as "activeAt" from users
      where organisation_id = ${organisationId} and id = ${userId}`,
  );
  return row ?? { blockedAt: null, disabledAt: null, activeAt: null };
}

const disabled = z.object({ id: id<"user">() });

/**
 * Disables those who are due, and still are when it is written: who signed in a moment ago is not among them.
 * @param terms.only one of them. @returns who was.
 */
export async function disableIdle(
  change: Change,
  { only, ...terms }: Terms & { only?: UserId },
  limit: number,
): Promise<UserId[]> {
  const { organisationId } = change;
  const chosen = only === undefined ? sql`true` : sql`u.id = ${only}`;
  const rows = await change.rows(
    disabled,
    sql`
    update users u set disabled_at = ${change.at}
    where u.organisation_id = ${organisationId} and ${isDue(terms)} and u.id = any(array(
      -- As an array it is found once; joined, it would be found again for every one of them.
      select u.id from users u
      where u.organisation_id = ${organisationId} and ${chosen} and ${isDue(terms)} limit ${limit}))
    returning u.id`,
  );
  const those = rows.map((row) => row.id);
  change.touchUsers(those);
  return those;
}
