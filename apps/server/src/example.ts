// The example organisation: named people in every state, told as the story of two months. Used by
// `npm start -- --example`, by tests and for screenshots. Everything goes through the doors that a server uses.

import {
  parseDay,
  dayOf,
  type ActivationId,
  type Day,
  type GroupId,
  type KeyId,
  type LicenceId,
  type OrganisationId,
  type TeamId,
  type UserId,
  type WorkstationId,
} from "@lockstep/core";
import { v7 as uuid } from "uuid";

import { insertBlock } from "./accounts/blocks/store.ts";
import {
  insertActivation,
  insertActivationCode,
  insertWorkstation,
  updateApplied,
  type ActivationCodeId,
} from "./activations/store.ts";
import type { Clock } from "./clock.ts";
import type { Change, ContentChange } from "./db/change.ts";
import type { Database } from "./db/database.ts";
import { OperatorError } from "./db/operator-error.ts";
import { linkToDirectory, markMissingFromDirectory } from "./directory/store.ts";
import {
  administrators,
  exampleBlock,
  exampleDomain as domain,
  examplePassword,
  people,
  teams,
  toldOfMarks,
  type Administrator,
  type Person,
  type Place,
} from "./example-people.ts";
import { changeContents, changeFacts, type Writing } from "./facts/change.ts";
import { rotateKey } from "./keys/commands.ts";
import { makeKeyMaterial } from "./keys/material.ts";
import { addKeyToGroup, insertGroup, insertKey } from "./keys/store.ts";
import { insertLicence, insertSeats } from "./licences/store.ts";
import { createOrganisationWithin } from "./organisations/commands.ts";
import { listOrganisations } from "./organisations/store.ts";
import { insertRoleGrant } from "./roles/store.ts";
import type { RootMaking } from "./roots/commands.ts";
import { hashPassword } from "./sessions/password.ts";
import { makeOffices } from "./sessions/set-up.ts";
import { putPassword } from "./sessions/store.ts";
import { setTeamPolicy } from "./teams/commands.ts";
import { findTeam, giveGroupToTeam, insertTeam, loadRootTeam } from "./teams/store.ts";
import { postCommand, postKeyFiles, updateUpdateState, type PostedKeyFile } from "./updates/store.ts";
import { giveGroupToUser, insertUsers, updateAccountMarks } from "./users/store.ts";

export const exampleName = "Northwind Air";

export interface Surroundings extends RootMaking {
  readonly database: Database;
  readonly clock: Clock;
}

/** Loads the example into an empty database; into one that has it already, nothing. */
export async function loadExample({ database, clock, ...making }: Surroundings): Promise<void> {
  const organisations = await database.snapshot(listOrganisations);
  if (organisations.some(({ name }) => name === exampleName)) return;
  if (organisations.length > 0) {
    throw new OperatorError({
      code: "example-needs-empty-database",
      sentence: "the database already has organisations, and the example would stand among them",
      hint: "start without --example, or give the example a database of its own",
    });
  }
  await new Story(database, making, clock()).tell();
}

const dayMilliseconds = 86_400_000;

class Story {
  readonly #database: Database;
  readonly #making: RootMaking;
  readonly #now: Date;
  readonly #organisationId = uuid() as OrganisationId;
  readonly #places = new Map<Place, OrganisationId>([["organisation", this.#organisationId]]);
  readonly #teams = new Map<string, TeamId>(teams.map(({ name }) => [name, uuid() as TeamId]));
  readonly #users = new Map<string, UserId>(people.map(({ username }) => [username, uuid() as UserId]));
  readonly #groups = new Map<string, GroupId>();
  readonly #keys = new Map<string, KeyId>();
  readonly #activations = new Map<string, { id: ActivationId; userId: UserId; name: string }>();

  constructor(database: Database, making: RootMaking, now: Date) {
    this.#database = database;
    this.#making = making;
    this.#now = now;
  }

  async tell(): Promise<void> {
    await this.#found();
    await this.#addTeamsAndKeys();
    await this.#addPeople();
    await this.#activate();
    await this.#useDirectory();
    await this.#changePolicies();
    await this.#postUpdates();
    await this.#markAccounts();
    await this.#appoint();
  }

  /** Writing as it would have been so many days ago. */
  #daysAgo(days: number): Writing {
    const at = new Date(this.#now.getTime() - days * dayMilliseconds);
    return { database: this.#database, clock: () => at, doer: { role: "example", userId: null } };
  }

  #day(daysFromNow: number): Day {
    return dayOf(new Date(this.#now.getTime() + daysFromNow * dayMilliseconds));
  }

  #team(name: string): TeamId {
    return found(this.#teams, name);
  }

  #user(username: string): UserId {
    return found(this.#users, username);
  }

  #those(matches: (person: Person) => boolean): UserId[] {
    return people.filter(matches).map(({ username }) => this.#user(username));
  }

  async #change<Result>(daysAgo: number, write: (change: Change) => Promise<Result>): Promise<Result> {
    return changeFacts(this.#daysAgo(daysAgo), this.#organisationId, write);
  }

  async #changeContents(daysAgo: number, write: (change: ContentChange) => Promise<void>): Promise<void> {
    await changeContents(this.#daysAgo(daysAgo), this.#organisationId, write);
  }

  async #found(): Promise<void> {
    const writing = { ...this.#daysAgo(60), ...this.#making };
    await this.#database.transaction(async (transaction) => {
      const offices = await makeOffices(transaction, writing, "Civil Aviation Authority");
      this.#places.set("installation", offices.installation);
      this.#places.set("authority", offices.authority);
      await createOrganisationWithin(transaction, writing, {
        id: this.#organisationId,
        authorityId: offices.authorityId,
        name: exampleName,
        office: "none",
        rootTeamId: this.#team(exampleName),
      });
    });
  }

  async #addTeamsAndKeys(): Promise<void> {
    await this.#changeContents(60, async (change) => {
      for (const { name, parent } of teams) {
        if (parent === null) continue;
        await insertTeam(change, { id: this.#team(name), parentId: this.#team(parent), name });
        change.record({ kind: "team-created", teamId: this.#team(name) });
      }
      for (const name of ["Company", "Finance", "Investigation"]) {
        const [groupId, keyId] = [uuid() as GroupId, uuid() as KeyId];
        this.#groups.set(name, groupId);
        this.#keys.set(name, keyId);
        await insertGroup(change, { id: groupId, name });
        const place = { organisationId: this.#organisationId, keyId, version: 1 };
        await insertKey(
          change,
          { id: keyId, name },
          await makeKeyMaterial(this.#making.keyEncryption, place),
        );
        await addKeyToGroup(change, groupId, keyId);
      }
      await giveGroupToTeam(change, this.#team(exampleName), found(this.#groups, "Company"));
      await giveGroupToTeam(change, this.#team("Finance"), found(this.#groups, "Finance"));
    });
  }

  async #addPeople(): Promise<void> {
    await this.#change(59, async (change) => {
      await insertUsers(
        change,
        people.map(({ username, name, team, account }) => ({
          id: this.#user(username),
          teamId: this.#team(team),
          username: `${username}@${domain}`,
          name,
          email: `${username}@${domain}`,
          account: account === undefined ? "active" : account.account,
        })),
      );
      for (const { username, team } of people) {
        change.record({ kind: "user-added", userId: this.#user(username), teamId: this.#team(team) });
      }
      const main = await this.#addLicence(change, { term: "subscription", seats: 40, until: this.#day(200) });
      const old = await this.#addLicence(change, { term: "trial", seats: 3, until: this.#day(-5) });
      await this.#license(
        change,
        main,
        this.#those(({ licence }) => licence === undefined),
      );
      await this.#license(
        change,
        old,
        this.#those(({ licence }) => licence === "expired"),
      );
      const own = people.flatMap(({ username, code }) => (code === undefined ? [] : [{ username, code }]));
      for (const { username, code } of own) {
        await insertActivationCode(change, {
          id: uuid() as ActivationCodeId,
          userId: this.#user(username),
          expiresAt: new Date(this.#now.getTime() + (code === "outstanding" ? 9 : -40) * dayMilliseconds),
        });
        change.record({ kind: "activation-code-issued", userId: this.#user(username) });
      }
    });
  }

  async #addLicence(
    change: Change,
    { term, seats, until }: { term: "subscription" | "trial"; seats: number; until: Day },
  ): Promise<LicenceId> {
    const id = uuid() as LicenceId;
    const validFrom = parseDay(this.#day(-60));
    await insertLicence(change, {
      id,
      productId: "LS-1",
      edition: "Pro",
      term,
      seats,
      validFrom,
      validUntil: until,
    });
    change.record({ kind: "licence-added", licenceId: id, detail: { seats } });
    return id;
  }

  async #license(change: Change, licenceId: LicenceId, users: readonly UserId[]): Promise<void> {
    await insertSeats(change, licenceId, users);
    for (const userId of users) change.record({ kind: "licence-assigned", userId, licenceId });
  }

  async #activate(): Promise<void> {
    await this.#changeContents(58, async (change) => {
      for (const userId of this.#those(({ ownKeys }) => ownKeys === true)) {
        await giveGroupToUser(change, userId, found(this.#groups, "Investigation"));
        change.record({ kind: "own-keys-changed", userId });
      }
    });
    await this.#change(57, async (change) => {
      for (const { username, workstations = [] } of people) {
        for (const name of workstations) await this.#admit(change, username, name);
      }
    });
    const active = [...new Set([...this.#activations.values()].map(({ userId }) => userId))];
    const posted = await this.#change(57, (change) => postKeyFiles(change, active));
    await this.#report(56, posted);
  }

  async #admit(change: Change, username: string, name: string): Promise<void> {
    const [id, workstationId] = [uuid() as ActivationId, uuid() as WorkstationId];
    const userId = this.#user(username);
    this.#activations.set(name, { id, userId, name });
    await insertWorkstation(change, { id: workstationId, name });
    await insertActivation(change, { id, userId, workstationId });
    change.record({ kind: "workstation-activated", userId, detail: { workstation: name } });
  }

  /** The workstations have applied what was posted, and the server has read it back. */
  async #report(daysAgo: number, posted: readonly PostedKeyFile[]): Promise<void> {
    const names = new Map([...this.#activations.values()].map(({ id, name }) => [id, name]));
    await this.#change(daysAgo, async (change) => {
      for (const keyFile of posted) {
        await updateUpdateState(change, keyFile, "processed");
        await updateApplied(change, keyFile);
        const detail = { workstation: names.get(keyFile.activationId), version: keyFile.version };
        change.record({ kind: "key-file-processed", userId: keyFile.userId, detail });
      }
    });
  }

  async #useDirectory(): Promise<void> {
    await this.#change(50, async (change) => {
      for (const userId of this.#those(({ directory }) => directory !== undefined)) {
        await linkToDirectory(change, userId, uuid());
        change.record({ kind: "directory-linked", userId });
      }
    });
    await this.#change(8, async (change) => {
      const gone = this.#those(({ directory }) => directory === "missing");
      await markMissingFromDirectory(change, gone);
      for (const userId of gone) change.record({ kind: "directory-missing", userId });
    });
  }

  async #changePolicies(): Promise<void> {
    const teamId = this.#team("Cabin Crew");
    const team = await this.#database.snapshot((snapshot) =>
      findTeam(snapshot, this.#organisationId, teamId),
    );
    await setTeamPolicy(this.#daysAgo(3), this.#organisationId, {
      teamId,
      revision: team?.revision ?? 1,
      policy: { "removable-media.mode": "block", "offline.warn-after": 3 },
    });
    const writing = { ...this.#daysAgo(2), ...this.#making };
    await rotateKey(writing, this.#organisationId, { keyId: found(this.#keys, "Finance"), revision: 1 });
  }

  async #postUpdates(): Promise<void> {
    const done = await this.#post(2, (person) => person.update === "processed");
    await this.#report(1, done);
    const half = await this.#post(1, (person) => person.update === "half-processed");
    await this.#report(1, half.slice(0, 1));
    await this.#post(1, (person) => person.update === "posted");
    const rejected = await this.#post(1, (person) => person.update === "rejected");
    await this.#change(0.5, async (change) => {
      for (const keyFile of rejected) await updateUpdateState(change, keyFile, "rejected");
    });
    await this.#change(0.4, async (change) => {
      for (const { username, update, workstations = [] } of people) {
        const activation = this.#activations.get(workstations[0] ?? "");
        if (update !== "command" || activation === undefined) continue;
        const userId = this.#user(username);
        await postCommand(change, {
          id: uuid() as PostedKeyFile["id"],
          kind: "force-password-change",
          activationId: activation.id,
          userId,
        });
        const detail = { command: "force-password-change", workstation: activation.name };
        change.record({ kind: "command-posted", userId, detail });
      }
    });
  }

  async #post(daysAgo: number, matches: (person: Person) => boolean): Promise<PostedKeyFile[]> {
    const names = new Map([...this.#activations.values()].map(({ id, name }) => [id, name]));
    return this.#change(daysAgo, async (change) => {
      const posted = await postKeyFiles(change, this.#those(matches));
      for (const { userId, activationId } of posted) {
        change.record({ kind: "key-file-posted", userId, detail: { workstation: names.get(activationId) } });
      }
      return posted;
    });
  }

  async #markAccounts(): Promise<void> {
    await this.#change(0.3, async (change) => {
      for (const { username, account } of people) {
        if (account === undefined || account.account === "none") continue;
        const userId = this.#user(username);
        await updateAccountMarks(change, userId, account);
        if (account.blocked) await insertBlock(change, userId, exampleBlock);
        for (const kind of toldOfMarks(account)) change.record({ kind, userId });
      }
    });
  }

  /** Those who can sign in get a password, and their roles. */
  async #appoint(): Promise<void> {
    const hash = await hashPassword(examplePassword);
    for (const administrator of administrators) {
      const organisationId = found(this.#places, administrator.home);
      const userId = await this.#housed(administrator, organisationId);
      await this.#database.transaction(async (transaction) => {
        await putPassword(transaction, organisationId, { userId, hash, at: this.#now });
        for (const [role, place] of administrator.roles) {
          const grant = { userId, role, scopeId: found(this.#places, place) };
          await insertRoleGrant(transaction, organisationId, grant, this.#now);
        }
      });
    }
  }

  /** Who lives in an office is added to it. */
  async #housed({ username, name, home }: Administrator, organisationId: OrganisationId): Promise<UserId> {
    if (home === "organisation") return this.#user(username);
    const id = uuid() as UserId;
    await changeFacts(this.#daysAgo(60), organisationId, async (change) => {
      const { id: teamId } = await loadRootTeam(change, organisationId);
      const address = `${username}@${domain}`;
      await insertUsers(change, [{ id, teamId, username: address, name, email: address, account: "active" }]);
      change.record({ kind: "user-added", userId: id, teamId });
    });
    return id;
  }
}

function found<Value>(map: ReadonlyMap<string, Value>, name: string): Value {
  const value = map.get(name);
  if (value === undefined) throw new Error(`the example has no ${name}`);
  return value;
}
