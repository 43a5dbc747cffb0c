// A large organisation, made in SQL and then put into postures through the product's own refresh.

import type { OrganisationId, TeamId } from "@lockstep/core";
import { v7 as uuid } from "uuid";
import { z } from "zod";

import type { Database } from "../apps/server/src/db/database.ts";
import type { id } from "../apps/server/src/db/shape.ts";
import { sql } from "../apps/server/src/db/sql.ts";
import { changeContents, type Writing } from "../apps/server/src/facts/change.ts";
import { empty } from "../apps/server/src/facts/identity.ts";
import { listUserIds } from "../apps/server/src/facts/raw/store.ts";
import { foldDeltas, refreshPostures } from "../apps/server/src/facts/store.ts";
import { createOrganisationWithin } from "../apps/server/src/organisations/commands.ts";
import { insertAuthority } from "../apps/server/src/organisations/store.ts";
import type { RootMaking } from "../apps/server/src/roots/commands.ts";
import { insertTeam, updateTeamPolicy } from "../apps/server/src/teams/store.ts";

export interface Large {
  readonly organisationId: OrganisationId;
  /** A tenth of all users are in it. */
  readonly largestTeam: TeamId;
  readonly users: number;
  readonly activations: number;
  readonly teams: number;
}

const refreshBatch = 10_000;

/** Whether the user's number falls among so many of a thousand, from a start. */
const among = (start: number, many: number) =>
  `(n::bigint * 7919 % 1000) between ${start} and ${start + many - 1}`;

/**
 * People in every state: of a thousand, 30 unlicensed, 10 orphaned, 50 never activated, 17 who hold an older content,
 * 20 with an update on its way, 40 with keys of their own; the rest is in order.
 */
export async function generate(
  writing: Writing & RootMaking,
  size: { users: number; teams: number; name: string },
): Promise<Large> {
  const { database } = writing;
  const organisationId = uuid() as OrganisationId;
  const rootTeamId = uuid() as TeamId;
  const authorityId = uuid();
  await database.transaction((transaction) =>
    insertAuthority(transaction, { id: authorityId as never, name: `Authority of ${size.name}` }),
  );
  const office = "none";
  await database.transaction((transaction) =>
    createOrganisationWithin(transaction, writing, {
      id: organisationId,
      authorityId: authorityId as never,
      name: size.name,
      office,
      rootTeamId,
    }),
  );
  const teams = Array.from({ length: size.teams }, () => uuid() as TeamId);
  await changeContents(writing, organisationId, async (change) => {
    for (const [at, team] of teams.entries()) {
      await insertTeam(change, { id: team, parentId: rootTeamId, name: `Team ${at}` });
    }
  });
  // An older content for those who lag behind, then the present one.
  for (const interval of [30, 60]) {
    await changeContents(writing, organisationId, (change) =>
      updateTeamPolicy(change, rootTeamId, { "sync.interval": interval }),
    );
  }
  await insertPeople(database, organisationId, teams, size.users);
  const activations = await insertActivations(database, organisationId);
  await refreshAll(writing, organisationId);
  const [largestTeam] = teams;
  if (largestTeam === undefined) throw new Error("there are teams");
  return { organisationId, largestTeam, users: size.users, activations, teams: size.teams };
}

async function insertPeople(
  database: Database,
  organisationId: OrganisationId,
  teams: readonly TeamId[],
  users: number,
): Promise<void> {
  const organisation = `'${organisationId}'::uuid`;
  const teamOf = `(array['${teams.join("','")}']::uuid[])
    [case when n % 10 = 0 then 1 else 2 + (n::bigint * 31) % ${teams.length - 1} end]`;
  await run(
    database,
    `create table numbered (n integer primary key, id uuid not null)`,
    `insert into numbered select n, gen_random_uuid() from generate_series(1, ${users}) n`,
    `insert into licences values (${organisation}, ${organisation}, 'LS-1', 'Pro', 'subscription', ${users}, '2026-01-01', '2030-12-31')`,
    `insert into contents (organisation_id, id, fingerprint, document)
      select ${organisation}, encode(substring(f for 16), 'hex')::uuid, f, d::jsonb
      from (select sha256(convert_to(d, 'UTF8')) as f, d from (values
        ('{"keys":[{"key":"018f0000-0000-7000-8000-00000000000f","use":"active","version":1}],"policy":{}}')) v (d)) c`,
    `insert into users (organisation_id, id, team_id, username, name, sort_name, added_at, account, own_content_id)
      select ${organisation}, id, ${teamOf}, 'user-' || ${organisation} || '-' || n, 'User ' || md5(n::text),
        'user ' || md5(n::text), now(), 'active',
        case when ${among(200, 40)} then (select id from contents where organisation_id = ${organisation}
          and document->'keys' <> '[]' limit 1) else '${empty.id}' end
      from numbered`,
    `insert into seats select ${organisation}, id, ${organisation}, now() from numbered where not (${among(0, 30)})`,
    `insert into directory_links select ${organisation}, id, id, 'missing', now() from numbered where ${among(30, 10)}`,
    "analyze users",
  );
}

async function insertActivations(database: Database, organisationId: OrganisationId): Promise<number> {
  const organisation = `'${organisationId}'::uuid`;
  const older = `(select r.desired_content_id from team_revisions r where r.organisation_id = ${organisation}
    and r.team_id = t.id and r.desired_content_id <> t.desired_content_id
    and r.desired_content_id <> '${empty.id}' order by r.revision desc limit 1)`;
  await run(
    database,
    `insert into workstations select ${organisation}, gen_random_uuid(), 'WS-' || n
      from numbered, generate_series(1, case when n % 3 = 0 then 2 else 1 end) where not (${among(0, 30)} or ${among(40, 50)})`,
    `insert into activations (organisation_id, id, user_id, workstation_id, admitted_at, next_version, applied_version,
        applied_team_content_id, applied_own_content_id, last_report_at)
      select ${organisation}, gen_random_uuid(), u.id, w.id, now(), 2, 1,
        case when ${among(90, 17)} then ${older} else t.desired_content_id end, u.own_content_id, now()
      from workstations w
      join numbered on n = substring(w.name from 4)::integer
      join users u on u.organisation_id = ${organisation} and u.id = numbered.id
      join teams t on t.organisation_id = ${organisation} and t.id = u.team_id
      where w.organisation_id = ${organisation}`,
    "analyze activations",
    `insert into updates (organisation_id, id, activation_id, user_id, kind, scope, posted_at)
      select ${organisation}, gen_random_uuid(), a.id, a.user_id, 'lock', 'user', now()
      from activations a join numbered on numbered.id = a.user_id
      where a.organisation_id = ${organisation} and ${among(120, 20)}`,
    "analyze",
    "drop table numbered",
  );
  const counted = await database.snapshot((snapshot) =>
    snapshot.row(
      z.object({ n: z.int() }),
      sql`select count(*) as n from activations where organisation_id = ${organisationId}`,
    ),
  );
  return counted?.n ?? 0;
}

async function refreshAll({ database, clock }: Writing, organisationId: OrganisationId): Promise<void> {
  let after: z.output<ReturnType<typeof id<"user">>> | null = null;
  do {
    const users = await database.snapshot((snapshot) =>
      listUserIds(snapshot, organisationId, { after, limit: refreshBatch }),
    );
    if (users.length > 0) {
      await database.transaction((transaction) =>
        refreshPostures(transaction, organisationId, users, clock()),
      );
    }
    after = users.length < refreshBatch ? null : (users.at(-1) ?? null);
  } while (after !== null);
  await database.transaction((transaction) => foldDeltas(transaction, organisationId));
  await sql.raw("vacuum analyze").execute(database.kysely);
}

async function run(database: Database, ...statements: string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database.kysely);
}
