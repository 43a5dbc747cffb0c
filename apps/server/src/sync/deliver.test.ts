import type { ActivationId, UpdateId } from "@lockstep/core";
import { expect, test } from "vitest";
import { v7 as uuid } from "uuid";
import { z } from "zod";

import { useCodes, userOf } from "../activations/testing.ts";
import { id } from "../db/shape.ts";
import { sql, type Statement } from "../db/sql.ts";
import { useDatabase } from "../db/testing/database.ts";
import { changeFacts } from "../facts/change.ts";
import { makeOrganisation, type SmallOrganisation } from "../facts/testing.ts";
import { postCommand, postKeyFiles } from "../updates/store.ts";
import { updateDelivered } from "./store.ts";
import { useDelivery } from "./testing/delivery.ts";

const server = useDatabase();
const delivering = useDelivery(server);
const { issue, joinOf, admit } = useCodes(server, ["http://127.0.0.1:8481"]);

/** Somebody was just admitted, and a first Key-File is due. */
async function admitted(): Promise<SmallOrganisation> {
  const organisation = await makeOrganisation(server.current, 1);
  const { codeId } = await issue(organisation);
  expect(await admit(organisation, codeId, await joinOf(organisation, codeId, "WS-1"))).toBeNull();
  return organisation;
}

const due = z.object({ version: z.int(), delivered: z.boolean(), hash: z.string().nullable() });

async function keyFileOf({ id: organisationId }: SmallOrganisation) {
  return server.current.read((reader) =>
    reader.row(
      due,
      sql`select version, delivered_at is not null as delivered, key_file_hash as hash from updates
        where organisation_id = ${organisationId} and kind = 'key-file'`,
    ),
  );
}

const run = (statement: Statement) =>
  server.current.transaction((transaction) => transaction.execute(statement));
const otherHash = "0".repeat(64);

test("what is broken in one organisation keeps no other one waiting", async () => {
  const [broken, sound] = [await admitted(), await admitted()];
  await run(sql`update activations set material = material || '.' where organisation_id = ${broken.id}`);
  expect(await delivering()).not.toEqual([]);
  expect(await keyFileOf(sound)).toMatchObject({ version: 1, delivered: true });
  expect(await keyFileOf(broken)).toMatchObject({ version: 1, delivered: false });
  await run(sql`update activations set material = rtrim(material, '.') where organisation_id = ${broken.id}`);
  expect(await delivering()).toEqual([]);
  expect(await keyFileOf(broken)).toMatchObject({ version: 1, delivered: true });
});

test("a Key-File that was signed before goes out with the same bytes", async () => {
  const organisation = await admitted();
  await delivering();
  const first = await keyFileOf(organisation);
  await run(sql`update updates set delivered_at = null where organisation_id = ${organisation.id}`);
  expect(await delivering()).toEqual([]);
  expect(await keyFileOf(organisation)).toEqual(first);
});

test("a Key-File of which other bytes may be out there goes out under another number", async () => {
  const organisation = await admitted();
  await run(sql`update updates set key_file_hash = ${otherHash} where organisation_id = ${organisation.id}`);
  expect(await delivering()).toEqual([]);
  const sent = await keyFileOf(organisation);
  expect(sent).toMatchObject({ version: 2, delivered: true });
  expect(sent?.hash).not.toBe(otherHash);
});

const ofUpdate = z.object({ id: id<"update">(), hash: z.string() });

// Two servers of one installation, or the button and the timer of one, deliver at the same time.
test("a Key-File that an older one has overtaken on the way to the relay goes out again", async () => {
  const organisation = await admitted();
  await delivering();
  await changeFacts(organisation.writing, organisation.id, (change) =>
    postKeyFiles(change, [userOf(organisation)]),
  );
  await delivering();
  const older = await server.current.read((reader) =>
    reader.row(
      ofUpdate,
      sql`select id, key_file_hash as hash from updates
        where organisation_id = ${organisation.id} and version = 1`,
    ),
  );
  if (older === undefined) throw new Error("two were posted");
  const newest = () =>
    server.current.read((reader) =>
      reader.row(
        due,
        sql`select version, delivered_at is not null as delivered, key_file_hash as hash from updates
          where organisation_id = ${organisation.id} and version = 2`,
      ),
    );
  expect(await newest()).toMatchObject({ delivered: true });
  const delivered = [{ updateId: older.id, keyFileHash: older.hash, seq: Number.MAX_SAFE_INTEGER }];
  await server.current.transaction((transaction) =>
    updateDelivered(transaction, organisation.id, { delivered, at: new Date() }),
  );
  expect(await newest()).toMatchObject({ delivered: false });
});

const orders = z.object({ id: id<"activation">(), version: z.int(), delivered: z.int() });

test("orders of which other bytes may be out there go out under another number", async () => {
  const organisation = await admitted();
  const { id: organisationId, writing } = organisation;
  const found = () =>
    server.current.read((reader) =>
      reader.row(
        orders,
        sql`select id, orders_version as version, orders_delivered_version as delivered from activations
          where organisation_id = ${organisationId}`,
      ),
    );
  const activationId = (await found())?.id as ActivationId;
  await changeFacts(writing, organisationId, (change) =>
    postCommand(change, { id: uuid() as UpdateId, kind: "lock", activationId, userId: userOf(organisation) }),
  );
  await run(sql`update activations set orders_hash = ${otherHash} where organisation_id = ${organisationId}`);
  expect(await delivering()).toEqual([]);
  expect(await found()).toMatchObject({ version: 2, delivered: 2 });
});
