import { keys, teams } from "@lockstep/api";
import { expect, test } from "vitest";
import { v7 as uuid } from "uuid";
import { z } from "zod";

import { sql } from "../db/sql.ts";
import { testKeyEncryption } from "../facts/testing.ts";
import { useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation } from "../http/testing/organisation.ts";
import { outcomesOf, twentyTimes } from "../http/testing/races.ts";
import { openKeyMaterial } from "./material.ts";

const example = useExampleApp();

const stored = z.object({
  version: z.int(),
  recipient: z.string(),
  material: z.string(),
  kekVersion: z.int(),
});

async function withKey() {
  const organisation = await makeOwnOrganisation(example);
  const { call, params } = organisation;
  const group = await call(keys.createGroup, { params, body: { name: "Company" } });
  const key = await call(keys.createKey, { params, body: { name: "Ledger", groupIds: [group.id] } });
  return { ...organisation, group, key, ofKey: { ...params, keyId: key.id } };
}

test("a key is made with its first version, whose secret half is sealed for its row and shown to nobody", async () => {
  const { call, params, key } = await withKey();
  expect(key).toMatchObject({ name: "Ledger", versions: [{ version: 1, use: "active" }], revision: 1 });
  expect(key.versions[0]?.recipient).toMatch(/^age1/);
  expect(key.versions[0]?.madeAt).toBe(example.now.toISOString());
  const { organisationId } = params;
  const row = await example.database.snapshot((snapshot) =>
    snapshot.row(
      stored,
      sql`select version, recipient, material, kek_version as "kekVersion" from key_versions
        where organisation_id = ${organisationId} and key_id = ${key.id}`,
    ),
  );
  if (row === undefined) throw new Error("the key was stored");
  const place = { organisationId, keyId: key.id, version: 1 };
  const identity = await openKeyMaterial(testKeyEncryption(), place, row);
  expect(identity).toMatch(/^AGE-SECRET-KEY-1/);
  const shown = JSON.stringify([await call(keys.listKeys, { params }), key]);
  expect(shown).not.toContain("SECRET");
  expect(shown).not.toContain(row.material);
});

test("rotating makes a new version for new files, and the former one opens what it has encrypted", async () => {
  const { call, params, key, group, ofKey, root } = await withKey();
  const ofRoot = { ...params, teamId: root.id };
  await call(teams.setTeamGroups, {
    params: ofRoot,
    body: { groupIds: [group.id] },
    match: root.revision,
  });
  const rotated = await call(keys.rotateKey, { params: ofKey, match: key.revision });
  expect(rotated.versions.map(({ version, use }) => [version, use])).toEqual([
    [2, "active"],
    [1, "decrypt-only"],
  ]);
  expect(rotated.versions[0]?.recipient).not.toBe(rotated.versions[1]?.recipient);
  const held = async () =>
    (await call(teams.showTeam, { params: ofRoot })).holdings.keys[0]?.versions.map(({ version }) => version);
  expect(await held()).toEqual([2, 1]);
  const use = (version: number, to: "retired" | "decrypt-only", match: number) =>
    call(keys.setKeyVersionUse, { params: { ...ofKey, version }, body: { use: to }, match });
  const retired = await use(1, "retired", rotated.revision);
  expect(await held()).toEqual([2]);
  await expect(use(2, "retired", retired.revision)).rejects.toMatchObject({ code: "key_version_active" });
  await expect(use(3, "retired", retired.revision)).rejects.toMatchObject({ code: "key_version_not_found" });
  await use(1, "decrypt-only", retired.revision);
  expect(await held()).toEqual([2, 1]);
});

// Without the comparison of revisions both would rotate, and a version nobody asked for would be the active one.
test("INV-18: of two who rotate one key at the same moment the second is told", async () => {
  const { call, ofKey, key } = await withKey();
  let match = key.revision;
  await twentyTimes(async () => {
    const rotating = [1, 2].map(() => call(keys.rotateKey, { params: ofKey, match }));
    expect(await outcomesOf(rotating)).toEqual(["done", "revision_changed"]);
    match += 1;
  });
});

test("names of keys, and of groups, are given once, also at the same moment", async () => {
  const { call, params, key, group, ofKey } = await withKey();
  await twentyTimes(async (round) => {
    const body = { name: `Key ${round}` };
    const making = [1, 2].map(() => call(keys.createKey, { params, body }));
    expect(await outcomesOf(making)).toEqual(["done", "name_taken"]);
  });
  const other = await call(keys.createGroup, { params, body: { name: "Other" } });
  await expect(call(keys.createGroup, { params, body: { name: "Other" } })).rejects.toMatchObject({
    code: "name_taken",
  });
  const rename = call(keys.renameGroup, {
    params: { ...params, groupId: other.id },
    body: { name: group.name },
    match: other.revision,
  });
  await expect(rename).rejects.toMatchObject({ code: "name_taken" });
  const renamed = await call(keys.renameKey, { params: ofKey, body: { name: "Books" }, match: key.revision });
  expect(renamed).toMatchObject({ name: "Books", revision: key.revision + 1 });
});

test("a group's keys are replaced as a whole, and what is no key is refused", async () => {
  const { call, params, key, group } = await withKey();
  const second = await call(keys.createKey, { params, body: { name: "Routes" } });
  const ofGroup = { ...params, groupId: group.id };
  const set = (keyIds: (typeof key.id)[], match: number) =>
    call(keys.setGroupKeys, { params: ofGroup, body: { keyIds }, match });
  const [{ revision } = group] = (await call(keys.listGroups, { params })).groups;
  await expect(set([key.id, uuid() as typeof key.id], revision)).rejects.toMatchObject({
    code: "key_not_found",
  });
  const replaced = await set([second.id], revision);
  expect(replaced.keyIds).toEqual([second.id]);
  await expect(set([key.id], revision)).rejects.toMatchObject({ code: "revision_changed" });
  expect((await call(keys.listGroups, { params })).groups).toMatchObject([{ teams: 0, users: 0 }]);
});

test("the key-encryption key is rotated by a system administrator, and what is left to wrap is told", async () => {
  const call = await example.callAs("sol");
  const before = await call(keys.showKeyEncryption);
  expect(before.left).toBe(0);
  const rotated = await call(keys.rotateKeyEncryptionKey);
  expect(rotated).toEqual({ currentVersion: before.currentVersion + 1, left: before.wrapped });
});
