import { afterAll, expect, test } from "vitest";
import { z } from "zod";

import { testAccount, useRelay } from "../../../relay/src/testing/relay.ts";
import { systemClock } from "../clock.ts";
import { array, sql, type Statement } from "../db/sql.ts";
import { useDatabase } from "../db/testing/database.ts";
import { makeOrganisation, testKeyEncryption } from "../facts/testing.ts";
import { signersWith } from "../roots/signers.ts";
import { connectionTo } from "./connection.ts";
import { receive } from "./receive.ts";
import { Boxes } from "./boxes.ts";
import { Device, holding } from "./testing/device.ts";

const server = useDatabase();
const account = testAccount();
const relay = useRelay(account);
const boxes = new Boxes();
afterAll(() => boxes.stop());
const keyEncryption = testKeyEncryption();

const connection = () => connectionTo({ origin: relay.origin, token: account.token }, systemClock);

/** Reads all news from the beginning. @returns what went wrong for one mailbox. */
async function receiving(): Promise<unknown[]> {
  const failures: unknown[] = [];
  await receive(
    {
      ...{ database: server.current, clock: systemClock, keyEncryption, connection: connection(), boxes },
      signersOf: signersWith(keyEncryption),
      relays: [relay.origin],
      onFailure: (error) => failures.push(error),
    },
    { after: 0, wait: 0 },
  );
  return failures;
}

test("what several workstations have said several times is taken in order, once, and is gone from the relay", async () => {
  const organisations = [
    await makeOrganisation(server.current, 1),
    await makeOrganisation(server.current, 1),
  ];
  const devices: Device[] = [];
  for (const organisation of organisations)
    for (const name of ["WS-1", "WS-2"]) devices.push(await Device.admit(server.current, organisation, name));
  for (const device of devices) {
    for (let count = 0; count < 3; count++) {
      const facts = {
        os: `Debian ${count}`,
        client: "lockstep-client 0.1.0",
        clock_skew_s: 0,
        keystore: "file" as const,
      };
      await device.send(connection(), { applied: holding(1), facts });
    }
  }
  expect(await receiving()).toEqual([]);
  const taken = async () =>
    server.current.read((reader) =>
      reader.rows(
        z.object({ verdict: z.string(), number: z.int(), os: z.string() }),
        sql`select r.verdict, r.number, a.os from reports r
          join activations a on a.organisation_id = r.organisation_id and a.id = r.activation_id
          where r.organisation_id = any(${array(
            organisations.map(({ id }) => id),
            "uuid",
          )}) order by r.organisation_id, r.activation_id, r.number`,
      ),
    );
  const expected = devices.flatMap(() =>
    [1, 2, 3].map((number) => ({ verdict: "newest", number, os: "Debian 2" })),
  );
  expect(await taken()).toEqual(expected);
  for (const device of devices) expect(await device.waiting(connection())).toBe(0);
  expect(await receiving()).toEqual([]);
  expect(await taken()).toEqual(expected);
});

test("a mailbox that cannot be read keeps no other one waiting, and loses nothing", async () => {
  const organisation = await makeOrganisation(server.current, 1);
  const broken = await Device.admit(server.current, organisation, "WS-1");
  const sound = await Device.admit(server.current, organisation, "WS-2");
  for (const device of [broken, sound])
    await device.put(connection(), await device.compose({ applied: holding(1) }));
  const spoil = (material: Statement) =>
    server.current.transaction((transaction) =>
      transaction.execute(sql`update activations set material = ${material}
        where id = ${broken.activationId}`),
    );
  await spoil(sql`material || '.'`);
  expect(await receiving()).toHaveLength(1);
  expect(await sound.stored()).toMatchObject({ applied: 1 });
  expect(await broken.stored()).toMatchObject({ applied: 0 });
  await spoil(sql`rtrim(material, '.')`);
  expect(await receiving()).toEqual([]);
  expect(await broken.stored()).toMatchObject({ applied: 1 });
});
