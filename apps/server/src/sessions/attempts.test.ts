import { accounts, standings } from "@lockstep/api";
import type { AccountState } from "@lockstep/core";
import { beforeEach, expect, test } from "vitest";
import { v7 as uuid } from "uuid";
import { z } from "zod";

import { addPerson, putInState } from "../accounts/testing.ts";
import { sql } from "../db/sql.ts";
import { withStatements } from "../db/testing/statements.ts";
import { exampleNow, useExampleApp, type Sent } from "../http/testing/app.ts";
import { makeOwnOrganisation, type OwnOrganisation } from "../http/testing/organisation.ts";
import { twentyTimes } from "../http/testing/races.ts";
import { secretFor } from "../mails/testing/outbox.ts";
import { Refusal } from "../refusal.ts";
import { ofStrangers, tellOfLocks, tryPassword } from "./attempts.ts";
import { deleteOldTries, mostTries } from "./attempts/store.ts";
import { hashPassword } from "./password.ts";
import { putPassword } from "./store.ts";

const example = useExampleApp();
const minute = 60_000;
const right = "a few words in a row";
const hash = hashPassword(right);
/** For many rounds of hashing, also where the machine is busy. */
const patience = 180_000;

beforeEach(() => {
  example.now = exampleNow;
});

const after = (milliseconds: number) => (example.now = new Date(exampleNow.getTime() + milliseconds));

async function somebody(own: OwnOrganisation, state: AccountState = "enabled") {
  const { organisationId } = own.params;
  const person = await addPerson(example, organisationId, state);
  const kept = { userId: person.userId, hash: await hash, at: example.now };
  await example.database.transaction((transaction) => putPassword(transaction, organisationId, kept));
  return { ...person, params: { ...own.params, userId: person.userId } };
}

const cookiesOf = ({ headers }: Sent) =>
  [headers["set-cookie"]].flat().map((each) => String(each).split(";")[0] ?? "");

/** @param known the cookie of a browser in which somebody signed in before. */
const signIn = (username: string, password: string, known = "") =>
  example.send("POST", "/session", { body: { username, password }, headers: { cookie: known } });

/** A browser in which somebody has just signed in. */
async function knownBrowser(username: string): Promise<string> {
  const signedIn = await signIn(username, right);
  expect(signedIn.status).toBe(200);
  return cookiesOf(signedIn)[1] ?? "";
}

async function guess(username: string, count: number, known = ""): Promise<(string | undefined)[]> {
  const codes: (string | undefined)[] = [];
  for (let nth = 0; nth < count; nth++) codes.push((await signIn(username, `wrong ${nth}`, known)).body.code);
  return codes;
}

const allWrong = Array.from({ length: mostTries }, () => "sign_in_failed");
const tell = () => tellOfLocks({ database: example.database, clock: () => example.now });

async function refusals({ call }: OwnOrganisation, params: Awaited<ReturnType<typeof somebody>>["params"]) {
  await tell();
  const { entries } = await call(standings.showTimeline, { params });
  return entries.filter(({ kind }) => kind === "passwords-refused").map(({ sentence }) => sentence);
}

test("strangers who guess are refused after ten, also with the right password; known browsers sign in all the while", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  const known = await knownBrowser(bo.username);
  expect(await guess(bo.username, mostTries)).toEqual(allWrong);
  const refused = await signIn(bo.username, right);
  expect(refused).toMatchObject({ status: 429, body: { code: "sign_in_locked" } });
  expect((await signIn(bo.username, right, known)).status).toBe(200);
});

test("a known browser has ten of its own, is known for one name only, and shuts no other one out", async () => {
  const own = await makeOwnOrganisation(example);
  const [bo, cy] = [await somebody(own), await somebody(own)];
  const [one, other] = [await knownBrowser(bo.username), await knownBrowser(bo.username)];
  expect(await guess(bo.username, mostTries + 1, one)).toEqual([...allWrong, "sign_in_locked"]);
  expect((await signIn(bo.username, right, other)).status).toBe(200);
  expect((await signIn(bo.username, right)).status).toBe(200);
  // For somebody else it is as strange as any.
  expect(await guess(cy.username, mostTries, other)).toEqual(allWrong);
  expect((await signIn(cy.username, right)).body.code).toBe("sign_in_locked");
  expect((await signIn(bo.username, right, other)).status).toBe(200);
});

test("a cookie that somebody made up makes no browser known", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  const known = await knownBrowser(bo.username);
  await guess(bo.username, mostTries);
  const changed = (at: number) =>
    `${known.slice(0, at)}${known[at] === "A" ? "B" : "A"}${known.slice(at + 1)}`;
  for (const invented of [
    changed(known.length - 20),
    "lockstep-known=",
    "lockstep-known=lockstep_nonsense",
  ]) {
    expect((await signIn(bo.username, right, invented)).body.code, invented).toBe("sign_in_locked");
  }
});

test(
  "it ends by itself, and takes twice as long each time it comes to that again, up to a day",
  async () => {
    const own = await makeOwnOrganisation(example);
    const bo = await somebody(own);
    let at = 0;
    for (const minutes of [15, 30, 60, 120, 240, 480, 960, 1440, 1440]) {
      after(at);
      expect((await guess(bo.username, mostTries + 1)).at(-1)).toBe("sign_in_locked");
      at += minutes * minute;
      after(at - 1);
      expect((await signIn(bo.username, right)).body.code, `${minutes} minutes`).toBe("sign_in_locked");
    }
    after(at);
    expect((await signIn(bo.username, right)).status).toBe(200);
    expect((await guess(bo.username, mostTries + 1)).at(-1)).toBe("sign_in_locked");
    after(at + 15 * minute);
    expect((await signIn(bo.username, right)).status).toBe(200);
  },
  patience,
);

test("a password that was not looked at, because too many signed in at once, does not count", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  const asked = { account: ofStrangers(bo.username), whose: null };
  const signing = { database: example.database, clock: () => example.now };
  for (let nth = 0; nth < 2 * mostTries; nth++) {
    const busy = tryPassword(signing, asked, () => Promise.reject(new Refusal("sign_in_busy")));
    await expect(busy).rejects.toMatchObject({ code: "sign_in_busy" });
  }
  expect((await signIn(bo.username, right)).status).toBe(200);
});

test("the right password makes the wrong ones before it forgotten", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  for (let round = 0; round < 3; round++) {
    expect(await guess(bo.username, mostTries - 1)).toEqual(allWrong.slice(1));
    expect((await signIn(bo.username, right)).status).toBe(200);
  }
});

test("who chooses another password by mail signs in in that browser at once, whatever strangers do", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  await guess(bo.username, mostTries + 1);
  await example.send("POST", "/account/password/mail", { body: { username: bo.username } });
  await example.runMails();
  const body = {
    secret: await secretFor(example, bo.userId, "reset-password"),
    password: "other words by far",
  };
  const [known = ""] = cookiesOf(await example.send("POST", "/account/password", { body }));
  expect(await guess(bo.username, mostTries + 1)).toEqual([...allWrong, "sign_in_locked"]);
  expect((await signIn(bo.username, "other words by far", known)).status).toBe(200);
});

test("administrators see the condition, which is no status, and the timeline has it once", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  const show = () => own.call(accounts.showAccount, { params: bo.params });
  await guess(bo.username, mostTries);
  expect((await show()).signInLockedUntil).toBeNull();
  expect(await refusals(own, bo.params)).toEqual([]);
  await guess(bo.username, 3);
  const until = new Date(exampleNow.getTime() + 15 * minute).toISOString();
  expect(await show()).toMatchObject({ status: "enabled", signInLockedUntil: until });
  await Promise.all([tell(), tell()]);
  expect(await refusals(own, bo.params)).toEqual([
    "Too many passwords were wrong in browsers that are new to the account: there none is taken until 2026-03-01 12:15 UTC.",
  ]);
  after(15 * minute);
  expect((await show()).signInLockedUntil).toBeNull();
});

test("what was typed as a name is not kept, and what is counted is forgotten", async () => {
  const typed = `${uuid()} a password that was typed as a name`;
  await guess(typed, 2);
  const rows = () =>
    example.database.snapshot((snapshot) =>
      snapshot.rows(z.object({ text: z.string() }), sql`select t::text as text from password_attempts t`),
    );
  expect(JSON.stringify(await rows())).not.toContain("typed as a name");
  const forget = () =>
    example.database.transaction((transaction) => deleteOldTries(transaction, example.now));
  await forget();
  expect(await rows()).not.toEqual([]);
  after(30 * minute);
  await forget();
  expect(await rows()).toEqual([]);
});

test("a session that somebody got hold of guesses the present password ten times as well", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  const [cookie = ""] = cookiesOf(await signIn(bo.username, right));
  const change = async (current: string) => {
    const body = { current, password: "other words by far" };
    return (await example.send("PUT", "/session/password", { headers: { cookie }, body })).body.code;
  };
  for (let nth = 0; nth < mostTries; nth++) expect(await change("wrong")).toBe("sign_in_failed");
  expect(await change(right)).toBe("sign_in_locked");
  expect((await signIn(bo.username, right)).status).toBe(200);
});

test(
  "of many guesses at the same moment no more than ten get through",
  async () => {
    const own = await makeOwnOrganisation(example);
    await twentyTimes(async () => {
      const { username } = await somebody(own);
      const answers = await Promise.all(
        Array.from({ length: mostTries + 4 }, (_, nth) => signIn(username, `wrong ${nth}`)),
      );
      const codes = answers.map(({ body }) => body.code).sort();
      expect(codes).toEqual([...allWrong, ...Array.from({ length: 4 }, () => "sign_in_locked")]);
    });
  },
  patience,
);

type Names = Readonly<Record<string, string>>;

/** One name for each kind of account that there is, and one that nobody has. */
async function namesIn(own: OwnOrganisation): Promise<Names> {
  const states: readonly AccountState[] = ["enabled", "disabled", "blocked", "pending", "deleted", "none"];
  const names: Record<string, string> = { unknown: `${uuid()}@own.example` };
  for (const state of states) names[state] = (await somebody(own, state)).username;
  return names;
}

interface Answered {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Record<string, unknown>;
  /** What was asked of PostgreSQL, in order. */
  readonly statements: readonly string[];
}

async function watched(ask: () => Promise<Sent>): Promise<Answered> {
  const { result, statements } = await withStatements(ask);
  const { status, body, headers } = result;
  return { status, body: { ...body, instance: "" }, headers: { ...headers, date: "" }, statements };
}

test(
  "every name, whoever has it, gets the same answers to wrong passwords after the same work, up to the lock",
  async () => {
    const own = await makeOwnOrganisation(example);
    const answers = new Map<string, Answered[]>();
    for (const [state, username] of Object.entries(await namesIn(own))) {
      const those: Answered[] = [];
      for (let nth = 0; nth < mostTries + 2; nth++) {
        those.push(await watched(() => signIn(username, `wrong ${nth}`)));
      }
      answers.set(state, those);
    }
    const expected = answers.get("unknown") ?? [];
    expect(expected.map(({ body }) => body["code"])).toEqual([
      ...allWrong,
      "sign_in_locked",
      "sign_in_locked",
    ]);
    expect(expected[0]?.statements.length).toBeGreaterThan(5);
    for (const [state, those] of answers) expect(those, state).toEqual(expected);
  },
  patience,
);

test("every name, whoever has it, gets the same answer after the same work when a mail is asked for", async () => {
  const own = await makeOwnOrganisation(example);
  for (const path of ["/account/password/mail", "/account/re-enabling/mail"]) {
    const answers = new Map<string, Answered>();
    for (const [state, username] of Object.entries(await namesIn(own))) {
      answers.set(state, await watched(() => example.send("POST", path, { body: { username } })));
    }
    const expected = answers.get("unknown");
    expect(expected?.statements).toHaveLength(3);
    for (const [state, answered] of answers) expect(answered, state).toEqual(expected);
  }
});

const middle = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

// Where the work with the password is left out an answer takes a twentieth; whatever else the machine does falls on all.
test("an unknown name takes as long as a known one", async () => {
  const own = await makeOwnOrganisation(example);
  const names = await namesIn(own);
  const times = new Map(Object.keys(names).map((state) => [state, [] as number[]]));
  for (let round = 0; round < mostTries; round++) {
    for (const [state, username] of Object.entries(names)) {
      const begun = performance.now();
      await signIn(username, `wrong ${round}`);
      times.get(state)?.push(performance.now() - begun);
    }
  }
  const known = middle(times.get("enabled") ?? []);
  for (const [state, those] of times) {
    expect(middle(those) / known, state).toBeGreaterThan(0.4);
    expect(middle(those) / known, state).toBeLessThan(2.5);
  }
});

test("only who knows the password is told what bars the account, however often", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own, "blocked");
  for (let nth = 0; nth < mostTries + 2; nth++) {
    expect((await signIn(bo.username, right)).body.code).toBe("account_blocked");
  }
  await putInState(example, own.params.organisationId, { userId: bo.userId, state: "enabled" });
  expect((await signIn(bo.username, right)).status).toBe(200);
});
