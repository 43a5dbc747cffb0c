import { accounts, inactivity, peopleCsvFile, peopleExports, type ExportedPerson } from "@lockstep/api";
import { accountStates, type AccountState, type UserId } from "@lockstep/core";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { v7 as uuid } from "uuid";
import { expect, test } from "vitest";
import { z } from "zod";

import { sql } from "../db/sql.ts";
import { withStatements } from "../db/testing/statements.ts";
import { changeFacts } from "../facts/change.ts";
import { useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation, type OwnOrganisation } from "../http/testing/organisation.ts";
import { markUserRemoved } from "../users/store.ts";
import { addPerson, putInState, writingTo } from "./testing.ts";
import { exportPeople } from "./commands/export.ts";

const example = useExampleApp();

const recorded = z.object({ people: z.int(), role: z.string() });

async function exportsOf({ params: { organisationId } }: OwnOrganisation) {
  return example.database.read((reader) =>
    reader.rows(
      recorded,
      sql`select (detail->>'people')::integer as people, actor_role as role from events
        where organisation_id = ${organisationId} and kind = 'people-exported' order by id`,
    ),
  );
}

const take = ({ call, params }: OwnOrganisation, userIds: UserId[]) =>
  call(peopleExports.exportPeople, { params, body: { userIds } });

test("everybody is exported in the order asked for, each once; of who was deleted only the username", async () => {
  const own = await makeOwnOrganisation(example);
  const { call, params } = own;
  const { organisationId } = params;
  const team = await own.team("Pilots", await own.team("Flight Operations"));
  const [pilot] = await own.people(1, team);
  if (pilot === undefined) throw new Error("one was added");
  const states = Object.keys(accountStates) as AccountState[];
  const others = [];
  for (const state of states) {
    others.push({ state, ...(await addPerson(example, organisationId, state)) });
  }
  const userIds = [pilot.id, ...others.map(({ userId }) => userId).toReversed()];
  const { at, people } = await take(own, [...userIds, pilot.id]);
  expect(at).toBe(example.now.toISOString());
  expect(people.map(({ id }) => id)).toEqual(userIds);
  expect(people[0]).toEqual({
    ...{ verdict: "exported", id: pilot.id, name: pilot.name, username: pilot.username, email: null },
    ...{ team: [own.root.name, "Flight Operations", "Pilots"], encryption: "unlicensed" },
    ...{ account: "none", accountReason: "no-account", accountSince: null, activeAt: null, disabledOn: null },
  });
  for (const { state, userId, username } of others) {
    const person = people.find(({ id }) => id === userId);
    if (state === "deleted") {
      expect(person).toEqual({ verdict: "deleted", id: userId, username });
      continue;
    }
    // What the page of the account says of each.
    const shown = await call(accounts.showAccount, { params: { ...params, userId } });
    const { status, block, disabledAt, activeAt, disabledOn } = shown;
    const accountSince = block?.at ?? disabledAt;
    expect(person, state).toMatchObject({
      ...{ verdict: "exported", name: "Some Body", email: username, team: [own.root.name] },
      ...{ account: status, accountSince, activeAt, disabledOn },
    });
  }
  expect(await exportsOf(own)).toEqual([{ people: userIds.length - 1, role: "authority-administrator" }]);
});

test("whoever is exempt is said to be disabled on no day", async () => {
  const own = await makeOwnOrganisation(example);
  const [used, exempt] = [
    await addPerson(example, own.params.organisationId),
    await addPerson(example, own.params.organisationId),
  ];
  await own.call(inactivity.exemptUser, {
    params: { ...own.params, userId: exempt.userId },
    body: { reason: "On call once a year" },
  });
  const { people } = await take(own, [used.userId, exempt.userId]);
  const on = people.map((person) => (person.verdict === "exported" ? person.disabledOn : undefined));
  expect(on).toEqual([expect.any(String), null]);
});

test.each(["nobody's", "somebody's of another organisation", "of somebody who was removed"])(
  "with an id that is %s nobody is exported, and nothing recorded",
  async (whose) => {
    const [own, other] = [await makeOwnOrganisation(example), await makeOwnOrganisation(example)];
    const known = await addPerson(example, own.params.organisationId);
    const elsewhere = whose === "of somebody who was removed" ? own : other;
    const somebody = await addPerson(example, elsewhere.params.organisationId);
    if (elsewhere === own) {
      await changeFacts(writingTo(example), own.params.organisationId, (change) =>
        markUserRemoved(change, somebody.userId),
      );
    }
    const strange = whose === "nobody's" ? (uuid() as UserId) : somebody.userId;
    await expect(take(own, [known.userId, strange])).rejects.toMatchObject({ code: "user_not_found" });
    expect(await exportsOf(own)).toEqual([]);
  },
);

test("what is exported of somebody who is deleted afterwards is only the username", async () => {
  const own = await makeOwnOrganisation(example);
  const { userId, username } = await addPerson(example, own.params.organisationId);
  expect((await take(own, [userId])).people).toMatchObject([{ verdict: "exported" }]);
  await putInState(example, own.params.organisationId, { userId, state: "deleted" });
  expect((await take(own, [userId])).people).toEqual([{ verdict: "deleted", id: userId, username }]);
});

test("many take no more statements than one", async () => {
  const own = await makeOwnOrganisation(example);
  const people = [];
  for (let at = 0; at < 12; at++) people.push(await addPerson(example, own.params.organisationId));
  const userIds = people.map(({ userId }) => userId);
  const statements = async (named: readonly UserId[]) => {
    const writing = writingTo(example);
    const done = await withStatements(() => exportPeople(writing, own.params.organisationId, named));
    return done.statements.length;
  };
  expect(await statements(userIds)).toBe(await statements(userIds.slice(0, 1)));
});

/** What people can be called, and what they would be called by somebody who means harm. */
const cell = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom("=", "+", "-", "@", "\t", "\r", "\n", ";", ",", '"', "'", " ", "a", "＝"),
  }),
);

const person: fc.Arbitrary<ExportedPerson> = fc
  .record({ name: cell, username: cell, email: fc.option(cell) })
  .map((said) => ({
    ...{ verdict: "exported", id: uuid() as UserId, team: ["Northwind Air"], ...said },
    ...{ encryption: "active", account: "enabled", accountReason: null },
    ...{ accountSince: null, activeAt: null, disabledOn: null },
  }));

const rowsIn = (csv: string) =>
  z.array(z.array(z.string())).parse(parse(csv, { bom: true, record_delimiter: "\r\n" }));

test("whatever people are called, a reader of CSV finds a row for each and no cell begins a formula", () => {
  fc.assert(
    fc.property(fc.array(person), (people) => {
      const [head, ...rows] = rowsIn(peopleCsvFile(people));
      expect(head?.slice(0, 4)).toEqual(["verdict", "name", "username", "email"]);
      expect(rows).toHaveLength(people.length);
      for (const [at, row] of rows.entries()) {
        const { name } = people[at] as { name: string };
        expect(row[1]?.replaceAll("'", "")).toBe(name.replaceAll("'", ""));
        for (const value of row) expect(value).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/u);
      }
    }),
  );
});
