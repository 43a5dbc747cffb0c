// What users and managers are told by mail, by a real mail server and read as a mail program reads it.

import { accountBatches, accounts, mails } from "@lockstep/api";
import type { AccountState, UserId } from "@lockstep/core";
import { afterEach, beforeEach, expect, test } from "vitest";

import { sql } from "../db/sql.ts";
import { testMaking } from "../facts/testing.ts";
import { exampleNow, useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation, type OwnOrganisation } from "../http/testing/organisation.ts";
import { endDueBlocks, runBatches } from "../jobs/accounts.ts";
import { startPost, type TestPost } from "../mails/testing/smtp.ts";
import { setOrganisationDisabled } from "../organisations/store.ts";
import { postDigest } from "./commands/digest.ts";
import { runInactivity } from "./commands/inactivity.ts";
import { addPerson, appoint, putInState } from "./testing.ts";

const example = useExampleApp();
const { keyEncryption } = testMaking();
const day = 86_400_000;
let post: TestPost;

beforeEach(async () => {
  example.now = exampleNow;
  await example.database.transaction(async (transaction) => {
    for (const table of ["mails", "mail_servers", "account_digests"]) {
      await transaction.execute(sql`delete from ${sql.table(table)}`);
    }
  });
  post = await startPost();
  const sol = await example.callAs("sol");
  const settings = { host: "127.0.0.1", security: "none", sender: "lockstep@northwind.example" } as const;
  await sol(mails.setMailServer, { match: 1, body: { ...settings, port: post.port } });
});
afterEach(() => post.stop());

const after = (milliseconds: number) => (example.now = new Date(exampleNow.getTime() + milliseconds));
const around = () => ({ database: example.database, clock: () => example.now, keyEncryption });

async function somebody(own: OwnOrganisation, state: AccountState = "enabled") {
  const person = await addPerson(example, own.params.organisationId, state);
  return { ...person, params: { ...own.params, userId: person.userId } };
}

/** Subject and text of what came for somebody since this was last asked. */
async function readBy(address: string): Promise<{ subject: string; text: string }[]> {
  await example.runMails();
  return post.taken
    .filter(({ to }) => to.includes(address))
    .map(({ mail: { subject = "", text = "" } }) => ({ subject, text: text.replaceAll("\r\n", "\n") }));
}

test("who is blocked reads the reason for users, until when, and whom to ask, and nothing for administrators", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  const until = new Date(exampleNow.getTime() + 10 * day).toISOString();
  const body = { reason: "Suspected of selling keys", userReason: "Your contract is being renewed", until };
  await own.call(accounts.blockAccount, { params: bo.params, body });
  const [told, ...others] = await readBy(bo.username);
  expect(others).toEqual([]);
  expect(told?.subject).toBe("Your account was blocked");
  expect(told?.text).toContain("The reason: Your contract is being renewed");
  expect(told?.text).toContain("ends by itself on 2026-03-11 12:00 UTC");
  expect(told?.text).toContain("ask Mia Holt (mia@northwind.example).");
  expect(JSON.stringify(post.taken)).not.toContain("Suspected");
});

test("of a block that is changed the user is told again only if something else is to be told", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  const block = (reason: string, userReason: string | null) =>
    own.call(accounts.blockAccount, { params: bo.params, body: { reason, userReason } });
  await block("Left", null);
  await block("Left, and has not given the machine back", null);
  expect(await readBy(bo.username)).toHaveLength(1);
  await block("Left", "Bring your machine back");
  const [, second] = await readBy(bo.username);
  expect(second?.text).toContain("Bring your machine back");
});

test("who is unblocked is told so, whoever or whatever unblocked", async () => {
  const own = await makeOwnOrganisation(example);
  const [bo, cy, di] = [await somebody(own), await somebody(own), await somebody(own)];
  const body = { reason: "Left" };
  const until = new Date(exampleNow.getTime() + day).toISOString();
  await own.call(accounts.blockAccount, { params: bo.params, body });
  await own.call(accounts.blockAccount, { params: cy.params, body: { ...body, until } });
  await own.call(accounts.blockAccount, { params: di.params, body });
  await own.call(accounts.unblockAccount, { params: bo.params });
  await own.call(accountBatches.unblockAccounts, { params: own.params, body: { userIds: [di.userId] } });
  await runBatches({ ...around(), onPosted: () => undefined });
  after(day);
  await endDueBlocks({ ...around(), onPosted: () => undefined });
  for (const { username } of [bo, cy, di]) {
    const subjects = (await readBy(username)).map(({ subject }) => subject);
    expect(subjects).toEqual(["Your account was blocked", "Your account was unblocked"]);
  }
});

test("who never activated and is unblocked, by whatever, gets a link that works instead", async () => {
  const own = await makeOwnOrganisation(example);
  const [bo, cy] = [await somebody(own, "pending"), await somebody(own, "pending")];
  const until = new Date(exampleNow.getTime() + day).toISOString();
  await own.call(accounts.blockAccount, { params: bo.params, body: { reason: "Left", until } });
  await own.call(accounts.blockAccount, { params: cy.params, body: { reason: "Left" } });
  await own.call(accountBatches.unblockAccounts, { params: own.params, body: { userIds: [cy.userId] } });
  await runBatches({ ...around(), onPosted: () => undefined });
  after(day);
  await endDueBlocks({ ...around(), onPosted: () => undefined });
  for (const { username } of [bo, cy]) {
    const [, invitation, ...others] = await readBy(username);
    expect([invitation?.subject, others]).toEqual(["Activate your account", []]);
    const secret = /#(lockstep_[\w-]+)/.exec(invitation?.text ?? "")?.[1];
    const activated = await example.send("POST", "/account/activation", {
      body: { secret, password: "a few words in a row" },
    });
    expect(activated.status).toBe(204);
  }
});

test("who is disabled reads why, the way back and whom to ask; who is blocked too reads nothing of a way back", async () => {
  const own = await makeOwnOrganisation(example);
  const [bo, cy] = [await somebody(own), await somebody(own)];
  await putInState(example, own.params.organisationId, { userId: cy.userId, state: "blocked" });
  after(77 * day);
  await runInactivity(around(), own.params.organisationId);
  after(92 * day);
  expect(await runInactivity(around(), own.params.organisationId)).toBe(2);
  const told = await readBy(bo.username);
  expect(told.at(-1)?.subject).toBe("Your account was disabled");
  expect(told.at(-1)?.text).toContain("not used for more than 90 days");
  expect(told.at(-1)?.text).toContain("enable it again yourself");
  expect(told.at(-1)?.text).toContain("ask Mia Holt (mia@northwind.example).");
  expect((await readBy(cy.username)).map(({ subject }) => subject)).not.toContain(
    "Your account was disabled",
  );
});

test("a warning that the mail server refused is shown with its day and why, until the account is used", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  post.answer = { code: 550, text: "no such mailbox" };
  const days = [76, 83] as const;
  for (const each of days) {
    after(each * day + 1);
    await runInactivity(around(), own.params.organisationId);
    await example.runMails();
  }
  const show = async () => (await own.call(accounts.showAccount, { params: bo.params })).undelivered;
  const failure = "The mail server did not take the mail: it answered 550.";
  const at = (count: number) => new Date(exampleNow.getTime() + count * day + 1).toISOString();
  expect(await show()).toEqual([
    { postedAt: at(83), failure },
    { postedAt: at(76), failure },
  ]);
  after(90 * day + 1);
  await runInactivity(around(), own.params.organisationId);
  expect(await show()).toHaveLength(2);
  // Blocking and unblocking starts the days from zero.
  await own.call(accounts.blockAccount, { params: bo.params, body: { reason: "To enable it" } });
  await own.call(accounts.unblockAccount, { params: bo.params });
  expect(await show()).toEqual([]);
});

/** An organisation with a manager who lives there, beside Mia, who does not. */
async function managed() {
  const own = await makeOwnOrganisation(example);
  const { organisationId } = own.params;
  const manager = await addPerson(example, organisationId);
  const grant = { userId: manager.userId, role: "organisation-manager", scopeId: organisationId } as const;
  await appoint(example, organisationId, grant);
  const tell = () => postDigest(around(), organisationId);
  expect(await tell()).toBe(false);
  return { own, organisationId, manager, tell };
}

async function touch(userId: UserId): Promise<void> {
  await example.database.transaction((transaction) =>
    transaction.execute(sql`update users set active_at = ${example.now} where id = ${userId}`),
  );
}

test("managers, wherever they live, are told once a week who will be disabled and who has not activated", async () => {
  const { own, manager, tell } = await managed();
  await somebody(own);
  await somebody(own, "pending");
  after(80 * day);
  await touch(manager.userId);
  expect(await tell()).toBe(true);
  expect(await tell()).toBe(false);
  for (const address of [manager.username, "mia@northwind.example"]) {
    const [digest, ...others] = await readBy(address);
    expect(others).toEqual([]);
    expect(digest?.subject).toMatch(/^What waits in Organisation /);
    // Not warned yet, so two weeks from now.
    expect(digest?.text).toContain("because nobody uses them: 1: Some Body (2026-06-03)");
    expect(digest?.text).toContain("have not activated their account: 1: Some Body");
    expect(digest?.text).not.toContain("deleted");
  }
  after(87 * day - 1);
  expect(await tell()).toBe(false);
  after(87 * day);
  await touch(manager.userId);
  expect(await tell()).toBe(true);
});

test("managers are told nothing while nothing waits, the organisation is off, or they do not want it", async () => {
  const { own, organisationId, tell } = await managed();
  after(7 * day);
  expect(await tell()).toBe(false);
  await somebody(own, "pending");
  // Looked at a moment ago.
  expect(await tell()).toBe(false);
  after(14 * day);
  const turn = (at: Date | null) =>
    example.database.transaction((transaction) => setOrganisationDisabled(transaction, organisationId, at));
  await turn(example.now);
  expect(await tell()).toBe(false);
  await turn(null);
  const mia = await example.callAs("mia");
  const rules = (match: number, digest: "off" | "daily") =>
    mia(accounts.setAccountRules, { params: own.params, match, body: { digest } });
  await rules(1, "off");
  expect(await tell()).toBe(false);
  await rules(2, "daily");
  expect(await tell()).toBe(true);
  after(15 * day);
  expect(await tell()).toBe(true);
});

test("however many servers do it, each manager is told once", async () => {
  const { own, manager, tell } = await managed();
  await somebody(own, "pending");
  after(7 * day);
  const told = await Promise.all([tell(), tell(), tell()]);
  expect(told.filter(Boolean)).toHaveLength(1);
  expect(await readBy(manager.username)).toHaveLength(1);
});
