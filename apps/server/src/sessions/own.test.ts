import { accounts, endpoints, isReading, sessions, standings } from "@lockstep/api";
import { beforeEach, expect, test } from "vitest";

import { addPerson, putInState } from "../accounts/testing.ts";
import { exampleNow, useExampleApp, type Sent } from "../http/testing/app.ts";
import { makeOwnOrganisation, type OwnOrganisation } from "../http/testing/organisation.ts";
import { pathOf, placeOf, specimens, type EndpointName } from "../http/testing/specimens.ts";
import { hashPassword } from "./password.ts";
import { putPassword } from "./store.ts";

const example = useExampleApp();
const minute = 60_000;
const day = 24 * 60 * minute;
const password = "a few words in a row";
const hash = hashPassword(password);

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const safari =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1";

beforeEach(() => {
  example.now = exampleNow;
});

const after = (milliseconds: number) => (example.now = new Date(exampleNow.getTime() + milliseconds));

async function somebody({ params }: OwnOrganisation) {
  const { organisationId } = params;
  const person = await addPerson(example, organisationId);
  const kept = { userId: person.userId, hash: await hash, at: example.now };
  await example.database.transaction((transaction) => putPassword(transaction, organisationId, kept));
  return { ...person, params: { ...params, userId: person.userId } };
}

const cookieOf = ({ headers }: Sent) => String([headers["set-cookie"]].flat()[0]).split(";")[0] ?? "";

async function signIn(username: string, agent = "curl/8"): Promise<string> {
  const body = { username, password };
  return cookieOf(await example.send("POST", "/session", { body, headers: { "user-agent": agent } }));
}

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly isThis: boolean;
}
const as = (cookie: string) => ({
  status: async () => (await example.send("GET", "/session", { headers: { cookie } })).status,
  list: async () =>
    (await example.send("GET", "/sessions", { headers: { cookie } })).body["sessions"] as Listed[],
  end: (id: string) => example.send("DELETE", `/sessions/${id}`, { headers: { cookie } }),
  endOthers: () => example.send("DELETE", "/sessions", { headers: { cookie } }),
});

async function makeToken(secret: { token: string }, body: Record<string, unknown>): Promise<Sent> {
  return example.send("POST", "/tokens", { ...secret, body: { name: "Script", ...body } });
}

async function tokenOf(username: string, body: Record<string, unknown> = {}): Promise<string> {
  const headers = { cookie: await signIn(username) };
  const { body: made } = await example.send("POST", "/tokens", {
    headers,
    body: { name: "Script", ...body },
  });
  return String(made["secret"]);
}

test("one sees the browsers in which one is signed in, the one used last first, in words and without secrets", async () => {
  const own = await makeOwnOrganisation(example);
  const { username } = await somebody(own);
  const desk = await signIn(username, firefox);
  after(2 * minute);
  const phone = await signIn(username, safari);
  await makeToken({ token: await tokenOf(username) }, {});
  const all = await as(desk).list();
  expect(all.map(({ name, isThis }) => ({ name, isThis }))).toEqual([
    { name: "Firefox on Linux", isThis: true },
    { name: "Safari on iPhone", isThis: false },
    { name: "Browser", isThis: false },
  ]);
  expect(JSON.stringify(all)).not.toContain(phone.slice(-30));
  after(2 * minute + 8 * 60 * minute + 1);
  const later = await signIn(username, firefox);
  expect(await as(later).list()).toHaveLength(1);
});

test("one ends a browser of one's own, or all others, and nobody else's", async () => {
  const own = await makeOwnOrganisation(example);
  const [bo, cy] = [await somebody(own), await somebody(own)];
  const [here, there, third] = [
    await signIn(bo.username, firefox),
    await signIn(bo.username, safari),
    await signIn(bo.username),
  ];
  const foreign = await signIn(cy.username);
  const token = await tokenOf(bo.username);
  const [of] = (await as(here).list()).filter(({ name }) => name === "Safari on iPhone");
  expect((await as(foreign).end(of?.id ?? "")).body.code).toBe("session_not_found");
  expect(await as(there).status()).toBe(200);
  expect((await as(here).end(of?.id ?? "")).status).toBe(204);
  expect(await as(there).status()).toBe(401);
  expect((await as(here).end(of?.id ?? "")).body.code).toBe("session_not_found");
  // The one in which the token was made is there too.
  expect((await as(here).endOthers()).body).toEqual({ ended: 2 });
  expect(await Promise.all([here, third, foreign].map((cookie) => as(cookie).status()))).toEqual([
    200, 401, 200,
  ]);
  expect((await example.send("GET", "/session", { token })).status).toBe(200);
  const { entries } = await own.call(standings.showTimeline, { params: bo.params });
  expect(entries.map(({ sentence }) => sentence)).toEqual(
    expect.arrayContaining([
      "The user signed out in another browser.",
      "The user signed out in 2 other browsers.",
    ]),
  );
});

test("a token that reads calls what reads, and nothing else, whoever made it", async () => {
  const mia = await example.tokenOf("mia");
  const made = await makeToken({ token: mia }, { scope: "reading", days: 30 });
  expect(made.body["token"]).toMatchObject({ scope: "reading" });
  const token = String(made.body["secret"]);
  const ada = await example.callAs("ada");
  const [ours] = (await ada(endpoints.listOrganisations)).organisations;
  const place = await placeOf(ada, ours?.id ?? "");
  for (const name of Object.keys(endpoints) as EndpointName[]) {
    const endpoint = endpoints[name];
    if (endpoint.needs === "nothing" || name === "signOut") continue;
    const specimen = specimens[name](place);
    // A surplus parameter is refused behind the gate, whatever the endpoint does.
    const path = pathOf(name, { ...specimen, query: { surplus: "1" } });
    const { body } = await example.send(endpoint.method, path, {
      ...{ body: specimen.body, token },
      headers: { "if-match": '"1"' },
    });
    if (isReading(endpoint)) expect(body.code, name).not.toBe("token_only_reads");
    else expect(body.code, name).toBe("token_only_reads");
  }
  expect((await example.send("DELETE", "/session", { token })).status).toBe(204);
  expect((await example.send("GET", "/session", { token })).status).toBe(401);
});

test("a token makes none with more than it has: not longer, and one that reads none at all", async () => {
  const own = await makeOwnOrganisation(example);
  const { username } = await somebody(own);
  const token = await tokenOf(username, { days: 30 });
  after(day);
  expect((await makeToken({ token }, { days: 29 })).status).toBe(200);
  expect(await makeToken({ token }, { days: 30 })).toMatchObject({
    status: 403,
    body: { code: "token_outlives_own" },
  });
  const { body: made } = await makeToken({ token }, {});
  const until = new Date(exampleNow.getTime() + 30 * day).toISOString();
  expect(made["token"]).toMatchObject({ expiresAt: until });
  const { body } = await example.send("GET", "/tokens", { token });
  expect(body["tokens"]).toHaveLength(3);
  const reading = await tokenOf(username, { scope: "reading" });
  expect((await makeToken({ token: reading }, { scope: "reading", days: 1 })).body.code).toBe(
    "token_only_reads",
  );
});

test("every token has a last day, within a year", async () => {
  const own = await makeOwnOrganisation(example);
  const { username } = await somebody(own);
  const headers = { cookie: await signIn(username) };
  for (const days of [0, 367, null]) {
    const sent = await example.send("POST", "/tokens", { headers, body: { name: "Script", days } });
    expect(sent.body.code).toBe("malformed_request");
  }
  const { body } = await example.send("POST", "/tokens", { headers, body: { name: "Script" } });
  const until = new Date(exampleNow.getTime() + 90 * day).toISOString();
  expect(body["token"]).toMatchObject({ expiresAt: until, scope: "everything" });
});

test("a token is made and ended in the timeline, by name", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  const token = await tokenOf(bo.username, { name: "Nightly report" });
  const { body } = await example.send("GET", "/tokens", { token });
  const [made] = body["tokens"] as { id: string }[];
  await example.send("DELETE", `/tokens/${made?.id ?? ""}`, { token });
  const { entries } = await own.call(standings.showTimeline, { params: bo.params });
  expect(entries.map(({ sentence }) => sentence)).toEqual(
    expect.arrayContaining([
      "The user made the token Nightly report.",
      "The user ended the token Nightly report.",
    ]),
  );
});

test("a block ends tokens and browsers for good; disabled and deleted accounts have none that work", async () => {
  const own = await makeOwnOrganisation(example);
  const { organisationId } = own.params;
  const bo = await somebody(own);
  const [token, cookie] = [await tokenOf(bo.username), await signIn(bo.username)];
  await own.call(accounts.blockAccount, { params: bo.params, body: { reason: "Left" } });
  await own.call(accounts.unblockAccount, { params: bo.params });
  expect((await example.send("GET", "/session", { token })).status).toBe(401);
  expect(await as(cookie).status()).toBe(401);
  for (const state of ["disabled", "deleted"] as const) {
    const cy = await somebody(own);
    const other = await tokenOf(cy.username);
    await putInState(example, organisationId, { userId: cy.userId, state });
    expect((await example.send("GET", "/session", { token: other })).status, state).toBe(401);
  }
});

test("who changes the password is told by mail, and it is in the timeline", async () => {
  const own = await makeOwnOrganisation(example);
  const bo = await somebody(own);
  const headers = { cookie: await signIn(bo.username) };
  const body = { current: password, password: "other words by far" };
  const changed = await example.send("PUT", sessions.changePassword.path, { headers, body });
  expect(changed.status).toBe(204);
  // The browser in which it was done is known as before.
  expect(cookieOf(changed)).toMatch(/^lockstep-known=/);
  const { mail } = await own.call(accounts.showAccount, { params: bo.params });
  expect(mail).toMatchObject({ kind: "password-changed", state: "waiting" });
  const { entries } = await own.call(standings.showTimeline, { params: bo.params });
  expect(entries[0]).toMatchObject({ kind: "password-changed" });
});
