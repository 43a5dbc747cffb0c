import type { UpdateId } from "@lockstep/core";
import { digestOf, newBoxKey } from "@lockstep/keyfile";
import { v7 as uuid } from "uuid";
import { expect, test } from "vitest";
import { z } from "zod";

import { userOf } from "../../activations/testing.ts";
import { sql } from "../../db/sql.ts";
import { useDatabase } from "../../db/testing/database.ts";
import { auditSlice, auditUsers } from "../../facts/auditor.ts";
import { changeContents, changeFacts } from "../../facts/change.ts";
import { makeOrganisation, type SmallOrganisation } from "../../facts/testing.ts";
import { updateTeamPolicy } from "../../teams/store.ts";
import { updateUpdateState, postCommand } from "../../updates/store.ts";
import { Device, holding } from "../testing/device.ts";

const server = useDatabase();
const otherNonce = Buffer.alloc(32, 7).toString("base64url");

async function admitted(): Promise<{ organisation: SmallOrganisation; device: Device }> {
  const organisation = await makeOrganisation(server.current, 1);
  return { organisation, device: await Device.admit(server.current, organisation) };
}

/** The Key-File of a version was signed: these bytes, and no others. */
async function signed({ id }: SmallOrganisation, version: number, hash: string): Promise<void> {
  await server.current.transaction((transaction) =>
    transaction.execute(sql`update updates set key_file_hash = ${hash}
      where organisation_id = ${id} and version = ${version}`),
  );
}

const kinds = z.object({ kind: z.string() });

async function eventsOf({ id }: SmallOrganisation): Promise<string[]> {
  const rows = await server.current.read((reader) =>
    reader.rows(kinds, sql`select kind from events where organisation_id = ${id} order by id`),
  );
  return rows.map(({ kind }) => kind);
}

test("what a workstation holds counts once the server knows it for its own", async () => {
  const { organisation, device } = await admitted();
  await signed(organisation, 1, digestOf("key-file 1"));
  await device.say({ applied: holding(1) });
  expect(await device.stored()).toMatchObject({ applied: 1, ahead: null });
});

test("a report that is sealed to newer keys than were read for those before it is taken all the same", async () => {
  const { organisation, device } = await admitted();
  await signed(organisation, 1, digestOf("key-file 1"));
  const { identity } = await newBoxKey();
  await device.hand(await device.compose({ applied: holding(1) }), { current: identity });
  expect(await device.stored()).toMatchObject({ applied: 1 });
});

test("a Key-File that arrived although it was cancelled is what its user's status says from then on", async () => {
  const { organisation, device } = await admitted();
  const { id: organisationId, writing, teams } = organisation;
  const [root] = teams;
  await changeContents(writing, organisationId, (change) =>
    updateTeamPolicy(change, root, { "sync.interval": 30 }),
  );
  const desired = await server.current.read((reader) =>
    reader.row(
      z.object({ fingerprint: z.string() }),
      sql`select encode(c.fingerprint, 'hex') as fingerprint from teams t
        join contents c on c.organisation_id = t.organisation_id and c.id = t.desired_content_id
        where t.organisation_id = ${organisationId} and t.id = ${root}`,
    ),
  );
  await server.current.transaction((transaction) =>
    transaction.execute(sql`update updates set state = 'cancelled', ended_at = now()
      where organisation_id = ${organisationId} and kind = 'key-file'`),
  );
  await auditSlice(writing, organisationId, { after: null, limit: 100 });
  await device.say({ applied: holding(1, { team_content: desired?.fingerprint ?? "" }) });
  expect(await auditUsers(server.current, organisationId, [userOf(organisation)])).toEqual([]);
});

test("other bytes under a version that the server has made are not taken for it: it came from a backup", async () => {
  const { organisation, device } = await admitted();
  await signed(organisation, 1, digestOf("key-file 1"));
  await device.say({ applied: holding(1, { kf_hash: digestOf("another") }) });
  expect(await device.stored()).toMatchObject({ applied: 0, ahead: 1 });
  expect(await eventsOf(organisation)).toContain("server-behind");
});

test("a report that answers nothing sent lately still says where to seal from now on, and nothing else counts of it", async () => {
  const { organisation, device } = await admitted();
  await signed(organisation, 1, digestOf("key-file 1"));
  const [box, ordersBox] = [(await newBoxKey()).recipient, (await newBoxKey()).recipient];
  const before = await device.stored();
  await device.say({
    ack_nonce: otherNonce,
    applied: holding(1),
    next_box: box,
    next_orders_box: ordersBox,
  });
  // After a backup was restored nothing that is sealed to the keys from before would ever open.
  expect(await device.stored()).toEqual({ ...before, box, ordersBox });
});

test("a wipe that was cancelled too late is believed, for nothing is left there", async () => {
  const { organisation, device } = await admitted();
  const [id, userId] = [uuid() as UpdateId, userOf(organisation)];
  await changeFacts(organisation.writing, organisation.id, async (change) => {
    await postCommand(change, { id, kind: "deactivate", activationId: device.activationId, userId });
    await updateUpdateState(change, { id, userId }, "cancelled");
  });
  await device.say({ results: [{ order: id, outcome: "processed", code: null, detail: "" }] });
  expect((await device.stored()).endedAt).not.toBeNull();
});

test("a cancelled order that was carried out all the same stays cancelled, so that it does not come back", async () => {
  const { organisation, device } = await admitted();
  const [id, userId] = [uuid() as UpdateId, userOf(organisation)];
  await changeFacts(organisation.writing, organisation.id, async (change) => {
    await postCommand(change, { id, kind: "lock", activationId: device.activationId, userId });
    await updateUpdateState(change, { id, userId }, "cancelled");
  });
  await device.say({ results: [{ order: id, outcome: "processed", code: null, detail: "" }] });
  expect(await eventsOf(organisation)).not.toContain("command-processed");
});
