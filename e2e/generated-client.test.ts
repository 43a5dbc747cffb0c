// Other people's programs: a client that a public generator makes of the OpenAPI document, and a program that uses it
// against the real server with the example organisation.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createClient } from "@hey-api/openapi-ts";
import { afterAll, beforeAll, expect, test } from "vitest";

import { signInTo, startExampleServer, type TestServer } from "../apps/server/src/testing.ts";
import { root } from "../scripts/repository.ts";
import { run, runTool } from "../scripts/tool.ts";

/** As somebody would write it who knows nothing of Lockstep but the document. */
const program = `
import * as lockstep from "./client/index.ts";
import { client } from "./client/client.gen.ts";

const [origin = "", token = ""] = process.argv.slice(2);
client.setConfig({ baseUrl: origin + "/api/v1", auth: token });

const { data } = await lockstep.listOrganisations({ throwOnError: true });
const own = data.organisations.find(({ name }) => name === "Northwind Air");
const path = { organisationId: own?.id ?? "" };
const { data: red } = await lockstep.listUsers({
  path,
  query: { status: "update-required", subTeams: true, limit: 200 },
  throwOnError: true,
});

const { data: all } = await lockstep.listTeams({ path, throwOnError: true });
const ofTeam = { ...path, teamId: all.teams.find(({ name }) => name === "IT")?.id ?? "" };
const former = await lockstep.showTeam({ path: ofTeam, throwOnError: true });
const loaded = former.response.headers.get("etag") ?? "";
const saved = await lockstep.setTeamPolicy({
  path: ofTeam,
  headers: { "If-Match": loaded },
  body: { policy: { "sync.interval": 20, "removable-media.mode": "block" } },
  throwOnError: true,
});
const late = await lockstep.setTeamPolicy({
  path: ofTeam,
  headers: { "If-Match": loaded },
  body: { policy: {} },
});
const reverted = await lockstep.revertTeam({
  path: ofTeam,
  headers: { "If-Match": saved.response.headers.get("etag") ?? "" },
  body: { to: former.data.team.revision },
  throwOnError: true,
});

const nowhere = { ...path, teamId: path.organisationId };
const { error } = await lockstep.showTeam({ path: nowhere });
// Of this endpoint, 404 can have these two codes and no other: whoever handles one too few is told by the compiler.
const sentences = { organisation_not_found: "no organisation", team_not_found: "no team" } as const;
const missing = error?.status === 404 ? sentences[error.code] : "something else";

console.log(
  JSON.stringify({
    organisations: data.organisations.map(({ name }) => name),
    red: red.users.map(({ username }) => username),
    saved: saved.data.policy,
    late: late.error?.code,
    reverted: reverted.data.policy,
    missing,
  }),
);
`;

let server: TestServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-generated-client-"));
  await createClient({
    input: join(root, "packages/api/openapi.json"),
    output: { path: join(folder, "client"), module: { extension: ".ts" } },
    plugins: ["@hey-api/client-fetch", "@hey-api/typescript", "@hey-api/sdk"],
    logs: { level: "silent" },
  });
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  await writeFile(join(folder, "program.ts"), program);
  server = await startExampleServer();
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

test("a program that uses the generated client compiles, its refusals included", async () => {
  const { exitCode, output } = await runTool(
    ["typescript", "tsc"],
    [
      ...["--ignoreConfig", "--noEmit", "--strict", "--skipLibCheck"],
      ...["--target", "esnext", "--module", "nodenext", "--allowImportingTsExtensions"],
      ...["--types", "node", "--typeRoots", join(root, "node_modules/@types")],
      join(folder, "program.ts"),
    ],
  );
  expect({ exitCode, output }).toEqual({ exitCode: 0, output: "" });
});

test("the generated client lists, saves with If-Match, reverts, and gets refusals with their codes", async () => {
  const { token } = await signInTo(server.origin, "mia");
  const { exitCode, output } = await run(process.execPath, [
    join(folder, "program.ts"),
    server.origin,
    token,
  ]);
  expect({ exitCode, said: JSON.parse(output) as unknown }).toEqual({
    exitCode: 0,
    said: {
      organisations: ["Civil Aviation Authority office", "Installation office", "Northwind Air"],
      red: [
        "kai@northwind.example",
        "pia@northwind.example",
        "rosa@northwind.example",
        "vera@northwind.example",
      ],
      saved: { "sync.interval": 20, "removable-media.mode": "block" },
      late: "revision_changed",
      reverted: {},
      missing: "no team",
    },
  });
});
