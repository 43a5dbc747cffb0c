import { accounts, links, mails, sessions, standings } from "@lockstep/api";
import type { AccountState } from "@lockstep/core";
import { beforeEach, expect, test } from "vitest";

import { sql } from "../db/sql.ts";
import { examplePassword } from "../example-people.ts";
import { exampleNow, useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation, type OwnOrganisation } from "../http/testing/organisation.ts";
import { twentyTimes } from "../http/testing/races.ts";
import { openMailsOf, secretFor } from "../mails/testing/outbox.ts";
import { setOrganisationDisabled } from "../organisations/store.ts";
import { hashPassword } from "../sessions/password.ts";
import { putPassword } from "../sessions/store.ts";
import { runInactivity } from "./commands/inactivity.ts";
import { addPerson, putInState } from "./testing.ts";

const example = useExampleApp();
const minute = 60_000;
const day = 24 * 60 * minute;
const hash = hashPassword(examplePassword);

beforeEach(async () => {
  example.now = exampleNow;
  await example.database.transaction((transaction) => transaction.execute(sql`delete from mails`));
});

const after = (milliseconds: number) => (example.now = new Date(exampleNow.getTime() + milliseconds));

async function somebody(own: OwnOrganisation, state: AccountState = "disabled") {
  const { organisationId } = own.params;
  const person = await addPerson(example, organisationId, state);
  const kept = { userId: person.userId, hash: await hash, at: example.now };
  await example.database.transaction((transaction) => putPassword(transaction, organisationId, kept));
  return { ...person, params: { ...own.params, userId: person.userId } };
}
type Somebody = Awaited<ReturnType<typeof somebody>>;

const post = (path: string, body: unknown) => example.send("POST", path, { body });
const signIn = ({ username }: Somebody, password = examplePassword) =>
  post(sessions.signIn.path, { username, password });
const ask = (username: string) => post("/account/re-enabling/mail", { username });
const confirm = (secret: string) => post("/account/re-enabling", { secret });
const opened = ({ userId }: Somebody) => openMailsOf(example, userId, "re-enable-account");
const secretOf = ({ userId }: Somebody) => secretFor(example, userId, "re-enable-account");
const statusOf = async ({ call }: OwnOrganisation, { params }: Somebody) =>
  (await call(accounts.showAccount, { params })).status;

async function asked(who: Somebody): Promise<string> {
  await ask(who.username);
  await example.runMails();
  return secretOf(who);
}

async function kindsOf({ call }: OwnOrganisation, { params }: Somebody): Promise<string[]> {
  const { entries } = await call(standings.showTimeline, { params });
  return entries.filter(({ of }) => of === "user").map(({ kind }) => kind);
}

test("only who knows the password is told that the account is disabled", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  expect((await signIn(bo)).body.code).toBe("account_disabled");
  expect((await signIn(bo, "wrong")).body.code).toBe("sign_in_failed");
});

test("a disabled account is enabled by its owner: name, mail, page, confirmation; then the days count from zero", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  after(day);
  const secret = await asked(bo);
  expect(await post(links.showLink.path, { secret })).toMatchObject({
    status: 200,
    body: { purpose: "re-enable-account", username: bo.username },
  });
  expect(await statusOf(own, bo)).toBe("disabled");
  expect((await confirm(secret)).status).toBe(204);
  expect(await own.call(accounts.showAccount, { params: bo.params })).toMatchObject({
    status: "enabled",
    activeAt: example.now.toISOString(),
    disabledAt: null,
  });
  expect((await kindsOf(own, bo)).slice(0, 4)).toEqual([
    "account-enabled",
    "re-enabling-confirmed",
    "mail-opened",
    "re-enabling-asked",
  ]);
  expect((await signIn(bo)).status).toBe(200);
  expect((await confirm(secret)).body.code).toBe("link_not_found");
});

test("asking by any name gets the same answer, and only who was disabled and is not blocked gets a mail", async () => {
  const own = await makeOwnOrganisation(example);
  const states = [
    "enabled",
    "disabled",
    "blocked",
    "blocked+disabled",
    "pending",
    "none",
    "deleted",
  ] as const;
  const people = new Map<AccountState, Somebody>();
  for (const state of states) people.set(state, await somebody(own, state));
  const answers = [await ask("nobody at all")];
  for (const { username } of people.values()) answers.push(await ask(` ${username.toUpperCase()} `));
  for (const { status, body } of answers) expect({ status, body }).toEqual({ status: 204, body: {} });
  await example.runMails();
  for (const [state, person] of people) {
    expect(await opened(person), state).toHaveLength(state === "disabled" ? 1 : 0);
  }
});

test("asking again within five minutes sends nothing, afterwards another mail whose link alone works", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  const former = await asked(bo);
  after(5 * minute - 1);
  expect((await ask(bo.username)).status).toBe(204);
  await example.runMails();
  expect(await secretOf(bo)).toBe(former);
  after(5 * minute);
  const next = await asked(bo);
  expect(next).not.toBe(former);
  expect((await confirm(former)).body.code).toBe("link_not_found");
  expect((await confirm(next)).status).toBe(204);
});

test("each name is answered once, however many servers do it", async () => {
  const own = await makeOwnOrganisation(example);
  await twentyTimes(async () => {
    const bo = await somebody(own);
    await ask(bo.username);
    await Promise.all([example.runMails(), example.runMails()]);
    expect((await kindsOf(own, bo)).filter((kind) => kind === "re-enabling-asked")).toHaveLength(1);
  });
});

test("three accounts with one mail address: exactly the one that was named gets the mail", async () => {
  const own = await makeOwnOrganisation(example);
  const people = [await somebody(own), await somebody(own), await somebody(own)];
  await ask(people[1]?.username ?? "");
  await example.runMails();
  const found = await Promise.all(people.map(async (each) => (await opened(each)).length));
  expect(found).toEqual([0, 1, 0]);
});

test("after 24 hours the link does nothing any more", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  const secret = await asked(bo);
  after(day);
  expect((await confirm(secret)).body.code).toBe("link_not_found");
  expect(await statusOf(own, bo)).toBe("disabled");
});

test("a block makes the link void for ever, also when it has ended", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  const secret = await asked(bo);
  await own.call(accounts.blockAccount, { params: bo.params, body: { reason: "Left the company" } });
  expect((await confirm(secret)).body.code).toBe("link_not_found");
  expect(await statusOf(own, bo)).toBe("blocked");
  await own.call(accounts.unblockAccount, { params: bo.params });
  await putInState(example, own.params.organisationId, { userId: bo.userId, state: "disabled" });
  expect((await confirm(secret)).body.code).toBe("link_not_found");
  expect(await statusOf(own, bo)).toBe("disabled");
});

test("while the organisation is switched off nobody is mailed and no link works", async () => {
  const own = await makeOwnOrganisation(example);
  const [bo, cy] = [await somebody(own), await somebody(own)];
  const secret = await asked(bo);
  await example.database.transaction((transaction) =>
    setOrganisationDisabled(transaction, own.params.organisationId, example.now),
  );
  await ask(cy.username);
  await example.runMails();
  expect(await opened(cy)).toEqual([]);
  expect((await confirm(secret)).body.code).toBe("organisation_disabled");
});

// A link is used only if it is not void at that moment; the user is locked first, as by a block, so neither waits for the other.
test("of a block and a confirmation at the same moment the account is blocked in the end", async () => {
  const own = await makeOwnOrganisation(example);
  await twentyTimes(async (round) => {
    after(round * 10 * minute);
    const bo = await somebody(own);
    const secret = await asked(bo);
    const blocking = own.call(accounts.blockAccount, { params: bo.params, body: { reason: "Left" } });
    const [{ status }] = await Promise.all([confirm(secret), blocking]);
    const account = await own.call(accounts.showAccount, { params: bo.params });
    expect(account.status).toBe("blocked");
    // Confirmed before it was blocked, it is no longer disabled as well.
    expect(account.disabledAt === null).toBe(status === 204);
  });
});

test("who is warned of being disabled gets a mail with the day, for every warning", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own, "enabled");
  const { organisationId } = own.params;
  const around = { database: example.database, clock: () => example.now };
  for (const days of [76, 83, 87, 89]) {
    after(days * day + 1);
    await runInactivity(around, organisationId);
  }
  const warnings = await openMailsOf(example, bo.userId, "inactivity-warning");
  const on = new Date(exampleNow.getTime() + 90 * day).toISOString().slice(0, 10);
  expect(warnings.map(({ subject }) => subject)).toEqual(
    Array(4).fill(`Your account will be disabled on ${on}`),
  );
  expect(warnings[0]?.secret).toBeUndefined();
});

test("a warning that could not be delivered is shown, and does not keep the account", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own, "enabled");
  const around = { database: example.database, clock: () => example.now };
  after(76 * day + 1);
  await runInactivity(around, own.params.organisationId);
  const sol = await example.callAs("sol");
  const body = {
    host: "127.0.0.1",
    port: 1,
    security: "none",
    sender: "lockstep@northwind.example",
  } as const;
  await sol(mails.setMailServer, { match: 1, body });
  await example.runMails();
  expect(await own.call(accounts.showAccount, { params: bo.params })).toMatchObject({
    mail: { kind: "inactivity-warning", failure: "The mail server cannot be reached." },
  });
  after(90 * day + 1);
  expect(await runInactivity(around, own.params.organisationId)).toBe(1);
});
