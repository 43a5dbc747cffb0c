// Accounts that nobody uses, disabled by the system's own run: one in a hundred of many is due. Beside it the bare UPDATE
// of the very rows.

import { runInactivity } from "../apps/server/src/accounts/commands/inactivity.ts";
import { sql } from "../apps/server/src/db/sql.ts";
import { note, seconds, type Finding } from "./findings.ts";
import type { Large } from "./generate.ts";
import type { Setting } from "./http.ts";
import { middleOf, timed, type Round } from "./measure.ts";

const rounds = 3;
const oneIn = 100;
const promised = 3;

/** Long idle, warned at every time, and not one of those who were disabled by the round before. */
async function makeDue({ writing }: Setting, { organisationId }: Large, round: number): Promise<void> {
  const { kysely } = writing.database;
  await sql`
    update users set active_at = now() - interval '100 days'
    where organisation_id = ${organisationId} and disabled_at is null
      and substring(username from '[0-9]+$')::bigint % ${oneIn} = ${round}`.execute(kysely);
  await sql`
    insert into inactivity_warnings (organisation_id, user_id, active_at, days, recorded_at)
    select organisation_id, id, active_at, days, now() - make_interval(days => days + 5)
    from users, unnest(array[14, 7, 3, 1]) as days
    where organisation_id = ${organisationId} and disabled_at is null and active_at < now() - interval '90 days'`.execute(
    kysely,
  );
  // As if it had been long ago: what was disabled within a day counts for the circuit breaker.
  await sql`
    update users set disabled_at = now() - interval '5 days'
    where organisation_id = ${organisationId} and disabled_at is not null`.execute(kysely);
  await sql.raw("vacuum analyze users, inactivity_warnings").execute(kysely);
  await sql.raw("checkpoint").execute(kysely);
}

/** Updates those who are due, as bare as can be, and takes it back. */
async function bareUpdate({ writing }: Setting, { organisationId }: Large): Promise<number> {
  const { kysely } = writing.database;
  const taken = await timed(() =>
    sql`
      update users set disabled_at = now()
      where organisation_id = ${organisationId} and account = 'active' and disabled_at is null and removed_at is null
        and active_at < now() - interval '90 days'`.execute(kysely),
  );
  await sql`
    update users set disabled_at = null
    where organisation_id = ${organisationId} and disabled_at >= now() - interval '1 day'`.execute(kysely);
  await sql.raw("vacuum analyze users").execute(kysely);
  await sql.raw("checkpoint").execute(kysely);
  return taken;
}

export async function measureInactivity(setting: Setting, large: Large): Promise<Finding[]> {
  const { database, clock } = setting.writing;
  const due = large.users / oneIn;
  const measured: Round[] = [];
  for (let round = 0; round <= rounds; round++) {
    await makeDue(setting, large, round);
    const raw = await bareUpdate(setting, large);
    let disabled = 0;
    const ours = await timed(async () => {
      disabled = await runInactivity({ database, clock }, large.organisationId);
    });
    if (disabled !== due) throw new Error(`${disabled} accounts were disabled, and ${due} were due`);
    note(`  inactivity of ${due}: ${seconds(ours)}, the bare update ${seconds(raw)}`);
    // The first round warms up.
    if (round > 0) measured.push({ ours, raw });
  }
  const { ours, raw, ratio } = middleOf(measured, (round) => round.ours / round.raw);
  const number = (count: number) => count.toLocaleString("en");
  return [
    {
      what: `the inactivity run over ${number(large.users)} users of whom ${number(due)} are due, against the bare UPDATE of these rows`,
      ours: seconds(ours),
      raw: seconds(raw),
      ratio: `${ratio.toFixed(2)} ×`,
      promise: `≤ ${promised} ×`,
      kept: ratio <= promised,
    },
  ];
}
