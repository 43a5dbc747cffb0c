// Encryption keys, their versions, and the groups they are given in. How their material is sealed is in sealing.

import {
  keyVersionUses,
  type GroupId,
  type KeyId,
  type KeyVersion,
  type OrganisationId,
} from "@lockstep/core";
import { z } from "zod";

import type { Change, ContentChange } from "../db/change.ts";
import type { Reader } from "../db/database.ts";
import { id, instant } from "../db/shape.ts";
import { array, sql } from "../db/sql.ts";
import { Refusal } from "../refusal.ts";
import type { KeyMaterial } from "./material.ts";

const named = z.object({ id: z.union([id<"key">(), id<"group">()]), name: z.string() });

/** The names of an organisation's keys and groups, for sentences. */
export async function loadKeyNames(
  reader: Reader,
  organisationId: OrganisationId,
): Promise<Map<string, string>> {
  const rows = await reader.rows(
    named,
    sql`select id, name from encryption_keys where organisation_id = ${organisationId}
      union all select id, name from encryption_groups where organisation_id = ${organisationId}`,
    { prepared: true },
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

const key = z.object({
  id: id<"key">(),
  name: z.string(),
  versions: z.array(
    z.object({
      version: z.int(),
      use: z.enum(keyVersionUses),
      recipient: z.string().nullable(),
      madeAt: instant.nullable(),
    }),
  ),
  groupIds: z.array(id<"group">()),
  revision: z.int(),
});

export type Key = z.output<typeof key>;

const keys = (organisationId: OrganisationId) => sql`
  select k.id, k.name, k.revision,
    array(select g.group_id::text from group_keys g
      where g.organisation_id = k.organisation_id and g.key_id = k.id order by g.group_id) as "groupIds",
    (select json_agg(json_build_object('version', v.version, 'use', v.use, 'recipient', v.recipient,
        'madeAt', to_char(v.made_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by v.version desc)
      from key_versions v where v.organisation_id = k.organisation_id and v.key_id = k.id) as versions
  from encryption_keys k where k.organisation_id = ${organisationId}`;

/** All keys of the organisation, by name; of each the newest version first. */
export async function listKeys(reader: Reader, organisationId: OrganisationId): Promise<Key[]> {
  return reader.rows(key, sql`${keys(organisationId)} order by k.name`);
}

/** @throws Refusal key_not_found. */
export async function loadKey(reader: Reader, organisationId: OrganisationId, keyId: KeyId): Promise<Key> {
  const found = await reader.row(key, sql`${keys(organisationId)} and k.id = ${keyId}`);
  if (found === undefined) throw new Refusal("key_not_found");
  return found;
}

/** @throws Refusal key_not_found unless all of them are there. */
export async function loadKeys(
  reader: Reader,
  organisationId: OrganisationId,
  these: readonly KeyId[],
): Promise<Key[]> {
  const rows = await reader.rows(key, sql`${keys(organisationId)} and k.id = any(${array(these, "uuid")})`);
  if (rows.length < new Set(these).size) throw new Refusal("key_not_found");
  return rows;
}

const group = z.object({
  id: id<"group">(),
  name: z.string(),
  keyIds: z.array(id<"key">()),
  teams: z.int(),
  users: z.int(),
  revision: z.int(),
});

export type Group = z.output<typeof group>;

const groups = (organisationId: OrganisationId) => sql`
  select g.id, g.name, g.revision,
    array(select k.key_id::text from group_keys k
      where k.organisation_id = g.organisation_id and k.group_id = g.id order by k.key_id) as "keyIds",
    (select count(*) from team_groups t
      where t.organisation_id = g.organisation_id and t.group_id = g.id) as teams,
    (select count(*) from user_groups u
      where u.organisation_id = g.organisation_id and u.group_id = g.id) as users
  from encryption_groups g where g.organisation_id = ${organisationId}`;

/** All encryption groups of the organisation, by name. */
export async function listGroups(reader: Reader, organisationId: OrganisationId): Promise<Group[]> {
  return reader.rows(group, sql`${groups(organisationId)} order by g.name`);
}

/** @throws Refusal group_not_found unless all of them are there. */
export async function loadGroups(
  reader: Reader,
  organisationId: OrganisationId,
  these: readonly GroupId[],
): Promise<Group[]> {
  const rows = await reader.rows(
    group,
    sql`${groups(organisationId)} and g.id = any(${array(these, "uuid")})`,
  );
  if (rows.length < new Set(these).size) throw new Refusal("group_not_found");
  return rows;
}

/** @throws Refusal group_not_found. */
export async function loadGroup(
  reader: Reader,
  organisationId: OrganisationId,
  groupId: GroupId,
): Promise<Group> {
  const [found] = await loadGroups(reader, organisationId, [groupId]);
  if (found === undefined) throw new Refusal("group_not_found");
  return found;
}

const keyInGroup = z.object({
  id: id<"key">(),
  name: z.string(),
  group: z.object({ id: id<"group">(), name: z.string() }),
  versions: z.array(z.object({ version: z.int(), use: z.enum(keyVersionUses) })),
});

export type KeyInGroup = z.output<typeof keyInGroup>;

/** The keys of some groups, once for each group, without versions that no workstation should hold. */
export async function listKeysOfGroups(
  reader: Reader,
  organisationId: OrganisationId,
  these: readonly GroupId[],
): Promise<KeyInGroup[]> {
  return reader.rows(
    keyInGroup,
    sql`
    select k.id, k.name, json_build_object('id', g.id, 'name', g.name) as "group",
      (select json_agg(json_build_object('version', v.version, 'use', v.use) order by v.version desc)
        from key_versions v
        where v.organisation_id = k.organisation_id and v.key_id = k.id and v.use <> 'retired') as versions
    from encryption_groups g
    join group_keys m on m.organisation_id = g.organisation_id and m.group_id = g.id
    join encryption_keys k on k.organisation_id = m.organisation_id and k.id = m.key_id
    where g.organisation_id = ${organisationId} and g.id = any(${array(these, "uuid")})`,
  );
}

/** A key with its first version. */
export async function insertKey(
  change: ContentChange,
  { id, name }: { id: KeyId; name: string },
  material: KeyMaterial,
): Promise<void> {
  await change.execute(sql`
    insert into encryption_keys (organisation_id, id, name) values (${change.organisationId}, ${id}, ${name})`);
  await insertKeyVersion(change, { key: id, version: 1, use: "active" }, material);
}

async function touchKey(change: ContentChange, keyId: KeyId): Promise<void> {
  const holding = await change.rows(
    z.object({ id: id<"group">() }),
    sql`select group_id as id from group_keys where organisation_id = ${change.organisationId} and key_id = ${keyId}`,
  );
  change.touchGroups(holding.map((each) => each.id));
}

/** Adds a version, and with it what everybody who has the key should hold. */
export async function insertKeyVersion(
  change: ContentChange,
  { key: keyId, version, use }: KeyVersion,
  { recipient, material, kekVersion }: KeyMaterial,
): Promise<void> {
  await change.execute(sql`
    insert into key_versions (organisation_id, key_id, version, use, recipient, material, kek_version, made_at)
    values (${change.organisationId}, ${keyId}, ${version}, ${use}, ${recipient}, ${material}, ${kekVersion},
      ${change.at})`);
  await touchKey(change, keyId);
}

/** Changes what a version is used for, and with it what everybody who has the key should hold. */
export async function updateKeyVersionUse(
  change: ContentChange,
  { key: keyId, version, use }: KeyVersion,
): Promise<void> {
  await change.execute(sql`
    update key_versions set use = ${use}
    where organisation_id = ${change.organisationId} and key_id = ${keyId} and version = ${version}`);
  await touchKey(change, keyId);
}

/** Whoever has loaded the key before sees that there is another revision now. */
export async function updateKeyName(change: Change, keyId: KeyId, name: string): Promise<void> {
  await change.execute(sql`
    update encryption_keys set name = ${name}, revision = revision + 1
    where organisation_id = ${change.organisationId} and id = ${keyId}`);
}

export async function insertGroup(
  change: ContentChange,
  { id, name }: { id: GroupId; name: string },
): Promise<void> {
  await change.execute(sql`
    insert into encryption_groups (organisation_id, id, name) values (${change.organisationId}, ${id}, ${name})`);
}

/** As `updateKeyName`. */
export async function updateGroupName(change: Change, groupId: GroupId, name: string): Promise<void> {
  await change.execute(sql`
    update encryption_groups set name = ${name}, revision = revision + 1
    where organisation_id = ${change.organisationId} and id = ${groupId}`);
}

export async function addKeyToGroup(change: ContentChange, groupId: GroupId, keyId: KeyId): Promise<void> {
  await change.execute(sql`
    insert into group_keys (organisation_id, group_id, key_id)
    values (${change.organisationId}, ${groupId}, ${keyId}) on conflict do nothing`);
  change.touchGroups([groupId]);
}

export async function removeKeyFromGroup(
  change: ContentChange,
  groupId: GroupId,
  keyId: KeyId,
): Promise<void> {
  await change.execute(sql`
    delete from group_keys
    where organisation_id = ${change.organisationId} and group_id = ${groupId} and key_id = ${keyId}`);
  change.touchGroups([groupId]);
}

const material = z.object({
  keyId: id<"key">(),
  version: z.int(),
  recipient: z.string(),
  material: z.string(),
  kekVersion: z.int(),
});

const exported = z.object({
  keyId: id<"key">(),
  key: z.string(),
  version: z.int(),
  use: z.enum(keyVersionUses),
  recipient: z.string(),
  material: z.string(),
  kekVersion: z.int(),
});

/** The sealed material of every version of every key that has any. */
export async function listEveryKeyMaterial(
  reader: Reader,
  organisationId: OrganisationId,
): Promise<z.output<typeof exported>[]> {
  return reader.rows(
    exported,
    sql`select v.key_id as "keyId", k.name as key, v.version, v.use, v.recipient, v.material,
        v.kek_version as "kekVersion"
      from key_versions v join encryption_keys k on k.organisation_id = v.organisation_id and k.id = v.key_id
      where v.organisation_id = ${organisationId} and v.material is not null order by k.name, v.version`,
  );
}

/** The sealed material of some keys, every version that has any. */
export async function listKeyMaterial(
  reader: Reader,
  organisationId: OrganisationId,
  these: readonly KeyId[],
): Promise<z.output<typeof material>[]> {
  return reader.rows(
    material,
    sql`select key_id as "keyId", version, recipient, material, kek_version as "kekVersion" from key_versions
      where organisation_id = ${organisationId} and key_id = any(${array(these, "uuid")}) and material is not null`,
  );
}
