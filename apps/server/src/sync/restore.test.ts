import type { UserId } from "@lockstep/core";
import { expect, test } from "vitest";

import { useDatabase } from "../db/testing/database.ts";
import { changeFacts } from "../facts/change.ts";
import { activate, makeOrganisation, testMaking } from "../facts/testing.ts";
import { raiseEpoch, renewRoot, rotateIssuer, rotatePulse } from "../roots/commands.ts";
import { signersWith } from "../roots/signers.ts";
import { updateAhead } from "./reports/store.ts";

const server = useDatabase();

test("while a workstation is ahead of a restored server, no root keeps the epoch", async () => {
  const organisation = await makeOrganisation(server.current, 1);
  const { id, users } = organisation;
  const writing = { ...organisation.writing, ...testMaking() };
  const activationId = await activate(organisation, users[0] as UserId);
  await changeFacts(writing, id, (change) => updateAhead(change, activationId, { epoch: 1, version: 99 }));
  for (const step of [rotateIssuer, rotatePulse, renewRoot])
    await expect(step(writing, id, { revision: 1 })).rejects.toMatchObject({ code: "server_behind" });
  await raiseEpoch(writing, id, { revision: 1, epochSeen: 0, versionSeen: 0 });
  const { root } = await server.current.snapshot((snapshot) =>
    signersWith(writing.keyEncryption)(snapshot, id),
  );
  expect(root).toMatchObject({ version: 2, epoch: 2 });
});
