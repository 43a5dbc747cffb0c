// Encryption keys, their versions, and the groups they are given in.

import type { GroupId, KeyId, KeyVersion, OrganisationId } from "@lockstep/core";
import { z } from "zod";

import type { ContentChange } from "../db/change.ts";
import type { Reader } from "../db/database.ts";
import { id } from "../db/shape.ts";
import { sql } from "../db/sql.ts";

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
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

export async function insertKey(
  change: ContentChange,
  { id, name }: { id: KeyId; name: string },
): Promise<void> {
  await change.execute(sql`
    insert into encryption_keys (organisation_id, id, name) values (${change.organisationId}, ${id}, ${name})`);
  await putKeyVersion(change, { key: id, version: 1, use: "active" });
}

/** Adds a version or changes what one is used for, and with it what everybody who has the key should hold. */
export async function putKeyVersion(change: ContentChange, { key, version, use }: KeyVersion): Promise<void> {
  await change.execute(sql`
    insert into key_versions (organisation_id, key_id, version, use)
    values (${change.organisationId}, ${key}, ${version}, ${use})
    on conflict (organisation_id, key_id, version) do update set use = excluded.use`);
  const groups = await change.rows(
    z.object({ id: id<"group">() }),
    sql`select group_id as id from group_keys where organisation_id = ${change.organisationId} and key_id = ${key}`,
  );
  change.touchGroups(groups.map((group) => group.id));
}

export async function insertGroup(
  change: ContentChange,
  { id, name }: { id: GroupId; name: string },
): Promise<void> {
  await change.execute(sql`
    insert into encryption_groups (organisation_id, id, name) values (${change.organisationId}, ${id}, ${name})`);
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
