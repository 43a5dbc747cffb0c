import { afterAll, test, vi } from "vitest";

import { testAccount, useRelay } from "../../../relay/src/testing/relay.ts";
import { systemClock } from "../clock.ts";
import { sql, type Statement } from "../db/sql.ts";
import { useDatabase } from "../db/testing/database.ts";
import { until } from "../db/testing/embedded-servers.ts";
import { makeOrganisation, testKeyEncryption } from "../facts/testing.ts";
import { signersWith } from "../roots/signers.ts";
import { Boxes } from "./boxes.ts";
import { connectionTo } from "./connection.ts";
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

function syncing(syncMinutes: number, onFailure: (error: unknown) => void) {
  const sync = startProxySync({
    ...{ database: server.current, clock: systemClock, keyEncryption, connection: connection() },
    ...{ boxes: new Boxes(), signersOf: signersWith(keyEncryption), relays: [relay.origin] },
    ...{ syncMinutes, onFailure },
  });
  stops.push(sync.stop);
  return sync;
}

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
  const sync = syncing(1 / 600, failed);
  await sync.now();
  // More often than by all that read what is new: whatever is read from now on, the timer has asked for.
  await until(() => failed.mock.calls.length > 10);
  await write(sql`rtrim(material, '.')`);
  await until(async () => (await device.stored()).reportNumber === 1);
});
