// Reads what an export says of people: of all of them with one statement, so that it is of one moment.

import type { OrganisationId } from "@lockstep/core";
import { z } from "zod";

import type { Reader } from "../../db/database.ts";
import { id, instant } from "../../db/shape.ts";
import { sql, type Statement } from "../../db/sql.ts";
import { disabledOn, firstWarned } from "../inactivity/store.ts";

const found = z.object({
  id: id<"user">(),
  name: z.string(),
  username: z.string(),
  email: z.string().nullable(),
  team: z.array(z.string()),
  code: z.int(),
  blockedAt: instant.nullable(),
  disabledAt: instant.nullable(),
  activeAt: instant.nullable(),
  disabledOn: instant.nullable(),
});

interface Exporting {
  /** Those that are there, as `describedAmong` selects them. */
  readonly described: Statement;
  readonly at: Date;
  /** After so many days without activity accounts are disabled. */
  readonly inactiveDays: number;
}

/** Some users, whoever of them is there, in no order: the times of their accounts, and the names of their teams from the root on. */
export async function listForExport(
  reader: Reader,
  organisationId: OrganisationId,
  { described, at, inactiveDays }: Exporting,
): Promise<z.output<typeof found>[]> {
  return reader.rows(
    found,
    sql`
    with recursive chosen as materialized (${described}),
    up as (
      select t.id as of, t.parent_id, array[t.name] as path
      from (select distinct "teamId" as id from chosen) c
      join teams t on t.organisation_id = ${organisationId} and t.id = c.id
      union all
      select up.of, t.parent_id, t.name || up.path
      from up join teams t on t.organisation_id = ${organisationId} and t.id = up.parent_id
    )
    select c.id, c.name, c.username, u.email, up.path as team, c.code, u.blocked_at as "blockedAt",
      u.disabled_at as "disabledAt", case when u.account = 'active' then u.active_at end as "activeAt",
      case when u.account = 'active' and u.disabled_at is null and not exists (
          select from inactivity_exemptions e where e.organisation_id = u.organisation_id and e.user_id = u.id)
        then ${disabledOn({ at, inactiveDays })} end as "disabledOn"
    from chosen c
    join users u on u.organisation_id = ${organisationId} and u.id = c.id
    join up on up.of = c."teamId" and up.parent_id is null ${firstWarned}`,
  );
}
