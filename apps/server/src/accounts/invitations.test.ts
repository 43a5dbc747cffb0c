import { accounts, invitations, links, sessions, standings } from "@lockstep/api";
import type { AccountState } from "@lockstep/core";
import { beforeEach, expect, test } from "vitest";

import { editUser } from "../users/commands.ts";
import { exampleNow, useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation, type OwnOrganisation } from "../http/testing/organisation.ts";
import { outcomesOf, twentyTimes } from "../http/testing/races.ts";
import { secretFor } from "../mails/testing/outbox.ts";
import { setOrganisationDisabled } from "../organisations/store.ts";
import { addPerson, tokenFor, writingTo } from "./testing.ts";

const example = useExampleApp();
const hour = 3_600_000;
const password = "a few words in a row";

beforeEach(() => {
  example.now = exampleNow;
});

const after = (milliseconds: number) => (example.now = new Date(exampleNow.getTime() + milliseconds));

async function somebody(own: OwnOrganisation, state: AccountState = "none") {
  const person = await addPerson(example, own.params.organisationId, state);
  return { ...person, params: { ...own.params, userId: person.userId } };
}
type Somebody = Awaited<ReturnType<typeof somebody>>;

const post = (path: string, body: unknown) => example.send("POST", path, { body });
const activate = (secret: string) => post("/account/activation", { secret, password });
const look = (secret: string) => post(links.showLink.path, { secret });
const signIn = ({ username }: Somebody) => post(sessions.signIn.path, { username, password });
const secretOf = ({ userId }: Somebody) => secretFor(example, userId, "activate-account");

async function kindsOf({ call }: OwnOrganisation, { params }: Somebody): Promise<string[]> {
  const { entries } = await call(standings.showTimeline, { params });
  return entries.filter(({ of }) => of === "user").map(({ kind }) => kind);
}

test("who is invited gets a mail, chooses a password on its page, and is signed in with it", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  const account = await own.call(invitations.inviteAccount, { params: bo.params });
  expect(account).toMatchObject({ status: "pending", mail: { kind: "activate-account", state: "waiting" } });
  const secret = await secretOf(bo);
  expect((await signIn(bo)).status).toBe(401);
  expect((await activate(secret)).status).toBe(204);
  expect((await signIn(bo)).status).toBe(200);
  expect(await kindsOf(own, bo)).toEqual(["account-activated", "mail-opened", "account-invited"]);
});

test("looking at a link as often as one likes changes nothing, and says whose it is", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  await own.call(invitations.inviteAccount, { params: bo.params });
  const secret = await secretOf(bo);
  for (let time = 0; time < 3; time++) {
    expect(await look(secret)).toMatchObject({
      status: 200,
      body: {
        purpose: "activate-account",
        username: bo.username,
        expiresAt: new Date(exampleNow.getTime() + 72 * hour).toISOString(),
      },
    });
  }
  expect(await own.call(accounts.showAccount, { params: bo.params })).toMatchObject({ status: "pending" });
  expect((await activate(secret)).status).toBe(204);
});

test("after 71 hours and 59 minutes a link still activates, after 72 hours it does not", async () => {
  const own = await makeOwnOrganisation(example);
  const [bo, cy] = [await somebody(own), await somebody(own)];
  for (const { params } of [bo, cy]) await own.call(invitations.inviteAccount, { params });
  const secrets = [await secretOf(bo), await secretOf(cy)] as const;
  after(72 * hour - 60_000);
  expect((await activate(secrets[0])).status).toBe(204);
  after(72 * hour);
  expect(await activate(secrets[1])).toMatchObject({ status: 404, body: { code: "link_not_found" } });
  expect(await own.call(accounts.showAccount, { params: cy.params })).toMatchObject({ status: "pending" });
});

test("a link that is unknown, used, replaced, of a blocked account or expired gets one and the same answer", async () => {
  const own = await makeOwnOrganisation(example);
  const people = await Promise.all([1, 2, 3, 4].map(() => somebody(own)));
  const [used, replaced, blocked, expired] = people;
  if (!used || !replaced || !blocked || !expired) throw new Error("four were added");
  for (const { params } of people) await own.call(invitations.inviteAccount, { params });
  const secrets = await Promise.all(people.map(secretOf));
  await activate(secrets[0] ?? "");
  await own.call(invitations.resendInvitation, { params: replaced.params });
  await own.call(accounts.blockAccount, { params: blocked.params, body: { reason: "Left the company" } });
  const first = secrets[3] ?? "";
  const unknown = `${first.slice(0, -4)}AAAA`;
  const answers = [];
  for (const secret of [...secrets.slice(0, 3), unknown, "none"]) {
    answers.push(await look(secret), await activate(secret));
  }
  after(73 * hour);
  answers.push(await look(first), await activate(first));
  for (const { status, body } of answers) {
    expect({ status, body: { ...body, instance: "" } }).toEqual({
      status: 404,
      body: { ...answers[0]?.body, instance: "" },
    });
  }
  expect(answers[0]?.body.code).toBe("link_not_found");
});

test("another mail makes the link of the former one void, and its own link works", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  await own.call(invitations.inviteAccount, { params: bo.params });
  const former = await secretOf(bo);
  await own.call(invitations.resendInvitation, { params: bo.params });
  // The former one is given up: it would lead nowhere.
  await example.runMails();
  const secret = await secretOf(bo);
  expect(secret).not.toBe(former);
  expect((await activate(former)).status).toBe(404);
  expect((await activate(secret)).status).toBe(204);
  expect((await kindsOf(own, bo)).filter((kind) => kind === "invitation-resent")).toHaveLength(1);
});

test("who was invited and is blocked is pending again when the block ends, and gets another mail, whose link works", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  await own.call(invitations.inviteAccount, { params: bo.params });
  const secret = await secretOf(bo);
  await own.call(accounts.blockAccount, { params: bo.params, body: { reason: "Left the company" } });
  const resending = own.call(invitations.resendInvitation, { params: bo.params });
  expect(await outcomesOf([resending])).toEqual(["account_blocked"]);
  const account = await own.call(accounts.unblockAccount, { params: bo.params });
  expect(account.status).toBe("pending");
  expect((await activate(secret)).status).toBe(404);
  await example.runMails();
  const another = await secretOf(bo);
  expect(another).not.toBe(secret);
  expect((await activate(another)).status).toBe(204);
});

test("an invitation that was taken back leaves no account and no link, and one can be invited again", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  await own.call(invitations.inviteAccount, { params: bo.params });
  const secret = await secretOf(bo);
  const account = await own.call(invitations.withdrawInvitation, { params: bo.params });
  expect(account.status).toBe("none");
  expect((await activate(secret)).status).toBe(404);
  await own.call(invitations.inviteAccount, { params: bo.params });
});

test("nobody is invited without a mail address", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  await editUser(writingTo(example), own.params.organisationId, {
    userId: bo.userId,
    revision: 1,
    email: null,
  });
  const inviting = own.call(invitations.inviteAccount, { params: bo.params });
  expect(await outcomesOf([inviting])).toEqual(["email_missing"]);
  expect(await own.call(accounts.showAccount, { params: bo.params })).toMatchObject({ status: "none" });
});

test("a password that is too short activates nothing, and the link stays good", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  await own.call(invitations.inviteAccount, { params: bo.params });
  const secret = await secretOf(bo);
  expect((await post("/account/activation", { secret, password: "short" })).status).toBe(400);
  expect((await activate(secret)).status).toBe(204);
});

test("while the organisation is switched off a link does nothing, and is good afterwards", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  await own.call(invitations.inviteAccount, { params: bo.params });
  const secret = await secretOf(bo);
  const turn = (disabledAt: Date | null) =>
    example.database.transaction((transaction) =>
      setOrganisationDisabled(transaction, own.params.organisationId, disabledAt),
    );
  await turn(example.now);
  expect(await activate(secret)).toMatchObject({ body: { code: "organisation_disabled" } });
  await turn(null);
  expect((await activate(secret)).status).toBe(204);
});

test("a link of one kind does nothing of the other", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  await own.call(invitations.inviteAccount, { params: bo.params });
  const secret = await secretOf(bo);
  expect((await post("/account/re-enabling", { secret })).body.code).toBe("link_not_found");
  expect((await activate(secret)).status).toBe(204);
});

test("only who administers the accounts of an organisation invites, and nobody of another one", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  const { organisationId } = own.params;
  const peer = await addPerson(example, organisationId);
  const path = `/organisations/${organisationId}/users/${bo.userId}/invitation`;
  for (const [token, code] of [
    [await tokenFor(example, { organisationId, userId: peer.userId }), "permission_denied"],
    [await example.tokenOf("ada"), "organisation_not_found"],
  ] as const) {
    expect((await example.send("POST", path, { token })).body.code).toBe(code);
  }
});

// A link that was open when it was looked at may be void when it is used: it is asked again in the same statement.
test("of a block and an activation at the same moment the block always wins in the end", async () => {
  const own = await makeOwnOrganisation(example);
  await twentyTimes(async () => {
    const bo = await somebody(own);
    await own.call(invitations.inviteAccount, { params: bo.params });
    const secret = await secretOf(bo);
    const blocking = own.call(accounts.blockAccount, { params: bo.params, body: { reason: "Left" } });
    const [{ status }] = await Promise.all([activate(secret), blocking]);
    expect([204, 404]).toContain(status);
    expect(await own.call(accounts.showAccount, { params: bo.params })).toMatchObject({
      status: "blocked",
      account: status === 204 ? "active" : "pending",
    });
  });
});

test("of two who use a link at the same moment one does", async () => {
  const own = await makeOwnOrganisation(example);
  await twentyTimes(async () => {
    const bo = await somebody(own);
    await own.call(invitations.inviteAccount, { params: bo.params });
    const secret = await secretOf(bo);
    const both = await Promise.all([activate(secret), activate(secret)]);
    expect(both.map(({ status }) => status).sort()).toEqual([204, 404]);
  });
});
