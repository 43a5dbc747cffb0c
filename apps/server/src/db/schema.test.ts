// The rules that keep the schema distributable (docs/adr, "PostgreSQL everywhere"), read from the catalogues and the SQL.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";
import { z } from "zod";

import { linkToDirectory } from "../directory/store.ts";
import { changeFacts } from "../facts/change.ts";
import { activate, makeOrganisation } from "../facts/testing.ts";
import { sql } from "./sql.ts";
import { useDatabase } from "./testing/database.ts";

const database = useDatabase();
const source = fileURLToPath(new URL("..", import.meta.url));

/** Small and the same everywhere; each server of a distributed database has a copy. */
const shared = ["authorities", "organisations"];
/** Of the whole installation: keyed by what must be unique over it, or about none of its organisations. */
const installationWide = [
  "usernames",
  "canary_runs",
  "mailboxes",
  "relays",
  "re_enabling_requests",
  "password_requests",
  "password_attempts",
  "single_sign_on_names",
];
const ownTables = `c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
  and c.relname not like 'kysely%' and c.relname <> 'fact_writes'`;

const names = z.object({ name: z.string() });
async function read(statement: string): Promise<string[]> {
  const rows = await database.current.snapshot((snapshot) => snapshot.rows(names, sql.raw(statement)));
  return rows.map(({ name }) => name);
}

test("INV-13: the organisation leads every primary and unique key of a tenant table", async () => {
  const exempt = [...shared, ...installationWide].map((name) => `'${name}'`).join(", ");
  const wrong = await read(`
    select i.indexrelid::regclass::text as name from pg_index i join pg_class c on c.oid = i.indrelid
    join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
    where ${ownTables} and i.indisunique and c.relname not in (${exempt}) and a.attname <> 'organisation_id'`);
  expect(wrong).toEqual([]);
});

test("INV-13: the organisation leads every foreign key between tenant tables", async () => {
  const wrong = await read(`
    select k.conname as name from pg_constraint k join pg_class c on c.oid = k.conrelid
    join pg_class target on target.oid = k.confrelid
    join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
    where ${ownTables} and k.contype = 'f' and target.relname not in ('authorities', 'organisations')
      and a.attname <> 'organisation_id'`);
  expect(wrong).toEqual([]);
});

test("INV-13: no migration makes a trigger or a function", () => {
  const folder = join(source, "../migrations");
  for (const file of readdirSync(folder)) {
    expect(readFileSync(join(folder, file), "utf8")).not.toMatch(
      /create\s+(or\s+replace\s+)?(trigger|function|rule)/i,
    );
  }
});

test("every table says what a row means", async () => {
  expect(
    await read(
      `select relname as name from pg_class c where ${ownTables} and obj_description(c.oid) is null`,
    ),
  ).toEqual([]);
});

function storeFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("store.ts"))
    .map((file) => join(folder, file));
}

test("INV-13: every statement on a tenant table names its organisation", async () => {
  const tables = (await read(`select relname as name from pg_class c where ${ownTables}`)).filter(
    (name) => ![...shared, ...installationWide].includes(name),
  );
  const touches = new RegExp(`(from|join|into|update)\\s+(${tables.join("|")})\\b`, "i");
  const wrong = storeFiles(source).flatMap((file) => {
    const functions = readFileSync(file, "utf8").split(/^(?=(?:export )?(?:async )?function |const )/m);
    return functions
      .filter((text) => touches.test(text) && !/organisation_id|within\(scope\)/.test(text))
      .map((text) => `${file.slice(source.length)}: ${text.split("\n")[0] ?? ""}`);
  });
  expect(wrong).toEqual([]);
});

const contradictions: [string, string][] = [
  ["a person without an account is blocked", "update users set blocked_at = now(), account = 'none'"],
  ["an account that was never activated idles", "update users set account = 'pending', disabled_at = now()"],
  [
    "a subscription never ends",
    "insert into licences values (o, o, 'p', 'e', 'subscription', 1, '2026-01-01', null)",
  ],
  [
    "a licence ends before it begins",
    "insert into licences values (o, o, 'p', 'e', 'trial', 1, '2026-01-02', '2026-01-01')",
  ],
  [
    "a licence has no seats",
    "insert into licences values (o, o, 'p', 'e', 'perpetual', 0, '2026-01-01', null)",
  ],
  ["a team is its own parent", "update teams set parent_id = id"],
  ["an organisation has two root teams", "update teams set parent_id = null"],
  [
    "a key has two active versions",
    "insert into key_versions select organisation_id, key_id, 9, 'active' from key_versions",
  ],
  [
    "a user holds two seats",
    "insert into seats select organisation_id, user_id, licence_id, now() from seats",
  ],
  ["a command carries a version", "update updates set kind = 'lock'"],
  ["an outstanding update has ended", "update updates set ended_at = now(), state = 'posted'"],
  [
    "a workstation policy colours a user",
    "update updates set kind = 'workstation-policy', version = null, team_content_id = null, own_content_id = null",
  ],
  [
    "a workstation applied a version that was never posted",
    "update activations set applied_version = next_version",
  ],
  [
    "a user is active twice on one workstation",
    "insert into activations select organisation_id, gen_random_uuid(), user_id, workstation_id, now(), null, 1, 0, applied_team_content_id, applied_own_content_id, null from activations",
  ],
  ["a directory account is missing without a time", "update directory_links set state = 'missing'"],
  [
    "two users share a directory account",
    "insert into directory_links select organisation_id, (select id from users u where u.organisation_id = d.organisation_id and u.id <> d.user_id limit 1), object_id, 'linked', null from directory_links d",
  ],
  [
    "two codes of a user are outstanding",
    "insert into activation_codes select organisation_id, gen_random_uuid(), id, now(), now() + '1 day' from users, generate_series(1, 2)",
  ],
  [
    "two keys of an organisation sign Key-Files",
    "insert into signing_keys select organisation_id, gen_random_uuid(), 'x' || substr(kid, 2), role, public_x, material, kek_version, made_at, null from signing_keys where role = 'issuer'",
  ],
  ["a signing key that is in no root keeps its secret", "update signing_keys set retired_at = now()"],
  [
    "an organisation hashes its machines in two ways",
    "insert into machine_keys select organisation_id, gen_random_uuid(), material, kek_version, made_at from machine_keys",
  ],
  [
    "a mailbox is nobody's",
    "insert into mailboxes values (repeat('a', 64), gen_random_uuid(), 'down', null, null, 0)",
  ],
  [
    "a mailbox is of a code and of an activation at once",
    "insert into mailboxes values (repeat('a', 64), gen_random_uuid(), 'down', gen_random_uuid(), gen_random_uuid(), 0)",
  ],
  ["an activation has a device and no secrets of it", "update activations set device = repeat('d', 43)"],
  ["orders were delivered that were never given", "update activations set orders_delivered_version = 1"],
  [
    "two workstations are one machine",
    "insert into workstations (organisation_id, id, name, machine_hash) select organisation_id, gen_random_uuid(), name, repeat('a', 64) from workstations, generate_series(1, 2)",
  ],
  [
    "a report was received and not judged",
    "insert into reports select organisation_id, id, 1, repeat('a', 64), now(), null from activations",
  ],
  [
    "a posting looked at more people than it is about",
    "insert into postings select organisation_id, gen_random_uuid(), null, null, 'test', null, null, 1, 2, 0, null, now(), null from workstations",
  ],
  [
    "two blocks of a user stand at once",
    "insert into blocks (organisation_id, id, user_id, role, at, reason) select organisation_id, gen_random_uuid(), id, 'organisation-manager', now(), 'Left' from users, generate_series(1, 2)",
  ],
  [
    "a block ends before it begins",
    "insert into blocks (organisation_id, id, user_id, role, at, reason, until) select organisation_id, gen_random_uuid(), id, 'organisation-manager', now(), 'Left', now() - interval '1 day' from users",
  ],
  [
    "a batch has ended and not looked at everybody",
    "insert into account_batches (organisation_id, id, action, is_dry_run, actor_role, actor_organisation_id, actor_user_id, users, started_at, ended_at) select organisation_id, gen_random_uuid(), 'unblock-account', false, 'test', id, id, 2, now(), now() from users",
  ],
  ["a username has capitals", "update users set username = 'ADA'"],
  ["two users of an organisation share a username", "update users set username = 'same'"],
];

test.each(contradictions)("INV-14: the schema refuses that %s", async (_, statement) => {
  const organisation = await makeOrganisation(database.current, 2);
  const [user] = organisation.users;
  if (user === undefined) throw new Error("nobody");
  await activate(organisation, user);
  await changeFacts(organisation.writing, organisation.id, (change) => linkToDirectory(change, user, user));
  const here = statement.replaceAll("(o, o,", `('${organisation.id}', '${organisation.id}',`);
  const attempt = database.current.transaction((transaction) => transaction.execute(sql.raw(here)));
  await expect(attempt).rejects.toMatchObject({ code: expect.stringMatching(/^23(505|514|502)$/) as string });
});
