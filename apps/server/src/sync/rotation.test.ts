import type { UpdateId } from "@lockstep/core";
import { v7 as uuid } from "uuid";
import { expect, test } from "vitest";
import { z } from "zod";

import { userOf } from "../activations/testing.ts";
import { id, instant } from "../db/shape.ts";
import { sql } from "../db/sql.ts";
import { useDatabase } from "../db/testing/database.ts";
import { changeFacts } from "../facts/change.ts";
import { makeOrganisation, testMaking, type SmallOrganisation } from "../facts/testing.ts";
import { raiseEpoch, rotateIssuer } from "../roots/commands.ts";
import { postCommand, postKeyFiles } from "../updates/store.ts";
import { updateDelivered } from "./store.ts";
import { useDelivery } from "./testing/delivery.ts";
import { Device } from "./testing/device.ts";

const server = useDatabase();
const deliver = useDelivery(server);
const delivering = async () => expect(await deliver()).toEqual([]);

async function begin(): Promise<{ organisation: SmallOrganisation; device: Device }> {
  const organisation = await makeOrganisation(server.current, 1);
  return { organisation, device: await Device.admit(server.current, organisation) };
}

const rotate = ({ id, writing }: SmallOrganisation, revision = 1) =>
  rotateIssuer({ ...writing, ...testMaking() }, id, { revision });

const keyFile = z.object({
  id: id<"update">(),
  version: z.int(),
  state: z.string(),
  hash: z.string().nullable(),
  boxHashes: z.array(z.string()),
  root: z.int().nullable(),
  deliveredAt: instant.nullable(),
});

/** Every Key-File that was posted, newest first. */
async function keyFilesOf({ id: organisationId }: SmallOrganisation) {
  return server.current.read((reader) =>
    reader.rows(
      keyFile,
      sql`select id, version, state, key_file_hash as hash, box_hashes as "boxHashes", root_version as root,
          delivered_at as "deliveredAt"
        from updates where organisation_id = ${organisationId} and kind = 'key-file' order by version desc`,
    ),
  );
}

async function newestOf(organisation: SmallOrganisation) {
  const [newest] = await keyFilesOf(organisation);
  if (newest === undefined) throw new Error("one was posted");
  return newest;
}

const kinds = z.object({ kind: z.string() });

async function alarmsOf({ id }: SmallOrganisation): Promise<string[]> {
  const rows = await server.current.read((reader) =>
    reader.rows(
      kinds,
      sql`select kind from events
        where organisation_id = ${id} and kind in ('box-refused', 'key-file-rejected') order by id`,
    ),
  );
  return rows.map(({ kind }) => kind);
}

test("what the former issuer signed and nobody has applied yet goes out again, signed anew and under the next number", async () => {
  const { organisation } = await begin();
  await delivering();
  const before = await newestOf(organisation);
  expect(before).toMatchObject({ version: 1, root: 1 });
  await rotate(organisation);
  expect(await newestOf(organisation)).toMatchObject({ version: 2, hash: null, deliveredAt: null });
  await delivering();
  const after = await newestOf(organisation);
  expect(after).toMatchObject({ id: before.id, version: 2, root: 2 });
  expect(after.hash).not.toBe(before.hash);
  expect(after.deliveredAt).not.toBeNull();
});

test("with a new epoch it is the same", async () => {
  const { organisation } = await begin();
  await delivering();
  const raising = { revision: 1, epochSeen: 0, versionSeen: 0 };
  await raiseEpoch({ ...organisation.writing, ...testMaking() }, organisation.id, raising);
  await delivering();
  expect(await newestOf(organisation)).toMatchObject({ version: 2, root: 2 });
});

test("of several that a workstation has not applied each keeps its place", async () => {
  const { organisation, device } = await begin();
  await delivering();
  // The first one was fetched, so that the second one does not take its place.
  await server.current.transaction((transaction) =>
    transaction.execute(sql`update updates set state = 'fetched', fetched_at = posted_at
      where organisation_id = ${organisation.id}`),
  );
  await changeFacts(organisation.writing, organisation.id, (change) =>
    postKeyFiles(change, [userOf(organisation)]),
  );
  await delivering();
  const [second, first] = await keyFilesOf(organisation);
  await rotate(organisation);
  expect(await keyFilesOf(organisation)).toMatchObject([
    { id: second?.id, version: 4, hash: null },
    { id: first?.id, version: 3, hash: null },
  ]);
  expect((await device.stored()).version).toBe(4);
});

test("a workstation that refuses for this what it had before is no alarm, and one that refuses a stranger's is", async () => {
  const { organisation, device } = await begin();
  await delivering();
  const { boxHashes } = await newestOf(organisation);
  await rotate(organisation);
  await delivering();
  const [blob_hash = ""] = boxHashes;
  await device.say({ rejected: [{ blob_hash, code: "retired" }] });
  expect(await alarmsOf(organisation)).toEqual([]);
  expect(await newestOf(organisation)).toMatchObject({ version: 2, state: "posted" });
  await device.say({ rejected: [{ blob_hash: "0".repeat(64), code: "retired" }] });
  expect(await alarmsOf(organisation)).toEqual(["box-refused"]);
});

test("what was put while the issuer was rotated stays due", async () => {
  const { organisation } = await begin();
  await delivering();
  const { id: updateId, hash } = await newestOf(organisation);
  await rotate(organisation);
  const delivered = [{ updateId, keyFileHash: hash ?? "", seq: 100 }];
  await server.current.transaction((transaction) =>
    updateDelivered(transaction, organisation.id, { delivered, at: new Date() }),
  );
  expect(await newestOf(organisation)).toMatchObject({ version: 2, deliveredAt: null });
});

// Without the lock, or without asking for the newest root, what is signed just before is recorded just after.
test("whatever is delivered while the issuer is rotated, twenty times over, is signed by the issuer that is left", async () => {
  const { organisation } = await begin();
  const { id: organisationId, writing } = organisation;
  for (let revision = 1; revision <= 20; revision++) {
    await changeFacts(writing, organisationId, (change) => postKeyFiles(change, [userOf(organisation)]));
    await Promise.all([delivering(), rotate(organisation, revision)]);
    const { root, hash } = await newestOf(organisation);
    if (hash !== null) expect(root).toBe(revision + 1);
  }
});

test("orders with which something is still to be carried out go out again, and others do not", async () => {
  const organisation = await makeOrganisation(server.current, 1);
  const [busy, idle] = [
    await Device.admit(server.current, organisation, "WS-1"),
    await Device.admit(server.current, organisation, "WS-2"),
  ];
  const posted = { id: uuid() as UpdateId, kind: "lock" as const, activationId: busy.activationId };
  await changeFacts(organisation.writing, organisation.id, (change) =>
    postCommand(change, { ...posted, userId: userOf(organisation) }),
  );
  await delivering();
  const versions = async () => [(await busy.stored()).ordersVersion, (await idle.stored()).ordersVersion];
  expect(await versions()).toEqual([1, 0]);
  await rotate(organisation);
  expect(await versions()).toEqual([2, 0]);
});
