import { accounts, inactivity, standings } from "@lockstep/api";
import type { UserId } from "@lockstep/core";
import { expect, test } from "vitest";

import { sql } from "../db/sql.ts";
import { exampleNow, useExampleApp } from "../http/testing/app.ts";
import { machinesIn } from "../http/testing/machines.ts";
import { makeOwnOrganisation, type OwnOrganisation } from "../http/testing/organisation.ts";
import { isWaitedFor, outcomesOf, twentyTimes } from "../http/testing/races.ts";
import { setOrganisationDisabled } from "../organisations/store.ts";
import { beginActivity } from "../sessions/store.ts";
import { isTooMany, runInactivity } from "./commands/inactivity.ts";
import { addPerson, appoint, tokenFor } from "./testing.ts";

const example = useExampleApp();
const day = 86_400_000;

const at = (days: number, milliseconds = 0) =>
  (example.now = new Date(exampleNow.getTime() + days * day + milliseconds));

interface Mine {
  readonly own: OwnOrganisation;
  readonly people: readonly UserId[];
  readonly run: () => Promise<number>;
  readonly statusOf: (userId: UserId | undefined) => Promise<string>;
  readonly accountOf: (userId: UserId | undefined) => ReturnType<typeof loadAccount>;
}

async function loadAccount({ call, params }: OwnOrganisation, userId: UserId | undefined) {
  if (userId === undefined) throw new Error("there are that many");
  return call(accounts.showAccount, { params: { ...params, userId } });
}

/** People who were active for the last time at the beginning, and a manager elsewhere. */
async function idlePeople(count: number): Promise<Mine> {
  at(0);
  const own = await makeOwnOrganisation(example);
  const { organisationId } = own.params;
  const people: UserId[] = [];
  for (let number = 0; number < count; number++) {
    people.push((await addPerson(example, organisationId)).userId);
  }
  const { database } = example;
  return {
    own,
    people,
    run: () => runInactivity({ database, clock: () => example.now }, organisationId),
    statusOf: async (userId) => (await loadAccount(own, userId)).status,
    accountOf: (userId) => loadAccount(own, userId),
  };
}

async function kindsOf({ call, params }: OwnOrganisation, userId: UserId | undefined): Promise<string[]> {
  if (userId === undefined) throw new Error("there are that many");
  const { entries } = await call(standings.showTimeline, { params: { ...params, userId } });
  return entries.filter(({ of }) => of === "user").map(({ kind }) => kind);
}

test("after 90 days an account is still enabled, a millisecond later it is disabled and signed out, and it was warned 14, 7, 3 and 1 day before", async () => {
  const { own, people, run, statusOf, accountOf } = await idlePeople(1);
  const [person] = people;
  if (person === undefined) throw new Error("one was added");
  const { organisationId } = own.params;
  const token = await tokenFor(example, { organisationId, userId: person });
  const warnings = async () =>
    (await kindsOf(own, person)).filter((kind) => kind === "inactivity-warned").length;
  const seen: [number, number][] = [];
  for (const [days, milliseconds] of [
    [76, 0],
    [76, 1],
    [83, -1],
    [83, 1],
    [87, 1],
    [89, 1],
  ] as const) {
    at(days, milliseconds);
    await run();
    await run();
    seen.push([days, await warnings()]);
  }
  expect(seen).toEqual([
    [76, 0],
    [76, 1],
    [83, 1],
    [83, 2],
    [87, 3],
    [89, 4],
  ]);
  // The first warning came a millisecond late, so the two weeks end as much later.
  expect((await accountOf(person)).disabledOn).toBe(at(90, 1).toISOString());
  at(90);
  expect(await run()).toBe(0);
  expect(await statusOf(person)).toBe("enabled");
  at(90, 1);
  expect(await run()).toBe(1);
  expect(await accountOf(person)).toMatchObject({
    status: "disabled",
    disabledAt: example.now.toISOString(),
  });
  expect((await example.send("GET", "/session", { token })).status).toBe(401);
  expect((await kindsOf(own, person))[0]).toBe("account-disabled");
});

test("nobody is disabled who was not warned two weeks before, however long ago the last activity was", async () => {
  const { people, run, accountOf, statusOf } = await idlePeople(1);
  at(250);
  await run();
  expect(await accountOf(people[0])).toMatchObject({
    status: "enabled",
    warnedAt: example.now.toISOString(),
    disabledOn: new Date(example.now.getTime() + 14 * day).toISOString(),
  });
  at(264, -1);
  await run();
  expect(await statusOf(people[0])).toBe("enabled");
  at(264);
  expect(await run()).toBe(1);
});

test("a sign-in, a call with an own token and a Key-File that was opened each start the days from zero, and void the warning", async () => {
  const { own, people, run, statusOf } = await idlePeople(4);
  const { organisationId } = own.params;
  const [signsIn, calls, opens, none] = people;
  if (signsIn === undefined || calls === undefined || opens === undefined) throw new Error("four were added");
  const machine = await machinesIn(example, own).activate({ id: opens }, "WS-1");
  const token = await tokenFor(example, { organisationId, userId: calls });
  at(80);
  await run();
  await example.database.transaction((transaction) =>
    beginActivity(transaction, organisationId, signsIn, example.now),
  );
  await example.send("GET", "/session", { token });
  await example.database.transaction((transaction) =>
    transaction.execute(sql`update activations set opened_at = ${example.now}
      where organisation_id = ${organisationId} and id = ${machine.id}`),
  );
  at(95);
  expect(await run()).toBe(1);
  expect(await Promise.all(people.map(statusOf))).toEqual(["enabled", "enabled", "enabled", "disabled"]);
  // 90 days after the activity, the warning of the time before is none.
  at(80 + 91);
  expect(await run()).toBe(0);
  at(80 + 91 + 14);
  expect(await run()).toBe(3);
  expect(await statusOf(none)).toBe("disabled");
});

test("pending accounts and people without one are never disabled, and a blocked account gets the second mark", async () => {
  const { own, run } = await idlePeople(0);
  const { organisationId } = own.params;
  const states = ["none", "pending", "blocked", "deleted"] as const;
  const people = await Promise.all(states.map((state) => addPerson(example, organisationId, state)));
  at(77);
  await run();
  at(92);
  expect(await run()).toBe(1);
  const after = await Promise.all(people.map(({ userId }) => loadAccount(own, userId)));
  expect(after.map(({ status, disabledAt }) => [status, disabledAt !== null])).toEqual([
    ["none", false],
    ["pending", false],
    ["blocked", true],
    ["deleted", false],
  ]);
});

test("who is exempt is never disabled, and warned first when the exemption ends", async () => {
  const { own, people, run, accountOf, statusOf } = await idlePeople(1);
  const [userId] = people;
  if (userId === undefined) throw new Error("one was added");
  const noor = await example.callAs("noor");
  const params = { ...own.params, userId };
  await noor(inactivity.exemptUser, { params, body: { reason: "On call once a year" } });
  at(77);
  await run();
  at(250);
  expect(await run()).toBe(0);
  expect(await accountOf(userId)).toMatchObject({ disabledOn: null, exemption: "On call once a year" });
  const { exemptions } = await noor(inactivity.showInactivity, { params: own.params });
  expect(exemptions).toMatchObject([{ id: userId, reason: "On call once a year" }]);
  await noor(inactivity.endExemption, { params });
  expect(await run()).toBe(0);
  expect(await statusOf(userId)).toBe("enabled");
  at(264);
  expect(await run()).toBe(1);
});

test("while an organisation is switched off nobody is warned or disabled, and it returns everybody exactly", async () => {
  const { own, people, run, statusOf, accountOf } = await idlePeople(1);
  const { organisationId } = own.params;
  const disable = (when: Date | null) =>
    example.database.transaction((transaction) => setOrganisationDisabled(transaction, organisationId, when));
  await disable(example.now);
  at(200);
  expect(await run()).toBe(0);
  expect(await statusOf(people[0])).toBe("disabled");
  await disable(null);
  expect(await accountOf(people[0])).toMatchObject({ status: "enabled", disabledAt: null, warnedAt: null });
});

test("too many at once is more than twenty and more than two in a hundred, or half of a handful and more", () => {
  const cases: [number, number, boolean][] = [
    [1, 1, false],
    [4, 4, false],
    [5, 10, false],
    [6, 10, true],
    [20, 500, false],
    [21, 500, true],
    [2000, 100_000, false],
    [2001, 100_000, true],
  ];
  expect(cases.map(([due, all]) => [due, all, isTooMany(due, all)])).toEqual(cases);
});

test("a run that would disable too many disables nobody until an administrator has confirmed that number", async () => {
  const { own, people, run, statusOf } = await idlePeople(8);
  const noor = await example.callAs("noor");
  const show = () => noor(inactivity.showInactivity, { params: own.params });
  const confirm = (due: number) => noor(inactivity.confirmInactivity, { params: own.params, body: { due } });
  await expect(confirm(8)).rejects.toMatchObject({ code: "inactivity_not_held" });
  at(77);
  await run();
  at(92);
  expect(await run()).toBe(0);
  expect(await run()).toBe(0);
  expect((await show()).held).toMatchObject({ due: 8, accounts: 8 });
  expect(await statusOf(people[0])).toBe("enabled");
  await expect(confirm(7)).rejects.toMatchObject({ code: "inactivity_differs" });
  // Meanwhile one of them signs in, and is not among those who are disabled.
  await example.database.transaction((transaction) =>
    beginActivity(transaction, own.params.organisationId, people[0] ?? ("" as UserId), example.now),
  );
  await confirm(8);
  expect(await run()).toBe(7);
  expect((await show()).held).toBeNull();
  expect(await statusOf(people[0])).toBe("enabled");
  const { entries } = await own.call(standings.showTimeline, {
    params: { ...own.params, userId: people[1] ?? "" },
  });
  const told = entries.filter(({ of }) => of === "organisation").map(({ kind }) => kind);
  expect(told.slice(0, 2)).toEqual(["inactivity-confirmed", "inactivity-held"]);
});

test("many small runs of one day are one run to whoever counts", async () => {
  const { run, people, own } = await idlePeople(10);
  const { organisationId } = own.params;
  for (const [number, userId] of people.entries()) {
    const when = new Date(exampleNow.getTime() + number * 60_000);
    await example.database.transaction((transaction) =>
      beginActivity(transaction, organisationId, userId, when),
    );
  }
  const minutely = async (days: number) => {
    let disabled = 0;
    for (let minutes = 0; minutes < people.length; minutes++) {
      at(days, minutes * 60_000 + 1);
      disabled += await run();
    }
    return disabled;
  };
  await minutely(76);
  expect(await minutely(90)).toBe(5);
});

test("other rules let a held run go, and a preview says what they would do", async () => {
  const { own, run } = await idlePeople(8);
  const noor = await example.callAs("noor");
  const { params } = own;
  at(77);
  await run();
  at(92);
  await run();
  const preview = (inactiveDays: number) =>
    noor(inactivity.previewInactivity, { params, query: { inactiveDays: String(inactiveDays) } });
  expect(await preview(120)).toMatchObject({ accounts: 8, disabled: 0, warned: 0, wouldBeHeld: false });
  const shorter = await preview(60);
  expect(shorter).toMatchObject({ accounts: 8, disabled: 8, warned: 0, wouldBeHeld: true });
  expect(shorter.people).toHaveLength(8);
  const { revision: match } = await noor(accounts.showAccountRules, { params });
  await noor(accounts.setAccountRules, { params, body: { inactiveDays: 120 }, match });
  expect((await noor(inactivity.showInactivity, { params })).held).toBeNull();
  expect(await run()).toBe(0);
});

test("INV-25: the last administrator of anything is not disabled, however idle, and not warned of it either", async () => {
  const { own, run } = await idlePeople(0);
  const { organisationId } = own.params;
  await example.database.transaction((transaction) =>
    transaction.execute(sql`delete from role_grants where scope_id = ${organisationId}`),
  );
  const role = "organisation-manager";
  const managers = [await addPerson(example, organisationId), await addPerson(example, organisationId)];
  for (const { userId } of managers) {
    await appoint(example, organisationId, { userId, role, scopeId: organisationId });
  }
  at(77);
  await run();
  at(92);
  expect(await run()).toBe(1);
  const noor = await example.callAs("noor");
  const statuses = await Promise.all(
    managers.map(
      async ({ userId }) => (await noor(accounts.showAccount, { params: { organisationId, userId } })).status,
    ),
  );
  expect(statuses.sort()).toEqual(["disabled", "enabled"]);
  at(250);
  expect(await run()).toBe(0);
});

// Without the guard in the statement that writes, whoever signs in while the run is under way would be disabled by it.
test("who signs in while a run is under way is not disabled by it", async () => {
  const { own, run, people, statusOf } = await idlePeople(1);
  const { organisationId } = own.params;
  const [userId] = people;
  if (userId === undefined) throw new Error("one was added");
  at(77);
  await run();
  await twentyTimes(async (turn) => {
    await example.database.transaction((transaction) =>
      transaction.execute(sql`update users set active_at = ${exampleNow}
        where organisation_id = ${organisationId} and id = ${userId}`),
    );
    at(92 + turn);
    let running: Promise<number> | undefined;
    await example.database.transaction(async (transaction) => {
      await beginActivity(transaction, organisationId, userId, example.now);
      running = run();
      // The run has found the account due and waits for the row, which is locked until this commits.
      await isWaitedFor(example, "%with due as%");
    });
    expect(await running).toBe(0);
    expect(await statusOf(userId)).toBe("enabled");
  });
});

// Without the lock on the scope, one is blocked and the other disabled, each because of the other.
test("INV-25: ... not even when the other one is blocked at the same moment", async () => {
  await twentyTimes(async () => {
    const { own, run } = await idlePeople(0);
    const { organisationId } = own.params;
    const { database } = example;
    await database.transaction((transaction) =>
      transaction.execute(sql`delete from role_grants where scope_id = ${organisationId}`),
    );
    const [idle, blocked] = [
      await addPerson(example, organisationId),
      await addPerson(example, organisationId),
    ];
    for (const { userId } of [idle, blocked]) {
      const grant = { userId, role: "organisation-manager", scopeId: organisationId } as const;
      await appoint(example, organisationId, grant);
    }
    at(77);
    await run();
    at(92);
    await database.transaction((transaction) =>
      beginActivity(transaction, organisationId, blocked.userId, example.now),
    );
    const noor = await example.callAs("noor");
    const params = { organisationId, userId: blocked.userId };
    const blocking = outcomesOf([noor(accounts.blockAccount, { params, body: { reason: "Left" } })]);
    const [disabled, [outcome]] = await Promise.all([run(), blocking]);
    expect([disabled, outcome]).toSatisfy(
      ([count, code]: [number, string]) => (count === 0) === (code === "done"),
    );
  });
});
