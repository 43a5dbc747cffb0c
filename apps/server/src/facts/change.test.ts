import type { UserId } from "@lockstep/core";
import { expect, test } from "vitest";
import fc from "fast-check";
import { v7 as uuid } from "uuid";
import { z } from "zod";

import { sql } from "../db/sql.ts";
import { expectNoDrift, useDatabase } from "../db/testing/database.ts";
import * as directory from "../directory/store.ts";
import * as licences from "../licences/store.ts";
import { countStandings } from "../standing/counts.ts";
import * as teams from "../teams/store.ts";
import * as updates from "../updates/store.ts";
import * as users from "../users/store.ts";
import { auditSlice, auditUsers } from "./auditor.ts";
import { changeContents, changeFacts } from "./change.ts";
import { foldDeltas, deleteDeadPostures } from "./store.ts";
import { activate, makeOrganisation, stores, today } from "./testing.ts";
import { acts, elsewhere } from "./testing/acts.ts";

const database = useDatabase();

test("INV-8: every function that writes facts is among the acts that the random histories are made of", () => {
  const writing = Object.values(stores)
    .flatMap((store) => Object.keys(store))
    .filter((name) => !/^(list|load|find|count|is|sortNameOf)/.test(name));
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

// Newcomers are put with those who are alike as they are written, and not by the refresh that comes after.
test("INV-9: whoever comes among people of several kinds is counted once, with those who are alike", async () => {
  const organisation = await makeOrganisation(database.current, 7);
  const { writing, id, licence, teams: places, users: people, groups } = organisation;
  const one = "" as UserId;
  const [leaving = one, suspended = one, licensed = one, blocked = one, ...others] = people;
  const [disabled = one, linked = one, keyed = one] = others;
  const activationId = await activate(organisation, leaving);
  await activate(organisation, suspended);
  await changeContents(writing, id, async (change) => {
    const update = uuid() as Parameters<typeof updates.postCommand>[1]["id"];
    await updates.postCommand(change, { id: update, kind: "deactivate", activationId, userId: leaving });
    await licences.deleteSeats(change, [leaving, suspended]);
    await licences.insertSeats(change, licence, [licensed]);
    await users.updateAccountMarks(change, blocked, { account: "active", blocked: true, disabled: false });
    await users.updateAccountMarks(change, disabled, { account: "active", blocked: false, disabled: true });
    await directory.linkToDirectory(change, linked, uuid());
    await users.giveGroupToUser(change, keyed, groups[0]);
  });
  for (let round = 0; round < 2; round++) {
    await changeFacts(writing, id, async (change) => {
      const newcomers = places.flatMap((teamId) =>
        (["none", "pending", "active"] as const).map((account) => {
          const userId = uuid() as UserId;
          return { id: userId, teamId, username: userId, name: "New", email: null, account };
        }),
      );
      expect((await users.insertUsers(change, newcomers)).size).toBe(9);
    });
  }
  const counts = await database.current.snapshot((snapshot) =>
    countStandings(snapshot, { organisationId: id, teams: null }, today),
  );
  expect(counts.account).toMatchObject({ none: 6, pending: 6, enabled: 11, blocked: 1, disabled: 1 });
  expect(counts.encryption).toMatchObject({ unlicensed: 24, licensed: 1 });
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
