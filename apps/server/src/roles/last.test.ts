import { accounts } from "@lockstep/api";
import type { OrganisationId, UserId } from "@lockstep/core";
import { expect, test } from "vitest";
import { z } from "zod";

import { runInactivity } from "../accounts/commands/inactivity.ts";
import { addPerson, appoint, putInState, tokenFor } from "../accounts/testing.ts";
import { sql, type Statement } from "../db/sql.ts";
import { exampleNow, useExampleApp } from "../http/testing/app.ts";
import { isWaitedFor, outcomesOf, twentyTimes } from "../http/testing/races.ts";
import { setOrganisationDisabled } from "../organisations/store.ts";
import { deleteRoleGrant, insertRoleGrant } from "./store.ts";
import { managedBy, outcomeOf, type Asking } from "./testing.ts";

const example = useExampleApp();
const role = "organisation-manager";
const last = "permission_denied not-last-administrator";

const withdraw = (asking: Omit<Asking, "role">) => outcomeOf(example, "withdraw", { ...asking, role });
const noor = () => example.tokenOf("noor");

/** How many of those who manage an organisation could sign in. */
async function countEffective(placeId: OrganisationId): Promise<number> {
  const rows = await example.database.read((reader) =>
    reader.rows(
      z.object({}),
      sql`select from role_grants g join users u on u.organisation_id = g.organisation_id and u.id = g.user_id
        where g.scope_id = ${placeId} and g.role = ${role}
          and u.account = 'active' and u.blocked_at is null and u.disabled_at is null`,
    ),
  );
  return rows.length;
}

async function twoManagers() {
  const { placeId, managers } = await managedBy(example, 2);
  const [one, other] = managers;
  if (one === undefined || other === undefined) throw new Error("there are two managers");
  return { placeId, one, other };
}

test("INV-25: the last manager who can sign in keeps the role, against everybody and against oneself", async () => {
  const { placeId, one, other } = await twoManagers();
  expect(await withdraw({ token: one.token, placeId, userId: other.userId })).toBe("done");
  for (const token of [one.token, await noor(), await example.tokenOf("sol")]) {
    expect(await withdraw({ token, placeId, userId: one.userId })).toBe(last);
  }
});

test("INV-25: whoever is the last in another role or place gives this one back all the same", async () => {
  const { placeId, one, other } = await twoManagers();
  const { placeId: elsewhere } = await managedBy(example, 0);
  await appoint(example, placeId, { userId: one.userId, role, scopeId: elsewhere });
  expect(await withdraw({ token: await noor(), placeId: elsewhere, userId: one.userId })).toBe(last);
  expect(await withdraw({ token: other.token, placeId, userId: one.userId })).toBe("done");
});

test("INV-25: a manager who cannot sign in counts for nobody, and is missed by nobody", async () => {
  const { placeId, one, other } = await twoManagers();
  await putInState(example, placeId, { userId: other.userId, state: "disabled" });
  expect(await withdraw({ token: await noor(), placeId, userId: one.userId })).toBe(last);
  const { userId } = await addPerson(example, placeId, "pending");
  await appoint(example, placeId, { userId, role, scopeId: placeId });
  expect(await withdraw({ token: await noor(), placeId, userId: one.userId })).toBe(last);
  expect(await withdraw({ token: await noor(), placeId, userId })).toBe("done");
});

test("INV-25: while an organisation is switched off, its last managers keep their roles", async () => {
  const { placeId, one, other } = await twoManagers();
  const turn = (at: Date | null) =>
    example.database.transaction((transaction) => setOrganisationDisabled(transaction, placeId, at));
  await turn(example.now);
  for (const { userId } of [one, other]) {
    expect(await withdraw({ token: await noor(), placeId, userId })).toBe(last);
  }
  await turn(null);
  expect(await countEffective(placeId)).toBe(2);
});

/** Whoever comes second is told that nobody else is left, or has lost what it takes to ask. */
function expectOneDone(outcomes: readonly string[]): void {
  expect(outcomes.filter((each) => each === "done")).toHaveLength(1);
  expect(outcomes.find((each) => each !== "done")).toMatch(
    /^(permission_denied (not-last-administrator|role-may-not|cannot-sign-in)|organisation_not_found|sign_in_required)/,
  );
}

// Without the lock on the scope each of the two sees the other manager still standing.
test("INV-25: of two managers who give their roles back at the same moment one stays", async () => {
  await twentyTimes(async () => {
    const { placeId, one, other } = await twoManagers();
    const calls = [one, other].map(({ token, userId }) => withdraw({ token, placeId, userId }));
    expect((await Promise.all(calls)).sort()).toEqual(["done", last]);
    expect(await countEffective(placeId)).toBe(1);
  });
});

test("INV-25: of two managers who withdraw each other's roles at the same moment one stays", async () => {
  await twentyTimes(async () => {
    const { placeId, one, other } = await twoManagers();
    expectOneDone(
      await Promise.all([
        withdraw({ token: one.token, placeId, userId: other.userId }),
        withdraw({ token: other.token, placeId, userId: one.userId }),
      ]),
    );
    expect(await countEffective(placeId)).toBe(1);
  });
});

test("INV-25: of two managers one stays, if one is blocked and the other's role withdrawn at the same moment", async () => {
  const token = await noor();
  await twentyTimes(async () => {
    const { placeId, one, other } = await twoManagers();
    const withdrawing = withdraw({ token, placeId, userId: one.userId });
    const blocking = blockAs(placeId, other.userId);
    const outcomes = [await withdrawing, ...(await blocking)].map((each) => each.split(" ")[0]);
    expect(outcomes.sort()).toEqual(["done", "permission_denied"]);
    expect(await countEffective(placeId)).toBe(1);
  });
});

/** Whoever is last is asked while the first one has decided and not yet written: one of both waits for the other. */
async function whileHeld(
  hold: Statement,
  first: { readonly begin: () => Promise<unknown>; readonly waits: string },
  second: { readonly begin: () => Promise<unknown>; readonly waits: string },
): Promise<void> {
  const begun: Promise<unknown>[] = [];
  await example.database.transaction(async (transaction) => {
    await transaction.rows(z.object({}), hold);
    begun.push(first.begin());
    await isWaitedFor(example, first.waits);
    const other = second.begin();
    begun.push(other);
    const waits = isWaitedFor(example, second.waits).catch(() => undefined);
    await Promise.race([other, waits]);
  });
  await Promise.all(begun);
}

const blockAs = async (organisationId: OrganisationId, userId: UserId) => {
  const call = await example.callAs("noor");
  const params = { organisationId, userId };
  return outcomesOf([call(accounts.blockAccount, { params, body: { reason: "Left" } })]);
};

// Without the lock on the scope the second one still counts on whom the first one is about to take away.
test.each(["withdrawn", "blocked"])(
  "INV-25: while one manager's role is being withdrawn the other is not %s",
  async (what) => {
    const { placeId, one, other } = await twoManagers();
    const token = await noor();
    const begin = () =>
      what === "blocked"
        ? blockAs(placeId, other.userId)
        : withdraw({ token, placeId, userId: other.userId });
    await whileHeld(
      sql`select from role_grants where scope_id = ${placeId} and user_id = ${one.userId} for update`,
      { begin: () => withdraw({ token, placeId, userId: one.userId }), waits: "%delete from role_grants%" },
      { begin, waits: "%pg_advisory_xact_lock%" },
    );
    expect(await countEffective(placeId)).toBe(1);
  },
);

// Without the lock on the user's row the block does not know of the role, and others rely on it.
test("INV-25: whoever is just being blocked is given no role on which the former manager's could be withdrawn", async () => {
  const { placeId, managers } = await managedBy(example, 1);
  const token = await noor();
  const { userId } = await addPerson(example, placeId);
  await tokenFor(example, { organisationId: placeId, userId });
  const replace = async () => {
    await outcomeOf(example, "grant", { token, placeId, role, userId });
    await withdraw({ token, placeId, userId: managers[0]?.userId ?? userId });
  };
  await whileHeld(
    sql`select from sessions where organisation_id = ${placeId} and user_id = ${userId} for update`,
    { begin: () => blockAs(placeId, userId), waits: "%delete from sessions%" },
    { begin: replace, waits: "%from users%for no key update%" },
  );
  expect(await countEffective(placeId)).toBe(1);
});

// Without the look at the roles after many were disabled, the run knows of none that was given since it began.
test("INV-25: whoever becomes the only manager while being disabled for inactivity stays enabled", async () => {
  const { placeId, managers } = await managedBy(example, 1);
  const { userId } = await addPerson(example, placeId);
  const runAfter = (days: number) => {
    const clock = () => new Date(exampleNow.getTime() + days * 86_400_000);
    return runInactivity({ database: example.database, clock }, placeId);
  };
  await runAfter(77);
  let running: Promise<number> | undefined;
  await example.database.transaction(async (transaction) => {
    await transaction.rows(z.object({}), sql`select from users where id = ${userId} for no key update`);
    running = runAfter(92);
    await isWaitedFor(example, "%with due as materialized%");
    await insertRoleGrant(transaction, placeId, { userId, role, scopeId: placeId }, example.now);
    for (const former of managers) {
      await deleteRoleGrant(transaction, placeId, { userId: former.userId, role, scopeId: placeId });
    }
  });
  expect(await running).toBe(0);
  expect(await countEffective(placeId)).toBe(1);
});
