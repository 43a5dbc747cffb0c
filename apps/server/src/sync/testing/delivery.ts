// Delivering to a relay of the test's own.

import { afterAll } from "vitest";

import { testAccount, useRelay } from "../../../../relay/src/testing/relay.ts";
import { systemClock } from "../../clock.ts";
import type { useDatabase } from "../../db/testing/database.ts";
import { testKeyEncryption } from "../../facts/testing.ts";
import { signersWith } from "../../roots/signers.ts";
import { Boxes } from "../boxes.ts";
import { connectionTo } from "../connection.ts";
import { deliver } from "../deliver.ts";

/** For the whole test file. */
export function useDelivery(server: ReturnType<typeof useDatabase>) {
  const account = testAccount();
  const relay = useRelay(account);
  const boxes = new Boxes();
  afterAll(() => boxes.stop());
  const keyEncryption = testKeyEncryption();
  const signersOf = signersWith(keyEncryption);

  /** Delivers what is due. @returns what went wrong for one organisation or mailbox. */
  return async (): Promise<unknown[]> => {
    const failures: unknown[] = [];
    const connection = connectionTo({ origin: relay.origin, token: account.token }, systemClock);
    await deliver({
      ...{ database: server.current, clock: systemClock, keyEncryption, signersOf, connection, boxes },
      relays: [relay.origin],
      onFailure: (error) => failures.push(error),
    });
    return failures;
  };
}
