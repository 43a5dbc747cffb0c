import { sessions } from "@lockstep/api";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";

import { sql } from "../db/sql.ts";
import { exampleDomain, examplePassword } from "../example-people.ts";
import { changeFacts } from "../facts/change.ts";
import { exampleNow, useExampleApp, type Sent } from "../http/testing/app.ts";
import { setOrganisationDisabled } from "../organisations/store.ts";
import { updateAccountMarks } from "../users/store.ts";
import { hashPassword } from "./password.ts";
import { findCandidate } from "./candidates/store.ts";
import { putPassword } from "./store.ts";

const example = useExampleApp();
const minute = 60_000;

async function candidate(name: string) {
  const username = `${name}@${exampleDomain}`;
  const found = await example.database.snapshot((snapshot) => findCandidate(snapshot, username));
  if (found === undefined) throw new Error(`the example has no ${name}`);
  return found;
}

beforeAll(async () => {
  // Everybody whose account cannot sign in gets the password too: what bars them must be something else.
  const hash = await hashPassword(examplePassword);
  for (const name of ["vera", "wim", "cleo", "yan", "xara", "zoe", "finn", "bo"]) {
    const { organisationId, id: userId } = await candidate(name);
    await example.database.transaction((transaction) =>
      putPassword(transaction, organisationId, { userId, hash, at: exampleNow }),
    );
  }
});

async function signIn(name: string, password = examplePassword): Promise<Sent & { cookie: string }> {
  const body = { username: `${name}@${exampleDomain}`, password };
  const sent = await example.send("POST", "/session", { body });
  return { ...sent, cookie: cookieOf(sent) ?? "" };
}

function cookieOf({ headers }: Sent): string | undefined {
  const [set] = [headers["set-cookie"]].flat();
  return typeof set === "string" ? set.split(";")[0] : undefined;
}

const ask = (cookie: string) => example.send("GET", "/session", { headers: { cookie } });

function at(milliseconds: number): void {
  example.now = new Date(exampleNow.getTime() + milliseconds);
}

test("signing in gives a cookie that no script reads and no other site sends", async () => {
  const { status, headers, cookie, body } = await signIn("ada");
  expect(status).toBe(200);
  const cookies = [headers["set-cookie"]].flat();
  // The session, and that this browser is known from now on.
  expect(cookies).toHaveLength(2);
  for (const each of cookies) {
    expect(each).toMatch(/^lockstep[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
  }
  expect(body).toMatchObject({
    user: { name: "Ada Holm" },
    roles: [
      { role: "user", organisation: "Northwind Air" },
      { role: "organisation-manager", organisation: "Northwind Air" },
    ],
  });
  expect(await ask(cookie)).toMatchObject({ status: 200, body: { user: { name: "Ada Holm" } } });
});

test("a wrong password, an unknown name and an account that is gone get one and the same answer", async () => {
  const answers = [
    await signIn("ada", "wrong"),
    await signIn("nobody"),
    await signIn("zoe"),
    await signIn("finn"),
    await signIn("hana"),
    await signIn("vera", "wrong"),
  ];
  for (const { status, body, cookie } of answers) {
    expect({ status, body: { ...body, instance: "" }, cookie }).toEqual({
      status: 401,
      cookie: "",
      body: { ...answers[0]?.body, instance: "" },
    });
    expect(body.code).toBe("sign_in_failed");
  }
});

test.each([
  ["vera", "account_blocked"],
  ["xara", "account_blocked"],
  ["yan", "account_blocked"],
  ["wim", "account_disabled"],
  ["cleo", "account_pending"],
])("%s, who knows the password, is told %s and not let in", async (name, code) => {
  expect(await signIn(name)).toMatchObject({ status: 403, body: { code }, cookie: "" });
});

test("a username is typed in any case and with spaces around it", async () => {
  const body = { username: ` ADA@${exampleDomain.toUpperCase()} `, password: examplePassword };
  expect((await example.send("POST", "/session", { body })).status).toBe(200);
});

test("signing out ends the session, not only the cookie", async () => {
  const { cookie } = await signIn("ada");
  const out = await example.send("DELETE", "/session", { headers: { cookie } });
  expect(out.status).toBe(204);
  expect(cookieOf(out)).toBe("lockstep=");
  expect((await ask(cookie)).body.code).toBe("sign_in_required");
});

test("another password ends every other session and token of the user at once", async () => {
  const [here, elsewhere] = [await signIn("bo"), await signIn("bo")];
  const change = (current: string) =>
    example.send("PUT", "/session/password", {
      headers: { cookie: here.cookie },
      body: { current, password: "another password" },
    });
  expect(await change("wrong")).toMatchObject({ status: 401, body: { code: "sign_in_failed" } });
  expect((await change(examplePassword)).status).toBe(204);
  expect((await ask(here.cookie)).status).toBe(200);
  expect((await ask(elsewhere.cookie)).status).toBe(401);
  expect((await signIn("bo")).status).toBe(401);
  expect((await signIn("bo", "another password")).status).toBe(200);
});

test("a blocked account, and an organisation switched off, end what is signed in with the very next call", async () => {
  const { cookie } = await signIn("ines");
  const { organisationId, id } = await candidate("ines");
  const writing = {
    database: example.database,
    clock: () => example.now,
    doer: { role: "test", userId: null },
  };
  const mark = (blocked: boolean) =>
    changeFacts(writing, organisationId, (change) =>
      updateAccountMarks(change, id, { account: "active", blocked, disabled: false }),
    );
  await mark(true);
  expect((await ask(cookie)).status).toBe(401);
  await mark(false);
  expect((await ask(cookie)).status).toBe(200);
  const disable = (when: Date | null) =>
    example.database.transaction((transaction) => setOrganisationDisabled(transaction, organisationId, when));
  await disable(example.now);
  expect((await ask(cookie)).status).toBe(401);
  expect(await signIn("ines")).toMatchObject({ status: 403, body: { code: "organisation_disabled" } });
  await disable(null);
  expect((await ask(cookie)).status).toBe(200);
});

test("a session's secret changes as it is used; the former one is good for a minute, and then ends both", async () => {
  at(0);
  const { cookie: first } = await signIn("ada");
  at(11 * minute);
  const renewed = await ask(first);
  const second = cookieOf(renewed);
  expect(renewed.status).toBe(200);
  expect(second).toBeDefined();
  expect(second).not.toBe(first);
  at(11.5 * minute);
  // A call that was on its way when the other one was answered.
  expect(await ask(first)).toMatchObject({ status: 200 });
  expect(cookieOf(await ask(first))).toBeUndefined();
  expect((await ask(second ?? "")).status).toBe(200);
  at(13 * minute);
  expect((await ask(first)).status).toBe(401);
  expect((await ask(second ?? "")).status).toBe(401);
  at(0);
});

test("of calls that arrive together only one changes the secret, and all are answered", async () => {
  at(0);
  const { cookie } = await signIn("ada");
  at(11 * minute);
  const replies = await Promise.all(Array.from({ length: 8 }, () => ask(cookie)));
  expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
  expect(replies.filter((reply) => cookieOf(reply) !== undefined)).toHaveLength(1);
  at(0);
});

test("a browser is signed out after eight hours without a call, and after a week whatever happens", async () => {
  const hour = 60 * minute;
  at(0);
  let { cookie } = await signIn("ada");
  for (let hours = 7; hours < 7 * 24; hours += 7) {
    at(hours * hour);
    const reply = await ask(cookie);
    expect(reply.status, `${hours} h`).toBe(200);
    cookie = cookieOf(reply) ?? cookie;
  }
  at(7 * 24 * hour);
  expect((await ask(cookie)).status).toBe(401);
  at(0);
  const { cookie: idle } = await signIn("ada");
  at(8 * hour + 1);
  expect((await ask(idle)).status).toBe(401);
  at(0);
});

test("a token is shown once, works until its last day or until it is ended, and only its owner ends it", async () => {
  at(0);
  const call = await example.callAs("ada");
  const { token, secret } = await call(sessions.makeToken, { body: { name: "Nightly report", days: 30 } });
  const use = () => example.send("GET", "/session", { token: secret });
  expect((await use()).status).toBe(200);
  const { tokens } = await call(sessions.listTokens);
  expect(tokens.find(({ id }) => id === token.id)).toMatchObject({ name: "Nightly report" });
  expect(JSON.stringify(tokens)).not.toContain(secret.slice(-20));
  at(29 * 24 * 60 * minute);
  const late = await use();
  expect(late.status).toBe(200);
  expect(cookieOf(late)).toBeUndefined();
  at(30 * 24 * 60 * minute);
  expect((await use()).status).toBe(401);
  at(0);
  const emil = await example.callAs("emil");
  const end = { params: { tokenId: token.id } };
  await expect(emil(sessions.endToken, end)).rejects.toMatchObject({ code: "token_not_found" });
  await call(sessions.endToken, end);
  expect((await use()).status).toBe(401);
  await expect(call(sessions.endToken, end)).rejects.toMatchObject({ code: "token_not_found" });
});

test("a token that is none is refused, whatever cookie comes along", async () => {
  const { cookie } = await signIn("ada");
  expect((await example.send("GET", "/session", { headers: { cookie }, token: "nonsense" })).status).toBe(
    401,
  );
});

test("no secret and no password is stored as it is", async () => {
  const { cookie } = await signIn("ada");
  const call = await example.callAs("ada");
  const { secret } = await call(sessions.makeToken, { body: { name: "Script", days: 1 } });
  const rows = await example.database.snapshot((snapshot) =>
    snapshot.rows(
      z.object({ text: z.string() }),
      sql`select t::text as text from sessions t union all select t::text from passwords t
        union all select t::text from events t`,
    ),
  );
  const dump = rows.map(({ text }) => text).join("\n");
  for (const text of [cookie.split("=")[1], secret]) {
    const random = Buffer.from((text ?? "").replace("lockstep_", ""), "base64url").subarray(32);
    expect(dump).not.toContain(random.toString("hex"));
  }
  expect(dump).not.toContain(examplePassword);
});
