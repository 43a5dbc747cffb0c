// Makes, names, rotates and retires encryption keys, and puts them into groups. Changes of one organisation take
// turns, so what was loaded stays true until the change is written.

import type { Group, Key } from "@lockstep/api";
import type { GroupId, KeyId, OrganisationId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import type { ContentChange } from "../db/change.ts";
import { changeContents, type Writing } from "../facts/change.ts";
import { Refusal } from "../refusal.ts";
import { makeKeyMaterial } from "./material.ts";
import type { KeyEncryption } from "./sealing/sealing.ts";
import {
  addKeyToGroup,
  insertGroup,
  insertKey,
  insertKeyVersion,
  listGroups,
  listKeys,
  loadGroup,
  loadGroups,
  loadKey,
  loadKeys,
  removeKeyFromGroup,
  updateGroupName,
  updateKeyName,
  updateKeyVersionUse,
} from "./store.ts";

export interface KeyEdit {
  readonly keyId: KeyId;
  /** The revision that was edited. */
  readonly revision: number;
}

export interface GroupEdit {
  readonly groupId: GroupId;
  readonly revision: number;
}

async function loadUnchangedKey(change: ContentChange, { keyId, revision }: KeyEdit): Promise<Key> {
  const key = await loadKey(change, change.organisationId, keyId);
  if (key.revision !== revision) throw new Refusal("revision_changed");
  return key;
}

async function loadUnchangedGroup(change: ContentChange, { groupId, revision }: GroupEdit): Promise<Group> {
  const group = await loadGroup(change, change.organisationId, groupId);
  if (group.revision !== revision) throw new Refusal("revision_changed");
  return group;
}

function refuseTaken(all: readonly { readonly name: string }[], name: string): void {
  if (all.some((each) => each.name === name)) throw new Refusal("name_taken");
}

/** @throws Refusal name_taken, group_not_found. */
export async function createKey(
  writing: Writing & { readonly keyEncryption: KeyEncryption },
  organisationId: OrganisationId,
  { name, groupIds }: { name: string; groupIds: readonly GroupId[] },
): Promise<Key> {
  return changeContents(writing, organisationId, async (change) => {
    refuseTaken(await listKeys(change, organisationId), name);
    await loadGroups(change, organisationId, groupIds);
    const keyId = uuid() as KeyId;
    const place = { organisationId, keyId, version: 1 };
    await insertKey(change, { id: keyId, name }, await makeKeyMaterial(writing.keyEncryption, place));
    for (const groupId of groupIds) await addKeyToGroup(change, groupId, keyId);
    change.record({ kind: "key-created", detail: { key: name } });
    return loadKey(change, organisationId, keyId);
  });
}

/** @throws Refusal key_not_found, name_taken, revision_changed. */
export async function renameKey(
  writing: Writing,
  organisationId: OrganisationId,
  { name, ...edit }: KeyEdit & { name: string },
): Promise<Key> {
  return changeContents(writing, organisationId, async (change) => {
    const former = await loadUnchangedKey(change, edit);
    if (name !== former.name) refuseTaken(await listKeys(change, organisationId), name);
    await updateKeyName(change, edit.keyId, name);
    change.record({ kind: "key-renamed", detail: { from: former.name, to: name } });
    return loadKey(change, organisationId, edit.keyId);
  });
}

/**
 * Makes the version with which new files are encrypted. The former one still opens what it has encrypted.
 * @throws Refusal key_not_found, revision_changed.
 */
export async function rotateKey(
  writing: Writing & { readonly keyEncryption: KeyEncryption },
  organisationId: OrganisationId,
  edit: KeyEdit,
): Promise<Key> {
  return changeContents(writing, organisationId, async (change) => {
    await loadUnchangedKey(change, edit);
    return rotateKeyWithin(change, writing.keyEncryption, edit.keyId);
  });
}

/** The same as a part of a larger change. @throws Refusal key_not_found. */
export async function rotateKeyWithin(
  change: ContentChange,
  keyEncryption: KeyEncryption,
  keyId: KeyId,
): Promise<Key> {
  const { organisationId } = change;
  const { name, versions } = await loadKey(change, organisationId, keyId);
  const version = Math.max(0, ...versions.map((each) => each.version)) + 1;
  for (const active of versions.filter(({ use }) => use === "active")) {
    await updateKeyVersionUse(change, { key: keyId, version: active.version, use: "decrypt-only" });
  }
  const material = await makeKeyMaterial(keyEncryption, { organisationId, keyId, version });
  await insertKeyVersion(change, { key: keyId, version, use: "active" }, material);
  await updateKeyName(change, keyId, name);
  change.record({ kind: "key-rotated", detail: { key: name, version } });
  return loadKey(change, organisationId, keyId);
}

/** @throws Refusal key_not_found, key_version_not_found, key_version_active, revision_changed. */
export async function setKeyVersionUse(
  writing: Writing,
  organisationId: OrganisationId,
  { version, use, ...edit }: KeyEdit & { version: number; use: "decrypt-only" | "retired" },
): Promise<Key> {
  return changeContents(writing, organisationId, async (change) => {
    const { name, versions } = await loadUnchangedKey(change, edit);
    const former = versions.find((each) => each.version === version);
    if (former === undefined) throw new Refusal("key_version_not_found");
    if (former.use === "active") throw new Refusal("key_version_active");
    await updateKeyVersionUse(change, { key: edit.keyId, version, use });
    await updateKeyName(change, edit.keyId, name);
    const kind = use === "retired" ? "key-version-retired" : "key-version-restored";
    change.record({ kind, detail: { key: name, version } });
    return loadKey(change, organisationId, edit.keyId);
  });
}

/** @throws Refusal name_taken, key_not_found. */
export async function createGroup(
  writing: Writing,
  organisationId: OrganisationId,
  { name, keyIds }: { name: string; keyIds: readonly KeyId[] },
): Promise<Group> {
  return changeContents(writing, organisationId, async (change) => {
    refuseTaken(await listGroups(change, organisationId), name);
    await loadKeys(change, organisationId, keyIds);
    const id = uuid() as GroupId;
    await insertGroup(change, { id, name });
    for (const keyId of keyIds) await addKeyToGroup(change, id, keyId);
    change.record({ kind: "group-created", detail: { group: name } });
    return loadGroup(change, organisationId, id);
  });
}

/** @throws Refusal group_not_found, name_taken, revision_changed. */
export async function renameGroup(
  writing: Writing,
  organisationId: OrganisationId,
  { name, ...edit }: GroupEdit & { name: string },
): Promise<Group> {
  return changeContents(writing, organisationId, async (change) => {
    const former = await loadUnchangedGroup(change, edit);
    if (name !== former.name) refuseTaken(await listGroups(change, organisationId), name);
    await updateGroupName(change, edit.groupId, name);
    change.record({ kind: "group-renamed", detail: { from: former.name, to: name } });
    return loadGroup(change, organisationId, edit.groupId);
  });
}

/** @throws Refusal group_not_found, key_not_found, revision_changed. */
export async function setGroupKeys(
  writing: Writing,
  organisationId: OrganisationId,
  { keyIds, ...edit }: GroupEdit & { keyIds: readonly KeyId[] },
): Promise<Group> {
  return changeContents(writing, organisationId, async (change) => {
    const former = await loadUnchangedGroup(change, edit);
    const keys = await loadKeys(change, organisationId, keyIds);
    const { groupId } = edit;
    for (const keyId of former.keyIds) {
      if (!keyIds.includes(keyId)) await removeKeyFromGroup(change, groupId, keyId);
    }
    for (const keyId of keyIds) {
      if (!former.keyIds.includes(keyId)) await addKeyToGroup(change, groupId, keyId);
    }
    await updateGroupName(change, groupId, former.name);
    const detail = { group: former.name, keys: keys.map(({ name }) => name) };
    change.record({ kind: "group-keys-changed", detail });
    return loadGroup(change, organisationId, groupId);
  });
}
