import { accounts, invitations, mails, mailTemplates, standings } from "@lockstep/api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";

import { addPerson } from "../accounts/testing.ts";
import { sql } from "../db/sql.ts";
import { exampleNow, useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation } from "../http/testing/organisation.ts";
import { outcomesOf, twentyTimes } from "../http/testing/races.ts";
import { openMailsOf } from "./testing/outbox.ts";
import { startPost, type TestPost } from "./testing/smtp.ts";
import { firstWords } from "./words.ts";

const example = useExampleApp();
const day = 86_400_000;
const posts: TestPost[] = [];
const params = { kind: "account-blocked", language: "en" } as const;
const words = {
  subject: "{username} cannot sign in",
  text: "Dear {name} ({username}),\n\nyou are <b>blocked</b>: {reason}\n\nAsk {whom}.",
  button: null,
};

beforeEach(async () => {
  example.now = exampleNow;
  await example.database.transaction(async (transaction) => {
    for (const table of ["mails", "mail_servers", "mail_templates"]) {
      await transaction.execute(sql`delete from ${sql.table(table)}`);
    }
  });
});
afterEach(async () => {
  for (const post of posts.splice(0)) await post.stop();
});

async function setServer(port: number) {
  const sol = await example.callAs("sol");
  const { revision: match } = await sol(mails.showMailServer);
  const sender = "lockstep@northwind.example";
  return sol(mails.setMailServer, { match, body: { host: "127.0.0.1", security: "none", sender, port } });
}

async function post(): Promise<TestPost> {
  const started = await startPost();
  posts.push(started);
  return started;
}

async function blocked() {
  const own = await makeOwnOrganisation(example);
  const person = await addPerson(example, own.params.organisationId);
  const ofUser = { ...own.params, userId: person.userId };
  const body = { reason: "Suspected of selling keys", userReason: "You left on Friday" };
  await own.call(accounts.blockAccount, { params: ofUser, body });
  return { ...person, own, ofUser };
}

test("what an administrator has mails say goes out, as text and as HTML in which nothing is markup", async () => {
  const sol = await example.callAs("sol");
  const set = await sol(mailTemplates.setMailTemplate, { params, match: 1, body: words });
  expect(set).toMatchObject({ ...words, isOwn: true, revision: 2 });
  const bo = await blocked();
  const server = await post();
  await setServer(server.port);
  await example.runMails();
  const [{ mail } = { mail: undefined }] = server.taken;
  expect(mail?.subject).toBe(`${bo.username} cannot sign in`);
  expect(mail?.text?.trim().replaceAll("\r\n", "\n")).toBe(
    `Dear Some Body (${bo.username}),\n\nyou are <b>blocked</b>: You left on Friday\n\nAsk Mia Holt (mia@northwind.example).`,
  );
  expect(mail?.html).toContain("<p>you are &lt;b&gt;blocked&lt;/b&gt;: You left on Friday</p>");
});

test("a template is given back the words that it came with, and mails that wait say those", async () => {
  const sol = await example.callAs("sol");
  await sol(mailTemplates.setMailTemplate, { params, match: 1, body: words });
  const bo = await blocked();
  const reset = await sol(mailTemplates.resetMailTemplate, { params, match: 2 });
  expect(reset).toMatchObject({ ...firstWords("account-blocked", "en"), isOwn: false, revision: 3 });
  const [opened] = await openMailsOf(example, bo.userId, "account-blocked");
  expect(opened?.subject).toBe("Your account was blocked");
  // Who still has the page of the former words open does not write them back.
  const late = sol(mailTemplates.setMailTemplate, { params, match: 2, body: words });
  expect(await outcomesOf([late])).toEqual(["revision_changed"]);
});

test("words that name what there is not, or leave out what must be said, are refused with what it is", async () => {
  const sol = await example.callAs("sol");
  for (const [change, code, detail] of [
    [{ text: `${words.text} {until} {on}` }, "mail_placeholder_unknown", "{on}"],
    [{ text: "Hello {username}, no names here." }, "mail_placeholder_missing", "{whom}"],
  ] as const) {
    const body = { ...words, ...change };
    for (const endpoint of [mailTemplates.setMailTemplate, mailTemplates.previewMailTemplate] as const) {
      const token = await example.tokenOf("sol");
      const path = endpoint.path.replace(":kind", params.kind).replace(":language", params.language);
      const headers = { "if-match": '"1"' };
      const refused = await example.send(endpoint.method, path, { token, body, headers });
      expect(refused).toMatchObject({ status: 400, body: { code, detail } });
    }
  }
  expect(await sol(mailTemplates.showMailTemplate, { params })).toMatchObject({ isOwn: false, revision: 1 });
});

test("a preview is read with made up people, and nothing is kept or sent", async () => {
  const sol = await example.callAs("sol");
  const seen = await sol(mailTemplates.previewMailTemplate, { params, body: words });
  expect(seen.subject).toBe("bo@northwind.example cannot sign in");
  expect(seen.text).toContain("Dear Bo Lindqvist (bo@northwind.example),");
  expect(seen.html).toContain("&lt;b&gt;");
  const { templates } = await sol(mailTemplates.listMailTemplates);
  expect(templates).toHaveLength(mails.mailKinds.length * mails.mailLanguages.length);
  expect(templates.filter(({ isOwn }) => isOwn)).toEqual([]);
  expect((await sol(mails.listMails)).mails).toEqual([]);
});

test("only system administrators see and change what mails say", async () => {
  const path = "/mail-templates/account-blocked/en";
  for (const name of ["ada", "noor", "emil", "ines"]) {
    const token = await example.tokenOf(name);
    for (const [method, url, body] of [
      ["GET", "/mail-templates", undefined],
      ["PUT", path, words],
      ["DELETE", path, undefined],
      ["POST", `${path}/preview`, words],
    ] as const) {
      const headers = { "if-match": '"1"' };
      expect((await example.send(method, url, { token, body, headers })).body.code).toBe("permission_denied");
    }
  }
});

test("of two who change the same words at the same moment one is told that they changed", async () => {
  const sol = await example.callAs("sol");
  await twentyTimes(async (round) => {
    const kind = mails.mailKinds[round % mails.mailKinds.length] ?? "account-blocked";
    const which = { params: { kind, language: "de" as const } };
    const { subject, text, button, revision: match } = await sol(mailTemplates.showMailTemplate, which);
    const body = { subject: `${subject}!`, text, button };
    const both = [1, 2].map(() => sol(mailTemplates.setMailTemplate, { ...which, match, body }));
    expect(await outcomesOf(both)).toEqual(["done", "revision_changed"]);
  });
});

test("a mail server is forgotten with its name, its user and its password", async () => {
  const sol = await example.callAs("sol");
  const signedIn = { security: "starttls", userName: "lockstep", password: "secret words" } as const;
  const at = { host: "mail.northwind.example", port: 587, sender: "lockstep@northwind.example" };
  const { revision } = await sol(mails.setMailServer, { match: 1, body: { ...at, ...signedIn } });
  await sol(mails.removeMailServer, { match: revision });
  const kept = await example.database.read((reader) =>
    reader.rows(
      z.object({ left: z.int() }),
      sql`select num_nonnulls(host, port, security, sender, certificates, user_name, material, kek_version) as left
        from mail_servers`,
    ),
  );
  expect(kept).toEqual([{ left: 0 }]);
});

test("without the mail server that was removed mails wait, and who still edits it is told so", async () => {
  const server = await post();
  const set = await setServer(server.port);
  const sol = await example.callAs("sol");
  const stale = sol(mails.removeMailServer, { match: set.revision + 1 });
  expect(await outcomesOf([stale])).toEqual(["revision_changed"]);
  const removed = await sol(mails.removeMailServer, { match: set.revision });
  expect(removed).toMatchObject({ server: null, revision: set.revision + 1 });
  const bo = await blocked();
  await example.runMails();
  expect(server.taken).toEqual([]);
  expect(await openMailsOf(example, bo.userId, "account-blocked")).toHaveLength(1);
  expect(await outcomesOf([sol(mails.removeMailServer, { match: removed.revision })])).toEqual([
    "mail_server_missing",
  ]);
  expect(await outcomesOf([sol(mails.testMailServer, { body: { to: bo.username } })])).toEqual([
    "mail_server_missing",
  ]);
  const again = await setServer(server.port);
  expect(again.revision).toBe(set.revision + 2);
  await example.runMails();
  expect(server.taken).toHaveLength(1);
});

const detailsOf = (userId: string) =>
  example.database.read((reader) =>
    reader.rows(
      z.object({ details: z.unknown(), failure: z.string().nullable() }),
      sql`select details, failure from mails where user_id = ${userId}`,
    ),
  );

test("what a mail said is gone once it was sent or given up, and after a year that there was one", async () => {
  const bo = await blocked();
  expect(await detailsOf(bo.userId)).toMatchObject([{ details: { reason: "You left on Friday" } }]);
  const server = await post();
  await setServer(server.port);
  await example.runMails();
  expect(await detailsOf(bo.userId)).toEqual([{ details: {}, failure: null }]);
  server.answer = { code: 550, text: "unknown" };
  const cy = await blocked();
  await example.runMails();
  expect(await detailsOf(cy.userId)).toEqual([
    { details: {}, failure: "The mail server did not take the mail: it answered 550." },
  ]);
  example.now = new Date(exampleNow.getTime() + 365 * day - 1);
  await example.runMails();
  expect(await detailsOf(bo.userId)).toHaveLength(1);
  example.now = new Date(exampleNow.getTime() + 365 * day);
  await example.runMails();
  expect(await detailsOf(bo.userId)).toEqual([]);
  // What happened stays in the timeline.
  example.now = exampleNow;
  const { entries } = await bo.own.call(standings.showTimeline, { params: bo.ofUser });
  expect(entries.map(({ kind }) => kind)).toContain("account-blocked");
});

test("without a mail server what waits is given up after thirty days, and what it said is gone", async () => {
  const bo = await blocked();
  example.now = new Date(exampleNow.getTime() + 30 * day - 1);
  await example.runMails();
  expect(await openMailsOf(example, bo.userId, "account-blocked")).toHaveLength(1);
  example.now = new Date(exampleNow.getTime() + 30 * day);
  await example.runMails();
  expect(await detailsOf(bo.userId)).toEqual([
    { details: {}, failure: "It had waited for more than thirty days." },
  ]);
});

test("a mail with a link is in an administrator's words too, and its link works", async () => {
  const sol = await example.callAs("sol");
  const which = { kind: "activate-account", language: "en" } as const;
  const body = { subject: "Welcome", text: "{username}\n\n{link}", button: "Begin" };
  await sol(mailTemplates.setMailTemplate, { params: which, match: 1, body });
  const own = await makeOwnOrganisation(example);
  const bo = await addPerson(example, own.params.organisationId, "none");
  await own.call(invitations.inviteAccount, { params: { ...own.params, userId: bo.userId } });
  const [opened] = await openMailsOf(example, bo.userId, "activate-account");
  expect(opened?.text).toMatch(
    /^\S+@own\.example\n\nBegin:\nhttps:\/\/lockstep\.test\/activate-account#lockstep_/,
  );
  const password = "a few words in a row";
  const activated = await example.send("POST", "/account/activation", {
    body: { secret: opened?.secret, password },
  });
  expect(activated.status).toBe(204);
});
