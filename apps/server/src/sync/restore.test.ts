import type { UpdateId, UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";
import { expect, test } from "vitest";
import { z } from "zod";

import { endActivation } from "../activations/store.ts";
import { userOf } from "../activations/testing.ts";
import { sql } from "../db/sql.ts";
import { useDatabase } from "../db/testing/database.ts";
import { changeFacts } from "../facts/change.ts";
import { activate, makeOrganisation, testMaking, type SmallOrganisation } from "../facts/testing.ts";
import { raiseEpoch, renewRoot, rotateIssuer, rotatePulse } from "../roots/commands.ts";
import { signersWith } from "../roots/signers.ts";
import { findAhead } from "../roots/store.ts";
import { postCommand } from "../updates/store.ts";
import { updateAhead } from "./reports/store.ts";
import { Device, holding } from "./testing/device.ts";

const server = useDatabase();

const writingTo = ({ writing }: SmallOrganisation) => ({ ...writing, ...testMaking() });
const raise = (organisation: SmallOrganisation) =>
  raiseEpoch(writingTo(organisation), organisation.id, { revision: 1, epochSeen: 0, versionSeen: 0 });

const posted = z.object({ version: z.int(), state: z.string() });

async function keyFilesOf({ id }: SmallOrganisation) {
  return server.current.read((reader) =>
    reader.rows(
      posted,
      sql`select version, state from updates where organisation_id = ${id} and kind = 'key-file' order by id`,
    ),
  );
}

test("while a workstation is ahead of a restored server, no root keeps the epoch", async () => {
  const organisation = await makeOrganisation(server.current, 1);
  const { id, users } = organisation;
  const writing = writingTo(organisation);
  const activationId = await activate(organisation, users[0] as UserId);
  const ahead = () => server.current.snapshot((snapshot) => findAhead(snapshot, id));
  expect(await ahead()).toBeNull();
  await changeFacts(writing, id, (change) => updateAhead(change, activationId, { epoch: 1, version: 99 }));
  expect(await ahead()).toEqual({ workstations: 1, epoch: 1 });
  for (const step of [rotateIssuer, rotatePulse, renewRoot])
    await expect(step(writing, id, { revision: 1 })).rejects.toMatchObject({ code: "server_behind" });
  await raise(organisation);
  const { root } = await server.current.snapshot((snapshot) =>
    signersWith(writing.keyEncryption)(snapshot, id),
  );
  expect(root).toMatchObject({ version: 2, epoch: 2 });
  // Also one that no relay has ever reached is ahead of nobody now.
  await renewRoot(writing, id, { revision: 2 });
});

test("with a new epoch everybody's orders go out anew, also those that a lost workstation is to be wiped by", async () => {
  const organisation = await makeOrganisation(server.current, 1);
  const { id, writing } = organisation;
  const [active, lost, gone] = [
    await Device.admit(server.current, organisation, "WS-1"),
    await Device.admit(server.current, organisation, "WS-2"),
    await Device.admit(server.current, organisation, "WS-3"),
  ];
  const userId = userOf(organisation);
  await changeFacts(writing, id, async (change) => {
    const id = uuid() as UpdateId;
    await postCommand(change, { id, kind: "deactivate", activationId: lost.activationId, userId });
    for (const { activationId } of [lost, gone]) await endActivation(change, activationId, userId);
  });
  const versions = async () => {
    const found = [await active.stored(), await lost.stored(), await gone.stored()];
    return found.map(({ ordersVersion }) => ordersVersion);
  };
  expect(await versions()).toEqual([0, 1, 0]);
  await raise(organisation);
  expect(await versions()).toEqual([1, 2, 0]);
});

test("a new epoch posts what should be held to whoever is known to hold something else", async () => {
  const organisation = await makeOrganisation(server.current, 1);
  const device = await Device.admit(server.current, organisation);
  await device.say({ applied: holding(17) });
  expect(await device.stored()).toMatchObject({ ahead: 17 });
  await raise(organisation);
  expect(await device.stored()).toMatchObject({ ahead: null, version: 2 });
  expect(await keyFilesOf(organisation)).toEqual([
    { version: 1, state: "superseded" },
    { version: 2, state: "posted" },
  ]);
});

test("who turns out later to hold what the restored server never made gets a Key-File too, once", async () => {
  const organisation = await makeOrganisation(server.current, 1);
  const device = await Device.admit(server.current, organisation);
  await device.say({ applied: holding(1) });
  await raise(organisation);
  await device.say({ applied: holding(17) });
  await device.say({ applied: holding(17) });
  expect(await device.stored()).toMatchObject({ ahead: null, version: 2 });
  expect(await keyFilesOf(organisation)).toEqual([
    { version: 1, state: "processed" },
    { version: 2, state: "posted" },
  ]);
});
