// The marks on accounts: since when they stand, and those that the system sets for inactivity.

import type { OrganisationId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../db/change.ts";
import type { Reader } from "../db/database.ts";
import { instant } from "../db/shape.ts";
import { sql } from "../db/sql.ts";
import { disableAccounts, type Disabled } from "../facts/disabling.ts";
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

/**
 * Disables those who are due, and still are when it is written: who signed in a moment ago is not among them.
 * @param terms.only one of them. @returns who was.
 */
export async function disableIdle(
  change: Change,
  { only, ...terms }: Terms & { only?: UserId },
  limit: number,
): Promise<Disabled[]> {
  const isChosen = only === undefined ? sql`true` : sql`u.id = ${only}`;
  return disableAccounts(change, sql`${isChosen} and ${isDue(terms)}`, limit);
}
