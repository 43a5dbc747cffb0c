// Every endpoint over real HTTP, on the real database: what it answers, and how it says no.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { clientFor, endpoints, organisations, ProblemError, refusals, standings, teams } from "@lockstep/api";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";

import { useDatabase } from "../db/testing/database.ts";
import { loadExample } from "../example.ts";
import { allRoutes } from "../server.ts";
import { makeApp } from "./app.ts";

const database = useDatabase();
const now = new Date("2026-03-01T12:00:00.000Z");
let app: FastifyInstance;
let origin: string;

beforeAll(async () => {
  const clock = () => now;
  await loadExample({ database: database.current, clock });
  app = await makeApp({ routes: allRoutes(database.current, clock), console: null, log: false });
  await app.listen({ host: "127.0.0.1", port: 0 });
  origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
});
afterAll(() => app.close());

const nowhere = "018f0000-0000-7000-8000-000000000000";

async function example() {
  const call = clientFor(origin);
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
  expect((await call(standings.countInstallation)).counts.encryption.orphaned).toBe(2);
  expect((await call(standings.countOrganisation, { params })).counts.encryption.orphaned).toBe(2);
  expect(
    (await call(standings.countOrganisation, { params, query: { team: team.id } })).counts.encryption.active,
  ).toBe(2);
  expect((await call(standings.showStanding, { params: ofUser })).user.name).toBe("Ada Holm");
  expect((await call(standings.showTimeline, { params: ofUser })).entries.length).toBeGreaterThan(3);
  const shown = await call(teams.showTeam, { params: ofTeam });
  expect(shown.effective.find(({ setting }) => setting === "sync.interval")).toEqual({
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
    body: { policy, revision: team.revision },
  });
  expect(saved.policy).toEqual(policy);
  const reverted = await call(teams.revertTeam, {
    params: ofTeam,
    body: { to: team.revision, revision: saved.revision },
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
  const body = { policy: { "sync.interval": 25 }, revision: team.revision };
  // Without the check of the revision the second would silently undo the first.
  const outcomes = await Promise.allSettled(
    [1, 2].map(() => call(teams.setTeamPolicy, { params: ofTeam, body })),
  );
  const refused = outcomes.filter((outcome) => outcome.status === "rejected");
  expect(refused).toHaveLength(1);
  expect(refused[0]?.reason).toMatchObject({ code: "revision_changed", status: 412 });
});

test.each(Object.entries(endpoints))(
  "%s knows nothing of an organisation that does not exist",
  async (_, endpoint) => {
    if (!endpoint.path.includes(":organisationId")) return;
    const path = endpoint.path.replaceAll(/:\w+/g, nowhere);
    const bodies: Record<string, unknown> = {
      setTeamPolicy: { policy: {}, revision: 1 },
      revertTeam: { to: 1, revision: 1 },
      previewImpact: { kind: "licence-suspended", licenceId: nowhere },
    };
    const body = bodies[_];
    const response = await fetch(`${origin}/api/v1${path}`, {
      method: endpoint.method,
      ...(body === undefined
        ? {}
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    expect(await response.json()).toMatchObject({ status: 404, code: "organisation_not_found" });
  },
);

async function send(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
  const response = await app.inject({
    method: method as "GET",
    url: `/api/v1${path}`,
    headers: {
      host: "localhost:8480",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: body }),
  });
  return {
    status: response.statusCode,
    type: response.headers["content-type"],
    body: response.json<{ code: string; detail?: string }>(),
  };
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
  ["PUT", "/organisations/:o/teams/:n/policy", '{"policy":{},"revision":1}', 404, "team_not_found"],
  ["PUT", "/organisations/:o/teams/:t/policy", "{", 400, "malformed_json"],
  ["PUT", "/organisations/:o/teams/:t/policy", "", 400, "malformed_json"],
  [
    "PUT",
    "/organisations/:o/teams/:t/policy",
    '{"__proto__":{},"policy":{},"revision":1}',
    400,
    "malformed_json",
  ],
  ["PUT", "/organisations/:o/teams/:t/policy", "[]", 400, "malformed_request"],
  ["PUT", "/organisations/:o/teams/:t/policy", '{"policy":{}}', 400, "malformed_request"],
  [
    "PUT",
    "/organisations/:o/teams/:t/policy",
    '{"policy":{},"revision":1,"surplus":1}',
    400,
    "malformed_request",
  ],
  [
    "PUT",
    "/organisations/:o/teams/:t/policy",
    '{"policy":{"no.such":1},"revision":1}',
    400,
    "policy_invalid",
  ],
  [
    "PUT",
    "/organisations/:o/teams/:t/policy",
    '{"policy":{"sync.interval":4},"revision":1}',
    400,
    "policy_invalid",
  ],
  ["PUT", "/organisations/:o/teams/:t/policy", '{"policy":{},"revision":99}', 412, "revision_changed"],
  ["POST", "/organisations/:o/teams/:t/revert", '{"to":77,"revision":1}', 404, "team_revision_not_found"],
  ["POST", "/organisations/:o/impact", '{"kind":"anything"}', 400, "malformed_request"],
  ["PUT", "/organisations/:o/teams/:t/policy", `{"policy":"${"x".repeat(300_000)}"}`, 413, "body_too_large"],
];

test.each(refused.map(([method, path, body, status, code]) => ({ method, path, body, status, code })))(
  "$method $path is refused with $status $code, and the database is unchanged",
  async ({ method, path, body, status, code }) => {
    const { call, params, team } = await example();
    const revision = team.revision;
    const filled = (text: string) =>
      text.replace(":o", params.organisationId).replace(":t", team.id).replaceAll(":n", nowhere);
    const before = await call(standings.listUsers, { params });
    const current = body?.replace('"to":77,"revision":1', `"to":77,"revision":${revision}`);
    const reply = await send(method, filled(path), current);
    expect(reply).toMatchObject({ status, body: { code } });
    expect(reply.type).toContain("application/problem+json");
    const after = await call(standings.listUsers, { params });
    expect({ ...after, asOf: before.asOf }).toEqual(before);
  },
);

test("a body that is not JSON is refused by its type", async () => {
  const { params, team } = await example();
  const path = `/organisations/${params.organisationId}/teams/${team.id}/policy`;
  expect(
    await send("PUT", path, "a=b", { "content-type": "application/x-www-form-urlencoded" }),
  ).toMatchObject({
    status: 415,
    body: { code: "media_type_unsupported" },
  });
});

test.each([
  ["a name that somebody pointed at this machine", { host: "rebound.example:8480" }],
  ["a page of another origin", { origin: "https://elsewhere.example" }],
  ["a page of another port", { origin: "http://localhost:9999" }],
  ["a link on another site", { "sec-fetch-site": "cross-site" }],
])("INV-15: without signing in, %s may not call", async (_, headers) => {
  expect(await send("GET", "/organisations", undefined, headers)).toMatchObject({
    status: 403,
    body: { code: "origin_refused" },
  });
});

test("INV-15: the server's own pages may call", async () => {
  const own = { origin: "http://localhost:8480", "sec-fetch-site": "same-origin" };
  expect(await send("GET", "/organisations", undefined, own)).toMatchObject({ status: 200 });
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
  const { headers } = await app.inject({ url: "/api/v1/organisations", headers: { host: "localhost" } });
  expect(headers["content-security-policy"]).toContain("default-src 'self'");
  expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  expect(headers["cache-control"]).toBe("no-store");
});

test("the console is one page for all its addresses, and what it does not have is not found", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-console-"));
  await mkdir(join(folder, "assets"));
  await writeFile(join(folder, "index.html"), "<title>Lockstep</title>");
  await writeFile(join(folder, "assets", "main-1.js"), "0");
  const served = await makeApp({ routes: [], console: folder, log: false });
  try {
    const ask = (url: string) => served.inject({ url, headers: { host: "localhost" } });
    for (const page of ["/", "/organisations/1/teams/2"]) {
      const reply = await ask(page);
      expect(reply.body).toContain("<title>Lockstep</title>");
      expect(reply.headers["cache-control"]).toBe("no-cache");
    }
    expect((await ask("/assets/main-1.js")).headers["cache-control"]).toContain("immutable");
    expect((await ask("/assets/main-0.js")).statusCode).toBe(404);
    expect((await ask("/api/v1/nothing")).json()).toMatchObject({ code: "endpoint_not_found" });
  } finally {
    await served.close();
    await rm(folder, { recursive: true, force: true });
  }
});
