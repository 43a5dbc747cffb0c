import { afterAll, expect, test } from "vitest";

import { testAccount, useRelay } from "../../../relay/src/testing/relay.ts";
import { systemClock } from "../clock.ts";
import { sql, type Statement } from "../db/sql.ts";
import { useDatabase } from "../db/testing/database.ts";
import { makeOrganisation, testKeyEncryption } from "../facts/testing.ts";
import { signersWith } from "../roots/signers.ts";
import { connectionTo } from "./connection.ts";
import { receive } from "./receive.ts";
import { Sealer } from "./sealer.ts";
import { Device, holding } from "./testing/device.ts";

const server = useDatabase();
const account = testAccount();
const relay = useRelay(account);
const sealer = new Sealer();
afterAll(() => sealer.stop());
const keyEncryption = testKeyEncryption();

const connection = () => connectionTo({ origin: relay.origin, token: account.token }, systemClock);

/** Reads all news from the beginning. @returns what went wrong for one mailbox. */
async function receiving(): Promise<unknown[]> {
  const failures: unknown[] = [];
  await receive(
    {
      ...{ database: server.current, clock: systemClock, keyEncryption, connection: connection(), sealer },
      signersOf: signersWith(keyEncryption),
      relays: [relay.origin],
      onFailure: (error) => failures.push(error),
    },
    { after: 0, wait: 0 },
  );
  return failures;
}

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
