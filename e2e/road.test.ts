// What happens on the road of a Key-File besides what colours.test.ts tells: one user of the example, an administrator, a
// relay as a process of its own, and workstations that come and go. Each test goes on where the one before it ended.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  activations,
  organisations,
  standings,
  sync as proxySync,
  teams,
  updates,
  users,
  workstations,
  type Call,
} from "@lockstep/api";
import type { OrganisationId, Policy, TeamId, UserId, WorkstationId } from "@lockstep/core";
import { activate, login, profileIn, status, sync, type Profile } from "@lockstep/workstation";
import { afterAll, beforeAll, expect, test } from "vitest";

import { signInTo, startExampleServer, type TestServer } from "../apps/server/src/testing.ts";
import { startRelayProcess, type RelayProcess } from "./relay.ts";

let relay: RelayProcess;
let server: TestServer;
let folder: string;
let call: Call;
let organisationId: OrganisationId;
let userId: UserId;
let teamId: TeamId;

beforeAll(async () => {
  relay = await startRelayProcess();
  server = await startExampleServer(relay);
  folder = await mkdtemp(join(tmpdir(), "lockstep-road-"));
  call = (await signInTo(server.origin, "ada")).call;
  organisationId = first((await call(organisations.listOrganisations)).organisations).id;
  const params = { organisationId };
  const list = await call(standings.listUsers, { params, query: { status: "unlicensed" } });
  const user = first(list.users);
  const team = await call(teams.createTeam, { params, body: { name: "Travellers", parentId: user.teamId } });
  await call(users.moveUsers, { params, body: { userIds: [user.id], teamId: team.id } });
  [userId, teamId] = [user.id, team.id];
  await activateAt("WS-1");
  expect(await colour()).toBe("active");
});
afterAll(async () => {
  await server.stop();
  await relay.stop();
  await rm(folder, { recursive: true, force: true });
});

function first<Each>(these: readonly Each[]): Each {
  const [one] = these;
  if (one === undefined) throw new Error("expected at least one");
  return one;
}

const client = "lockstep-client 0.1.0";
const password = "correct horse battery staple";
const machines = new Map<string, Promise<Profile>>();

/** The workstation of that name; it is the same machine each time. */
function at(name: string): Promise<Profile> {
  const profile =
    machines.get(name) ??
    profileIn(join(folder, name), client, {
      machine: { id: name, name, os: "Linux", client },
      keyring: null,
      runtimeFolder: null,
    });
  machines.set(name, profile);
  return profile;
}

const ofUser = () => ({ organisationId, userId });
const standing = () => call(standings.showStanding, { params: ofUser() });
const colour = async () => (await standing()).encryption;
const exchange = () => call(proxySync.startSync, { params: { organisationId } });

async function setPolicy(policy: Policy): Promise<void> {
  const params = { organisationId, teamId };
  const { revision } = (await call(teams.showTeam, { params })).team;
  await call(teams.setTeamPolicy, { params, body: { policy }, match: revision });
}

/** Posts to the user if one is required. @returns how many Key-Files. */
async function post(): Promise<number> {
  const params = { organisationId };
  let posting = await call(updates.postKeyFiles, { params, body: { userIds: [userId] } });
  while (posting.endedAt === null)
    posting = await call(updates.showPosting, { params: { ...params, postingId: posting.id } });
  return posting.posted;
}

/** Somebody sits down at a workstation, logs in, and the server reads what it has to say. */
async function useAt(name: string): Promise<void> {
  await exchange();
  await sync(await at(name));
  await login(await at(name), { password, keep: false });
  await sync(await at(name));
  await exchange();
}

async function issueCode() {
  const issued = await call(activations.issueActivationCode, { params: ofUser(), body: {} });
  await exchange();
  return issued;
}

async function activateAt(name: string): Promise<{ code: string; relays: readonly string[] }> {
  const { code, relays } = await issueCode();
  await activate(await at(name), { code, relays, password, waitSeconds: 20 });
  await exchange();
  return { code, relays };
}

async function command(kind: "deactivate" | "lock" | "unlock" | "force-password-change", name: string) {
  const workstationId = await workstationNamed(name);
  await call(updates.postCommand, { params: ofUser(), body: { kind, workstationId } });
  await exchange();
}

async function workstationNamed(name: string): Promise<WorkstationId> {
  return first((await standing()).workstations.filter((each) => each.name === name)).id;
}

const names = async () => (await standing()).workstations.map(({ name }) => name);

test("who comes second with a code is told so, and the administrator sees it", async () => {
  const { code, relays } = await activateAt("WS-3");
  expect(await names()).toEqual(["WS-1", "WS-3"]);
  const second = activate(await at("WS-4"), { code, relays, password, waitSeconds: 20 });
  await expect(second).rejects.toMatchObject({ code: "code-already-used" });
  const { entries } = await call(standings.showTimeline, { params: ofUser() });
  expect(entries.map(({ kind }) => kind)).toContain("code-reused");
  expect(await names()).toEqual(["WS-1", "WS-3"]);
});

test("lock and unlock reach a workstation in their order", async () => {
  await command("lock", "WS-3");
  await sync(await at("WS-3"));
  expect(await status(await at("WS-3"))).toMatchObject({ obstacle: "locked" });
  await expect(login(await at("WS-3"), { password, keep: false })).rejects.toMatchObject({ code: "locked" });
  await command("unlock", "WS-3");
  await sync(await at("WS-3"));
  expect(await status(await at("WS-3"))).toMatchObject({ obstacle: null });
  await exchange();
  expect(await colour()).toBe("active");
});

test("a user postpones an update where the policy lets them: until it is applied they stay orange", async () => {
  await setPolicy({ "password.min-length": 14 });
  expect(await post()).toBe(2);
  await useAt("WS-3");
  await sync(await at("WS-1"));
  const postponed = await login(await at("WS-1"), { password, keep: false, postpone: true });
  expect(postponed).toMatchObject({ waiting: 1 });
  await sync(await at("WS-1"));
  await exchange();
  expect(await colour()).toBe("update-pending");
  await useAt("WS-1");
  expect(await colour()).toBe("active");
});

test("where the policy forbids to postpone, the next update waits for nobody", async () => {
  await setPolicy({ "update.may-postpone": false });
  await post();
  await useAt("WS-3");
  await useAt("WS-1");
  await setPolicy({ "update.may-postpone": false, "password.min-length": 15 });
  await post();
  await useAt("WS-3");
  await sync(await at("WS-1"));
  const postponing = login(await at("WS-1"), { password, keep: false, postpone: true });
  await expect(postponing).rejects.toMatchObject({ code: "postpone-forbidden" });
  await useAt("WS-1");
  expect(await colour()).toBe("active");
});

test("what is posted while the relay is away goes out when it is back", async () => {
  await setPolicy({ "password.min-length": 18 });
  await relay.kill();
  await post();
  await expect(exchange()).rejects.toMatchObject({ code: "relay_unreachable" });
  expect(await call(proxySync.showSync, { params: { organisationId } })).toMatchObject({
    failure: "the relay cannot be reached",
  });
  await relay.restart();
  await useAt("WS-1");
  await useAt("WS-3");
  expect(await colour()).toBe("active");
  expect(await call(proxySync.showSync, { params: { organisationId } })).toMatchObject({
    failure: null,
    toDeliver: 0,
  });
});

test("an update that nobody has fetched is cancelled at the relay, and the colour is the one from before", async () => {
  await setPolicy({ "password.min-length": 19 });
  expect(await post()).toBe(2);
  await exchange();
  const params = { organisationId };
  const query = { user: userId, state: "outstanding" } as const;
  const posted = await call(updates.listUpdates, { params, query });
  for (const { id } of posted.updates)
    await call(updates.cancelUpdate, { params: { ...params, updateId: id } });
  await exchange();
  expect((await call(updates.listUpdates, { params, query })).updates).toEqual([]);
  expect(await colour()).toBe("update-required");
  await setPolicy({ "password.min-length": 18 });
  expect(await colour()).toBe("active");
});

test("a lost workstation is out at once, and whoever holds its keys needs new versions of them", async () => {
  const params = { organisationId, workstationId: await workstationNamed("WS-3") };
  const { exposed } = await call(workstations.declareLost, { params, body: { rotateKeys: true } });
  expect(exposed.length).toBeGreaterThan(0);
  expect(exposed.every(({ isInUse }) => !isInUse)).toBe(true);
  expect(await names()).toEqual(["WS-1"]);
  expect(await colour()).toBe("update-required");
  await post();
  await useAt("WS-1");
  expect(await colour()).toBe("active");
  // Should it ever call again, it is wiped.
  await exchange();
  expect((await sync(await at("WS-3"))).ended).toBe(true);
});
