import { accounts, links, organisations, sessions, standings, type MailKind } from "@lockstep/api";
import type { AccountState } from "@lockstep/core";
import { beforeEach, expect, test } from "vitest";

import { addPerson, putInState, tokenFor } from "../accounts/testing.ts";
import { sql } from "../db/sql.ts";
import { exampleNow, useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation, type OwnOrganisation } from "../http/testing/organisation.ts";
import { twentyTimes } from "../http/testing/races.ts";
import { mostAsked } from "../links/asked/store.ts";
import { openMailsOf, secretFor } from "../mails/testing/outbox.ts";
import { setOrganisationDisabled } from "../organisations/store.ts";
import { hashPassword } from "../sessions/password.ts";
import { putPassword } from "../sessions/store.ts";

const example = useExampleApp();
const minute = 60_000;
const day = 24 * 60 * minute;
const former = "the words that were forgotten";
const next = "other words, and quite a few";
const hash = hashPassword(former);
/** For twenty rounds of hashing, also where the machine is busy. */
const patience = 180_000;
const kinds: readonly MailKind[] = [
  "activate-account",
  "re-enable-account",
  "reset-password",
  "account-stays-blocked",
];

beforeEach(async () => {
  example.now = exampleNow;
  await example.database.transaction((transaction) => transaction.execute(sql`delete from mails`));
});

const after = (milliseconds: number) => (example.now = new Date(exampleNow.getTime() + milliseconds));

async function somebody(own: OwnOrganisation, state: AccountState = "enabled") {
  const { organisationId } = own.params;
  const person = await addPerson(example, organisationId, state);
  const kept = { userId: person.userId, hash: await hash, at: example.now };
  await example.database.transaction((transaction) => putPassword(transaction, organisationId, kept));
  return { ...person, params: { ...own.params, userId: person.userId } };
}
type Somebody = Awaited<ReturnType<typeof somebody>>;

const post = (path: string, body: unknown, headers = {}) => example.send("POST", path, { body, headers });
const ask = (username: string) => post("/account/password/mail", { username });
const reset = (secret: string, password = next) => post("/account/password", { secret, password });
const signIn = ({ username }: Somebody, password: string) =>
  post(sessions.signIn.path, { username, password });
const cookieOf = (headers: Readonly<Record<string, unknown>>) =>
  String([headers["set-cookie"]].flat()[0]).split(";")[0] ?? "";

async function asked(who: Somebody): Promise<string> {
  await ask(who.username);
  await example.runMails();
  return secretFor(example, who.userId, "reset-password");
}

async function kindsOf({ call }: OwnOrganisation, { params }: Somebody): Promise<string[]> {
  const { entries } = await call(standings.showTimeline, { params });
  return entries.filter(({ of }) => of === "user").map(({ kind }) => kind);
}

async function mailsTo({ userId }: Somebody): Promise<string[]> {
  const found: string[] = [];
  for (const kind of kinds) if ((await openMailsOf(example, userId, kind)).length > 0) found.push(kind);
  return found;
}

test("a forgotten password: name, mail, page, button; then the new one alone lets in", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  const secret = await asked(bo);
  expect(await post(links.showLink.path, { secret })).toMatchObject({
    status: 200,
    body: { purpose: "reset-password", username: bo.username },
  });
  expect((await signIn(bo, former)).status).toBe(200);
  expect((await reset(secret)).status).toBe(204);
  expect((await signIn(bo, former)).body.code).toBe("sign_in_failed");
  expect((await signIn(bo, next)).status).toBe(200);
  expect((await reset(secret)).body.code).toBe("link_not_found");
  expect(await kindsOf(own, bo)).toEqual(expect.arrayContaining(["password-forgotten", "password-reset"]));
});

test("whoever has the new password signs everybody out: browsers, tokens, and what they are known by", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  const { headers } = await signIn(bo, former);
  const token = await tokenFor(example, bo.params);
  expect((await reset(await asked(bo))).status).toBe(204);
  const cookie = cookieOf(headers);
  expect((await example.send("GET", "/session", { headers: { cookie } })).status).toBe(401);
  expect((await example.send("GET", "/session", { token })).status).toBe(401);
  const [told] = await openMailsOf(example, bo.userId, "password-changed");
  expect(told).toMatchObject({ to: bo.username, subject: "Your password was changed", secret: undefined });
});

test("asking by any name gets the same answer, and each account the mail that brings it on", async () => {
  const own = await makeOwnOrganisation(example);
  const expected: Readonly<Partial<Record<AccountState, readonly MailKind[]>>> = {
    enabled: ["reset-password"],
    disabled: ["re-enable-account"],
    pending: ["activate-account"],
    blocked: ["account-stays-blocked"],
    "blocked+disabled": ["account-stays-blocked"],
    none: [],
    deleted: [],
  };
  const people = new Map<string, Somebody>();
  for (const state of Object.keys(expected)) people.set(state, await somebody(own, state as AccountState));
  const answers = [await ask("nobody at all")];
  for (const { username } of people.values()) answers.push(await ask(` ${username.toUpperCase()} `));
  for (const { status, headers, body } of answers) {
    expect({ status, body, cookie: headers["set-cookie"] }).toEqual({ status: 204, body: {} });
  }
  await example.runMails();
  for (const [state, person] of people) {
    expect(await mailsTo(person), state).toEqual(expected[state as AccountState]);
  }
});

test("who is blocked is told whom to ask, without any link", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own, "enabled");
  await own.call(accounts.blockAccount, {
    params: bo.params,
    body: { reason: "A secret of administrators" },
  });
  await ask(bo.username);
  await example.runMails();
  const [mail] = await openMailsOf(example, bo.userId, "account-stays-blocked");
  expect(mail?.text).toContain("Whom to ask: Mia Holt");
  expect(mail?.text).not.toMatch(/https?:|secret/i);
});

test("of three accounts with one mail address exactly the one that was named gets the mail", async () => {
  const own = await makeOwnOrganisation(example);
  const people = [await somebody(own), await somebody(own), await somebody(own)];
  await example.database.transaction((transaction) =>
    transaction.execute(
      sql`update users set email = 'all@own.example' where organisation_id = ${own.params.organisationId}`,
    ),
  );
  await ask(people[1]?.username ?? "");
  await ask("all@own.example");
  await example.runMails();
  expect(await Promise.all(people.map(mailsTo))).toEqual([[], ["reset-password"], []]);
});

test("the link works for 24 hours, until another one is sent, and until the password is changed", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  const first = await asked(bo);
  after(5 * minute);
  const second = await asked(bo);
  expect((await reset(first)).body.code).toBe("link_not_found");
  const { headers } = await signIn(bo, former);
  const changed = await example.send("PUT", "/session/password", {
    headers: { cookie: cookieOf(headers) },
    body: { current: former, password: next },
  });
  expect(changed.status).toBe(204);
  expect((await reset(second)).body.code).toBe("link_not_found");
  after(10 * minute);
  const third = await asked(bo);
  after(10 * minute + day);
  expect((await reset(third)).body.code).toBe("link_not_found");
});

test("a block makes the link void for ever; an account that was disabled meanwhile stays disabled", async () => {
  const own = await makeOwnOrganisation(example);
  const [bo, cy] = [await somebody(own), await somebody(own)];
  const [of, other] = [await asked(bo), await asked(cy)];
  await own.call(accounts.blockAccount, { params: bo.params, body: { reason: "Left the company" } });
  await own.call(accounts.unblockAccount, { params: bo.params });
  expect((await reset(of)).body.code).toBe("link_not_found");
  await putInState(example, own.params.organisationId, { userId: cy.userId, state: "disabled" });
  expect((await reset(other)).status).toBe(204);
  expect((await signIn(cy, next)).body.code).toBe("account_disabled");
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
  expect(await mailsTo(cy)).toEqual([]);
  expect((await reset(secret)).body.code).toBe("organisation_disabled");
});

test("a password that is guessed first is refused wherever one is set, and the link still works", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  const secret = await asked(bo);
  const { name } = await own.call(organisations.showOrganisation, { params: own.params });
  for (const password of ["password1234", bo.username, name, "Lockstep-2026!"]) {
    expect((await reset(secret, password)).body.code, password).toBe("password_guessable");
  }
  const { headers } = await signIn(bo, former);
  const change = await example.send("PUT", "/session/password", {
    headers: { cookie: cookieOf(headers) },
    body: { current: former, password: "123456789012" },
  });
  expect(change.body.code).toBe("password_guessable");
  expect((await reset(secret)).status).toBe(204);
});

test("nobody activates an account with a password that is guessed first; whoever does is known in that browser", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own, "pending");
  await ask(bo.username);
  await example.runMails();
  const secret = await secretFor(example, bo.userId, "activate-account");
  const activate = (password: string) => post("/account/activation", { secret, password });
  expect((await activate("qwerty-qwerty")).body.code).toBe("password_guessable");
  const { status, headers } = await activate(next);
  expect(status).toBe(204);
  expect(cookieOf(headers)).toMatch(/^lockstep-known=/);
});

test("asking again within five minutes sends nothing, and beyond a number of names nobody is heard", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  const secret = await asked(bo);
  after(5 * minute - 1);
  await ask(bo.username);
  await example.runMails();
  expect(await secretFor(example, bo.userId, "reset-password")).toBe(secret);
  await example.database.transaction((transaction) =>
    transaction.execute(sql`insert into password_requests (username, asked_at, taken_at)
      select 'name-' || n, ${example.now}, ${example.now} from generate_series(1, ${mostAsked}) n`),
  );
  const cy = await somebody(own);
  expect((await ask(cy.username)).status).toBe(204);
  await example.runMails();
  expect(await mailsTo(cy)).toEqual([]);
  after(20 * minute);
  await example.runMails();
  await asked(cy);
});

test("each name is answered once, however many servers do it", async () => {
  const own = await makeOwnOrganisation(example);
  await twentyTimes(async () => {
    const bo = await somebody(own);
    await ask(bo.username);
    await Promise.all([example.runMails(), example.runMails()]);
    expect((await kindsOf(own, bo)).filter((kind) => kind === "password-forgotten")).toHaveLength(1);
  });
});

// The user's row is locked by both, so one sees the other.
test(
  "of a block and another password at the same moment the account is blocked, and nothing is set after it",
  async () => {
    const own = await makeOwnOrganisation(example);
    await twentyTimes(async (round) => {
      after(round * 10 * minute);
      const bo = await somebody(own);
      const secret = await asked(bo);
      const blocking = own.call(accounts.blockAccount, { params: bo.params, body: { reason: "Left" } });
      const [{ status }] = await Promise.all([reset(secret), blocking]);
      const [last] = (await kindsOf(own, bo)).filter((kind) => /blocked|reset/.test(kind));
      expect(last).toBe("account-blocked");
      expect([204, 404]).toContain(status);
    });
  },
  patience,
);

test(
  "a sign-in with the former password does not survive the new one that came meanwhile",
  async () => {
    const own = await makeOwnOrganisation(example);
    await twentyTimes(async (round) => {
      after(round * 10 * minute);
      const bo = await somebody(own);
      const secret = await asked(bo);
      const [done, { status, headers }] = await Promise.all([reset(secret), signIn(bo, former)]);
      expect(done.status).toBe(204);
      expect([200, 401]).toContain(status);
      const cookie = cookieOf(headers);
      expect((await example.send("GET", "/session", { headers: { cookie } })).status).toBe(401);
    });
  },
  patience,
);

test(
  "of two who change the password at the same moment one does",
  async () => {
    const own = await makeOwnOrganisation(example);
    await twentyTimes(async () => {
      const bo = await somebody(own);
      const browsers = [await signIn(bo, former), await signIn(bo, former)];
      const answers = await Promise.all(
        browsers.map(({ headers }, at) =>
          example.send("PUT", "/session/password", {
            headers: { cookie: cookieOf(headers) },
            body: { current: former, password: `${next} ${at}` },
          }),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 401]);
    });
  },
  patience,
);
