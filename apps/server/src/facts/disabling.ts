// Disabling many accounts: all that changes of their users' postures is that they are disabled.

import { z } from "zod";

import type { Change } from "../db/change.ts";
import { id } from "../db/shape.ts";
import { sql, type Statement } from "../db/sql.ts";
import { postureColumns, postureId } from "./store.ts";

const disabled = z.object({ id: id<"user">(), isBlocked: z.boolean() });
/** Whose account was disabled, and whether it is blocked as well. */
export type Disabled = z.output<typeof disabled>;

/**
 * Disables accounts, and puts their users into the postures that follow. Nothing else of a posture depends on it, so
 * none is computed anew from all facts. Whoever is another one than when they were found is left for the next time.
 * @param whom which of the users u; asked again of each when it is written.
 */
export async function disableAccounts(change: Change, whom: Statement, limit: number): Promise<Disabled[]> {
  const { organisationId, at } = change;
  return change.rows(
    disabled,
    sql`
    with due as materialized (
      select u.id, u.posture_id as former from users u where u.organisation_id = ${organisationId} and ${whom}
      limit ${limit}
    ), classed as materialized (
      select *, ${postureId} as posture_id
      from (
        select p.id as former, p.team_id, p.licence_id, p.directory, p.account, p.blocked, true as disabled,
          p.workstations, p.team_holds, p.team_content_id, p.own_matches, p.own_keys, p.outstanding
        from postures p where p.organisation_id = ${organisationId} and p.id in (select d.former from due d)
      ) as class
    ), made as (
      insert into postures (organisation_id, id, ${postureColumns})
      select distinct ${organisationId}::uuid, c.posture_id, ${postureColumns} from classed c
      on conflict do nothing
    ), changed as (
      update users u set disabled_at = ${at}, posture_id = c.posture_id, posture_changed_at = ${at}
      from due d join classed c on c.former = d.former
      -- As an array they are found once; joined alone, they would be found again for every one of them.
      where u.organisation_id = ${organisationId} and u.id = any(array(select id from due)) and u.id = d.id
        and u.posture_id = d.former and ${whom}
      returning u.id, c.blocked, c.former, c.posture_id
    ), moved as (
      insert into posture_deltas (organisation_id, posture_id, delta)
      select ${organisationId}, m.posture_id, sum(m.delta) from (
        select former as posture_id, -1 as delta from changed union all select posture_id, 1 from changed) m
      group by m.posture_id
    )
    select id, blocked as "isBlocked" from changed`,
  );
}
