import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { accounts, organisations, secondFactors, singleSignOn, type Call } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";

import { appoint, putInState } from "../accounts/testing.ts";
import { sql } from "../db/sql.ts";
import { useExampleApp, type Sent } from "../http/testing/app.ts";
import { addSignedUp, Browser, codeAt, setUpFactor, type Person } from "../second-factors/testing.ts";
import { startProvider, type TestProvider } from "./testing/provider.ts";

const example = useExampleApp();
const returnAddress = "https://lockstep.test/sign-in/return";
let provider: TestProvider;
let ada: Call;
let mia: Call;
let organisationId: OrganisationId;
let office: OrganisationId;

type Settings = Partial<z.input<typeof singleSignOn.setSingleSignOn.body>>;

const params = () => ({ organisationId });

async function set(changes: Settings = {}, call = ada): Promise<unknown> {
  const { revision: match } = await call(singleSignOn.showSingleSignOn, { params: params() });
  const body = {
    name: "Northwind Login",
    shortName: "northwind",
    issuer: provider.issuer,
    clientId: "lockstep",
    clientSecret: provider.clientSecret,
    claim: "preferred_username" as const,
    isOn: true,
    ...changes,
  };
  return call(singleSignOn.setSingleSignOn, { params: params(), match, body });
}

beforeAll(async () => {
  example.now = new Date();
  provider = await startProvider(returnAddress);
  [ada, mia] = [await example.callAs("ada"), await example.callAs("mia")];
  const all = (await mia(organisations.listOrganisations)).organisations;
  const idOf = (kind: string) => all.find((each) => each.office === kind)?.id;
  const [own, ofAuthority] = [idOf("none"), idOf("authority")];
  if (own === undefined || ofAuthority === undefined) throw new Error("the example has both");
  [organisationId, office] = [own, ofAuthority];
  await set();
});
afterAll(() => provider.stop());

const person = () => addSignedUp(example, organisationId);
const codeOf = ({ status, body }: Sent) => [status, body.code];
const failed = [401, "single_sign_on_failed"];
const unknown = [403, "single_sign_on_unknown"];

async function begin(browser: Browser): Promise<URL> {
  const sent = await browser.send("POST", "/single-sign-on", { shortName: "northwind" });
  expect(sent.status).toBe(200);
  return new URL(String(sent.body["address"]));
}

const finish = (browser: Browser, parameters: string) =>
  browser.send("POST", "/single-sign-on/return", { parameters });

async function come(login: string, browser = new Browser(example)): Promise<Sent> {
  const address = await begin(browser);
  return finish(browser, await provider.authorise(address.href, login));
}

async function eventsOf({ userId }: Person): Promise<string[]> {
  const rows = await example.database.snapshot((snapshot) =>
    snapshot.rows(
      z.object({ kind: z.string() }),
      sql`select kind from events where organisation_id = ${organisationId} and user_id = ${userId} order by id`,
    ),
  );
  return rows.map(({ kind }) => kind);
}

test("whoever the provider knows by the username is signed in, and known by the subject from then on", async () => {
  const ines = await person();
  const browser = new Browser(example);
  const sent = await come(`1~${ines.username}`, browser);
  expect(sent).toMatchObject({ status: 200, body: { user: { username: ines.username } } });
  expect((await browser.send("GET", "/session")).status).toBe(200);
  expect(browser.cookies["lockstep-single-sign-on"]).toBe("");
  expect(await eventsOf(ines)).toContain("single-sign-on-linked");
  const { singleSignOn: known } = await ada(secondFactors.showSignInWays, {
    params: { organisationId, userId: ines.userId },
  });
  expect(known).toMatchObject({ issuer: provider.issuer, subject: `1~${ines.username}` });
  expect((await come(`1~${ines.username}`)).status).toBe(200);
});

test("the browser is sent with PKCE, a state and a nonce, to come back to the fixed address, and its cookie is its own", async () => {
  const browser = new Browser(example);
  const sent = await browser.send("POST", "/single-sign-on", { shortName: "northwind" });
  expect(sent.headers["set-cookie"]).toMatch(/^lockstep-single-sign-on=.*; HttpOnly; SameSite=Strict$/);
  const { searchParams } = new URL(String(sent.body["address"]));
  expect(Object.fromEntries(searchParams)).toMatchObject({
    response_type: "code",
    redirect_uri: returnAddress,
    scope: "openid profile",
    code_challenge_method: "S256",
  });
  const values = ["state", "nonce", "code_challenge"].map((name) => searchParams.get(name) ?? "");
  expect(new Set(values).size).toBe(3);
  for (const value of values) expect(value.length).toBeGreaterThan(40);
});

test("what came back counts in the browser that began, once, and unchanged", async () => {
  const ines = await person();
  const login = `2~${ines.username}`;
  const browser = new Browser(example);
  const address = await begin(browser);
  const parameters = await provider.authorise(address.href, login);
  expect(codeOf(await finish(new Browser(example), parameters))).toEqual(failed);
  const other = new Browser(example);
  await begin(other);
  expect(codeOf(await finish(other, parameters))).toEqual(failed);

  const changed = new Browser(example);
  const second = await begin(changed);
  const own = new URLSearchParams(await provider.authorise(second.href, login));
  own.set("state", "another one");
  expect(codeOf(await finish(changed, own.toString()))).toEqual(failed);

  expect((await finish(browser, parameters)).status).toBe(200);
  expect(codeOf(await finish(browser, parameters))).toEqual(failed);
});

test("a code is worth nothing with the cookie of another attempt, though the state were right", async () => {
  const ines = await person();
  const [one, other] = [new Browser(example), new Browser(example)];
  const [first, second] = [await begin(one), await begin(other)];
  const stolen = new URLSearchParams(await provider.authorise(first.href, `3~${ines.username}`));
  stolen.set("state", second.searchParams.get("state") ?? "");
  expect(await finish(other, stolen.toString())).toMatchObject({
    status: 401,
    body: { code: "single_sign_on_failed", detail: "The provider says: invalid_grant." },
  });
});

test("a statement with another nonce, audience, issuer or key, or of yesterday, signs nobody in", async () => {
  const ines = await person();
  const browser = new Browser(example);
  const address = await begin(browser);
  address.searchParams.set("nonce", "of another attempt");
  const parameters = await provider.authorise(address.href, `4~${ines.username}`);
  expect(codeOf(await finish(browser, parameters))).toEqual(failed);
  for (const wrong of ["audience", "issuer", "key", "expired"])
    expect(codeOf(await come(`4~${ines.username}~${wrong}`)), wrong).toEqual(failed);
  expect(await eventsOf(ines)).not.toContain("single-sign-on-linked");
});

test("somebody else with the same name there is refused, and that is written down", async () => {
  const ines = await person();
  expect((await come(`5~${ines.username}`)).status).toBe(200);
  expect(codeOf(await come(`6~${ines.username}`))).toEqual(unknown);
  expect(await eventsOf(ines)).toContain("single-sign-on-refused");
  // Until a manager says that it is the same person; then the former one is the stranger.
  const browser = new Browser(example);
  await browser.signIn(ines.username);
  const of = { params: { organisationId, userId: ines.userId } };
  await ada(singleSignOn.unlinkSingleSignOn, of);
  expect((await browser.send("GET", "/session")).status).toBe(401);
  expect((await come(`6~${ines.username}`)).status).toBe(200);
  expect(codeOf(await come(`5~${ines.username}`))).toEqual(unknown);
});

test("nobody is made, and nobody of another organisation is found", async () => {
  const elsewhere = await addSignedUp(example, office);
  expect(codeOf(await come("7~nobody@northwind.example"))).toEqual(unknown);
  expect(codeOf(await come(`7~${elsewhere.username}`))).toEqual(unknown);
});

test("whoever holds a role is refused; its managers come in where the authority allows it, and nobody who holds more", async () => {
  const [manager, higher] = [await person(), await person()];
  const own = { role: "organisation-manager", scopeId: organisationId } as const;
  await appoint(example, organisationId, { userId: manager.userId, ...own });
  const above = { role: "authority-administrator", scopeId: office } as const;
  await appoint(example, organisationId, { userId: higher.userId, ...above });
  expect(codeOf(await come(`8~${manager.username}`))).toEqual(unknown);
  const rule = async (singleSignOnFor: "users" | "managers", call: Call) => {
    const { revision: match } = await call(accounts.showAccountRules, { params: params() });
    await call(accounts.setAccountRules, { params: params(), match, body: { singleSignOnFor } });
  };
  await expect(rule("managers", ada)).rejects.toMatchObject({ code: "permission_denied" });
  await rule("managers", mia);
  expect((await come(`8~${manager.username}`)).status).toBe(200);
  expect(codeOf(await come(`9~${higher.username}`))).toEqual(unknown);
  await rule("users", mia);
  expect(codeOf(await come(`8~${manager.username}`))).toEqual(unknown);
});

test("what bars an account is told as after the right password", async () => {
  const [blocked, disabled] = [await person(), await person()];
  await putInState(example, organisationId, { userId: blocked.userId, state: "blocked" });
  await putInState(example, organisationId, { userId: disabled.userId, state: "disabled" });
  expect(codeOf(await come(`10~${blocked.username}`))).toEqual([403, "account_blocked"]);
  expect(codeOf(await come(`11~${disabled.username}`))).toEqual([403, "account_disabled"]);
});

test("a second factor is asked for after the provider too", async () => {
  const ines = await person();
  const { secret } = await setUpFactor(example, ines);
  const browser = new Browser(example);
  expect(codeOf(await come(`12~${ines.username}`, browser))).toEqual([401, "second_factor_needed"]);
  expect((await browser.send("GET", "/session")).status).toBe(401);
  expect((await browser.secondStep(codeAt(secret, example.now))).status).toBe(200);
});

test("by mail address only a verified one counts", async () => {
  const ines = await person();
  await set({ claim: "email" });
  expect(codeOf(await come(`13~${ines.username}~unverified`))).toEqual(unknown);
  expect((await come(`13~${ines.username}`)).status).toBe(200);
  await set();
});

test("what is switched off or changed meanwhile lets nobody in", async () => {
  const ines = await person();
  const browser = new Browser(example);
  const address = await begin(browser);
  const parameters = await provider.authorise(address.href, `14~${ines.username}`);
  await set({ isOn: false });
  expect(codeOf(await finish(browser, parameters))).toEqual(failed);
  const sent = await new Browser(example).send("POST", "/single-sign-on", { shortName: "northwind" });
  expect(codeOf(sent)).toEqual([404, "single_sign_on_not_found"]);
  await set();
});

test("without a password here, a second factor takes a sign-in of the last ten minutes", async () => {
  const ines = await person();
  await example.database.transaction((transaction) =>
    transaction.execute(sql`delete from passwords where user_id = ${ines.userId}`),
  );
  const browser = new Browser(example);
  await come(`15~${ines.username}`, browser);
  const start = () => browser.send("POST", "/session/second-factor", { password: null });
  expect((await start()).status).toBe(200);
  const before = example.now;
  example.now = new Date(before.getTime() + 601_000);
  expect(codeOf(await start())).toEqual([403, "fresh_sign_in_required"]);
  example.now = before;
});

test("the secret is never shown, and goes to no other issuer or client than it was given for", async () => {
  const shown = await ada(singleSignOn.showSingleSignOn, { params: params() });
  expect(shown).toMatchObject({ connection: { clientId: "lockstep" }, returnAddress });
  expect(JSON.stringify(shown)).not.toContain(provider.clientSecret);
  for (const changes of [{ clientId: "another" }, { issuer: "https://elsewhere.example" }])
    await expect(set({ ...changes, clientSecret: undefined })).rejects.toMatchObject({
      code: "single_sign_on_secret_required",
    });
  await set({ clientSecret: undefined, name: "Renamed" });
  expect((await come(`16~${(await person()).username}`)).status).toBe(200);
});

test("an issuer is reached by https, and not by what only looks like it", async () => {
  for (const issuer of [
    "http://login.example.org",
    "https://login.example.org?x=1",
    "https://a@login.example.org",
  ])
    await expect(set({ issuer }), issuer).rejects.toMatchObject({ code: "single_sign_on_settings_invalid" });
});

test("a short name belongs to one organisation", async () => {
  const revision = async () =>
    (await mia(singleSignOn.showSingleSignOn, { params: { organisationId: office } })).revision;
  const manager = await addSignedUp(example, office);
  await appoint(example, office, {
    userId: manager.userId,
    role: "organisation-manager",
    scopeId: office,
  });
  const browser = new Browser(example);
  await browser.signIn(manager.username);
  const sent = await example.send("PUT", `/organisations/${office}/single-sign-on`, {
    body: {
      ...{ name: "Other", shortName: "Northwind", issuer: provider.issuer, clientId: "x", clientSecret: "y" },
      ...{ claim: "email", isOn: true },
    },
    headers: {
      cookie: `lockstep=${browser.cookies["lockstep"] ?? ""}`,
      "if-match": `"${await revision()}"`,
    },
  });
  expect(codeOf(sent)).toEqual([409, "name_taken"]);
});

/** Something else than a provider, at an address of its own. */
async function elsewhere(answer: (path: string) => { status?: number; body: string; to?: string }): Promise<{
  issuer: string;
  server: Server;
}> {
  const server = createServer((request, response) => {
    const { status = 200, body, to } = answer(request.url ?? "");
    response.writeHead(status, {
      "content-type": "application/json",
      ...(to === undefined ? {} : { location: to }),
    });
    response.end(body);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return { issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

test("a test says what a provider offers, or in words why it cannot be used", async () => {
  const tried = async (issuer: string) =>
    ada(singleSignOn.testSingleSignOn, { params: params(), body: { issuer } });
  expect(await tried(provider.issuer)).toMatchObject({
    failure: null,
    found: { authorizationAddress: `${provider.issuer}/auth`, keys: 1, hasPkce: true },
  });
  const metadata = (own: string, more: object = {}) =>
    JSON.stringify({
      issuer: own,
      authorization_endpoint: `${own}/auth`,
      token_endpoint: `${own}/token`,
      jwks_uri: `${own}/jwks`,
      response_types_supported: ["code"],
      ...more,
    });
  let own = "";
  let said = (): { status?: number; body: string; to?: string } => ({ body: "{}" });
  const fake = await elsewhere((path) => (path === "/jwks" ? { body: '{"keys":[]}' } : said()));
  own = fake.issuer;
  const failure = async (answer: typeof said) => {
    said = answer;
    return (await tried(own)).failure?.code;
  };
  expect(await failure(() => ({ body: "<html>" }))).toBe("not-a-provider");
  expect(
    await failure(() => ({
      status: 302,
      body: "",
      to: `${provider.issuer}/.well-known/openid-configuration`,
    })),
  ).toBe("not-a-provider");
  expect(await failure(() => ({ body: metadata("https://another.example") }))).toBe("other-issuer");
  own = `${fake.issuer}/.well-known/openid-configuration`;
  expect(await failure(() => ({ body: metadata("https://another.example") }))).toBe("other-issuer");
  own = fake.issuer;
  expect(await failure(() => ({ body: metadata(own, { response_types_supported: ["id_token"] }) }))).toBe(
    "no-code-flow",
  );
  expect(
    await failure(() => ({ body: metadata(own, { token_endpoint: "http://elsewhere.example/token" }) })),
  ).toBe("not-private");
  expect(
    await failure(() => ({ body: metadata(own, { authorization_endpoint: "javascript:alert(1)" }) })),
  ).toBe("not-private");
  expect(await failure(() => ({ body: metadata(own) }))).toBe("no-signing-key");
  expect(await failure(() => ({ body: `"${"x".repeat(600_000)}"` }))).toBe("too-large");
  fake.server.closeAllConnections();
  await new Promise((resolve) => fake.server.close(resolve));
  expect((await tried(own)).failure?.code).toBe("unreachable");
  expect((await tried("http://login.example.org")).failure?.code).toBe("not-private");
});

test("forgetting the provider, or naming another issuer, forgets who everybody is there", async () => {
  const ines = await person();
  await come(`17~${ines.username}`);
  const linked = async () => (await ada(singleSignOn.showSingleSignOn, { params: params() })).linked;
  expect(await linked()).toBeGreaterThan(0);
  await set({ issuer: "https://login.example.org" });
  expect(await linked()).toBe(0);
  await set();
  await come(`18~${ines.username}`);
  expect(await ada(singleSignOn.removeSingleSignOn, { params: params() })).toEqual({ unlinked: 1 });
  await expect(ada(singleSignOn.removeSingleSignOn, { params: params() })).rejects.toMatchObject({
    code: "single_sign_on_not_found",
  });
  await set();
});
