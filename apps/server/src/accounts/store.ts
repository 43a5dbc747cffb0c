// The marks on accounts: since when they stand.

import type { OrganisationId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Reader } from "../db/database.ts";
import { instant } from "../db/shape.ts";
import { sql } from "../db/sql.ts";

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
