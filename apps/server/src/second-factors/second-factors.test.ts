import { accounts, organisations, secondFactors, type Call } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";

import { appoint, putInState, tokenFor } from "../accounts/testing.ts";
import { sql } from "../db/sql.ts";
import { exampleNow, useExampleApp, type Sent } from "../http/testing/app.ts";
import { twentyTimes } from "../http/testing/races.ts";
import { openMailsOf } from "../mails/testing/outbox.ts";
import { mostTries } from "../sessions/attempts/store.ts";
import { hashPassword } from "../sessions/password.ts";
import { putPassword } from "../sessions/store.ts";
import {
  addSignedUp,
  Browser,
  codeAt,
  cookiesOf,
  nextStep,
  ownPassword,
  setUpFactor,
  type Person,
} from "./testing.ts";

const example = useExampleApp();
let organisationId: OrganisationId;
let mia: Call;

beforeAll(async () => {
  mia = await example.callAs("mia");
  const all = (await mia(organisations.listOrganisations)).organisations;
  const own = all.find(({ office }) => office === "none");
  if (own === undefined) throw new Error("the example has an organisation");
  organisationId = own.id;
});
beforeEach(() => {
  example.now = exampleNow;
});

const person = () => addSignedUp(example, organisationId);
const codeOf = ({ status, body }: Sent) => [status, body.code];
const wrong = [401, "second_factor_wrong"];

async function eventsOf({ userId }: Person): Promise<string[]> {
  const rows = await example.database.snapshot((snapshot) =>
    snapshot.rows(
      z.object({ kind: z.string() }),
      sql`select kind from events where organisation_id = ${organisationId} and user_id = ${userId} order by id`,
    ),
  );
  return rows.map(({ kind }) => kind);
}

test("whoever has set up a second factor signs in with a password and a code, and with neither alone", async () => {
  const ines = await person();
  const { secret } = await setUpFactor(example, ines);
  const browser = new Browser(example);
  const first = await browser.signIn(ines.username);
  expect(codeOf(first)).toEqual([401, "second_factor_needed"]);
  expect(Object.keys(browser.cookies)).toEqual(["lockstep-second-step"]);
  expect(first.headers["set-cookie"]).toMatch(/; HttpOnly; SameSite=Strict$/);
  expect((await browser.send("GET", "/session")).status).toBe(401);
  const done = await browser.secondStep(codeAt(secret, example.now));
  expect(done).toMatchObject({ status: 200, body: { user: { username: ines.username } } });
  expect((await browser.send("GET", "/session")).status).toBe(200);
  expect(browser.cookies["lockstep-second-step"]).toBe("");
  expect(await eventsOf(ines)).toContain("second-factor-set");
  // Without the first step there is nothing to prove.
  expect(codeOf(await new Browser(example).secondStep("123456"))).toEqual([401, "second_step_ended"]);
});

test("what the first step gives is no session: it opens nothing, not even as a token", async () => {
  const ines = await person();
  await setUpFactor(example, ines);
  const browser = new Browser(example);
  await browser.signIn(ines.username);
  const secret = browser.cookies["lockstep-second-step"] ?? "";
  const asToken = await example.send("GET", "/session", { token: secret });
  const asSession = await example.send("GET", "/session", { headers: { cookie: `lockstep=${secret}` } });
  expect([asToken.status, asSession.status]).toEqual([401, 401]);
});

test("the right password forgets the wrong ones; its browser is known once the second step is done, and not before", async () => {
  const ines = await person();
  const { secret } = await setUpFactor(example, ines);
  const guess = async (times: number) => {
    for (let nth = 0; nth < times; nth++) await new Browser(example).signIn(ines.username, "not it");
  };
  await guess(mostTries - 1);
  const browser = new Browser(example);
  expect(codeOf(await browser.signIn(ines.username))).toEqual([401, "second_factor_needed"]);
  expect(browser.cookies["lockstep-known"]).toBeUndefined();
  await guess(mostTries - 1);
  expect(codeOf(await browser.signIn(ines.username))).toEqual([401, "second_factor_needed"]);
  const done = await browser.secondStep(codeAt(secret, example.now));
  expect(Object.keys(cookiesOf(done))).toEqual(["lockstep-second-step", "lockstep", "lockstep-known"]);
  const known = browser.cookies["lockstep-known"];
  await guess(mostTries);
  expect(codeOf(await new Browser(example).signIn(ines.username))).toEqual([429, "sign_in_locked"]);
  expect(codeOf(await browser.signIn(ines.username))).toEqual([401, "second_factor_needed"]);
  nextStep(example);
  await browser.secondStep(codeAt(secret, example.now));
  expect(browser.cookies["lockstep-known"]).toBe(known);
});

test("a wrong password is told of as ever, whether or not there is a second factor", async () => {
  const [one, other] = [await person(), await person()];
  await setUpFactor(example, one);
  const answers = [];
  for (const { username } of [one, other])
    answers.push({ ...(await new Browser(example).signIn(username, "not it")).body, instance: "" });
  expect(answers[0]).toEqual(answers[1]);
});

test("a first code confirms the app: until then nothing is asked for, and a wrong one changes nothing", async () => {
  const ines = await person();
  const browser = new Browser(example);
  await browser.signIn(ines.username);
  const start = (password: string | null) => browser.send("POST", "/session/second-factor", { password });
  expect(codeOf(await start("not it"))).toEqual([401, "sign_in_failed"]);
  expect(codeOf(await start(null))).toEqual([401, "sign_in_failed"]);
  const { body } = await start(ownPassword);
  expect(body["address"]).toBe(
    `otpauth://totp/Lockstep:${encodeURIComponent(ines.username)}?secret=${String(body["secret"])}&issuer=Lockstep`,
  );
  const confirm = (code: string) => browser.send("POST", "/session/second-factor/confirmation", { code });
  expect(codeOf(await confirm("000000"))).toEqual(wrong);
  expect((await new Browser(example).signIn(ines.username)).status).toBe(200);
  const confirmed = await confirm(codeAt(String(body["secret"]), example.now));
  expect(confirmed.body["recoveryCodes"]).toHaveLength(10);
  expect(codeOf(await start(ownPassword))).toEqual([409, "second_factor_set"]);
  expect(codeOf(await confirm("000000"))).toEqual([409, "second_factor_set"]);
});

test("a secret that was shown an hour ago is not confirmed any more", async () => {
  const ines = await person();
  const browser = new Browser(example);
  await browser.signIn(ines.username);
  const { body } = await browser.send("POST", "/session/second-factor", { password: ownPassword });
  example.now = new Date(exampleNow.getTime() + 3_600_001);
  const code = codeAt(String(body["secret"]), example.now);
  const late = await browser.send("POST", "/session/second-factor/confirmation", { code });
  expect(codeOf(late)).toEqual([409, "second_factor_missing"]);
});

test("setting one up ends every other browser's session, and no token", async () => {
  const ines = await person();
  const elsewhere = new Browser(example);
  await elsewhere.signIn(ines.username);
  const token = await tokenFor(example, ines);
  const { browser } = await setUpFactor(example, ines);
  const sent = [await browser.send("GET", "/session"), await elsewhere.send("GET", "/session")];
  expect(sent.map(({ status }) => status)).toEqual([200, 401]);
  expect((await example.send("GET", "/session", { token })).status).toBe(200);
});

test("twenty times: of two who sign in with the same code at once one comes in", async () => {
  const ines = await person();
  const { secret } = await setUpFactor(example, ines);
  await twentyTimes(async () => {
    nextStep(example);
    const browsers = [new Browser(example), new Browser(example)];
    await Promise.all(browsers.map((browser) => browser.signIn(ines.username)));
    const code = codeAt(secret, example.now);
    const sent = await Promise.all(browsers.map((browser) => browser.secondStep(code)));
    expect(sent.map(({ status }) => status).sort()).toEqual([200, 401]);
  });
});

test("a code from before the last one that was taken does not count, though its time step is still near", async () => {
  const ines = await person();
  const { secret } = await setUpFactor(example, ines);
  const browser = new Browser(example);
  const former = codeAt(secret, example.now);
  nextStep(example);
  await browser.signIn(ines.username);
  expect((await browser.secondStep(codeAt(secret, example.now))).status).toBe(200);
  await browser.signIn(ines.username);
  expect(codeOf(await browser.secondStep(former))).toEqual(wrong);
});

test("twenty times: of two who use the same recovery code at once one comes in", async () => {
  await twentyTimes(async () => {
    const ines = await person();
    const { recoveryCodes } = await setUpFactor(example, ines);
    const browsers = [new Browser(example), new Browser(example)];
    await Promise.all(browsers.map((browser) => browser.signIn(ines.username)));
    const sent = await Promise.all(browsers.map((browser) => browser.secondStep(recoveryCodes[0] ?? "")));
    expect(sent.map(({ status }) => status).sort()).toEqual([200, 401]);
  });
}, 120_000);

test("each of ten recovery codes signs in once, and each use is written down", async () => {
  const ines = await person();
  const { recoveryCodes, browser } = await setUpFactor(example, ines);
  for (const code of [...recoveryCodes, recoveryCodes[3] ?? ""]) {
    const other = new Browser(example);
    await other.signIn(ines.username);
    const { status } = await other.secondStep(code.toLowerCase());
    expect(status).toBe(other.cookies["lockstep"] === undefined ? 401 : 200);
  }
  expect((await browser.send("GET", "/session/second-factor")).body).toMatchObject({ recoveryCodes: 0 });
  expect((await eventsOf(ines)).filter((kind) => kind === "recovery-code-used")).toHaveLength(10);
});

test("of many guesses at once five are looked at; then even the right code waits, and a recovery code does not", async () => {
  const ines = await person();
  const { secret, recoveryCodes } = await setUpFactor(example, ines);
  const browser = new Browser(example);
  await browser.signIn(ines.username);
  const right = codeAt(secret, example.now);
  const guess = right === "000000" ? "000001" : "000000";
  const sent = await Promise.all(Array.from({ length: 12 }, () => browser.secondStep(guess)));
  const codes = sent.map(({ body }) => body.code);
  expect(codes.filter((code) => code === "second_factor_wrong")).toHaveLength(5);
  expect(codes.filter((code) => code === "second_factor_wait")).toHaveLength(7);
  const waiting = await browser.secondStep(right);
  expect(waiting).toMatchObject({
    status: 429,
    body: { detail: "Codes of the app count again in a minute." },
  });
  const other = new Browser(example);
  await other.signIn(ines.username);
  expect((await other.secondStep(recoveryCodes[0] ?? "")).status).toBe(200);
  // A minute later the right one counts, and the wrong ones are forgotten.
  example.now = new Date(example.now.getTime() + 60_000);
  expect((await browser.secondStep(codeAt(secret, example.now))).status).toBe(200);
});

test("a second step ends after five minutes, with a new password, and when the account is blocked", async () => {
  const ines = await person();
  const { secret } = await setUpFactor(example, ines);
  const late = new Browser(example);
  await late.signIn(ines.username);
  example.now = new Date(example.now.getTime() + 300_000);
  expect(codeOf(await late.secondStep(codeAt(secret, example.now)))).toEqual([401, "second_step_ended"]);

  const former = new Browser(example);
  await former.signIn(ines.username);
  nextStep(example);
  const kept = { userId: ines.userId, hash: await hashPassword("quite another one"), at: example.now };
  await example.database.transaction((transaction) => putPassword(transaction, organisationId, kept));
  expect(codeOf(await former.secondStep(codeAt(secret, example.now)))).toEqual([401, "second_step_ended"]);

  const blocked = new Browser(example);
  nextStep(example);
  await blocked.signIn(ines.username, "quite another one");
  await putInState(example, organisationId, { userId: ines.userId, state: "blocked" });
  const told = await blocked.secondStep(codeAt(secret, example.now));
  expect(codeOf(told)).toEqual([403, "account_blocked"]);
  // As the rule for passwords says: whoever knows it is told, and proves nothing else first.
  const before = await new Browser(example).signIn(ines.username, "quite another one");
  expect(codeOf(before)).toEqual([403, "account_blocked"]);
});

test("switching it off and making new recovery codes take the password and a code", async () => {
  const ines = await person();
  const { secret, recoveryCodes, browser } = await setUpFactor(example, ines);
  const end = (password: string, code: string) =>
    browser.send("POST", "/session/second-factor/end", { password, code });
  expect(codeOf(await end("not it", codeAt(secret, example.now)))).toEqual([401, "sign_in_failed"]);
  expect(codeOf(await end(ownPassword, "000000"))).toEqual(wrong);
  const replaced = await browser.send("POST", "/session/second-factor/recovery-codes", {
    password: ownPassword,
    code: codeAt(secret, example.now),
  });
  const fresh = replaced.body["recoveryCodes"] as string[];
  expect(codeOf(await end(ownPassword, recoveryCodes[0] ?? ""))).toEqual(wrong);
  expect((await end(ownPassword, fresh[0] ?? "")).status).toBe(204);
  expect((await new Browser(example).signIn(ines.username)).status).toBe(200);
  expect(await eventsOf(ines)).toEqual(
    expect.arrayContaining(["recovery-codes-replaced", "second-factor-ended"]),
  );
});

test("only somebody who stands above resets one; sessions and tokens end with it, it is written down, and a mail says so", async () => {
  const [ines, peer] = [await person(), await person()];
  await appoint(example, organisationId, {
    userId: peer.userId,
    role: "organisation-manager",
    scopeId: organisationId,
  });
  const ada = await example.callAs("ada");
  const { browser } = await setUpFactor(example, ines);
  await setUpFactor(example, peer);
  const reset = (call: Call, { userId }: Person) =>
    call(secondFactors.resetSecondFactor, { params: { organisationId, userId } });
  await expect(reset(ada, peer)).rejects.toMatchObject({ code: "permission_denied", detail: "only-below" });
  const self = { params: { organisationId, userId: ines.userId } };
  const own = await browser.send(
    "DELETE",
    `/organisations/${organisationId}/users/${ines.userId}/second-factor`,
  );
  expect(codeOf(own)).toEqual([403, "permission_denied"]);
  const token = await tokenFor(example, ines);
  const ways = () => ada(secondFactors.showSignInWays, self);
  expect(await ways()).toMatchObject({ secondFactor: { since: exampleNow.toISOString() } });
  await reset(ada, ines);
  expect(await ways()).toEqual({ secondFactor: null, singleSignOn: null });
  expect((await browser.send("GET", "/session")).status).toBe(401);
  expect((await example.send("GET", "/session", { token })).status).toBe(401);
  expect((await new Browser(example).signIn(ines.username)).status).toBe(200);
  expect(await eventsOf(ines)).toContain("second-factor-reset");
  const [told, ...others] = await openMailsOf(example, ines.userId, "second-factor-reset");
  expect(told).toMatchObject({ subject: "Your second factor was reset", secret: undefined });
  expect(told?.text).toContain(`${exampleNow.toISOString().slice(0, 10)} `);
  expect(told?.text).toMatch(/ask Ada Holm \(ada@/);
  expect(others).toEqual([]);
  await expect(reset(ada, ines)).rejects.toMatchObject({ code: "second_factor_missing" });
  // An authority administrator stands above managers.
  await reset(mia, peer);
});

test("where one is required, a browser without one does nothing but set one up; programs go on", async () => {
  const all = (await mia(organisations.listOrganisations)).organisations;
  const { id } = all.find(({ office }) => office === "authority") ?? { id: organisationId };
  const ines = await addSignedUp(example, id);
  await appoint(example, id, { userId: ines.userId, role: "helpdesk", scopeId: id });
  const token = await tokenFor(example, ines);
  const before = new Browser(example);
  await before.signIn(ines.username);
  const { revision: match } = await mia(accounts.showAccountRules, { params: { organisationId: id } });
  await mia(accounts.setAccountRules, {
    params: { organisationId: id },
    match,
    body: { secondFactor: "required" },
  });
  const browser = new Browser(example);
  const signedIn = await browser.signIn(ines.username);
  expect(signedIn).toMatchObject({ status: 200, body: { needsSecondFactor: true } });
  const teams = `/organisations/${id}/teams`;
  for (const each of [before, browser]) {
    for (const [method, path] of [
      ["GET", teams],
      ["GET", "/tokens"],
      ["POST", "/tokens"],
      ["PUT", "/session/password"],
    ] as const)
      expect(codeOf(await each.send(method, path)), path).toEqual([403, "second_factor_required"]);
    expect((await each.send("GET", "/session")).body).toMatchObject({ needsSecondFactor: true });
  }
  expect((await example.send("GET", teams, { token })).status).toBe(200);
  const { browser: complete } = await setUpFactor(example, ines);
  expect((await complete.send("GET", teams)).status).toBe(200);
  expect((await complete.send("GET", "/session")).body).toMatchObject({ needsSecondFactor: false });
});
