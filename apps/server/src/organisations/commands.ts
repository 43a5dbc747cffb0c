// Makes authorities and organisations, names them, and switches them off and on.

import type { AuthorityId, Office, OrganisationId, TeamId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import type { ContentChange } from "../db/change.ts";
import type { Transaction } from "../db/database.ts";
import { changeContents, changeFactsWithin, makeOnce, type Writing } from "../facts/change.ts";
import { insertEmptyContent } from "../facts/store.ts";
import { Refusal } from "../refusal.ts";
import { insertRoleGrant } from "../roles/store.ts";
import { makeRoot, type RootMaking } from "../roots/commands.ts";
import { insertTeam } from "../teams/store.ts";
import { insertWorkstationTeam } from "../workstation-teams/store.ts";
import {
  noteOrganisationChange,
  insertAuthority,
  insertOrganisation,
  isNameTaken,
  loadAuthority,
  loadOrganisation,
  lockInstallation,
  setOrganisationDisabled,
  updateOrganisationName,
  type Authority,
  type Organisation,
} from "./store.ts";

export interface NewOrganisation {
  readonly id: OrganisationId;
  readonly authorityId: AuthorityId | null;
  readonly name: string;
  readonly office: Office;
  /** Holds the organisation's policy; bears its first name and cannot be deleted. */
  readonly rootTeamId?: TeamId;
}

/**
 * The organisation and all that none is without: its two root teams, the content that everything starts from, and the
 * root with the keys that sign for it.
 * @throws Refusal root_key_missing, root_key_wrong.
 */
export async function createOrganisationWithin(
  transaction: Transaction,
  writing: Writing & RootMaking,
  { id, rootTeamId = uuid() as TeamId, ...organisation }: NewOrganisation,
): Promise<void> {
  await changeFactsWithin(transaction, writing, id, async (change) => {
    const { name } = organisation;
    await insertOrganisation(change, { id, ...organisation });
    await insertEmptyContent(change, id);
    await insertTeam(change, { id: rootTeamId, parentId: null, name });
    const workstations = uuid() as Parameters<typeof insertWorkstationTeam>[1]["id"];
    await insertWorkstationTeam(change, { id: workstations, parentId: null, name: "All workstations" });
    change.record({ kind: "organisation-created", detail: { name } });
    await makeRoot(change, writing);
  });
}

/**
 * An authority with the office in which its own people live.
 * @throws Refusal name_taken, root_key_missing, root_key_wrong.
 */
export async function createAuthorityWithin(
  transaction: Transaction,
  writing: Writing & RootMaking,
  name: string,
): Promise<Authority> {
  const [id, officeId] = [uuid() as AuthorityId, uuid() as OrganisationId];
  const office = `${name} office`;
  if ((await isNameTaken(transaction, office)) || (await isNameTaken(transaction, name))) {
    throw new Refusal("name_taken");
  }
  await insertAuthority(transaction, { id, name });
  await createOrganisationWithin(transaction, writing, {
    id: officeId,
    authorityId: id,
    name: office,
    office: "authority",
  });
  return { id, name, officeId, state: "enabled", revision: 1 };
}

/** @throws Refusal name_taken, root_key_missing, root_key_wrong. */
export async function createAuthority(writing: Writing & RootMaking, name: string): Promise<Authority> {
  return makeOnce(writing, async (transaction) => {
    await lockInstallation(transaction);
    return createAuthorityWithin(transaction, writing, name);
  });
}

/**
 * An organisation of an authority. Whoever makes one takes turns until the transaction ends.
 * @throws Refusal authority_not_found, name_taken, root_key_missing, root_key_wrong.
 */
export async function createOrganisationBelow(
  transaction: Transaction,
  writing: Writing & RootMaking,
  { authorityId, name }: { authorityId: AuthorityId; name: string },
): Promise<OrganisationId> {
  await lockInstallation(transaction);
  await loadAuthority(transaction, authorityId);
  if (await isNameTaken(transaction, name)) throw new Refusal("name_taken");
  const id = uuid() as OrganisationId;
  await createOrganisationWithin(transaction, writing, { id, authorityId, name, office: "none" });
  await noteOrganisationChange(transaction, authorityId);
  return id;
}

/**
 * Whoever makes it may become its first manager; nobody else is there to manage it.
 * @throws Refusal authority_not_found, name_taken, root_key_missing, root_key_wrong.
 */
export async function createOrganisation(
  writing: Writing & RootMaking,
  { authorityId, name, managedByMe }: { authorityId: AuthorityId; name: string; managedByMe: boolean },
): Promise<Organisation> {
  return makeOnce(writing, async (transaction) => {
    const id = await createOrganisationBelow(transaction, writing, { authorityId, name });
    const { userId, organisationId: home } = writing.doer;
    if (managedByMe && userId !== null && home !== undefined) {
      const grant = { userId, role: "organisation-manager", scopeId: id } as const;
      await insertRoleGrant(transaction, home, grant, writing.clock());
    }
    return loadOrganisation(transaction, id);
  });
}

async function loadUnchanged(change: ContentChange, revision: number): Promise<Organisation> {
  const organisation = await loadOrganisation(change, change.organisationId);
  if (organisation.revision !== revision) throw new Refusal("revision_changed");
  return organisation;
}

/** @throws Refusal organisation_not_found, name_taken, revision_changed. */
export async function renameOrganisation(
  writing: Writing,
  organisationId: OrganisationId,
  { name, revision }: { name: string; revision: number },
): Promise<Organisation> {
  return changeContents(writing, organisationId, async (change) => {
    await lockInstallation(change);
    const former = await loadUnchanged(change, revision);
    if (name !== former.name && (await isNameTaken(change, name))) throw new Refusal("name_taken");
    await updateOrganisationName(change, organisationId, name);
    change.record({ kind: "organisation-renamed", detail: { from: former.name, to: name } });
    return loadOrganisation(change, organisationId);
  });
}

/** @throws Refusal organisation_not_found, office_stays_on, revision_changed. */
export async function switchOrganisation(
  writing: Writing,
  organisationId: OrganisationId,
  { on, revision }: { on: boolean; revision: number },
): Promise<Organisation> {
  return changeContents(writing, organisationId, async (change) => {
    const { office, state } = await loadUnchanged(change, revision);
    if (office !== "none") throw new Refusal("office_stays_on");
    if (on === (state === "enabled")) return loadOrganisation(change, organisationId);
    await setOrganisationDisabled(change, organisationId, on ? null : change.at);
    change.record({ kind: on ? "organisation-enabled" : "organisation-disabled" });
    return loadOrganisation(change, organisationId);
  });
}
