import { afterAll, expect, test, vi } from "vitest";

import { testAccount, useRelay } from "../../../relay/src/testing/relay.ts";
import { systemClock } from "../clock.ts";
import { sql, type Statement } from "../db/sql.ts";
import { useDatabase } from "../db/testing/database.ts";
import { until } from "../db/testing/embedded-servers.ts";
import { makeOrganisation, testKeyEncryption } from "../facts/testing.ts";
import { signersWith } from "../roots/signers.ts";
import { Boxes } from "./boxes.ts";
import { connectionTo, type Connection } from "./connection.ts";
import { startProxySync } from "./run.ts";
import { Device } from "./testing/device.ts";

const server = useDatabase();
const account = testAccount();
const relay = useRelay(account);
const keyEncryption = testKeyEncryption();
const stops: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const stop of stops) await stop();
});

const connection = () => connectionTo({ origin: relay.origin, token: account.token }, systemClock);

interface Parts {
  readonly syncMinutes: number;
  readonly onFailure?: (error: unknown) => void;
  readonly account?: Connection["account"];
}

function syncing({ syncMinutes, onFailure = () => undefined, ...more }: Parts) {
  const sync = startProxySync({
    ...{ database: server.current, clock: systemClock, keyEncryption },
    connection: { ...connection(), ...more },
    ...{ boxes: new Boxes(), signersOf: signersWith(keyEncryption), relays: [relay.origin] },
    ...{ syncMinutes, onFailure },
  });
  stops.push(sync.stop);
  return sync;
}

// What two deliver at once comes to the relay in any order, and an older Key-File hides a newer one.
test("however many ask for an exchange at once, they deliver one after another", async () => {
  await Device.admit(server.current, await makeOrganisation(server.current, 1), "WS-1");
  const { account: ours } = connection();
  let putting = 0;
  const atOnce: number[] = [];
  const putParcels: typeof ours.putParcels = async (parcels) => {
    atOnce.push((putting += 1));
    return ours.putParcels(parcels).finally(() => (putting -= 1));
  };
  const sync = syncing({ syncMinutes: 60, account: { ...ours, putParcels } });
  await Promise.all([1, 2, 3, 4].map(() => sync.now()));
  expect(new Set(atOnce)).toEqual(new Set([1]));
  await sync.stop();
});

test("a mailbox that could not be read is read again by the timer, though there is no news of it", async () => {
  const organisation = await makeOrganisation(server.current, 1);
  const device = await Device.admit(server.current, organisation, "WS-1");
  await device.put(connection(), await device.compose());
  const write = (material: Statement) =>
    server.current.transaction((transaction) =>
      transaction.execute(sql`update activations set material = ${material}
        where id = ${device.activationId}`),
    );
  await write(sql`material || '.'`);
  const failed = vi.fn();
  const sync = syncing({ syncMinutes: 1 / 600, onFailure: failed });
  await sync.now();
  // More often than by all that read what is new: whatever is read from now on, the timer has asked for.
  await until(() => failed.mock.calls.length > 10);
  await write(sql`rtrim(material, '.')`);
  await until(async () => (await device.stored()).reportNumber === 1);
});
