// A small organisation to write facts into, and every way of writing them, by name.

import { mkdtempSync } from "node:fs";
import { join } from "node:path";

import {
  parseDay,
  type ActivationId,
  type AuthorityId,
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
import { inject } from "vitest";

import * as accounts from "../accounts/store.ts";
import * as activations from "../activations/store.ts";
import type { Database } from "../db/database.ts";
import * as erasure from "../deletions/erasure/store.ts";
import * as directory from "../directory/store.ts";
import { makeKeyMaterial, type KeyMaterial } from "../keys/material.ts";
import { makeKeyFile } from "../keys/sealing/key-encryption-file.ts";
import { openKeyEncryption, type KeyEncryption } from "../keys/sealing/sealing.ts";
import * as keys from "../keys/store.ts";
import * as licences from "../licences/store.ts";
import { createOrganisationWithin } from "../organisations/commands.ts";
import * as organisations from "../organisations/store.ts";
import type { RootMaking } from "../roots/commands.ts";
import { makeRootKeyFile, openRootHolder } from "../roots/root-key-file.ts";
import * as reports from "../sync/reports/store.ts";
import * as teams from "../teams/store.ts";
import * as updates from "../updates/store.ts";
import * as users from "../users/store.ts";
import * as workstations from "../workstations/store.ts";
import * as disabling from "./disabling.ts";
import { changeContents, changeFacts, type Writing } from "./change.ts";

export const today: Day = parseDay("2026-03-01");

function writingTo(database: Database): Writing {
  return { database, clock: () => new Date(`${today}T12:00:00Z`), doer: { role: "test", userId: null } };
}

export interface SmallOrganisation {
  readonly writing: Writing;
  readonly id: OrganisationId;
  /** The root, and two teams below it. */
  readonly teams: readonly [TeamId, TeamId, TeamId];
  readonly licence: LicenceId;
  readonly groups: readonly [GroupId, GroupId];
  readonly keys: readonly [KeyId, KeyId];
  readonly users: readonly UserId[];
}

let kept: RootMaking | undefined;

/** A key-encryption key and a root holder's key of this process, in a folder that goes with the run. */
export function testMaking(): RootMaking {
  if (kept !== undefined) return kept;
  const folder = mkdtempSync(join(inject("scratch"), "keys-"));
  const file = join(folder, "keys", "key-encryption-key.json");
  makeKeyFile(file);
  const rootFile = join(folder, "keys", "root-key.json");
  makeRootKeyFile(rootFile);
  return (kept = { keyEncryption: openKeyEncryption(file), rootHolder: openRootHolder(rootFile) });
}

/** The same without the root holder's key. */
export function testKeyEncryption(): KeyEncryption {
  return testMaking().keyEncryption;
}

export async function testMaterial(
  organisationId: OrganisationId,
  keyId: KeyId,
  version = 1,
): Promise<KeyMaterial> {
  return makeKeyMaterial(testKeyEncryption(), { organisationId, keyId, version });
}

let made = 0;

/** Three teams, two groups with a key each, a licence of 100 seats and some people who hold nothing yet. */
export async function makeOrganisation(database: Database, people = 4): Promise<SmallOrganisation> {
  const writing = writingTo(database);
  const number = ++made;
  const authorityId = uuid() as AuthorityId;
  const organisation: SmallOrganisation = {
    writing,
    id: uuid() as OrganisationId,
    teams: [uuid() as TeamId, uuid() as TeamId, uuid() as TeamId],
    licence: uuid() as LicenceId,
    groups: [uuid() as GroupId, uuid() as GroupId],
    keys: [uuid() as KeyId, uuid() as KeyId],
    users: Array.from({ length: people }, () => uuid() as UserId),
  };
  const {
    id,
    teams: [root, left, right],
    licence,
  } = organisation;
  await database.transaction((transaction) =>
    organisations.insertAuthority(transaction, { id: authorityId, name: `Authority ${number}` }),
  );
  const name = `Organisation ${number}`;
  await database.transaction((transaction) =>
    createOrganisationWithin(
      transaction,
      { ...writing, ...testMaking() },
      {
        id,
        authorityId,
        name,
        office: "none",
        rootTeamId: root,
      },
    ),
  );
  await changeContents(writing, id, async (change) => {
    await teams.insertTeam(change, { id: left, parentId: root, name: "Left" });
    await teams.insertTeam(change, { id: right, parentId: root, name: "Right" });
    for (const at of [0, 1] as const) {
      await keys.insertGroup(change, { id: organisation.groups[at], name: `Group ${at}` });
      const material = await testMaterial(id, organisation.keys[at]);
      await keys.insertKey(change, { id: organisation.keys[at], name: `Key ${at}` }, material);
      await keys.addKeyToGroup(change, organisation.groups[at], organisation.keys[at]);
    }
    await licences.insertLicence(change, {
      id: licence,
      productId: "LS-1",
      edition: "Pro",
      term: "subscription",
      seats: 100,
      validFrom: parseDay("2026-01-01"),
      validUntil: parseDay("2026-12-31"),
    });
    await users.insertUsers(
      change,
      organisation.users.map((userId, at) => ({
        id: userId,
        teamId: at % 2 === 0 ? left : right,
        username: `user-${number}-${at}@example.test`,
        name: `User ${at}`,
        email: null,
        account: "active",
      })),
    );
  });
  return organisation;
}

/** Licenses a user, activates a workstation, and lets it apply what was posted: green. */
export async function activate(organisation: SmallOrganisation, userId: UserId): Promise<ActivationId> {
  const { writing, id, licence } = organisation;
  return changeFacts(writing, id, async (change) => {
    await licences.insertSeats(change, licence, [userId]);
    const workstationId = uuid() as WorkstationId;
    await activations.insertWorkstation(change, { id: workstationId, name: `WS ${workstationId.slice(-4)}` });
    const activationId = uuid() as ActivationId;
    await activations.insertActivation(change, { id: activationId, userId, workstationId });
    for (const posted of await updates.postKeyFiles(change, [userId])) {
      await updates.updateUpdateState(change, posted, "processed");
      await activations.updateApplied(change, posted);
    }
    return activationId;
  });
}

/** Every module whose functions write facts: a test sees to it that none of them is left untried. */
export const stores = {
  accounts,
  activations,
  directory,
  disabling,
  erasure,
  keys,
  licences,
  organisations,
  reports,
  teams,
  updates,
  users,
  workstations,
};
