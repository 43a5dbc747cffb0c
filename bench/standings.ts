// Statuses of many users: changing what a team should hold, exact counts, pages of a list. Ratios to raw SQL that
// reads a status column, which the product does without.

import { dayOf, encryptionStatuses, type EncryptionStatus } from "@lockstep/core";
import { z } from "zod";

import { systemClock } from "../apps/server/src/clock.ts";
import type { Database } from "../apps/server/src/db/database.ts";
import { sql } from "../apps/server/src/db/sql.ts";
import type { Writing } from "../apps/server/src/facts/change.ts";
import { countStandings } from "../apps/server/src/standing/counts.ts";
import { impactOf } from "../apps/server/src/standing/impact.ts";
import { listPage, type Query } from "../apps/server/src/standing/page.ts";
import { setTeamPolicy } from "../apps/server/src/teams/commands.ts";
import { findTeam } from "../apps/server/src/teams/store.ts";
import { milliseconds, note, type Finding } from "./findings.ts";
import type { Large } from "./generate.ts";
import { inTurns, median, quantile, type Times } from "./measure.ts";

const today = dayOf(systemClock());
const findings: Finding[] = [];

async function measurePolicyChange(writing: Writing, large: Large): Promise<void> {
  const { database } = writing;
  const { organisationId, largestTeam: teamId } = large;
  const team = await database.snapshot((snapshot) => findTeam(snapshot, organisationId, teamId));
  let revision = team?.revision ?? 0;
  await sql
    .raw("create table one_row (id integer primary key, n integer); insert into one_row values (1, 0)")
    .execute(database.kysely);
  const change = (interval: number) => async () => {
    const policy = { "sync.interval": interval };
    revision = (await setTeamPolicy(writing, organisationId, { teamId, revision, policy })).revision;
  };
  const raw = () => sql`update one_row set n = n + 1 where id = 1`.execute(database.kysely);
  const times = await inTurns({ raw, change: change(15), raw2: raw, revert: change(60) }, { rounds: 200 });
  const reference = median(times.raw);
  for (const [what, taken] of [
    ["change", times.change],
    ["revert", times.revert],
  ] as const) {
    const ratio = median(taken) / reference;
    findings.push({
      what: `policy ${what} for the team of ${(large.users / 10).toLocaleString("en")} users, against one raw single-row update`,
      ours: milliseconds(median(taken)),
      raw: milliseconds(reference),
      ratio: `${ratio.toFixed(2)} ×`,
      promise: "≤ 5 ×",
      kept: ratio <= 5,
    });
  }
  const impact = await inTurns(
    {
      preview: () =>
        database.snapshot((snapshot) =>
          impactOf(
            snapshot,
            organisationId,
            { kind: "team-policy", teamId, policy: { "sync.interval": 15 } },
            today,
          ),
        ),
    },
    { rounds: 20 },
  );
  note(`impact preview: ${milliseconds(median(impact.preview))}`);
}

/** A column with the status and its index: what the product does without. */
async function makeStatusColumn(database: Database, organisations: readonly Large[]): Promise<void> {
  await sql
    .raw(
      `create table status_column (organisation_id uuid, id uuid, team_id uuid, name text,
        sort_name text collate "C", username text, account text, status text)`,
    )
    .execute(database.kysely);
  for (const { organisationId } of organisations) {
    for (const status of Object.keys(encryptionStatuses) as EncryptionStatus[]) {
      let after: Query["after"] = null;
      do {
        const query: Query = { organisationId, teams: null, search: null, status, after, limit: 20_000 };
        const page = await database.snapshot((snapshot) => listPage(snapshot, query, today));
        await sql`insert into status_column
          select u.organisation_id, u.id, u.team_id, u.name, u.sort_name, u.username, u.account, ${status} from users u
          where u.organisation_id = ${organisationId} and u.id = any(${page.users.map(({ id }) => id)}::uuid[])`.execute(
          database.kysely,
        );
        after = page.next;
      } while (after !== null);
    }
  }
  await sql
    .raw("create index on status_column (organisation_id, status, sort_name, id)")
    .execute(database.kysely);
  await sql.raw("create index on status_column (status)").execute(database.kysely);
  await sql.raw("vacuum analyze status_column").execute(database.kysely);
}

async function measureCounts(database: Database, users: number): Promise<void> {
  const times = await inTurns(
    {
      ours: () =>
        database.snapshot((snapshot) =>
          countStandings(snapshot, { organisationId: null, teams: null }, today),
        ),
      raw: () => sql`select status, count(*) from status_column group by status`.execute(database.kysely),
    },
    { rounds: 30 },
  );
  const ratio = median(times.raw) / median(times.ours);
  findings.push({
    what: `exact counts of the installation (${users.toLocaleString("en")} users), against GROUP BY over an indexed status column`,
    ours: milliseconds(median(times.ours)),
    raw: milliseconds(median(times.raw)),
    ratio: `${ratio.toFixed(1)} × faster`,
    promise: "≥ 10 × faster",
    kept: ratio >= 10,
  });
}

const nobody = "00000000-0000-0000-0000-000000000000";

const cursorRow = z.object({ id: z.custom<NonNullable<Query["after"]>["id"]>(), sortName: z.string() });

/** The first page of every status, and pages from the middle and near the end of the names. */
async function measurePages(database: Database, large: Large): Promise<Times> {
  const { organisationId } = large;
  const ours: number[] = [];
  const raw: number[] = [];
  for (const status of Object.keys(encryptionStatuses) as EncryptionStatus[]) {
    const perStatus: number[] = [];
    for (const part of [0, 0.5, 0.95]) {
      const after = await database.snapshot(async (snapshot) =>
        part === 0
          ? null
          : ((await snapshot.row(
              cursorRow,
              sql`select id, sort_name as "sortName" from users where organisation_id = ${organisationId}
                order by sort_name, id offset ${Math.floor(large.users * part)} limit 1`,
            )) ?? null),
      );
      const query: Query = { organisationId, teams: null, search: null, status, after, limit: 50 };
      const times = await inTurns(
        {
          ours: () => database.snapshot((snapshot) => listPage(snapshot, query, today)),
          raw: () =>
            sql`select s.id, s.name, s.sort_name, s.username, t.id as team_id, t.name as team, s.status, s.account
              from status_column s
              join teams t on t.organisation_id = s.organisation_id and t.id = s.team_id
              where s.organisation_id = ${organisationId} and s.status = ${status}
                and (s.sort_name, s.id) > (${after?.sortName ?? ""}, ${after?.id ?? nobody}::uuid)
              order by s.sort_name, s.id limit 51`.execute(database.kysely),
        },
        { rounds: 20 },
      );
      ours.push(...times.ours);
      raw.push(...times.raw);
      perStatus.push(...times.ours);
    }
    perStatus.sort((a, b) => a - b);
    note(
      `  ${status.padEnd(16)} median ${milliseconds(median(perStatus))}, p95 ${milliseconds(quantile(perStatus, 0.95))}`,
    );
  }
  for (const times of [ours, raw]) times.sort((a, b) => a - b);
  const ratio = quantile(ours, 0.95) / quantile(raw, 0.95);
  findings.push({
    what: `page of 50 by status among ${large.users.toLocaleString("en")} users (p95 over all statuses, first and deep), against an indexed status column`,
    ours: milliseconds(quantile(ours, 0.95)),
    raw: milliseconds(quantile(raw, 0.95)),
    ratio: `${ratio.toFixed(1)} ×`,
    promise: "≤ 10 ×",
    kept: ratio <= 10,
  });
  return ours;
}

/** @param sizes the smaller organisation, then the larger one. */
export async function measureStandings(
  writing: Writing,
  [smaller, larger]: readonly [Large, Large],
): Promise<Finding[]> {
  const { database } = writing;
  await measurePolicyChange(writing, larger);
  await makeStatusColumn(database, [smaller, larger]);
  await measureCounts(database, smaller.users + larger.users);
  const small = await measurePages(database, smaller);
  const large = await measurePages(database, larger);
  const growth = quantile(large, 0.95) / quantile(small, 0.95);
  findings.push({
    what: "the same p95 with ten times as many users",
    ours: milliseconds(quantile(large, 0.95)),
    raw: `${milliseconds(quantile(small, 0.95))} (Lockstep, smaller)`,
    ratio: `${growth.toFixed(2)} ×`,
    promise: "flat (≤ 2 ×)",
    kept: growth <= 2,
  });
  return findings;
}
