// What is left of a workstation that stops at any moment: before a write or right after it, before a request or when its
// answer is lost. Each moment gets a workstation of its own, which then goes on as if nothing had been.

import { expect, test } from "vitest";

import { useRelay } from "../../../apps/relay/src/testing/relay.ts";
import { activate } from "./activate.ts";
import { changePassword, keysFor, login } from "./login.ts";
import type { Profile } from "./profile.ts";
import { WorkstationRefusal } from "./refusal.ts";
import { status } from "./status.ts";
import { sync } from "./sync.ts";
import { anew, order, Organisation, type Activation } from "./testing/organisation.ts";
import { activated, outcomeOf, password, workstation, type TestWorkstation } from "./testing/workstation.ts";

const relay = useRelay();

class Stopped extends Error {}

/** A profile whose program stops at the moment with this number, counted from 1. */
function stoppingAt(profile: TestWorkstation, number: number) {
  let left = number;
  const moment = () => {
    left -= 1;
    if (left === 0) throw new Stopped();
  };
  const stopping: Profile = {
    ...profile,
    watcher: moment,
    fetch: async (...request) => {
      moment();
      const response = await anew(...request);
      moment();
      return response;
    },
  };
  return { stopping, hasStopped: () => left <= 0 };
}

/** One workstation for each moment: the step is stopped there, and what is left is handed to `then`. @returns how many. */
async function stoppedEverywhere<Scene extends { readonly profile: TestWorkstation }>(
  scene: () => Promise<Scene>,
  step: (profile: Profile, scene: Scene) => Promise<unknown>,
  then: (scene: Scene) => Promise<void>,
): Promise<number> {
  for (let number = 1; ; number += 1) {
    const set = await scene();
    const { stopping, hasStopped } = stoppingAt(set.profile, number);
    try {
      await step(stopping, set);
    } catch (error) {
      if (!(error instanceof Stopped || error instanceof WorkstationRefusal)) throw error;
    }
    await then(set);
    if (!hasStopped()) return number - 1;
  }
}

/** Every number once, each naming the one before: nobody would take it for two devices. */
function expectOneChain({ reports, hashes }: Activation): void {
  for (const [at, report] of reports.entries()) {
    const before = reports.findIndex(({ rseq }) => rseq === report.rseq - 1);
    expect(report.prev_report_hash).toBe(report.rseq === 1 ? null : hashes[before]);
    const same = reports.findIndex(({ rseq }) => rseq === report.rseq);
    expect(hashes[at]).toBe(hashes[same]);
  }
}

test("an activation that stops anywhere becomes one activation, with one join", async () => {
  const organisation = new Organisation(relay);
  const scene = async () => ({ profile: await workstation(), activation: await organisation.issue() });
  const asking = ({ code }: Activation) => ({ code, relays: [relay.origin], password, waitSeconds: 0 });
  const moments = await stoppedEverywhere(
    scene,
    async (profile, { activation }) => {
      await outcomeOf(activate(profile, asking(activation)));
      await organisation.admit(activation);
      await activate(profile, asking(activation));
    },
    async ({ profile, activation }) => {
      await organisation.admit(activation);
      const outcome = await outcomeOf(activate(profile, asking(activation)));
      await organisation.admit(activation);
      if (outcome === "answer-pending") await activate(profile, asking(activation));
      await sync(profile);
      expect(await status(profile)).toMatchObject({ stage: "active", keyFile: { version: 1 } });
      await organisation.read(activation);
      expect(activation.reports.at(-1)).toMatchObject({ applied: { ver: 1 } });
      expectOneChain(activation);
    },
  );
  expect(moments).toBeGreaterThan(16);
});

test("a sync that stops anywhere loses no Key-File, runs no order twice, and tells everything", async () => {
  const organisation = new Organisation(relay);
  const [lock, unlock] = [order("lock"), order("unlock")];
  const moments = await stoppedEverywhere(
    async () => {
      const { profile, activation } = await activated(organisation, relay);
      await login(profile, { password });
      await organisation.post(activation, { keys: [] });
      await organisation.order(activation, [lock, unlock]);
      await organisation.beat(activation);
      return { profile, activation };
    },
    (profile) => sync(profile),
    async ({ profile, activation }) => {
      await organisation.read(activation);
      // Something new to say as well, while a report may be left that was signed and not sent.
      await organisation.post(activation, { keys: [] });
      await sync(profile);
      await organisation.read(activation);
      const found = { keyFile: { version: 3 }, keys: [], obstacle: null, isLoggedIn: true, waiting: 0 };
      expect(await status(profile)).toMatchObject(found);
      const results = activation.reports.flatMap((report) => report.results);
      const processed = { outcome: "processed", code: null, detail: "" };
      for (const { id } of [lock, unlock]) expect(results).toContainEqual({ order: id, ...processed });
      expect(results).toContainEqual({ epoch: 1, ver: 3, ...processed });
      const removed = activation.reports.flatMap((report) => report.removed);
      expect(removed).toContainEqual({ key: organisation.key, kv: 1 });
      expectOneChain(activation);
    },
  );
  expect(moments).toBeGreaterThan(8);
});

test("a login that stops anywhere leaves the next one to apply the Key-File that waits", async () => {
  const organisation = new Organisation(relay);
  const moments = await stoppedEverywhere(
    async () => {
      const { profile, activation } = await activated(organisation, relay);
      await organisation.post(activation);
      await sync(profile);
      return { profile };
    },
    (profile) => login(profile, { password }),
    async ({ profile }) => {
      await login(profile, { password });
      expect(await status(profile)).toMatchObject({ keyFile: { version: 2 }, waiting: 0, isLoggedIn: true });
    },
  );
  expect(moments).toBe(4);
});

test("a change of password that stops anywhere leaves the old one or the new one, and all the keys", async () => {
  const next = "another horse battery";
  const moments = await stoppedEverywhere(
    async () => ({ profile: (await activated(new Organisation(relay), relay)).profile }),
    (profile) => changePassword(profile, { password, next }),
    async ({ profile }) => {
      const opens = [
        await outcomeOf(keysFor(profile, "read", password)),
        await outcomeOf(keysFor(profile, "read", next)),
      ];
      expect(opens.toSorted()).toEqual(["done", "password-wrong"]);
    },
  );
  expect(moments).toBe(4);
});

test("a deactivation that stops anywhere ends without keys, and the server is told", async () => {
  const organisation = new Organisation(relay);
  const end = order("deactivate");
  const moments = await stoppedEverywhere(
    async () => {
      const { profile, activation } = await activated(organisation, relay);
      await login(profile, { password });
      await organisation.order(activation, [end]);
      return { profile, activation };
    },
    (profile) => sync(profile),
    async ({ profile, activation }) => {
      expect(["done", "deactivated"]).toContain(await outcomeOf(sync(profile)));
      expect(await status(profile)).toMatchObject({ stage: "ended" });
      await organisation.read(activation);
      const results = activation.reports.flatMap((report) => report.results);
      expect(results).toContainEqual({ order: end.id, outcome: "processed", code: null, detail: "" });
      expectOneChain(activation);
    },
  );
  expect(moments).toBeGreaterThan(8);
});

test("a full disk changes nothing, and when there is room again all goes on", async () => {
  const organisation = new Organisation(relay);
  const { profile, activation } = await activated(organisation, relay);
  await login(profile, { password });
  await organisation.post(activation);
  const watcher = (moment: string) => {
    if (moment === "before") throw new WorkstationRefusal("disk-full");
  };
  expect(await outcomeOf(sync({ ...profile, watcher }))).toBe("disk-full");
  expect(await status(profile)).toMatchObject({ keyFile: { version: 1 } });
  await sync(profile);
  expect(await status(profile)).toMatchObject({ keyFile: { version: 2 } });
});
