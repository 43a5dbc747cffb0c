import { expect, test } from "vitest";
import { z } from "zod";

import { userOf } from "../activations/testing.ts";
import { sql } from "../db/sql.ts";
import { useDatabase } from "../db/testing/database.ts";
import { changeFacts } from "../facts/change.ts";
import { makeOrganisation, testMaking, type SmallOrganisation } from "../facts/testing.ts";
import { renewRoot } from "../roots/commands.ts";
import { postKeyFiles } from "../updates/store.ts";
import { useDelivery } from "./testing/delivery.ts";
import { Device, holding } from "./testing/device.ts";

const server = useDatabase();
const delivering = useDelivery(server);

async function renewRoots({ id, writing }: SmallOrganisation, from: number, times: number): Promise<void> {
  const holder = { ...writing, ...testMaking() };
  for (let revision = from; revision < from + times; revision++) await renewRoot(holder, id, { revision });
}

const newest = z.object({ version: z.int(), hash: z.string(), root: z.int(), held: z.int() });

async function newestOf({ id }: SmallOrganisation) {
  const row = await server.current.read((reader) =>
    reader.row(
      newest,
      sql`select u.version, u.key_file_hash as hash, u.root_version as root, a.root_version as held
        from updates u join activations a on a.organisation_id = u.organisation_id and a.id = u.activation_id
        where u.organisation_id = ${id} and u.key_file_hash is not null order by u.version desc limit 1`,
    ),
  );
  if (row === undefined) throw new Error("one was delivered");
  return row;
}

test("a workstation is sent Key-Files however often the root has changed since it activated, as long as it keeps up", async () => {
  const organisation = await makeOrganisation(server.current, 1);
  const device = await Device.admit(server.current, organisation);
  const { id, writing } = organisation;
  await renewRoots(organisation, 1, 35);
  expect(await delivering()).toEqual([]);
  const { version, hash, ...roots } = await newestOf(organisation);
  expect(roots).toEqual({ root: 36, held: 1 });
  await device.hand(await device.compose({ applied: holding(version, { kf_hash: hash }) }));
  expect(await newestOf(organisation)).toMatchObject({ root: 36, held: 36 });
  await renewRoots(organisation, 36, 35);
  await changeFacts(writing, id, (change) => postKeyFiles(change, [userOf(organisation)]));
  expect(await delivering()).toEqual([]);
  expect(await newestOf(organisation)).toMatchObject({ version: version + 1, root: 71, held: 36 });
});

test("a workstation that holds no Key-File yet, or another than the newest, is not taken to know more roots", async () => {
  const organisation = await makeOrganisation(server.current, 1);
  const device = await Device.admit(server.current, organisation);
  const { id, writing } = organisation;
  await renewRoots(organisation, 1, 1);
  await delivering();
  expect(await newestOf(organisation)).toMatchObject({ root: 2, held: 1 });
  const { version, hash } = await newestOf(organisation);
  const applied = holding(version, { kf_hash: hash });
  await device.say({ applied });
  await renewRoots(organisation, 2, 1);
  await changeFacts(writing, id, (change) => postKeyFiles(change, [userOf(organisation)]));
  await delivering();
  await device.say({ applied });
  expect(await newestOf(organisation)).toMatchObject({ root: 3, held: 2 });
});
