// The example as `npm start -- --example` brings it to life: simulated workstations that answer by themselves.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { organisations, standings, teams, updates, type Call } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { signInTo, startExampleServer, type TestServer } from "../apps/server/src/testing.ts";
import { startSimulatorBeside } from "../scripts/simulator.ts";
import { startRelayProcess, type RelayProcess } from "./relay.ts";

let relay: RelayProcess;
let server: TestServer;
let folder: string;
let call: Call;
let params: { organisationId: OrganisationId };

beforeAll(async () => {
  relay = await startRelayProcess();
  server = await startExampleServer(relay);
  folder = await mkdtemp(join(tmpdir(), "lockstep-simulator-"));
  call = (await signInTo(server.origin, "ada")).call;
  const { organisations: all } = await call(organisations.listOrganisations);
  const [organisation] = all;
  if (organisation === undefined) throw new Error("the example has an organisation");
  params = { organisationId: organisation.id };
});
afterAll(async () => {
  await server.stop();
  await relay.stop();
  await rm(folder, { recursive: true, force: true });
});

async function team(name: string) {
  const found = (await call(teams.listTeams, { params })).teams.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no team ${name}`);
  return found;
}

/** Who is in which colour among those whose workstations are alive. */
async function colours(): Promise<Record<string, string>> {
  const query = { team: (await team("Ground Operations")).id };
  const { users } = await call(standings.listUsers, { params, query });
  return Object.fromEntries(users.map(({ name, encryption }) => [name.replace(/ .*/, ""), encryption]));
}

/** Until it is so; the workstations take their time. */
async function expectSoon(expected: Record<string, string>): Promise<void> {
  await expect.poll(colours, { timeout: 30_000, interval: 100 }).toMatchObject(expected);
}

async function setPolicyOfRamp(mode: "block" | "read-only"): Promise<void> {
  const { id: teamId, revision: match } = await team("Ramp");
  await call(teams.setTeamPolicy, {
    params: { ...params, teamId },
    body: { policy: { "removable-media.mode": mode } },
    match,
  });
}

const start = () => startSimulatorBeside(server.origin, join(folder, "fleet"), 0.2);

test("posting turns red into orange, and then into green by itself; a workstation that is off stays orange", async () => {
  const live = await start();
  await live.told;
  await expectSoon({
    Anna: "active",
    Ben: "additional-keys",
    Clara: "update-pending",
    David: "update-required",
    Emma: "update-required",
    Frank: "licensed",
    Grace: "unlicensed",
  });
  const before = await call(standings.countOrganisation, { params });
  for (const count of Object.values(before.counts.encryption)) expect(count).toBeGreaterThan(0);
  await call(updates.postKeyFiles, { params, body: {} });
  await expectSoon({ Clara: "update-pending", David: "active", Emma: "active" });
  await live.stop();
});

test("the next start goes on with the same workstations", async () => {
  await setPolicyOfRamp("read-only");
  await call(updates.postKeyFiles, { params, body: {} });
  await expectSoon({ David: "update-pending", Emma: "update-pending" });
  const live = await start();
  await live.told;
  await expectSoon({ Anna: "active", Clara: "update-pending", David: "active", Emma: "active" });
  await live.stop();
});
