import type { ActivationId, UpdateId, WorkstationId } from "@lockstep/core";
import fc from "fast-check";
import { v7 as uuid } from "uuid";
import { expect, test } from "vitest";
import { z } from "zod";

import * as activations from "../activations/store.ts";
import type { ActivationCodeId } from "../activations/store.ts";
import type { ContentChange } from "../db/change.ts";
import type { Reader } from "../db/database.ts";
import { sql } from "../db/sql.ts";
import { expectNoDrift, useDatabase } from "../db/testing/database.ts";
import * as directory from "../directory/store.ts";
import * as keys from "../keys/store.ts";
import * as licences from "../licences/store.ts";
import { countStandings } from "../standing/counts.ts";
import * as teams from "../teams/store.ts";
import * as updates from "../updates/store.ts";
import * as users from "../users/store.ts";
import { auditSlice, auditUsers } from "./auditor.ts";
import { changeContents, changeFacts } from "./change.ts";
import { foldDeltas, deleteDeadPostures } from "./store.ts";
import { activate, makeOrganisation, stores, today, type SmallOrganisation } from "./testing.ts";

const database = useDatabase();

const activationRow = z.object({
  id: z.custom<ActivationId>(),
  userId: z.custom<SmallOrganisation["users"][number]>(),
});
const updateRow = z.object({
  id: z.custom<UpdateId>(),
  userId: z.custom<SmallOrganisation["users"][number]>(),
});

const pick = <Item>(items: readonly Item[], chance: number): Item | undefined => items[chance % items.length];

async function anActivation(reader: Reader, { id }: SmallOrganisation, chance: number) {
  const rows = await reader.rows(
    activationRow,
    sql`select id, user_id as "userId" from activations where organisation_id = ${id} and ended_at is null order by id`,
  );
  return pick(rows, chance);
}

async function anUpdate(reader: Reader, { id }: SmallOrganisation, chance: number) {
  const rows = await reader.rows(
    updateRow,
    sql`select id, user_id as "userId" from updates
      where organisation_id = ${id} and state in ('posted', 'fetched') order by id`,
  );
  return pick(rows, chance);
}

interface Chances {
  readonly user: number;
  readonly other: number;
}

type Act = (change: ContentChange, organisation: SmallOrganisation, chances: Chances) => Promise<unknown>;

const userOf = ({ users }: SmallOrganisation, chance: number) => {
  const user = pick(users, chance);
  if (user === undefined) throw new Error("an organisation without people");
  return user;
};
const teamOf = ({ teams }: SmallOrganisation, chance: number) => pick(teams, chance) ?? teams[0];
const groupOf = ({ groups }: SmallOrganisation, chance: number) => pick(groups, chance) ?? groups[0];
const keyOf = ({ keys }: SmallOrganisation, chance: number) => pick(keys, chance) ?? keys[0];

/** One act for every function of every store that writes facts of teams or users. */
const acts: Record<string, Act> = {
  insertTeam: (change, { teams: [root] }) =>
    teams.insertTeam(change, { id: uuid() as typeof root, parentId: root, name: `Team ${uuid()}` }),
  updateTeamPolicy: (change, organisation, { user, other }) =>
    teams.updateTeamPolicy(change, teamOf(organisation, user), { "sync.interval": 30 + (other % 2) }),
  updateTeamParent: (change, { teams: [root, left, right] }, { other }) =>
    teams.updateTeamParent(change, right, other % 2 === 0 ? left : root),
  giveGroupToTeam: (change, organisation, { user, other }) =>
    teams.giveGroupToTeam(change, teamOf(organisation, user), groupOf(organisation, other)),
  takeGroupFromTeam: (change, organisation, { user, other }) =>
    teams.takeGroupFromTeam(change, teamOf(organisation, user), groupOf(organisation, other)),
  insertKey: (change) => keys.insertKey(change, { id: uuid() as SmallOrganisation["keys"][0], name: uuid() }),
  putKeyVersion: (change, organisation, { user, other }) =>
    keys.putKeyVersion(change, {
      key: keyOf(organisation, user),
      version: 2 + (other % 2),
      use: other % 3 === 0 ? "retired" : "decrypt-only",
    }),
  insertGroup: (change) =>
    keys.insertGroup(change, { id: uuid() as SmallOrganisation["groups"][0], name: uuid() }),
  addKeyToGroup: (change, organisation, { user, other }) =>
    keys.addKeyToGroup(change, groupOf(organisation, user), keyOf(organisation, other)),
  removeKeyFromGroup: (change, organisation, { user, other }) =>
    keys.removeKeyFromGroup(change, groupOf(organisation, user), keyOf(organisation, other)),
  insertUsers: (change, { teams: [root] }) =>
    users.insertUsers(change, [
      { id: uuid() as never, teamId: root, username: uuid(), name: "Late", email: null, account: "none" },
    ]),
  updateUsersTeam: (change, organisation, { user, other }) =>
    users.updateUsersTeam(change, [userOf(organisation, user)], teamOf(organisation, other)),
  updateAccountMarks: (change, organisation, { user, other }) =>
    users.updateAccountMarks(change, userOf(organisation, user), {
      account: "active",
      blocked: other % 2 === 0,
      disabled: other % 3 === 0,
    }),
  markUserRemoved: (change, organisation, { user, other }) =>
    other % 8 === 0 ? users.markUserRemoved(change, userOf(organisation, user)) : Promise.resolve(),
  giveGroupToUser: (change, organisation, { user, other }) =>
    users.giveGroupToUser(change, userOf(organisation, user), groupOf(organisation, other)),
  takeGroupFromUser: (change, organisation, { user, other }) =>
    users.takeGroupFromUser(change, userOf(organisation, user), groupOf(organisation, other)),
  insertLicence: (change, _, { other }) =>
    licences.insertLicence(change, {
      id: uuid() as SmallOrganisation["licence"],
      productId: "LS-2",
      edition: "Pro",
      term: "perpetual",
      seats: 1 + (other % 5),
      validFrom: today,
      validUntil: null,
    }),
  updateLicenceUntil: (change, { licence }) => licences.updateLicenceUntil(change, licence, today),
  insertSeats: async (change, organisation, { user }) => {
    await licences.deleteSeats(change, [userOf(organisation, user)]);
    await licences.insertSeats(change, organisation.licence, [userOf(organisation, user)]);
  },
  deleteSeats: (change, organisation, { user }) => licences.deleteSeats(change, [userOf(organisation, user)]),
  linkToDirectory: (change, organisation, { user }) =>
    directory.linkToDirectory(change, userOf(organisation, user), uuid()),
  markMissingFromDirectory: (change, organisation, { user }) =>
    directory.markMissingFromDirectory(change, [userOf(organisation, user)]),
  unlinkFromDirectory: (change, organisation, { user }) =>
    directory.unlinkFromDirectory(change, [userOf(organisation, user)]),
  insertActivationCode: (change, organisation, { user }) =>
    activations.insertActivationCode(change, {
      id: uuid() as ActivationCodeId,
      userId: userOf(organisation, user),
      expiresAt: new Date("2026-03-15T00:00:00Z"),
    }),
  voidActivationCodes: (change, organisation, { user }) =>
    activations.voidActivationCodes(change, userOf(organisation, user)),
  insertWorkstation: (change) =>
    activations.insertWorkstation(change, { id: uuid() as WorkstationId, name: "Spare" }),
  insertActivation: async (change, organisation, { user }) => {
    const workstationId = uuid() as WorkstationId;
    await activations.insertWorkstation(change, { id: workstationId, name: "New" });
    await activations.insertActivation(change, {
      id: uuid() as ActivationId,
      userId: userOf(organisation, user),
      workstationId,
    });
  },
  endActivation: async (change, organisation, { user }) => {
    const found = await anActivation(change, organisation, user);
    if (found !== undefined) await activations.endActivation(change, found.id, found.userId);
  },
  updateApplied: async (change, organisation, { user }) => {
    const [posted] = await updates.postKeyFiles(change, [userOf(organisation, user)]);
    if (posted === undefined) return;
    await updates.updateUpdateState(change, posted, "processed");
    await activations.updateApplied(change, posted);
  },
  postKeyFiles: (change, organisation, { user }) =>
    updates.postKeyFiles(change, [userOf(organisation, user)]),
  postCommand: async (change, organisation, { user, other }) => {
    const found = await anActivation(change, organisation, user);
    const kind = pick(["deactivate", "lock", "workstation-policy"] as const, other) ?? "lock";
    if (found === undefined) return;
    await updates.postCommand(change, {
      id: uuid() as UpdateId,
      kind,
      activationId: found.id,
      userId: found.userId,
    });
  },
  updateUpdateState: async (change, organisation, { user, other }) => {
    const found = await anUpdate(change, organisation, user);
    const state =
      pick(["fetched", "processed", "failed", "rejected", "cancelled"] as const, other) ?? "fetched";
    if (found !== undefined) await updates.updateUpdateState(change, found, state);
  },
};

/** These write nothing that a posture depends on: an authority or an organisation, which is joined by id. */
const elsewhere = ["insertAuthority", "insertOrganisation", "setOrganisationDisabled"];

test("INV-8: every function that writes facts is among the acts that the random histories are made of", () => {
  const writing = Object.values(stores)
    .flatMap((store) => Object.keys(store))
    .filter((name) => !/^(list|load|find|count|sortNameOf)/.test(name));
  expect(writing.sort()).toEqual([...Object.keys(acts), ...elsewhere].sort());
});

test("INV-7: after any history of changes every user is in the posture that core derives from the facts", async () => {
  const act = fc.record({
    name: fc.constantFrom(...Object.keys(acts)),
    user: fc.nat({ max: 11 }),
    other: fc.nat({ max: 23 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 25 }), async (history) => {
      const organisation = await makeOrganisation(database.current);
      for (const user of organisation.users.slice(0, 3)) await activate(organisation, user);
      for (const { name, user, other } of history) {
        await changeContents(organisation.writing, organisation.id, async (change) => {
          await acts[name]?.(change, organisation, { user, other });
        });
      }
      await expectNoDrift(database.current);
      const { drifted } = await auditSlice(organisation.writing, organisation.id, {
        after: null,
        limit: 1000,
      });
      expect(drifted).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test("INV-8: a write that goes past the one door is found by the audit and healed", async () => {
  const organisation = await makeOrganisation(database.current);
  const [userId] = organisation.users;
  await database.current.transaction((transaction) =>
    transaction.execute(sql`insert into seats (organisation_id, user_id, licence_id, taken_at)
      values (${organisation.id}, ${userId}, ${organisation.licence}, now())`),
  );
  expect(await auditUsers(database.current, organisation.id, organisation.users)).toHaveLength(1);
  const audit = () => auditSlice(organisation.writing, organisation.id, { after: null, limit: 100 });
  expect((await audit()).drifted.map((drift) => drift.userId)).toEqual([userId]);
  expect((await audit()).drifted).toEqual([]);
});

// Without the lock on the user's row each of the two computes the posture without the other's facts.
test("INV-7: ... not even when two changes touch one user at the same moment", async () => {
  for (let round = 0; round < 20; round++) {
    const organisation = await makeOrganisation(database.current, 1);
    const { writing, id, licence, users: people } = organisation;
    const [userId] = people;
    if (userId === undefined) throw new Error("nobody to race for");
    const meet = barrier(2);
    await Promise.all([
      changeFacts(writing, id, async (change) => {
        await licences.insertSeats(change, licence, [userId]);
        await meet();
      }),
      changeFacts(writing, id, async (change) => {
        await directory.linkToDirectory(change, userId, uuid());
        await meet();
      }),
    ]);
    expect(await auditUsers(database.current, id, people)).toEqual([]);
  }
});

// Without the lock on the organisation each of the two computes the lowest team's content without the other's policy.
test("INV-7: ... and what a team should hold is right when it and the team above change at the same moment", async () => {
  for (let round = 0; round < 20; round++) {
    const {
      writing,
      id,
      teams: [root, left],
    } = await makeOrganisation(database.current, 0);
    await Promise.all([
      changeContents(writing, id, (change) => teams.updateTeamPolicy(change, root, { "sync.interval": 30 })),
      changeContents(writing, id, (change) =>
        teams.updateTeamPolicy(change, left, { "offline.warn-after": 3 }),
      ),
    ]);
    const content = await database.current.snapshot((snapshot) =>
      snapshot.row(
        z.object({ interval: z.int(), warn: z.int() }),
        sql`select (c.document->'policy'->>'sync.interval')::integer as interval,
            (c.document->'policy'->>'offline.warn-after')::integer as warn
          from teams t join contents c on c.organisation_id = t.organisation_id and c.id = t.desired_content_id
          where t.organisation_id = ${id} and t.id = ${left}`,
      ),
    );
    expect(content).toEqual({ interval: 30, warn: 3 });
  }
});

/** Resolves for everybody once so many have come. */
function barrier(parties: number): () => Promise<void> {
  let come = 0;
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return () => {
    come += 1;
    if (come >= parties) open();
    return opened;
  };
}

test("INV-3: a reverted policy gives everybody back the former status, without a word to any workstation", async () => {
  const organisation = await makeOrganisation(database.current);
  const {
    writing,
    id,
    teams: [, left],
    users: people,
  } = organisation;
  for (const user of people) await activate(organisation, user);
  const statuses = () =>
    database.current.snapshot((snapshot) =>
      countStandings(snapshot, { organisationId: id, teams: null }, today),
    );
  const set = (interval: number) =>
    changeContents(writing, id, (change) =>
      teams.updateTeamPolicy(change, left, { "sync.interval": interval }),
    );
  await set(60);
  const before = await statuses();
  expect(before.encryption.active).toBe(4);
  await set(15);
  expect((await statuses()).encryption).toMatchObject({ active: 2, "update-required": 2 });
  await set(60);
  expect(await statuses()).toEqual(before);
});

test("INV-4: no table has a column for a status: red is a comparison and never stored", async () => {
  const columns = await database.current.snapshot((snapshot) =>
    snapshot.rows(
      z.object({ name: z.string() }),
      sql`select table_name || '.' || column_name as name from information_schema.columns
        where table_schema = 'public' and (column_name like '%status%' or column_name like '%colour%')`,
    ),
  );
  expect(columns).toEqual([]);
});

test("INV-9: folding while others write loses and doubles nothing", async () => {
  const organisation = await makeOrganisation(database.current, 20);
  const { writing, id, licence, users: people } = organisation;
  const folds = Array.from({ length: 10 }, () =>
    database.current.transaction((transaction) => foldDeltas(transaction, id)),
  );
  const writes = people.map((user) =>
    changeFacts(writing, id, (change) => licences.insertSeats(change, licence, [user])),
  );
  const sweeps = Array.from({ length: 5 }, () =>
    database.current.transaction((transaction) => deleteDeadPostures(transaction, id)),
  );
  await Promise.all([...folds, ...writes, ...sweeps]);
  await database.current.transaction((transaction) => foldDeltas(transaction, id));
  const counts = await database.current.snapshot((snapshot) =>
    countStandings(snapshot, { organisationId: id, teams: null }, today),
  );
  expect(counts.encryption).toMatchObject({ licensed: 20, unlicensed: 0 });
});

test("a change that fails half-way leaves nothing behind", async () => {
  const { writing, id, licence, users: people } = await makeOrganisation(database.current);
  const failing = changeFacts(writing, id, async (change) => {
    await licences.insertSeats(change, licence, people);
    change.record({ kind: "licence-assigned" });
    throw new Error("interrupted");
  });
  await expect(failing).rejects.toThrow("interrupted");
  const counts = await database.current.snapshot((snapshot) =>
    countStandings(snapshot, { organisationId: id, teams: null }, today),
  );
  expect(counts.encryption).toMatchObject({ unlicensed: 4, licensed: 0 });
});
