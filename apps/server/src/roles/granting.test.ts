import { organisations, roleHolders, standings, users } from "@lockstep/api";
import {
  accountStates,
  type AccountState,
  type GrantedRole,
  type OrganisationId,
  type UserId,
} from "@lockstep/core";
import { expect, test } from "vitest";
import { v7 as uuid } from "uuid";
import { z } from "zod";

import { addPerson, appoint, putInState, tokenFor } from "../accounts/testing.ts";
import { sql } from "../db/sql.ts";
import { examplePassword } from "../example-people.ts";
import { useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation } from "../http/testing/organisation.ts";
import { isWaitedFor } from "../http/testing/races.ts";
import { openMailsOf } from "../mails/testing/outbox.ts";
import { hashPassword } from "../sessions/password.ts";
import { putPassword } from "../sessions/store.ts";
import { managedBy, outcomeOf, type Asking } from "./testing.ts";

const example = useExampleApp();

const grant = (asking: Asking) => outcomeOf(example, "grant", asking);
const withdraw = (asking: Asking) => outcomeOf(example, "withdraw", asking);

async function officeOf(kind: "authority" | "installation"): Promise<OrganisationId> {
  const call = await example.callAs("sol");
  const all = (await call(organisations.listOrganisations)).organisations;
  const office = all.find((each) => each.office === kind);
  if (office === undefined) throw new Error("the example has both offices");
  return office.id;
}

async function idOf(name: string): Promise<UserId> {
  const { body } = await example.send("GET", "/session", { token: await example.tokenOf(name) });
  return (body["user"] as { id: UserId }).id;
}

async function toldOf(placeId: OrganisationId, userId: UserId) {
  const call = await example.callAs("noor");
  const { entries } = await call(standings.showTimeline, { params: { organisationId: placeId, userId } });
  return entries
    .filter(({ kind }) => kind.startsWith("role-"))
    .map(({ kind, sentence, by }) => [kind, sentence, by]);
}

test("a role that is granted holds from the next call on, with the token there was, and is told to the user", async () => {
  const { own, placeId, managers } = await managedBy(example, 1);
  const [ada] = managers;
  if (ada === undefined) throw new Error("there is a manager");
  const { name: place } = await own.call(organisations.showOrganisation, { params: own.params });
  const { userId } = await addPerson(example, placeId);
  const token = await tokenFor(example, { organisationId: placeId, userId });
  const list = () => example.send("GET", `/organisations/${placeId}/users`, { token });
  expect((await list()).status).toBe(403);
  const asking = { token: ada.token, placeId, role: "helpdesk", userId } as const;
  expect(await grant(asking)).toBe("done");
  expect((await list()).status).toBe(200);
  const sentence = `The user was made helpdesk in ${place}.`;
  expect(await toldOf(placeId, userId)).toEqual([["role-granted", sentence, "Some Body"]]);
  const [mail] = await openMailsOf(example, userId, "role-granted");
  expect(mail?.text).toContain(`helpdesk in ${place}`);
  expect(mail?.text).toContain("ask Some Body");
  // What holds already goes on as it is, and nobody is told twice.
  expect(await grant(asking)).toBe("done");
  expect(await toldOf(placeId, userId)).toHaveLength(1);
});

test("a role that is withdrawn is gone at once from every session and token, which go on without it", async () => {
  const { placeId, managers } = await managedBy(example, 2);
  const [one, other] = managers;
  if (one === undefined || other === undefined) throw new Error("there are two managers");
  const { username } = await addPerson(example, placeId);
  const row = await example.database.read((reader) =>
    reader.row(
      z.object({ username: z.string() }),
      sql`select username from users where organisation_id = ${placeId} and id = ${other.userId}`,
    ),
  );
  await example.database.transaction(async (transaction) => {
    const hash = await hashPassword(examplePassword);
    await putPassword(transaction, placeId, { userId: other.userId, hash, at: example.now });
  });
  const body = { username: row?.username, password: examplePassword };
  const { headers } = await example.send("POST", "/session", { body });
  const cookie = String(headers["set-cookie"]).split(";")[0] ?? "";
  const browser = (path: string) => example.send("GET", path, { headers: { cookie } });
  const list = `/organisations/${placeId}/users?search=${username}`;
  expect((await browser(list)).status).toBe(200);
  const asking = { placeId, role: "organisation-manager", userId: other.userId } as const;
  expect(await withdraw({ ...asking, token: one.token })).toBe("done");
  for (const ask of [browser, (path: string) => example.send("GET", path, { token: other.token })]) {
    expect((await ask(list)).body.code).toBe("permission_denied");
    expect((await ask("/session")).status).toBe(200);
  }
  expect((await toldOf(placeId, other.userId))[0]?.[0]).toBe("role-withdrawn");
  expect(await openMailsOf(example, other.userId, "role-withdrawn")).toHaveLength(1);
  expect(await withdraw({ ...asking, token: one.token })).toBe("role_not_held");
});

const givenIn: Record<AccountState, string> = {
  none: "account_none",
  pending: "done",
  "pending+blocked": "account_shut_out",
  enabled: "done",
  disabled: "account_shut_out",
  blocked: "account_shut_out",
  "blocked+disabled": "account_shut_out",
  deleted: "account_deleted",
};

test("a role is given to who can sign in or waits to activate the account, and in no other state of it", async () => {
  const { organisationId: placeId } = (await makeOwnOrganisation(example)).params;
  const token = await example.tokenOf("noor");
  const given: Record<string, string> = {};
  for (const state of Object.keys(accountStates) as AccountState[]) {
    const { userId } = await addPerson(example, placeId, state);
    given[state] = await grant({ token, placeId, role: "helpdesk", userId });
  }
  expect(given).toEqual(givenIn);
  const nobody = uuid() as UserId;
  expect(await grant({ token, placeId, role: "helpdesk", userId: nobody })).toBe("user_not_found");
});

test("somebody who was removed is given no role, and holds none to withdraw", async () => {
  const own = await makeOwnOrganisation(example);
  const { organisationId: placeId } = own.params;
  const [person] = await own.people(1);
  if (person === undefined) throw new Error("somebody was added");
  await own.call(users.removeUser, { params: { ...own.params, userId: person.id } });
  const asking = {
    token: await example.tokenOf("noor"),
    placeId,
    role: "helpdesk",
    userId: person.id,
  } as const;
  expect(await grant(asking)).toBe("user_not_found");
  expect(await withdraw(asking)).toBe("role_not_held");
});

test("each role holds in one kind of place", async () => {
  const token = await example.tokenOf("sol");
  const { organisationId } = (await makeOwnOrganisation(example)).params;
  const offices = [await officeOf("authority"), await officeOf("installation")];
  const given: Record<string, string[]> = {};
  for (const role of roleHolders.grantedRoles) {
    given[role] = [];
    for (const placeId of [organisationId, ...offices]) {
      const { userId } = await addPerson(example, placeId);
      given[role].push(await grant({ token, placeId, role, userId }));
      await withdraw({ token, placeId, role, userId });
    }
  }
  const [yes, no] = ["done", "role_misplaced"];
  expect(given).toEqual({
    "system-administrator": [no, no, yes],
    "authority-administrator": [no, yes, no],
    "organisation-manager": [yes, no, no],
    helpdesk: [yes, no, no],
  });
});

test("who holds a role lives where it holds or above, and whoever is out of sight is as nobody", async () => {
  const { placeId, managers } = await managedBy(example, 1);
  const beside = (await makeOwnOrganisation(example)).params.organisationId;
  const authority = await officeOf("authority");
  const installation = await officeOf("installation");
  const byManager = managers[0]?.token ?? "";
  const [byAuthority, bySystem] = [await example.tokenOf("noor"), await example.tokenOf("sol")];
  const given = async (token: string, homeId: OrganisationId) => {
    const { userId } = await addPerson(example, homeId);
    const asking = { token, placeId, role: "helpdesk", userId } as const;
    const granted = await grant(asking);
    const own = await tokenFor(example, { organisationId: homeId, userId });
    const seen = () => example.send("GET", `/organisations/${placeId}`, { token: own });
    expect((await seen()).status === 200).toBe(granted === "done");
    const withdrawn = await withdraw({ ...asking, token: byManager });
    expect((await seen()).status).toBe(homeId === placeId ? 403 : 404);
    return [granted, withdrawn];
  };
  const [yes, no] = [
    ["done", "done"],
    ["user_not_found", "role_not_held"],
  ];
  expect(await given(byManager, placeId)).toEqual(yes);
  expect(await given(byManager, authority)).toEqual(no);
  expect(await given(byAuthority, authority)).toEqual(yes);
  expect(await given(byAuthority, installation)).toEqual(no);
  expect(await given(bySystem, installation)).toEqual(yes);
  // Whoever manages the people beside could act as one of them: nobody sees them as people of this organisation.
  for (const token of [byManager, byAuthority, bySystem]) expect(await given(token, beside)).toEqual(no);
});

test("nobody is given a role by themselves, also where they live elsewhere; the own one can be given back", async () => {
  const { organisationId: placeId } = (await makeOwnOrganisation(example)).params;
  const [token, userId] = [await example.tokenOf("noor"), await idOf("noor")];
  const asking = { token, placeId, role: "helpdesk", userId } as const;
  expect(await grant(asking)).toBe("permission_denied not-self");
  expect(await grant({ ...asking, token: await example.tokenOf("sol") })).toBe("done");
  expect(await withdraw(asking)).toBe("done");
  const { managers, placeId: ours } = await managedBy(example, 2);
  const [one] = managers;
  if (one === undefined) throw new Error("there is a manager");
  const own = { ...one, placeId: ours, role: "organisation-manager" } as const;
  expect(await withdraw(own)).toBe("done");
  expect(await withdraw(own)).toBe("permission_denied role-may-not");
});

test("whoever loses the role while granting one grants nothing any more", async () => {
  const { placeId, managers } = await managedBy(example, 2);
  const [loses, keeps] = managers;
  if (loses === undefined || keeps === undefined) throw new Error("there are two managers");
  const { userId } = await addPerson(example, placeId);
  const role: GrantedRole = "organisation-manager";
  let granting = Promise.resolve("");
  await example.database.transaction(async (transaction) => {
    await transaction.execute(
      sql`update users set sort_name = sort_name where organisation_id = ${placeId} and id = ${userId}`,
    );
    granting = grant({ token: loses.token, placeId, role, userId });
    await isWaitedFor(example, "%from users%for no key update%");
    expect(await withdraw({ token: keeps.token, placeId, role, userId: loses.userId })).toBe("done");
  });
  expect(await granting).toBe("permission_denied role-may-not");
});

test("what the list says of withdrawing is what happens, to whoever asks", async () => {
  const { placeId, managers } = await managedBy(example, 1);
  const { userId } = await addPerson(example, placeId);
  await appoint(example, placeId, { userId, role: "helpdesk", scopeId: placeId });
  const tokens = {
    manager: managers[0]?.token ?? "",
    helpdesk: await tokenFor(example, { organisationId: placeId, userId }),
    "system administrator": await example.tokenOf("sol"),
  };
  const said: Record<string, unknown> = {};
  for (const [who, token] of Object.entries(tokens)) {
    const { body } = await example.send("GET", `/organisations/${placeId}/roles`, { token });
    const { holders } = roleHolders.listRoleHolders.reply.parse(body);
    said[who] = holders.map(({ role, withdrawing: { rule } }) => [role, rule]);
    for (const { role, user, withdrawing } of holders.filter((each) => !each.withdrawing.allowed)) {
      const outcome = await withdraw({ token, placeId, role, userId: user.id });
      expect(outcome).toBe(`permission_denied ${withdrawing.rule}`);
    }
  }
  const last = ["organisation-manager", "not-last-administrator"];
  expect(said).toEqual({
    manager: [last, ["helpdesk", "granted"]],
    helpdesk: [
      ["organisation-manager", "role-may-not"],
      ["helpdesk", "role-may-not"],
    ],
    "system administrator": [last, ["helpdesk", "granted"]],
  });
  expect(await putBack(placeId, userId)).toBe("done");
});

/** The last one of the helpdesk only reads, so it may be withdrawn. */
async function putBack(placeId: OrganisationId, userId: UserId): Promise<string> {
  await putInState(example, placeId, { userId, state: "blocked" });
  return withdraw({ token: await example.tokenOf("noor"), placeId, role: "helpdesk", userId });
}
