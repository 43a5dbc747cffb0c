import { readFile, writeFile } from "node:fs/promises";

import type { OrganisationId } from "@lockstep/core";
import { newSigningKey, trustRoots } from "@lockstep/keyfile";
import { v7 as uuid } from "uuid";
import { expect, test } from "vitest";
import { z } from "zod";

import { sql } from "../db/sql.ts";
import { useDatabase } from "../db/testing/database.ts";
import { createAuthority } from "../organisations/commands.ts";
import { raiseEpoch, renewRoot, rotateIssuer, rotatePulse } from "./commands.ts";
import { signersWith } from "./signers.ts";
import { now, useRoots } from "./testing.ts";

const database = useDatabase();
const own = useRoots(database);

const signersOf = (id: OrganisationId) =>
  database.current.snapshot((snapshot) => signersWith(own.making.keyEncryption)(snapshot, id));

const ofKey = z.object({ role: z.string(), isRetired: z.boolean(), hasSecret: z.boolean() });

const twoYears = 2 * 365 * 24 * 60 * 60;

test("a rotated issuer has no role any more, and its secret half leaves the database", async () => {
  const id = await own.organisation();
  const { issuer: former } = await signersOf(id);
  await rotateIssuer(own.writing, id, { revision: 1 });
  const { root } = await signersOf(id);
  expect(Object.values(root.roles).flatMap(({ kids }) => kids)).not.toContain(former.kid);
  expect(Object.keys(root.keys)[0]).toBe(former.kid);
  const keys = await database.current.snapshot((snapshot) =>
    snapshot.rows(
      ofKey,
      sql`select role, retired_at is not null as "isRetired", material is not null as "hasSecret" from signing_keys
        where organisation_id = ${id} order by role, retired_at nulls last`,
    ),
  );
  expect(keys).toEqual([
    { role: "issuer", isRetired: true, hasSecret: false },
    { role: "issuer", isRetired: false, hasSecret: true },
    { role: "pulse", isRetired: false, hasSecret: true },
  ]);
});

test("the last eight keys that were replaced are named by the root, so that it does not grow for ever", async () => {
  const id = await own.organisation();
  const replaced: string[] = [];
  for (let revision = 1; revision <= 10; revision++) {
    replaced.push((await signersOf(id)).issuer.kid);
    await rotateIssuer(own.writing, id, { revision });
  }
  const { root } = await signersOf(id);
  const current = new Set(Object.values(root.roles).flatMap(({ kids }) => kids));
  expect(Object.keys(root.keys).filter((kid) => !current.has(kid))).toEqual(replaced.slice(-8));
});

test("rotating the pulse key leaves the issuer as it is", async () => {
  const id = await own.organisation();
  const before = await signersOf(id);
  await rotatePulse(own.writing, id, { revision: 1 });
  const after = await signersOf(id);
  expect(after.issuer.kid).toBe(before.issuer.kid);
  expect(after.pulse.kid).not.toBe(before.pulse.kid);
});

test("a renewed root has the same keys and epoch, and two years before it", async () => {
  const id = await own.organisation();
  const { root: before } = await signersOf(id);
  const later = new Date("2027-06-01T00:00:00.000Z");
  await renewRoot({ ...own.writing, clock: () => later }, id, { revision: 1 });
  const { root } = await signersOf(id);
  expect(before.expires).toBe(now.getTime() / 1000 + twoYears);
  expect(root).toEqual({ ...before, version: 2, expires: later.getTime() / 1000 + twoYears });
});

test("a raised epoch goes beyond whatever workstations have seen, version by version", async () => {
  const id = await own.organisation();
  await raiseEpoch(own.writing, id, { revision: 1, epochSeen: 0, versionSeen: 0 });
  expect((await signersOf(id)).root).toMatchObject({ version: 2, epoch: 2 });
  await raiseEpoch(own.writing, id, { revision: 2, epochSeen: 6, versionSeen: 5 });
  const { root, rootsSince } = await signersOf(id);
  expect(root).toMatchObject({ version: 6, epoch: 7 });
  expect(trustRoots(rootsSince(0))).toEqual(root);
});

test("a workstation is not led over more roots than a Key-File can carry", async () => {
  const id = await own.organisation();
  const raise = (versionSeen: number) =>
    raiseEpoch(own.writing, id, { revision: 1, epochSeen: 0, versionSeen });
  await expect(raise(51)).rejects.toMatchObject({ code: "malformed_request" });
  await raise(50);
  expect((await signersOf(id)).root).toMatchObject({ version: 51, epoch: 2 });
});

test("while the root holder's key is away whatever needs it refuses, and everything else goes on", async () => {
  const id = await own.organisation();
  const acts = [
    () => rotateIssuer(own.writing, id, { revision: 1 }),
    () => rotatePulse(own.writing, id, { revision: 1 }),
    () => renewRoot(own.writing, id, { revision: 1 }),
    () => raiseEpoch(own.writing, id, { revision: 1, epochSeen: 0, versionSeen: 0 }),
    () => own.organisation(),
    () => createAuthority(own.writing, uuid()),
  ];
  await own.away(async () => {
    for (const act of acts) await expect(act()).rejects.toMatchObject({ code: "root_key_missing" });
    expect((await signersOf(id)).root.version).toBe(1);
  });
  await renewRoot(own.writing, id, { revision: 1 });
});

test("nothing is signed with the root holder's key of another installation, or with a damaged one", async () => {
  const id = await own.organisation();
  const good = await readFile(own.rootFile, "utf8");
  const refused = async () => {
    await expect(renewRoot(own.writing, id, { revision: 1 })).rejects.toMatchObject({
      code: "root_key_wrong",
    });
    await expect(own.organisation()).rejects.toMatchObject({ code: "root_key_wrong" });
  };
  try {
    for (const wrong of [JSON.stringify(newSigningKey()), good.slice(1)]) {
      await writeFile(own.rootFile, wrong);
      await refused();
    }
  } finally {
    await writeFile(own.rootFile, good);
  }
  await renewRoot(own.writing, id, { revision: 1 });
});

// Without the comparison of revisions each key would be rotated twice, and a root nobody asked for be signed.
test("INV-18: of two who rotate a signing key at the same moment the second is told", async () => {
  const id = await own.organisation();
  for (let round = 1; round <= 20; round++) {
    const rotating = [rotateIssuer, rotatePulse].map((rotate) =>
      rotate(own.writing, id, { revision: round }),
    );
    const settled = await Promise.allSettled(rotating);
    const refused = settled.flatMap((each) => (each.status === "rejected" ? [each.reason as unknown] : []));
    expect(refused).toMatchObject([{ code: "revision_changed" }]);
  }
  expect((await signersOf(id)).root.version).toBe(21);
});
