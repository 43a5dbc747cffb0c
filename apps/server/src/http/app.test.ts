// The endpoints over real HTTP, on the real database: what they answer, and how they say no.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { organisations, ProblemError, refusals, standings, teams } from "@lockstep/api";
import { expect, test } from "vitest";

import { gateFor } from "../server.ts";
import { makeApp } from "./app.ts";
import { useExampleApp } from "./testing/app.ts";

const served = useExampleApp();
const nowhere = "018f0000-0000-7000-8000-000000000000";

/** As the organisation's manager sees it. */
async function example() {
  const call = await served.callAs("ada");
  const [organisation] = (await call(organisations.listOrganisations)).organisations;
  if (organisation === undefined) throw new Error("the example has an organisation");
  const params = { organisationId: organisation.id };
  const { users } = await call(standings.listUsers, { params });
  const { teams: all } = await call(teams.listTeams, { params });
  const [user] = users;
  const team = all.find(({ name }) => name === "IT");
  if (user === undefined || team === undefined) throw new Error("the example has people and teams");
  return { call, params, user, team };
}

test("every endpoint answers what its contract says", async () => {
  const { call, params, user, team } = await example();
  const ofUser = { ...params, userId: user.id };
  const ofTeam = { ...params, teamId: team.id };
  expect((await call(organisations.showOrganisation, { params })).name).toBe("Northwind Air");
  const system = await served.callAs("sol");
  expect((await system(standings.countInstallation)).counts.encryption.orphaned).toBe(2);
  expect((await call(standings.countOrganisation, { params })).counts.encryption.orphaned).toBe(2);
  expect(
    (await call(standings.countOrganisation, { params, query: { team: team.id } })).counts.encryption.active,
  ).toBe(2);
  expect((await call(standings.showStanding, { params: ofUser })).user.name).toBe("Ada Holm");
  expect((await call(standings.showTimeline, { params: ofUser })).entries.length).toBeGreaterThan(3);
  const shown = await call(teams.showTeam, { params: ofTeam });
  expect(shown.holdings.policy.find(({ setting }) => setting === "sync.interval")).toEqual({
    setting: "sync.interval",
    value: 60,
    origin: null,
  });
  const policy = { "sync.interval": 20 };
  const impact = await call(teams.previewImpact, {
    params,
    body: { kind: "team-policy", teamId: team.id, policy },
  });
  expect(impact).toMatchObject({ keyFiles: expect.any(Number) as number });
  const saved = await call(teams.setTeamPolicy, {
    params: ofTeam,
    body: { policy },
    match: team.revision,
  });
  expect(saved.policy).toEqual(policy);
  const reverted = await call(teams.revertTeam, {
    params: ofTeam,
    body: { to: team.revision },
    match: saved.revision,
  });
  expect(reverted.policy).toEqual({});
});

test("pages follow one another without a gap and end", async () => {
  const { call, params } = await example();
  const names: string[] = [];
  let after: string | null = null;
  do {
    const page: { users: { name: string }[]; next: string | null } = await call(standings.listUsers, {
      params,
      query: { limit: 4, ...(after === null ? {} : { after }) },
    });
    names.push(...page.users.map(({ name }) => name));
    after = page.next;
  } while (after !== null);
  expect(names).toHaveLength(26);
  expect(new Set(names).size).toBe(26);
});

test("who saves a team that somebody else saved meanwhile is told so, and nothing is lost", async () => {
  const { call, params, team } = await example();
  const ofTeam = { ...params, teamId: team.id };
  const saving = { body: { policy: { "sync.interval": 25 } }, match: team.revision };
  // Without the check of the revision the second would silently undo the first.
  const outcomes = await Promise.allSettled(
    [1, 2].map(() => call(teams.setTeamPolicy, { params: ofTeam, ...saving })),
  );
  const refused = outcomes.filter((outcome) => outcome.status === "rejected");
  expect(refused).toHaveLength(1);
  expect(refused[0]?.reason).toMatchObject({ code: "revision_changed", status: 412 });
});

/** As the organisation's manager, unless the headers say otherwise. */
async function send(method: string, path: string, text?: string, headers: Record<string, string> = {}) {
  const token = await served.tokenOf("ada");
  return served.send(method, path, { token, headers, ...(text === undefined ? {} : { text }) });
}

const refused: [method: string, path: string, body: string | undefined, status: number, code: string][] = [
  ["GET", "/nothing", undefined, 404, "endpoint_not_found"],
  ["DELETE", "/organisations", undefined, 404, "endpoint_not_found"],
  ["GET", "/organisations/not-an-id", undefined, 400, "malformed_request"],
  ["GET", "/organisations?surplus=1", undefined, 400, "malformed_request"],
  ["GET", "/organisations/:o/users?limit=0", undefined, 400, "malformed_request"],
  ["GET", "/organisations/:o/users?limit=201", undefined, 400, "malformed_request"],
  ["GET", "/organisations/:o/users?status=purple", undefined, 400, "malformed_request"],
  ["GET", "/organisations/:o/users?after=nonsense", undefined, 400, "cursor_invalid"],
  ["GET", "/organisations/:o/users?team=:n", undefined, 404, "team_not_found"],
  ["GET", "/organisations/:o/users/:n/standing", undefined, 404, "user_not_found"],
  ["GET", "/organisations/:o/users/:n/timeline", undefined, 404, "user_not_found"],
  ["GET", "/organisations/:o/teams/:n", undefined, 404, "team_not_found"],
  ["PUT", "/organisations/:o/teams/:n/policy", '{"policy":{}}', 404, "team_not_found"],
  ["PUT", "/organisations/:o/teams/:t/policy", '{"__proto__":{},"policy":{}}', 400, "malformed_json"],
  ["PUT", "/organisations/:o/teams/:t/policy", '{"policy":{"no.such":1}}', 400, "policy_invalid"],
  ["PUT", "/organisations/:o/teams/:t/policy", '{"policy":{"sync.interval":4}}', 400, "policy_invalid"],
  ["POST", "/organisations/:o/teams/:t/revert", '{"to":77}', 404, "team_revision_not_found"],
  ["POST", "/organisations/:o/impact", '{"kind":"anything"}', 400, "malformed_request"],
];

test.each(refused.map(([method, path, body, status, code]) => ({ method, path, body, status, code })))(
  "$method $path is refused with $status $code, and the database is unchanged",
  async ({ method, path, body, status, code }) => {
    const { call, params, team } = await example();
    const filled = (text: string) =>
      text.replace(":o", params.organisationId).replace(":t", team.id).replaceAll(":n", nowhere);
    const before = await call(standings.listUsers, { params });
    const reply = await send(method, filled(path), body, { "if-match": `"${team.revision}"` });
    expect(reply).toMatchObject({ status, body: { code } });
    expect(reply.type).toContain("application/problem+json");
    const after = await call(standings.listUsers, { params });
    expect({ ...after, asOf: before.asOf }).toEqual(before);
  },
);

test.each([
  ["a name that somebody pointed at this machine", { host: "rebound.example:8480" }],
  ["a page of another origin", { origin: "https://elsewhere.example" }],
  ["a page of another port", { origin: "http://localhost:9999" }],
  ["a page of another site", { "sec-fetch-site": "cross-site" }],
])("INV-15: %s may not call, whoever is signed in", async (_, headers) => {
  expect(await send("GET", "/organisations", undefined, headers)).toMatchObject({
    status: 403,
    body: { code: "origin_refused" },
  });
});

test("INV-15: the server's own pages may call", async () => {
  const own = { origin: "http://localhost:8480", "sec-fetch-site": "same-origin" };
  expect(await send("GET", "/organisations", undefined, own)).toMatchObject({ status: 200 });
});

test("a link on another site, as in a mail, leads to the console", async () => {
  const { statusCode } = await served.app.inject({
    url: "/users",
    headers: { host: "localhost", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
  });
  // There is no console here; with one it is the page.
  expect(statusCode).toBe(404);
});

test("a client throws the problem with its code, and knows whether it knows it", async () => {
  const { call } = await example();
  const asked = call(organisations.showOrganisation, { params: { organisationId: nowhere } });
  const error: unknown = await asked.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ProblemError);
  expect(error).toMatchObject({ message: refusals.organisation_not_found.title });
  expect((error as ProblemError).is("organisation_not_found") && (error as ProblemError).isKnown()).toBe(
    true,
  );
});

test("every page of the server forbids scripts, frames and forms from elsewhere", async () => {
  const { headers } = await served.app.inject({
    url: "/api/v1/organisations",
    headers: { host: "localhost" },
  });
  expect(headers["content-security-policy"]).toContain("default-src 'self'");
  expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  expect(headers["cache-control"]).toBe("no-store");
});

test("the console is one page for all its addresses, and what it does not have is not found", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-console-"));
  await mkdir(join(folder, "assets"));
  await writeFile(join(folder, "index.html"), "<title>Lockstep</title>");
  await writeFile(join(folder, "assets", "main-1.js"), "0");
  const gate = gateFor({ database: served.database, clock: () => served.now });
  const app = await makeApp({ routes: [], gate, origin: null, console: folder, log: false });
  try {
    const ask = (url: string) => app.inject({ url, headers: { host: "localhost" } });
    for (const page of ["/", "/organisations/1/teams/2"]) {
      const reply = await ask(page);
      expect(reply.body).toContain("<title>Lockstep</title>");
      expect(reply.headers["cache-control"]).toBe("no-cache");
    }
    expect((await ask("/assets/main-1.js")).headers["cache-control"]).toContain("immutable");
    expect((await ask("/assets/main-0.js")).statusCode).toBe(404);
    expect((await ask("/api/v1/nothing")).json()).toMatchObject({ code: "endpoint_not_found" });
  } finally {
    await app.close();
    await rm(folder, { recursive: true, force: true });
  }
});
