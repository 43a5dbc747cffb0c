import { accounts, deletions, endpoints, sessions, standings, users, type Endpoint } from "@lockstep/api";
import type { OrganisationId, UserId } from "@lockstep/core";
import { beforeEach, expect, test } from "vitest";

import { appoint, putInState, writingTo } from "../accounts/testing.ts";
import { reEnableAccount } from "../accounts/commands/by-link.ts";
import { sql } from "../db/sql.ts";
import { examplePassword } from "../example-people.ts";
import { changeFacts } from "../facts/change.ts";
import { testMaking } from "../facts/testing.ts";
import { exampleNow, useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation, type OwnOrganisation } from "../http/testing/organisation.ts";
import { outcomesOf, twentyTimes } from "../http/testing/races.ts";
import { postLinkMail } from "../mails/post.ts";
import { openMailsOf, secretFor } from "../mails/testing/outbox.ts";
import { listLastAdministrators } from "../accounts/commands/inactivity.ts";
import { executeDeletion } from "./commands/request.ts";
import { addOwner, day, type AccountOwner } from "./testing.ts";

const example = useExampleApp();

beforeEach(async () => {
  example.now = exampleNow;
  await example.database.transaction((transaction) => transaction.execute(sql`delete from mails`));
});

const after = (days: number) => (example.now = new Date(exampleNow.getTime() + days * day));
const body = { password: examplePassword };
const ask = ({ call }: AccountOwner) => call(deletions.requestDeletion, { body });
const withdraw = ({ call }: AccountOwner) => call(deletions.withdrawDeletion);
const account = ({ call }: OwnOrganisation, { params }: AccountOwner) =>
  call(accounts.showAccount, { params });
const requestsOf = async ({ call, params }: OwnOrganisation) =>
  (await call(deletions.listDeletionRequests, { params })).requests;

const execute = (...whom: readonly [OrganisationId, UserId]) =>
  executeDeletion(
    { database: example.database, clock: () => example.now, keyEncryption: testMaking().keyEncryption },
    ...whom,
  );

async function kindsOf({ call }: OwnOrganisation, { params }: AccountOwner): Promise<string[]> {
  const { entries } = await call(standings.showTimeline, { params });
  return entries.filter(({ of }) => of === "user").map(({ kind }) => kind);
}

test("who asks with the right password is told by mail, and deleted by the system seven days later", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await addOwner(example, own.params.organisationId);
  const dueAt = new Date(exampleNow.getTime() + 7 * day).toISOString();
  expect(await ask(bo)).toMatchObject({
    status: "enabled",
    deletion: { requestedAt: exampleNow.toISOString(), dueAt },
  });
  const [told] = await openMailsOf(example, bo.userId, "deletion-requested");
  expect(told).toMatchObject({
    to: bo.username,
    subject: `Your account will be deleted on ${dueAt.slice(0, 10)}`,
  });
  example.now = new Date(exampleNow.getTime() + 7 * day - 1);
  await example.runDeletions();
  expect((await account(own, bo)).status).toBe("enabled");
  after(7);
  await example.runDeletions();
  expect(await account(own, bo)).toMatchObject({ status: "deleted", deletion: null });
  expect((await kindsOf(own, bo)).slice(0, 3)).toEqual(
    expect.arrayContaining(["account-deleted", "mail-opened", "deletion-requested"]),
  );
});

test("nobody asks with a wrong password, and asking again prolongs nothing", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await addOwner(example, own.params.organisationId);
  const wrong = bo.call(deletions.requestDeletion, { body: { password: "not hers" } });
  await expect(wrong).rejects.toMatchObject({ code: "sign_in_failed" });
  expect(await account(own, bo)).toMatchObject({ deletion: null });
  const { deletion } = await ask(bo);
  after(3);
  expect((await ask(bo)).deletion).toEqual(deletion);
  expect(await openMailsOf(example, bo.userId, "deletion-requested")).toHaveLength(1);
});

test("a request is withdrawn until it is carried out, the user is told, and nothing else has changed", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await addOwner(example, own.params.organisationId);
  await ask(bo);
  after(6);
  expect(await withdraw(bo)).toMatchObject({ status: "enabled", deletion: null });
  await expect(withdraw(bo)).rejects.toMatchObject({ code: "deletion_not_requested" });
  expect(await openMailsOf(example, bo.userId, "deletion-withdrawn")).toHaveLength(1);
  after(8);
  await example.runDeletions();
  expect((await account(own, bo)).status).toBe("enabled");
});

test("what is due first comes first, on every page, and only a place in the list is gone on from", async () => {
  const own = await makeOwnOrganisation(example);
  const people = [];
  for (let number = 0; number < 3; number++) people.push(await addOwner(example, own.params.organisationId));
  const asking = people.toReversed();
  for (const [number, person] of asking.entries()) {
    after(number);
    await ask(person);
  }
  const { call, params } = own;
  const page = (query: object) => call(deletions.listDeletionRequests, { params, query });
  const first = await page({ limit: 2 });
  const second = await page({ limit: 2, after: first.next ?? "" });
  expect([...first.requests, ...second.requests].map(({ user }) => user.id)).toEqual(
    asking.map(({ userId }) => userId),
  );
  for (const nonsense of ["nonsense", people[0]?.userId, `${first.next}/1`, `1/${people[0]?.userId}`])
    await expect(page({ after: nonsense })).rejects.toMatchObject({ code: "cursor_invalid" });
});

test("whoever is signed in is told when the own account will be deleted, until that is withdrawn", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await addOwner(example, own.params.organisationId);
  const due = async () => (await bo.call(sessions.showSession)).deletionDueAt;
  expect(await due()).toBeNull();
  const { deletion } = await ask(bo);
  expect(await due()).toBe(deletion?.dueAt);
  const { username } = bo;
  const signedIn = await example.send("POST", sessions.signIn.path, {
    body: { username, password: examplePassword },
  });
  expect(signedIn.body).toMatchObject({ deletionDueAt: deletion?.dueAt });
  await withdraw(bo);
  expect(await due()).toBeNull();
});

test("managers see who asked, page by page, and nothing lets them delete one account", async () => {
  const own = await makeOwnOrganisation(example);
  const people = [];
  for (let number = 0; number < 3; number++) {
    const person = await addOwner(example, own.params.organisationId);
    await ask(person);
    people.push(person.userId);
  }
  const { call, params } = own;
  const first = await call(deletions.listDeletionRequests, { params, query: { limit: 2 } });
  const query = { limit: 2, after: first.next ?? "" };
  const second = await call(deletions.listDeletionRequests, { params, query });
  expect([...first.requests, ...second.requests].map(({ user }) => user.id)).toEqual([...people].sort());
  expect(second.next).toBeNull();
  const executing = Object.values<Endpoint>(endpoints).filter(({ needs }) => needs === "execute-deletion");
  expect(executing).toEqual([]);
});

test("unblocking, and enabling again by mail, end the request, and the user is told", async () => {
  const own = await makeOwnOrganisation(example);
  const { organisationId } = own.params;
  const [bo, cleo] = [await addOwner(example, organisationId), await addOwner(example, organisationId)];
  await ask(bo);
  await ask(cleo);
  await own.call(accounts.blockAccount, { params: bo.params, body: { reason: "Phone lost" } });
  expect((await account(own, bo)).deletion).not.toBeNull();
  await own.call(accounts.unblockAccount, { params: bo.params });
  await putInState(example, organisationId, { userId: cleo.userId, state: "disabled" });
  await changeFacts(writingTo(example), organisationId, (change) =>
    postLinkMail(change, testMaking().keyEncryption, { userId: cleo.userId, purpose: "re-enable-account" }),
  );
  const secret = await secretFor(example, cleo.userId, "re-enable-account");
  await reEnableAccount({ database: example.database, clock: () => example.now }, { secret });
  for (const person of [bo, cleo]) {
    expect(await account(own, person)).toMatchObject({ status: "enabled", deletion: null });
    expect(await openMailsOf(example, person.userId, "deletion-withdrawn")).toHaveLength(1);
  }
  after(8);
  await example.runDeletions();
  expect((await account(own, bo)).status).toBe("enabled");
});

test("a blocked account whose owner asked before is deleted all the same", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await addOwner(example, own.params.organisationId);
  await ask(bo);
  await own.call(accounts.blockAccount, { params: bo.params, body: { reason: "Phone lost" } });
  after(7);
  await example.runDeletions();
  expect((await account(own, bo)).status).toBe("deleted");
});

test("INV-25: the last administrator of anything is refused, and not deleted who became it after asking", async () => {
  const own = await makeOwnOrganisation(example);
  const { organisationId } = own.params;
  const bo = await addOwner(example, organisationId);
  const manages = { userId: bo.userId, role: "organisation-manager", scopeId: organisationId } as const;
  const noMia = sql`delete from role_grants where scope_id = ${organisationId}`;
  await appoint(example, organisationId, manages);
  await ask(bo);
  await example.database.transaction((transaction) => transaction.execute(noMia));
  await appoint(example, organisationId, manages);
  after(7);
  await example.runDeletions();
  const [request] = (await bo.call(deletions.listDeletionRequests, { params: own.params })).requests;
  expect(request).toMatchObject({ user: { id: bo.userId }, isLastAdministrator: true });
  await withdraw(bo);
  await expect(ask(bo)).rejects.toMatchObject({
    code: "permission_denied",
    detail: "not-last-administrator",
  });
  expect(
    await example.database.snapshot((snapshot) => listLastAdministrators(snapshot, organisationId)),
  ).toEqual([bo.userId]);
  const cleo = await addOwner(example, organisationId);
  await appoint(example, organisationId, { ...manages, userId: cleo.userId });
  await ask(bo);
  after(14);
  await example.runDeletions();
  expect((await cleo.call(accounts.showAccount, { params: bo.params })).status).toBe("deleted");
});

test("INV-25: of two administrators whose days are over at the same moment, one stays", async () => {
  await twentyTimes(async () => {
    example.now = exampleNow;
    const own = await makeOwnOrganisation(example);
    const { organisationId } = own.params;
    const both = [await addOwner(example, organisationId), await addOwner(example, organisationId)];
    const grant = { role: "organisation-manager", scopeId: organisationId } as const;
    for (const { userId } of both) await appoint(example, organisationId, { ...grant, userId });
    for (const person of both) await ask(person);
    await example.database.transaction((transaction) =>
      transaction.execute(
        sql`delete from role_grants where scope_id = ${organisationId} and organisation_id <> ${organisationId}`,
      ),
    );
    after(7);
    const done = await Promise.all(both.map(({ userId }) => execute(organisationId, userId)));
    expect(done.sort()).toEqual([false, true]);
  });
});

test("what was withdrawn after it had been found due is not carried out", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await addOwner(example, own.params.organisationId);
  await ask(bo);
  after(7);
  await withdraw(bo);
  expect(await execute(own.params.organisationId, bo.userId)).toBe(false);
  expect(await account(own, bo)).toMatchObject({ status: "enabled", deletion: null });
});

test("withdrawing and carrying out at the same moment: one of them happens, whole, and the other not at all", async () => {
  const own = await makeOwnOrganisation(example);
  await twentyTimes(async () => {
    example.now = exampleNow;
    const bo = await addOwner(example, own.params.organisationId);
    await ask(bo);
    after(7);
    const executing = execute(own.params.organisationId, bo.userId);
    const [[withdrawn], executed] = await Promise.all([outcomesOf([withdraw(bo)]), executing]);
    expect(withdrawn === "done").toBe(!executed);
    const { status, deletion } = await account(own, bo);
    expect(deletion).toBeNull();
    expect(status).toBe(executed ? "deleted" : "enabled");
    const kinds = await kindsOf(own, bo);
    expect(kinds.filter((kind) => kind === "deletion-withdrawn" || kind === "account-deleted")).toHaveLength(
      1,
    );
  });
});

test("a deleted account is as if unknown, its tokens are dead, and its username is never given again", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await addOwner(example, own.params.organisationId);
  await ask(bo);
  after(7);
  await example.runDeletions();
  const signIn = (username: string) =>
    example.send("POST", sessions.signIn.path, { body: { username, password: examplePassword } });
  const [deleted, unknown] = [await signIn(bo.username), await signIn("nobody at all")];
  expect({ ...deleted.body, instance: "" }).toEqual({ ...unknown.body, instance: "" });
  expect((await example.send("GET", "/session", { token: bo.token })).status).toBe(401);
  for (const username of [bo.username, bo.username.toUpperCase()]) {
    const again = own.call(users.addUser, { params: own.params, body: { name: "Other", username } });
    await expect(again).rejects.toMatchObject({ code: "username_taken" });
  }
  const { revision } = await own.call(users.showUser, { params: bo.params });
  const naming = own.call(users.editUser, { params: bo.params, body: { name: "Bo" }, match: revision });
  await expect(naming).rejects.toMatchObject({ code: "account_deleted" });
  expect(await requestsOf(own)).toEqual([]);
});
