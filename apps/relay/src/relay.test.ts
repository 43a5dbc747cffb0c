// The relay as a whole, in the test's process: it ends when it is told to.

import { once } from "node:events";
import { connect } from "node:net";

import { expect, test } from "vitest";

import { TestRelay, testAccount } from "./testing/relay.ts";

// Node.js itself gives such a connection a minute (server.headersTimeout).
test("a relay that is told to stop cuts off whoever has connected and says nothing", async () => {
  const relay = new TestRelay([testAccount()]);
  await relay.start();
  const silent = connect(Number(new URL(relay.origin).port), "127.0.0.1");
  await once(silent, "connect");
  const closed = once(silent, "close");
  const startedAt = performance.now();
  await relay.remove();
  await closed;
  expect(performance.now() - startedAt).toBeLessThan(30_000);
}, 90_000);
