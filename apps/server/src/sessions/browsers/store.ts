// Sessions in browsers alone, without the tokens of programs.

import type { OrganisationId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Reader, Transaction } from "../../db/database.ts";
import { instant } from "../../db/shape.ts";
import { sql } from "../../db/sql.ts";
import type { SessionId } from "../secret.ts";

/** Ends every session of a user in a browser but one; tokens go on. */
export async function deleteOtherBrowsers(
  transaction: Transaction,
  organisationId: OrganisationId,
  userId: UserId,
  but: SessionId | null,
): Promise<void> {
  await transaction.execute(sql`
    delete from sessions where organisation_id = ${organisationId} and user_id = ${userId}
      and kind = 'browser' and id is distinct from ${but}::uuid`);
}

const started = z.object({ madeAt: instant });

/** When a session in a browser began; undefined for a token. */
export async function findBrowserStart(
  reader: Reader,
  organisationId: OrganisationId,
  sessionId: SessionId,
): Promise<string | undefined> {
  const row = await reader.row(
    started,
    sql`select made_at as "madeAt" from sessions
      where organisation_id = ${organisationId} and id = ${sessionId} and kind = 'browser'`,
  );
  return row?.madeAt;
}
