// The living part of the example: people whose workstations a process of its own simulates, which ends with this one.
// What they need is made through the interface, as an administrator would do it.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import {
  activations,
  keys,
  organisations,
  sessions,
  standings,
  sync,
  teams,
  updates,
  users,
  type Call,
} from "@lockstep/api";
import type { OrganisationId, TeamId, UserId } from "@lockstep/core";

import { exampleDomain, livePeople, type LivePerson } from "../apps/server/src/example-people.ts";
import { exampleName } from "../apps/server/src/example.ts";
import { signInTo } from "../apps/server/src/testing.ts";
import { root } from "./repository.ts";

const program = join(root, "apps", "simulator", "src", "main.ts");

type Workstation = NonNullable<LivePerson["workstations"]>[number];
const allWorkstations = livePeople.flatMap(({ workstations = [] }) => workstations);

/** The process, told of one workstation after the other. */
class Simulator {
  readonly #child: ChildProcess;
  readonly #awaited = new Map<string, PromiseWithResolvers<undefined>>();

  constructor(folder: string, paceSeconds: number) {
    const parameters = [program, folder, "--pace", String(paceSeconds)];
    this.#child = spawn(process.execPath, parameters, {
      // It ends when this pipe does, however this program has ended.
      stdio: ["pipe", "pipe", "inherit"],
    });
    // Whoever waits is told below; a pipe without a reader is nobody's mistake.
    this.#child.stdin?.on("error", () => undefined);
    if (this.#child.stdout !== null) {
      createInterface({ input: this.#child.stdout }).on("line", (line) => this.#hear(line));
    }
    this.#child.on("exit", () => {
      for (const { reject } of this.#awaited.values()) reject(new Error("the simulator has ended"));
    });
  }

  #hear(line: string): void {
    const [, name = "", sentence = ""] = /^(\S+): (.*)$/.exec(line) ?? [];
    const awaited = this.#awaited.get(name);
    this.#awaited.delete(name);
    if (sentence === "activated") awaited?.resolve(undefined);
    else awaited?.reject(new Error(line));
  }

  /** Activates a workstation. @throws Error when it cannot be. */
  async activate(workstation: Workstation, link: string): Promise<void> {
    if (this.#child.exitCode !== null) throw new Error("the simulator has ended");
    const activated = Promise.withResolvers<undefined>();
    this.#awaited.set(workstation.name, activated);
    this.#tell(workstation, link);
    await activated.promise;
  }

  /** Goes on with one that was activated. One that somebody has deactivated meanwhile stays out. */
  resume(workstation: Workstation): void {
    this.#tell(workstation);
  }

  #tell({ name, isOffline }: Workstation, ...more: readonly string[]): void {
    const power = isOffline === true ? "offline" : "online";
    this.#child.stdin?.write(`${[name, power, ...more].join(" ")}\n`);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.stdin?.end();
    await ended;
  }
}

interface Scope {
  readonly call: Call;
  readonly params: { readonly organisationId: OrganisationId };
}

async function signIn(origin: string): Promise<Scope> {
  const { call } = await signInTo(origin, "ada");
  const { organisations: all } = await call(organisations.listOrganisations);
  const organisation = all.find(({ name }) => name === exampleName);
  if (organisation === undefined) throw new Error(`there is no ${exampleName}`);
  return { call, params: { organisationId: organisation.id } };
}

/** The teams by name, with those that were missing. */
async function makeTeams({ call, params }: Scope): Promise<Map<string, TeamId>> {
  const { teams: all } = await call(teams.listTeams, { params });
  const byName = new Map(all.map(({ id, name }) => [name, id]));
  for (const [name, parent] of [
    ["Ground Operations", exampleName],
    ["Ramp", "Ground Operations"],
  ] as const) {
    const parentId = byName.get(parent);
    if (byName.has(name) || parentId === undefined) continue;
    byName.set(name, (await call(teams.createTeam, { params, body: { name, parentId } })).id);
  }
  return byName;
}

/** The people by username, with those that were missing. */
async function makePeople({ call, params }: Scope): Promise<Map<string, UserId>> {
  const teamIds = await makeTeams({ call, params });
  const { users: all } = await call(standings.listUsers, { params, query: { limit: 200 } });
  const byName = new Map(all.map(({ id, username }) => [username.split("@")[0] ?? username, id]));
  for (const { username, name, team } of livePeople) {
    if (byName.has(username)) continue;
    const address = `${username}@${exampleDomain}`;
    const teamId = teamIds.get(team);
    const body = { username: address, email: address, name, ...(teamId === undefined ? {} : { teamId }) };
    byName.set(username, (await call(users.addUser, { params, body })).id);
  }
  return byName;
}

async function giveOwnKeys({ call, params }: Scope, userId: UserId): Promise<void> {
  const { groups } = await call(keys.listGroups, { params });
  const ofUser = { ...params, userId };
  const { revision } = await call(users.showUser, { params: ofUser });
  const groupIds = groups.filter(({ name }) => name === "Investigation").map(({ id }) => id);
  await call(users.setUserGroups, { params: ofUser, body: { groupIds }, match: revision });
}

/** One workstation after the other: a user has one code at a time. */
async function settle({ call, params }: Scope, userId: UserId, person: LivePerson, simulator: Simulator) {
  if (person.ownKeys === true) await giveOwnKeys({ call, params }, userId);
  const issue = async () => {
    const issued = await call(activations.issueActivationCode, { params: { ...params, userId }, body: {} });
    // Nobody can use it before the relay has its offer.
    await call(sync.startSync, { params });
    return issued;
  };
  for (const workstation of person.workstations ?? []) {
    await simulator.activate(workstation, (await issue()).link);
  }
  if (person.hasCode === true) await issue();
}

/** Blocks removable media on the ramp, and posts that to some. */
async function changePolicy({ call, params }: Scope, people: ReadonlyMap<string, UserId>): Promise<void> {
  const { teams: all } = await call(teams.listTeams, { params });
  const ramp = all.find(({ name }) => name === "Ramp");
  if (ramp === undefined) return;
  await call(teams.setTeamPolicy, {
    params: { ...params, teamId: ramp.id },
    body: { policy: { "removable-media.mode": "block" } },
    match: ramp.revision,
  });
  const posted = livePeople.filter(({ isPosted }) => isPosted === true);
  const userIds = posted.flatMap(({ username }) => people.get(username) ?? []);
  await call(updates.postKeyFiles, { params, body: { userIds } });
}

/** From the first person to the last change. What was begun before is gone through again, and does no harm. */
async function tell(scope: Scope, simulator: Simulator): Promise<void> {
  const people = await makePeople(scope);
  const settling = livePeople.map(async (person) => {
    const userId = people.get(person.username);
    if (userId !== undefined) await settle(scope, userId, person, simulator);
  });
  await Promise.all(settling);
  await scope.call(sync.startSync, { params: scope.params });
  await changePolicy(scope, people);
}

export interface LiveExample {
  /** When all workstations are there, and something is due on some of them. */
  readonly told: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Brings the example to life, or goes on with what an earlier start has brought to life.
 * @param folder of the simulated workstations. @param paceSeconds how long a person takes at most to log in.
 */
export async function startSimulatorBeside(
  origin: string,
  folder: string,
  paceSeconds = 10,
): Promise<LiveExample> {
  const scope = await signIn(origin);
  const { organisationId } = scope.params;
  // Written when all was told, and worth nothing once the example is another one.
  const mark = join(folder, "told");
  const isTold = existsSync(mark) && readFileSync(mark, "utf8") === organisationId;
  if (!isTold) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const simulator = new Simulator(folder, paceSeconds);
  const begin = async () => {
    if (isTold) for (const workstation of allWorkstations) simulator.resume(workstation);
    else await tell(scope, simulator);
    writeFileSync(mark, organisationId);
    await scope.call(sessions.signOut);
  };
  return { told: begin(), stop: () => simulator.stop() };
}
