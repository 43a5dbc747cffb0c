import { accountBatches, accounts, invitations, links, users } from "@lockstep/api";
import type { UserId } from "@lockstep/core";
import { expect, test } from "vitest";

import { testMaking } from "../facts/testing.ts";
import { useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation, type OwnOrganisation } from "../http/testing/organisation.ts";
import { runBatches } from "../jobs/accounts.ts";
import { secretFor } from "../mails/testing/outbox.ts";
import { editUser } from "../users/commands.ts";
import { loadActors } from "./verdict.ts";
import type { BatchId } from "./batches/store.ts";
import { runBatch } from "./commands/batch.ts";
import { addPerson, appoint, putInState, tokenFor, writingTo } from "./testing.ts";

const example = useExampleApp();
const { keyEncryption } = testMaking();
const reason = "Left the company";
const run = () =>
  runBatches({
    database: example.database,
    clock: () => example.now,
    onPosted: () => undefined,
    keyEncryption,
  });

/** Somebody in every state, by state. */
async function everySort({ params: { organisationId } }: OwnOrganisation): Promise<UserId[]> {
  const states = ["enabled", "disabled", "pending", "blocked", "none", "deleted"] as const;
  const people: UserId[] = [];
  for (const state of states) people.push((await addPerson(example, organisationId, state)).userId);
  return people;
}

async function verdictsOf({ call, params }: OwnOrganisation, batchId: BatchId): Promise<(string | null)[]> {
  const { rows } = await call(accountBatches.listAccountBatchRows, { params: { ...params, batchId } });
  return rows.map(({ verdict }) => verdict);
}

test("a plan says what would become of each account and changes nothing; carried out, each gets that verdict", async () => {
  const own = await makeOwnOrganisation(example);
  const { call, params } = own;
  const userIds = await everySort(own);
  const statuses = () =>
    Promise.all(
      userIds.map(
        async (userId) => (await call(accounts.showAccount, { params: { ...params, userId } })).status,
      ),
    );
  const before = await statuses();
  const planned = await call(accountBatches.blockAccounts, {
    params,
    body: { userIds, reason, isDryRun: true },
  });
  expect(planned).toMatchObject({ users: 6, done: 0, endedAt: null, isDryRun: true });
  await run();
  expect(await statuses()).toEqual(before);
  const would = await verdictsOf(own, planned.id);
  expect(would).toEqual([
    ...["would-be-done", "would-be-done", "would-be-done", "would-be-done"],
    ...["account_none", "account_deleted"],
  ]);
  const done = await call(accountBatches.blockAccounts, {
    params,
    body: { userIds: [...userIds, ...userIds], reason },
  });
  expect(done.users).toBe(6);
  await run();
  expect(await verdictsOf(own, done.id)).toEqual(
    would.map((verdict) => (verdict === "would-be-done" ? "done" : verdict)),
  );
  const show = { params: { ...params, batchId: done.id } };
  expect(await call(accountBatches.showAccountBatch, show)).toMatchObject({ done: 6, changed: 4 });
  expect(await statuses()).toEqual(["blocked", "blocked", "blocked", "blocked", "none", "deleted"]);
  const lifted = await call(accountBatches.unblockAccounts, { params, body: { userIds } });
  await run();
  expect(await verdictsOf(own, lifted.id)).toEqual([
    ...["done", "done", "done", "done"],
    ...["account_none", "account_deleted"],
  ]);
});

test("a batch that was left by one server is carried on by another, and no account is done twice", async () => {
  const own = await makeOwnOrganisation(example);
  const { call, params } = own;
  const people = await Promise.all([1, 2, 3].map(() => addPerson(example, params.organisationId)));
  const userIds = people.map(({ userId }) => userId);
  const { id } = await call(accountBatches.blockAccounts, { params, body: { userIds, reason } });
  const { database } = example;
  const stopped = AbortSignal.abort();
  await runBatch(
    { database, clock: () => example.now, keyEncryption, signal: stopped },
    params.organisationId,
    id,
  );
  expect(await verdictsOf(own, id)).toEqual([null, null, null]);
  await Promise.all([run(), run(), run()]);
  const show = { params: { ...params, batchId: id } };
  expect(await call(accountBatches.showAccountBatch, show)).toMatchObject({ done: 3, changed: 3 });
  for (const userId of userIds) {
    const account = await call(accounts.showAccount, { params: { ...params, userId } });
    expect(account.formerBlocks).toEqual([]);
  }
});

test("a batch that is stopped leaves the accounts it has not looked at, and stays stopped", async () => {
  const own = await makeOwnOrganisation(example);
  const { call, params } = own;
  const people = await Promise.all([1, 2, 3].map(() => addPerson(example, params.organisationId)));
  const userIds = people.map(({ userId }) => userId);
  const { id } = await call(accountBatches.blockAccounts, { params, body: { userIds, reason } });
  const stop = { params: { ...params, batchId: id } };
  expect(await call(accountBatches.cancelAccountBatch, stop)).toMatchObject({
    ...{ users: 3, done: 0, changed: 0, cancelled: 3, endedAt: example.now.toISOString() },
  });
  await run();
  expect(await verdictsOf(own, id)).toEqual(["cancelled", "cancelled", "cancelled"]);
  const [one] = userIds;
  if (one === undefined) throw new Error("three were added");
  const account = await call(accounts.showAccount, { params: { ...params, userId: one } });
  expect(account.status).toBe("enabled");
  const { id: whole } = await call(accountBatches.blockAccounts, { params, body: { userIds, reason } });
  await run();
  const late = await call(accountBatches.cancelAccountBatch, { params: { ...params, batchId: whole } });
  expect(late).toMatchObject({ done: 3, changed: 3, cancelled: 0 });
});

// Without the rows' condition a stopped account would be blocked, or a blocked one shown as left.
test("of stopping and carrying out at the same moment each account has one verdict, and it is true", async () => {
  for (let round = 0; round < 20; round++) {
    const own = await makeOwnOrganisation(example);
    const { call, params } = own;
    const people = await Promise.all([1, 2].map(() => addPerson(example, params.organisationId)));
    const userIds = people.map(({ userId }) => userId);
    const { id } = await call(accountBatches.blockAccounts, { params, body: { userIds, reason } });
    const stop = { params: { ...params, batchId: id } };
    await Promise.all([run(), call(accountBatches.cancelAccountBatch, stop)]);
    await run();
    const verdicts = await verdictsOf(own, id);
    const statuses = await Promise.all(
      userIds.map(
        async (userId) => (await call(accounts.showAccount, { params: { ...params, userId } })).status,
      ),
    );
    expect(statuses).toEqual(verdicts.map((verdict) => (verdict === "done" ? "blocked" : "enabled")));
    const ended = await call(accountBatches.showAccountBatch, stop);
    expect(ended.done + ended.cancelled).toBe(2);
    expect(ended.changed).toBe(verdicts.filter((verdict) => verdict === "done").length);
  }
});

test("who is removed meanwhile is passed over", async () => {
  const own = await makeOwnOrganisation(example);
  const { call, params } = own;
  const { userId } = await addPerson(example, params.organisationId, "none");
  const ids: BatchId[] = [];
  for (const isDryRun of [true, false]) {
    const body = { userIds: [userId], reason, isDryRun };
    ids.push((await call(accountBatches.blockAccounts, { params, body })).id);
  }
  await call(users.removeUser, { params: { ...params, userId } });
  await run();
  for (const id of ids) {
    const show = { params: { ...params, batchId: id } };
    expect(await call(accountBatches.showAccountBatch, show)).toMatchObject({ done: 1, changed: 0 });
  }
  const unknown = call(accountBatches.blockAccounts, { params, body: { userIds: [userId], reason } });
  await expect(unknown).rejects.toMatchObject({ code: "user_not_found" });
});

// Without asking for the starter's roles at each row, the batch of somebody who was shut out would go on.
test("whoever is blocked while the own batch runs blocks nobody any more", async () => {
  const own = await makeOwnOrganisation(example);
  const { organisationId } = own.params;
  const manager = await addPerson(example, organisationId);
  const { userId } = manager;
  await appoint(example, organisationId, { userId, role: "organisation-manager", scopeId: organisationId });
  const actors = await example.database.snapshot((snapshot) =>
    loadActors(snapshot, { organisationId, userId }),
  );
  expect(actors?.map(({ role }) => role)).toEqual(["user", "organisation-manager"]);
  const target = await addPerson(example, organisationId);
  const path = `/organisations/${organisationId}/users/block`;
  const body = { userIds: [target.userId], reason };
  const token = await tokenFor(example, { organisationId, userId });
  const started = await example.send("POST", path, { token, body });
  expect(started.status).toBe(201);
  await putInState(example, organisationId, { userId, state: "blocked" });
  await run();
  const id = started.body["id"] as BatchId;
  expect(await verdictsOf(own, id)).toEqual(["cannot-sign-in"]);
});

test("a batch invites again who waits to be activated: each former link is void, and the others say why not", async () => {
  const own = await makeOwnOrganisation(example);
  const { call, params } = own;
  const { organisationId } = params;
  const [bo, cleo] = [
    await addPerson(example, organisationId, "none"),
    await addPerson(example, organisationId),
  ];
  const silent = await addPerson(example, organisationId, "pending");
  const names = { userId: silent.userId, revision: 1, email: null };
  await editUser(writingTo(example), organisationId, names);
  await call(invitations.inviteAccount, { params: { ...params, userId: bo.userId } });
  const former = await secretFor(example, bo.userId, "activate-account");
  const userIds = [bo, cleo, silent].map(({ userId }) => userId);
  const others = ["account_not_pending", "email_missing"];
  for (const isDryRun of [true, false]) {
    const { id } = await call(accountBatches.resendInvitations, { params, body: { userIds, isDryRun } });
    await run();
    expect(await verdictsOf(own, id)).toEqual([isDryRun ? "would-be-done" : "done", ...others]);
    const show = { params: { ...params, batchId: id } };
    const ended = await call(accountBatches.showAccountBatch, show);
    expect(ended).toMatchObject({ action: "resend-invitation", done: 3, changed: 1 });
    const status = async (secret: string) =>
      (await example.send("POST", links.showLink.path, { body: { secret } })).status;
    expect(await status(former)).toBe(isDryRun ? 200 : 404);
  }
  await example.runMails();
  const secret = await secretFor(example, bo.userId, "activate-account");
  const password = "a few words in a row";
  const activated = await example.send("POST", "/account/activation", { body: { secret, password } });
  expect(activated.status).toBe(204);
});
