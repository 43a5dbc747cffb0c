import { once } from "node:events";
import { EventEmitter } from "node:events";

import { expect, test } from "vitest";

import { TestRelay, testAccount, useRelay } from "../../../apps/relay/src/testing/relay.ts";
import { login } from "./login.ts";
import { order, Organisation } from "./testing/organisation.ts";
import { activated, password, type TestWorkstation } from "./testing/workstation.ts";
import { delayOf, watch, type Watched } from "./watch.ts";

const relay = useRelay();

/** Watches, and gives each round as it ends. */
function watching(profile: TestWorkstation) {
  const rounds = new EventEmitter();
  const end = new AbortController();
  const ended = watch(profile, { signal: end.signal, onRound: (round) => rounds.emit("round", round) });
  return {
    ended,
    next: async () => ((await once(rounds, "round")) as [Watched])[0],
    stop: async () => {
      end.abort();
      await ended;
    },
  };
}

test("what is posted is there at once, because the relay rings", async () => {
  const organisation = new Organisation(relay);
  const { profile, activation } = await activated(organisation, relay);
  await login(profile, { password });
  const watched = watching(profile);
  await watched.next();
  const rung = watched.next();
  await organisation.post(activation);
  expect(await rung).toMatchObject({ round: { happenings: [{ kind: "arrived" }, { kind: "applied" }] } });
  // While it waits for the bell, others can work with the profile.
  await login({ ...profile, patienceMilliseconds: 2000 }, { password });
  await watched.stop();
});

test("a workstation that was deactivated stops watching by itself", async () => {
  const organisation = new Organisation(relay);
  const { profile, activation } = await activated(organisation, relay);
  const watched = watching(profile);
  await watched.next();
  await organisation.order(activation, [order("deactivate")]);
  await watched.ended;
});

test("a relay that is down is said so, and asked again later", async () => {
  const own = new TestRelay([testAccount()]);
  await own.start();
  const { profile } = await activated(new Organisation(own), own);
  await own.remove();
  const watched = watching(profile);
  expect(await watched.next()).toMatchObject({ refusal: { code: "relay-unreachable" } });
  await watched.stop();
});

test("no two workstations ask at the same second, and a relay that is down is asked less and less often", () => {
  expect([0, 0.5, 1].map((chance) => delayOf(3600, 0, chance))).toEqual([3240, 3600, 3960]);
  expect([1, 2, 3, 9, 50].map((failures) => delayOf(3600, failures, 0.5))).toEqual([10, 20, 40, 2560, 3600]);
});
