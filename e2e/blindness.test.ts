// What a relay can know of the traffic of a real server: two organisations with other names, people, policies and machines
// do the same. Whenever the relay is looked into, nothing that names either of them is there, and what it keeps of the one
// has the sizes of what it keeps of the other.

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import {
  activations,
  keys,
  licences,
  organisations,
  standings,
  sync as proxySync,
  teams,
  updates,
  users,
  type User,
} from "@lockstep/api";
import type { OrganisationId, Policy, TeamId } from "@lockstep/core";
import { activate, login, profileIn, sync, WorkstationRefusal, type Profile } from "@lockstep/workstation";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";

import { Written } from "../apps/relay/src/testing/written.ts";
import { Database } from "../apps/server/src/db/database.ts";
import { cloneDatabase } from "../apps/server/src/db/testing/database.ts";
import { array, sql } from "../apps/server/src/db/sql.ts";
import { install, isRefusal, type Installation } from "./installation.ts";
import { anew } from "./program.ts";

interface Organisation {
  readonly name: string;
  readonly team: string;
  readonly key: string;
  readonly person: { readonly name: string; readonly username: string; readonly email: string };
  readonly machine: string;
  readonly password: string;
  /** Two of the same settings, with values of other lengths. */
  readonly policies: readonly [Policy, Policy];
}

const two: readonly [Organisation, Organisation] = [
  {
    name: "Northwind Air",
    team: "Flight Operations",
    key: "Flight plans",
    person: {
      name: "Bo Lindqvist",
      username: "bo.lindqvist@northwind.example",
      email: "bo.lindqvist@mail.example",
    },
    machine: "WS-NORTHWIND-1",
    password: "a few words in a row",
    policies: [{ "removable-media.mode": "block" }, { "removable-media.mode": "allow" }],
  },
  {
    name: "A Much Longer Name Limited",
    team: "Department of Everything Else",
    key: "Whatever the department has written down",
    person: {
      name: "Inês Duarte",
      username: "ines.duarte@department.example",
      email: "ines@department.example",
    },
    machine: "THE-COMPUTER-OF-THE-DEPARTMENT-IN-THE-HALL",
    password: "many more words than that, one after another",
    policies: [{ "removable-media.mode": "encrypted-only" }, { "removable-media.mode": "read-only" }],
  },
];

/** One of the two, with what the server made of it. */
interface Own {
  readonly organisation: Organisation;
  readonly params: { readonly organisationId: OrganisationId };
  readonly teamId: TeamId;
  readonly user: User;
  readonly profile: Profile;
  code: { readonly code: string; readonly relays: readonly string[] };
}

let folder: string;
let installation: Installation;
let database: Database;
let both: readonly [Own, Own];
/** What a look into the relay has found: its files, and the shapes of what it keeps for each organisation. */
interface Look {
  readonly when: string;
  readonly files: readonly Uint8Array[];
  readonly shapes: readonly string[][];
}

const looks: Look[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-blindness-"));
  const { connection } = await cloneDatabase();
  database = new Database(connection);
  const [first, second] = two;
  installation = await install(connection, folder, first.name);
  const { call, organisationId } = installation;
  const { authorityId } = await call(organisations.showOrganisation, { params: { organisationId } });
  if (authorityId === null) throw new Error("an organisation belongs to an authority");
  const body = { name: second.name, managedByMe: true };
  const made = await call(organisations.createOrganisation, { params: { authorityId }, body });
  both = [await prepare(first, organisationId), await prepare(second, made.id)];
  await live();
}, 240_000);
afterAll(async () => {
  await installation.end();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

/** A team with a policy, a key, a licence, somebody, and a code for them. */
async function prepare(organisation: Organisation, organisationId: OrganisationId): Promise<Own> {
  const { call } = installation;
  const params = { organisationId };
  const [root] = (await call(teams.listTeams, { params })).teams;
  if (root === undefined) throw new Error("every organisation has a root team");
  const team = await call(teams.createTeam, { params, body: { name: organisation.team, parentId: root.id } });
  const group = await call(keys.createGroup, { params, body: { name: `All of ${organisation.name}` } });
  await call(keys.createKey, { params, body: { name: organisation.key, groupIds: [group.id] } });
  const given = { params: { ...params, teamId: team.id }, match: team.revision };
  await call(teams.setTeamGroups, { ...given, body: { groupIds: [group.id] } });
  const productId = `For ${organisation.name}`;
  const pool = { productId, edition: "Pro", term: "perpetual", seats: 5 } as const;
  const dates = { validFrom: "2026-01-01", validUntil: null };
  await call(licences.addLicence, { params, body: { ...pool, ...dates } });
  const user = await call(users.addUser, { params, body: { ...organisation.person, teamId: team.id } });
  const client = "lockstep-client 0.1.0";
  const { machine } = organisation;
  const profile = await profileIn(join(folder, machine), client, {
    machine: { id: `id of ${machine}`, name: machine, os: "Debian", client },
    keyring: null,
    runtimeFolder: null,
    fetch: anew,
  });
  const own: Own = { organisation, params, teamId: team.id, user, profile, code: { code: "", relays: [] } };
  await setPolicy(own, 0);
  own.code = await call(activations.issueActivationCode, {
    params: { ...params, userId: user.id },
    body: {},
  });
  return own;
}

async function setPolicy({ organisation, params, teamId }: Own, which: 0 | 1): Promise<void> {
  const { call } = installation;
  const place = { ...params, teamId };
  const { revision } = (await call(teams.showTeam, { params: place })).team;
  const body = { policy: organisation.policies[which] };
  await call(teams.setTeamPolicy, { params: place, body, match: revision });
}

/** Server and relay exchange all that they have. A connection that was kept may have broken with the relay. */
async function exchange(): Promise<void> {
  for (const { params } of both)
    for (let isDone = false; !isDone;) {
      isDone = await installation.call(proxySync.startSync, { params }).then(
        () => true,
        (error: unknown) => {
          if (!isRefusal(error, "relay_unreachable")) throw error;
          return false;
        },
      );
    }
}

const mailboxOf = z.object({ address: z.string(), organisationId: z.string() });
const parcelOf = z.object({ mailbox: z.string(), shape: z.string() });

/** Stops the relay at once, looks at all that it has written down, and starts it again. */
async function look(when: string): Promise<void> {
  await installation.relay.kill();
  const names = await readdir(installation.relayFolder);
  const files = await Promise.all(names.map((name) => readFile(join(installation.relayFolder, name))));
  const owners = await database.read((reader) =>
    reader.rows(mailboxOf, sql`select address, organisation_id as "organisationId" from mailboxes`),
  );
  const store = new DatabaseSync(join(installation.relayFolder, "relay.sqlite"));
  const parcels = z.array(parcelOf).parse(
    store
      .prepare(
        `select lower(hex(m.mailbox)) as mailbox,
          format('%d bytes, queued %d, fetched %d, heard %d', length(p.body), p.slot = 0, p.is_fetched,
            m.hears_fetches) as shape
        from parcels p join mailboxes m on m.id = p.mailbox_id where p.body is not null`,
      )
      .all(),
  );
  store.close();
  const shapes = both.map(({ params }) => {
    const own = new Set(
      owners.filter((each) => each.organisationId === params.organisationId).map(({ address }) => address),
    );
    return parcels
      .filter(({ mailbox }) => own.has(mailbox))
      .map(({ shape }) => shape)
      .sort();
  });
  looks.push({ when, files, shapes });
  await installation.relay.start();
}

/** Everything that travels, with a look at each of the parcels while it waits. */
async function live(): Promise<void> {
  const { server, call } = installation;
  await exchange();
  await look("the offers wait");
  await server.kill();
  for (const { profile, code, organisation } of both) {
    const asking = activate(profile, { ...code, password: organisation.password, waitSeconds: 0 });
    await expect(asking).rejects.toBeInstanceOf(WorkstationRefusal);
  }
  await look("the joins wait");
  await server.start();
  await exchange();
  await look("the answers wait");
  await server.kill();
  for (const { profile, code, organisation } of both)
    await activate(profile, { ...code, password: organisation.password, waitSeconds: 20 });
  await look("the first reports wait");
  await server.start();
  await exchange();
  for (const own of both) await setPolicy(own, 1);
  for (const { params, user } of both) {
    let posting = await call(updates.postKeyFiles, { params, body: {} });
    while (posting.endedAt === null)
      posting = await call(updates.showPosting, { params: { ...params, postingId: posting.id } });
    for (const kind of ["lock", "unlock"] as const)
      await call(updates.postCommand, { params: { ...params, userId: user.id }, body: { kind } });
  }
  await exchange();
  await look("Key-Files, orders and pulses wait");
  await server.kill();
  for (const { profile, organisation } of both) {
    await sync(profile);
    await login(profile, { password: organisation.password, keep: false });
    await sync(profile);
  }
  await look("what the workstations have done waits");
  await server.start();
  await exchange();
}

test("all of it has travelled: everybody is up to date", async () => {
  for (const { params, user } of both) {
    const place = { params: { ...params, userId: user.id } };
    const { encryption, workstations } = await installation.call(standings.showStanding, place);
    expect({ encryption, version: workstations[0]?.version }).toEqual({ encryption: "active", version: 2 });
  }
});

const told = z.object({ text: z.string() });

/** Every id that the server has of the two organisations: of people, things, updates, contents, events. */
async function everyId(): Promise<string[]> {
  const those = array(
    both.map(({ params }) => params.organisationId),
    "uuid",
  );
  const tables = await database.read((reader) =>
    reader.rows(
      told,
      sql`select table_name as text from information_schema.columns
        where table_schema = 'public' and column_name = 'organisation_id'`,
    ),
  );
  const ids = new Set<string>();
  for (const { text: table } of tables) {
    const rows = await database.read((reader) =>
      reader.rows(
        told,
        sql`select to_jsonb(t)::text as text from ${sql.table(table)} t where organisation_id = any(${those})`,
      ),
    );
    for (const { text } of rows)
      for (const [id] of text.matchAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g)) ids.add(id);
  }
  return [...ids];
}

function everyName({ organisation, code, user }: Own): string[] {
  const { name, team, key, person, machine, policies } = organisation;
  const settings = policies.flatMap((policy) => Object.entries(policy).flat().map(String));
  const machines = [machine, `id of ${machine}`];
  const given = [name, team, key, ...Object.values(person), ...machines, user.username, code.code];
  // A word of four letters is in a megabyte of ciphertext by chance.
  return [...given, ...settings].filter(({ length }) => length > 5);
}

test("no name, no setting and no id of either organisation is in the relay's store or log, in any spelling", async () => {
  const files = looks.flatMap((each) => each.files);
  const written = new Written([...files, Buffer.from(installation.relay.output)]);
  const names = both.flatMap(everyName);
  const ids = await everyId();
  expect(names.length).toBeGreaterThan(20);
  expect(ids.length).toBeGreaterThan(50);
  expect(names.filter((name) => written.has(name))).toEqual([]);
  expect(ids.filter((id) => written.hasId(id))).toEqual([]);
});

test("the log has a line for each start, and nothing else", () => {
  expect(installation.relay.output).toMatch(/^(the relay is at http:\/\/127\.0\.0\.1:\d+\n)+$/);
});

test("whatever waits for the one organisation, as much of the same sizes waits for the other", () => {
  expect(looks).toHaveLength(6);
  for (const { when, shapes } of looks) {
    const [one = [], other = []] = shapes;
    expect({ when, shapes: one }).toEqual({ when, shapes: other });
    expect(one.length, when).toBeGreaterThan(0);
  }
});
