import { accounts, invitations, mails, standings } from "@lockstep/api";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { z } from "zod";

import { addPerson } from "../accounts/testing.ts";
import { sql } from "../db/sql.ts";
import { makeAuthority, type TestAuthority } from "../directory/testing/certificates.ts";
import { exampleNow, useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation, type OwnOrganisation } from "../http/testing/organisation.ts";
import { outcomesOf } from "../http/testing/races.ts";
import { editUser } from "../users/commands.ts";
import { writingTo } from "../accounts/testing.ts";
import { openMailsOf } from "./testing/outbox.ts";
import { mailTexts } from "./texts.ts";
import { startPost, type TestPost, type TestPostOptions } from "./testing/smtp.ts";

const example = useExampleApp();
const minute = 60_000;
const posts: TestPost[] = [];
let authority: TestAuthority;

beforeAll(async () => {
  authority = await makeAuthority(mkdtempSync(join(inject("scratch"), "mails-")));
});
beforeEach(async () => {
  example.now = exampleNow;
  await example.database.transaction(async (transaction) => {
    await transaction.execute(sql`delete from mails`);
    await transaction.execute(sql`delete from mail_servers`);
  });
});
afterEach(async () => {
  for (const post of posts.splice(0)) await post.stop();
});

const later = (milliseconds: number) => (example.now = new Date(exampleNow.getTime() + milliseconds));

async function post(options?: TestPostOptions): Promise<TestPost> {
  const started = await startPost(options);
  posts.push(started);
  return started;
}

const plain = { host: "127.0.0.1", security: "none", sender: "lockstep@northwind.example" } as const;

async function set(body: { port: number } & Record<string, unknown>) {
  const sol = await example.callAs("sol");
  const { revision: match } = await sol(mails.showMailServer);
  return sol(mails.setMailServer, { match, body: { ...plain, ...body } });
}

/** Somebody without an account, who is then invited. */
async function invited(own: OwnOrganisation) {
  const person = await addPerson(example, own.params.organisationId, "none");
  const params = { ...own.params, userId: person.userId };
  await own.call(invitations.inviteAccount, { params });
  const stateOf = async () => (await own.call(accounts.showAccount, { params })).mail;
  return { ...person, params, stateOf };
}

const stored = z.object({ material: z.string().nullable(), attempts: z.int() });
const rowOf = (userId: string) =>
  example.database.snapshot((snapshot) =>
    snapshot.row(stored, sql`select material, attempts from mails where user_id = ${userId}`),
  );

test("without a mail server mails wait, and go out once there is one, as text and as HTML", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await invited(own);
  await example.runMails();
  expect(await bo.stateOf()).toMatchObject({ kind: "activate-account", state: "waiting", failure: null });
  const { port, taken } = await post();
  await set({ port });
  await example.runMails();
  expect(await bo.stateOf()).toMatchObject({ state: "sent", failure: null });
  expect(taken).toHaveLength(1);
  const [{ to, from, mail } = { to: [], from: "", mail: undefined }] = taken;
  expect({ to, from, subject: mail?.subject }).toEqual({
    to: [bo.username],
    from: "lockstep@northwind.example",
    subject: "Activate your account",
  });
  const link = /https:\/\/lockstep\.test\/activate-account#lockstep_[\w-]{86}/;
  expect(mail?.text).toMatch(link);
  expect(mail?.html).toMatch(link);
  await example.runMails();
  expect(taken).toHaveLength(1);
});

test("the secret of a link is sealed while its mail waits, and gone when it was sent", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await invited(own);
  const [opened] = await openMailsOf(example, bo.userId, "activate-account");
  const { material } = (await rowOf(bo.userId)) ?? {};
  expect(material).toMatch(/^ey/);
  expect(material).not.toContain(opened?.secret);
  const { port } = await post();
  await set({ port });
  await example.runMails();
  expect(await rowOf(bo.userId)).toEqual({ material: null, attempts: 1 });
});

test("a mail that waits is opened by system administrators alone, each time on the record, and only without a server", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await invited(own);
  const sol = await example.callAs("sol");
  const [mail] = (await sol(mails.listMails)).mails;
  if (mail === undefined) throw new Error("one was posted");
  const params = { ...own.params, mailId: mail.id };
  for (const name of ["ada", "mia", "noor"]) {
    const call = await example.callAs(name);
    const outcome = await outcomesOf([call(mails.openMail, { params })]);
    // Mia administers the installation too.
    if (name !== "mia") expect(["permission_denied", "organisation_not_found"]).toContain(outcome[0]);
  }
  await sol(mails.openMail, { params });
  await sol(mails.openMail, { params });
  const { entries } = await own.call(standings.showTimeline, { params: bo.params });
  const openings = entries.filter(({ kind }) => kind === "mail-opened");
  expect(openings.filter(({ by }) => by.includes("Sol"))).toHaveLength(2);
  const { port } = await post();
  await set({ port });
  expect(await outcomesOf([sol(mails.openMail, { params })])).toEqual(["mail_server_set"]);
});

test("what an address refuses for good is given up, what it refuses for now is tried again, later each time", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await invited(own);
  const server = await post();
  await set({ port: server.port });
  server.answer = { code: 451, text: "try again" };
  await example.runMails();
  expect(await bo.stateOf()).toMatchObject({
    state: "waiting",
    failure: "The mail server did not take the mail: it answered 451.",
  });
  later(2 * minute - 1);
  await example.runMails();
  expect(await rowOf(bo.userId)).toMatchObject({ attempts: 1 });
  later(2 * minute);
  await example.runMails();
  expect(await rowOf(bo.userId)).toMatchObject({ attempts: 2 });
  server.answer = { code: 550, text: "unknown here: https://lockstep.test/activate-account#lockstep_secret" };
  later(10 * minute);
  await example.runMails();
  expect(await bo.stateOf()).toMatchObject({
    state: "failed",
    failure: "The mail server did not take the mail: it answered 550.",
  });
  expect(await rowOf(bo.userId)).toEqual({ material: null, attempts: 3 });
});

test("while the mail server is away mails wait, and it is told why", async () => {
  const own = await makeOwnOrganisation(example);
  const people = [await invited(own), await invited(own)];
  const server = await post();
  const { port } = server;
  await set({ port });
  await server.stop();
  posts.length = 0;
  await example.runMails();
  const states = await Promise.all(people.map(({ stateOf }) => stateOf()));
  expect(states.map((each) => each?.state)).toEqual(["waiting", "waiting"]);
  // The second was not even tried.
  expect(states.filter((each) => typeof each?.failure === "string")).toHaveLength(1);
  const again = await post({ port });
  later(10 * minute);
  await example.runMails();
  expect(again.taken).toHaveLength(2);
});

test("who has no address is told so, and a link that is void does not go out", async () => {
  const own = await makeOwnOrganisation(example);
  const [bo, cy] = [await invited(own), await invited(own)];
  await editUser(writingTo(example), own.params.organisationId, {
    userId: bo.userId,
    revision: 1,
    email: null,
  });
  await own.call(invitations.withdrawInvitation, { params: cy.params });
  const { port, taken } = await post();
  await set({ port });
  await example.runMails();
  expect(await bo.stateOf()).toMatchObject({ state: "failed", failure: "The user has no mail address." });
  expect(await cy.stateOf()).toMatchObject({
    state: "failed",
    failure: "The link in it was used, replaced or taken back, or has expired.",
  });
  expect(taken).toEqual([]);
});

test("two servers hand each mail over once", async () => {
  const own = await makeOwnOrganisation(example);
  for (let count = 0; count < 10; count++) await invited(own);
  const { port, taken } = await post();
  await set({ port });
  await Promise.all([example.runMails(), example.runMails(), example.runMails()]);
  expect(new Set(taken.map(({ to }) => to[0])).size).toBe(10);
  expect(taken).toHaveLength(10);
});

test("the organisation says in which language its mails are", async () => {
  const own = await makeOwnOrganisation(example);
  const { revision: match } = await own.call(accounts.showAccountRules, { params: own.params });
  const mia = await example.callAs("mia");
  await mia(accounts.setAccountRules, { params: own.params, match, body: { mailLanguage: "de" } });
  const bo = await invited(own);
  const [opened] = await openMailsOf(example, bo.userId, "activate-account");
  expect(opened).toMatchObject({ to: bo.username, subject: mailTexts.de["activate-account"].subject });
});

test("mails and the password go through TLS only, to a server whose certificate is trusted", async () => {
  const issued = await authority.issue();
  const user = { name: "lockstep", password: "a password of 26 characters" };
  const server = await post({ issued, user });
  const signedIn = { port: server.port, security: "starttls", userName: user.name, password: user.password };
  const sol = await example.callAs("sol");
  const trial = () => sol(mails.testMailServer, { body: { to: "sol@northwind.example" } });
  await set(signedIn);
  await expect(trial()).rejects.toMatchObject({ code: "mail_not_sent" });
  expect(server.taken).toEqual([]);
  await set({ ...signedIn, certificates: authority.certificate });
  await trial();
  expect(server.taken).toMatchObject([{ isSecure: true, user: "lockstep", to: ["sol@northwind.example"] }]);
  await set({ ...signedIn, certificates: authority.certificate, password: "wrong" });
  await expect(trial()).rejects.toMatchObject({
    code: "mail_not_sent",
    detail: "The mail server did not accept the username and password.",
  });
});

test("a server that offers no TLS gets neither mail nor password where TLS is wanted", async () => {
  const server = await post();
  await set({ port: server.port, security: "starttls", userName: "lockstep", password: "secret words" });
  const sol = await example.callAs("sol");
  const trial = sol(mails.testMailServer, { body: { to: "sol@northwind.example" } });
  await expect(trial).rejects.toMatchObject({ code: "mail_not_sent" });
  expect(server.taken).toEqual([]);
});

test("the saved password goes nowhere else than before, and is never shown", async () => {
  const there = { port: 2525, security: "starttls", userName: "lockstep" };
  expect(await outcomesOf([set(there)])).toEqual(["mail_password_required"]);
  const shown = await set({ ...there, password: "secret words" });
  expect(JSON.stringify(shown)).not.toContain("secret words");
  await set({ ...there, sender: "other@northwind.example" });
  for (const change of [
    { port: 2526 },
    { host: "localhost" },
    { security: "tls" },
    { userName: "other" },
    { certificates: authority.certificate },
  ]) {
    expect(await outcomesOf([set({ ...there, ...change })])).toEqual(["mail_password_required"]);
  }
});

test("without TLS only a server on this machine is used, and without a password", async () => {
  const unfit = { port: 25, host: "mail.northwind.example" };
  expect(await outcomesOf([set(unfit)])).toEqual(["mail_settings_invalid"]);
  const signedIn = { port: 25, userName: "lockstep", password: "secret words" };
  expect(await outcomesOf([set(signedIn)])).toEqual(["mail_settings_invalid"]);
});

test("who tries a mail server that nobody has named is told so", async () => {
  const sol = await example.callAs("sol");
  const trial = sol(mails.testMailServer, { body: { to: "sol@northwind.example" } });
  expect(await outcomesOf([trial])).toEqual(["mail_server_missing"]);
});
