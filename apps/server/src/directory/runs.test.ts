import { mkdtempSync } from "node:fs";
import { join } from "node:path";

import {
  directories,
  directoryEntries,
  directoryRuns,
  licences,
  users,
  type DirectoryRun,
} from "@lockstep/api";
import { beforeAll, expect, inject, test } from "vitest";
import { v7 as uuid } from "uuid";
import { z } from "zod";

import { sql } from "../db/sql.ts";
import { testMaking } from "../facts/testing.ts";
import { useExampleApp } from "../http/testing/app.ts";
import { startDueRuns } from "../jobs/directories.ts";
import { workAtRun } from "./commands/work.ts";
import type { Runner } from "./commands/runner.ts";
import type { RunId } from "./runs/store.ts";
import { makeAuthority, type TestAuthority } from "./testing/certificates.ts";
import { beginJourney, type Journey, type Settings } from "./testing/journey.ts";
import { startScripted, type Answer, type Asked } from "./testing/scripted.ts";
import { uuidOf } from "./testing/world.ts";

const example = useExampleApp();
let authority: TestAuthority;
beforeAll(async () => {
  authority = await makeAuthority(mkdtempSync(join(inject("scratch"), "tls-")));
});

const base = "ou=people,dc=example,dc=test";

function told(number: number, name = `Person ${number}`) {
  const attributes = {
    entryUUID: [uuidOf(number)],
    uid: [`person-${number}`],
    cn: [name],
    modifyTimestamp: ["20260301120000Z"],
  };
  return { dn: `uid=person-${number},${base}`, attributes };
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

interface Scene {
  readonly journey: Journey;
  /** Who is in the directory; tests change it. */
  numbers: number[];
  /** What comes before each page. */
  before: (asked: Asked) => Answer | null;
}

/** A directory of so many people, in pages of a hundred, while it is used. */
async function withPeople(count: number, use: (scene: Scene) => Promise<void>, more: Partial<Settings> = {}) {
  const state: Omit<Scene, "journey"> = { numbers: upTo(count), before: () => null };
  const scripted = await startScripted(authority, (asked) => {
    if (asked.base === "") return { entries: [{ dn: "", attributes: {} }] };
    const first = state.before(asked);
    if (first !== null) return first;
    const from = asked.cookie === "" ? 0 : Number(asked.cookie);
    const page = state.numbers.slice(from, from + 100);
    const cookie = from + 100 < state.numbers.length ? String(from + 100) : "";
    return { entries: page.map((number) => told(number)), cookie };
  });
  try {
    const journey = await beginJourney(example, {
      name: "Scripted",
      kind: "openldap",
      host: "localhost",
      port: scripted.port,
      security: "ldaps",
      certificates: authority.certificate,
      bindName: "cn=reader",
      password: "a reader's own password",
      base,
      mode: "team",
      isOn: false,
      ...more,
    });
    await use(Object.assign(state, { journey }));
  } finally {
    await scripted.stop();
  }
}

function runner(more: Partial<Runner> = {}): Runner {
  const { database } = example;
  const { keyEncryption } = testMaking();
  return { database, clock: () => example.now, keyEncryption, runner: uuid(), random: () => 0.5, ...more };
}

async function begun({ call, params }: Journey): Promise<{
  run: DirectoryRun;
  of: { organisationId: typeof params.organisationId; runId: RunId };
}> {
  const run = await call(directoryRuns.startDirectoryRun, { params, body: {} });
  return { run, of: { organisationId: params.organisationId, runId: run.id } };
}

/** A database in which a server dies at its nth transaction: none that begins later is carried out. */
function dyingAfter(transactions: number): Runner["database"] {
  let begun = 0;
  return new Proxy(example.database, {
    get: (database, name) => {
      if (name === "transaction")
        return (...given: Parameters<Runner["database"]["transaction"]>) => {
          begun += 1;
          // What a process that is killed throws is heard by nobody.
          if (begun > transactions) return new Promise(() => undefined);
          return database.transaction(...given);
        };
      const value: unknown = Reflect.get(database, name, database);
      return typeof value === "function" ? (value.bind(database) as unknown) : value;
    },
  });
}

const later = (milliseconds: number) => () => new Date(example.now.getTime() + milliseconds);

test("wherever a server dies, another one takes its run on once it has been silent, and everybody is there once", async () => {
  for (const transactions of [1, 2, 4, 8, 13, 18]) {
    await withPeople(1200, async ({ journey }) => {
      const { of, run } = await begun(journey);
      void workAtRun(runner({ database: dyingAfter(transactions) }), of);
      // The other one asks until the lease is over by its own clock.
      const other = runner({ clock: later(10 * 60 * 1000) });
      while ((await journey.show(run)).endedAt === null) await workAtRun(other, of);
      expect(await journey.show(run)).toMatchObject({ state: "done", counts: { create: 1200 }, done: 1200 });
      expect((await journey.directory()).linked).toBe(1200);
    });
  }
});

test("several servers at one run: one works, and nobody is added twice", async () => {
  await withPeople(1500, async ({ journey }) => {
    const { of, run } = await begun(journey);
    const worked = await Promise.all([1, 2, 3, 4].map(() => workAtRun(runner(), of)));
    expect(worked.filter((isMine) => isMine)).toHaveLength(1);
    expect(await journey.show(run)).toMatchObject({ state: "done", done: 1500 });
    expect(await journey.users()).toHaveLength(1500);
  });
});

test("one run at a time of a directory, and a run that was cancelled ends where it is", async () => {
  await withPeople(300, async (scene) => {
    const { journey } = scene;
    const { call, params } = journey;
    const { of, run } = await begun(journey);
    await expect(begun(journey)).rejects.toMatchObject({ code: "directory_busy" });
    const cancelling = () => call(directoryRuns.cancelDirectoryRun, { params: { ...params, runId: run.id } });
    await cancelling();
    await workAtRun(runner(), of);
    expect(await journey.show(run)).toMatchObject({ state: "cancelled", done: 0 });
    await expect(cancelling()).rejects.toMatchObject({ code: "directory_run_ended" });
    expect(await journey.users()).toEqual([]);
    expect(await journey.sync()).toMatchObject({ state: "done", counts: { create: 300 } });
  });
});

test("of several entries with one username the first is somebody, whichever page they come on, and the others are told", async () => {
  await withPeople(3, async (scene) => {
    const { journey } = scene;
    const named = (number: number) => {
      const { dn, attributes } = told(number);
      return { dn, attributes: { ...attributes, uid: ["person-1"] } };
    };
    scene.before = ({ cookie }) =>
      cookie === ""
        ? { entries: [named(3), told(4)], cookie: "2" }
        : { entries: [named(1), named(2)], cookie: "" };
    const run = await journey.sync();
    expect(run).toMatchObject({ state: "done", counts: { create: 2, skip: 2 } });
    const rows = (await journey.rowsOf(run)).map(({ name, code, outcome }) => [name, code, outcome]);
    expect(rows).toEqual([
      ["Person 1", "new-person", "applied"],
      ["Person 2", "username-repeated", null],
      ["Person 3", "username-repeated", null],
      ["Person 4", "new-person", "applied"],
    ]);
    const there = (await journey.users()).map(({ id, name }) => [name, id]);
    const planned = (await journey.rowsOf(run)).filter(({ action }) => action === "create");
    expect(planned.map(({ name, userId }) => [name, userId]).sort()).toEqual(there.sort());
  });
});

test("a plan that is only looked at names nobody who is not there yet", async () => {
  await withPeople(2, async ({ journey }) => {
    const run = await journey.sync({ isDryRun: true });
    const rows = await journey.rowsOf(run);
    expect(rows.map(({ action, userId, outcome }) => [action, userId, outcome])).toEqual([
      ["create", null, null],
      ["create", null, null],
    ]);
  });
});

test("a server that is told to stop leaves its run, and another one goes on at once", async () => {
  await withPeople(300, async ({ journey }) => {
    const { of, run } = await begun(journey);
    const stopping = new AbortController();
    stopping.abort();
    await workAtRun(runner({ signal: stopping.signal }), of);
    expect(await journey.show(run)).toMatchObject({ endedAt: null });
    await workAtRun(runner(), of);
    expect(await journey.show(run)).toMatchObject({ state: "done" });
  });
});

test("whoever takes a seat after the plan was made is kept as an orphan, not removed", async () => {
  await withPeople(60, async (scene) => {
    const { journey } = scene;
    await journey.sync();
    scene.numbers = upTo(20);
    const held = await journey.sync();
    expect(held).toMatchObject({ state: "held", counts: { remove: 40, orphan: 0 } });
    await journey.license("person-60");
    const { call, params } = journey;
    const confirm = { params: { ...params, runId: held.id }, body: { vanishing: 40 } };
    await journey.carriedOut(await call(directoryRuns.confirmDirectoryRun, confirm));
    const statuses = (await journey.users()).map(({ encryption }) => encryption);
    expect(statuses.filter((status) => status === "orphaned")).toHaveLength(1);
    expect(statuses).toHaveLength(21);
  });
});

test("whoever was to be an orphan is not removed by that plan, also without a seat by now", async () => {
  await withPeople(60, async (scene) => {
    const { journey } = scene;
    const { call, params, organisation } = journey;
    await journey.sync();
    await journey.license("person-60");
    scene.numbers = upTo(20);
    const held = await journey.sync();
    expect(held).toMatchObject({ state: "held", counts: { remove: 39, orphan: 1 } });
    const kept = (await journey.users()).find(({ username }) => username.startsWith("person-60@"));
    if (kept === undefined) throw new Error("person 60 is here");
    await call(licences.returnSeats, { params: organisation.params, body: { userIds: [kept.id] } });
    const confirm = { params: { ...params, runId: held.id }, body: { vanishing: 40 } };
    await journey.carriedOut(await call(directoryRuns.confirmDirectoryRun, confirm));
    expect((await journey.users()).map(({ id }) => id)).toContain(kept.id);
  });
});

test("whoever was seen again after the plan was held does not vanish by it", async () => {
  await withPeople(60, async (scene) => {
    const { journey } = scene;
    await journey.sync();
    scene.numbers = upTo(20);
    const held = await journey.sync();
    scene.numbers = [60];
    // Only changes: the plan that is held stays.
    expect(await journey.sync({ kind: "changes" })).toMatchObject({ state: "done" });
    const { call, params } = journey;
    const confirm = { params: { ...params, runId: held.id }, body: { vanishing: 40 } };
    await journey.carriedOut(await call(directoryRuns.confirmDirectoryRun, confirm));
    expect((await journey.users()).map(({ username }) => username.split("@")[0])).toContain("person-60");
    const rows = await journey.rowsOf(held);
    expect(rows.filter(({ outcome }) => outcome === "changed-meanwhile")).toHaveLength(1);
  });
});

test("a plan that was held takes nothing back that was read since", async () => {
  await withPeople(60, async (scene) => {
    const { journey } = scene;
    await journey.sync();
    const called = (name: string, numbers: number[]) => () => ({
      entries: numbers.map((number) => told(number, number === 5 ? name : undefined)),
      cookie: "",
    });
    scene.before = called("Older", upTo(20));
    const held = await journey.sync();
    expect(held).toMatchObject({ state: "held", counts: { remove: 40, update: 1 } });
    expect(await journey.directory()).toMatchObject({ heldRunId: held.id });
    const missing = { params: journey.params, query: { state: "missing" } } as const;
    expect((await journey.call(directoryEntries.listDirectoryEntries, missing)).entries).toEqual([]);
    scene.before = called("Newer", [5]);
    expect(await journey.sync({ kind: "changes" })).toMatchObject({ counts: { update: 1 } });
    const { call, params } = journey;
    const confirm = { params: { ...params, runId: held.id }, body: { vanishing: 40 } };
    await journey.carriedOut(await call(directoryRuns.confirmDirectoryRun, confirm));
    const names = (await journey.users()).map(({ name }) => name);
    expect(names).toHaveLength(20);
    expect(names).toContain("Newer");
    expect(await journey.directory()).toMatchObject({ heldRunId: null });
  });
});

test("while a run works nothing that is held is confirmed", async () => {
  await withPeople(60, async (scene) => {
    const { journey } = scene;
    const { call, params } = journey;
    await journey.sync();
    scene.numbers = upTo(20);
    const held = await journey.sync();
    await begun(journey);
    const confirm = { params: { ...params, runId: held.id }, body: { vanishing: 40 } };
    await expect(call(directoryRuns.confirmDirectoryRun, confirm)).rejects.toMatchObject({
      code: "directory_busy",
    });
  });
});

test("an orphan who is unlinked keeps everything and is left alone; one who is removed gives the seat back", async () => {
  await withPeople(30, async (scene) => {
    const { journey } = scene;
    const { call, params, organisation } = journey;
    await journey.sync();
    await journey.license("person-1", "person-2", "person-3");
    scene.numbers = upTo(30).slice(3);
    expect(await journey.sync()).toMatchObject({ state: "done", counts: { orphan: 3 } });
    const idOf = async (name: string) => {
      const found = (await journey.users()).find(({ username }) => username.startsWith(`${name}@`));
      if (found === undefined) throw new Error(`${name} is here`);
      return found.id;
    };
    const [one, two, four] = [await idOf("person-1"), await idOf("person-2"), await idOf("person-4")];
    const ofAll = organisation.params;
    const unlinking = { params: ofAll, body: { userIds: [one] } };
    expect(await call(directoryEntries.unlinkUsers, unlinking)).toEqual({ unlinked: 1 });
    const removing = (userIds: (typeof one)[]) =>
      call(directoryEntries.removeOrphans, { params: ofAll, body: { userIds } });
    await expect(removing([two, four])).rejects.toMatchObject({ code: "user_not_orphaned" });
    expect(await removing([two])).toEqual({ removed: 1 });
    const [licence] = (await call(licences.listLicences, { params: ofAll })).licences;
    expect(licence?.seatsTaken).toBe(2);
    scene.numbers = upTo(30);
    expect(await journey.sync()).toMatchObject({ state: "done", counts: { relink: 2, skip: 1, create: 0 } });
    const found = await journey.users();
    expect(found.find(({ id }) => id === one)).toMatchObject({ encryption: "licensed" });
    expect(found.find(({ id }) => id === two)).toMatchObject({ encryption: "unlicensed" });
    // Removed here while still there: not imported again until somebody says so.
    await call(users.removeUser, { params: { ...ofAll, userId: four } });
    expect(await journey.sync()).toMatchObject({ state: "done", counts: { create: 0, relink: 0, skip: 2 } });
    const unignoring = { params, body: { objectIds: [uuidOf(4)] } };
    await call(directoryEntries.unignoreEntries, {
      ...unignoring,
      body: { objectIds: [uuidOf(4) as never] },
    });
    expect(await journey.sync()).toMatchObject({ counts: { relink: 1, skip: 1 } });
    expect(await call(directories.removeDirectory, { params })).toEqual({ unlinked: 29 });
    expect(await journey.users()).toHaveLength(30);
  });
});

const started = z.object({ kind: z.string(), startedAt: z.string() });

test("by time: everything now and then, changes in between, by one server, never twice and not at the same minute", async () => {
  const before = example.now;
  await withPeople(
    5,
    async ({ journey }) => {
      const { directoryId } = journey.params;
      const runs = () =>
        example.database.read((reader) =>
          reader.rows(
            started,
            sql`select kind, started_at as "startedAt" from directory_runs
              where organisation_id = ${journey.params.organisationId} and directory_id = ${directoryId} order by id`,
          ),
        );
      const pauses: number[] = [];
      for (let round = 0; round < 5; round++) {
        const { nextRunAt } = await journey.directory();
        if (nextRunAt === null) throw new Error("it is read by time");
        pauses.push((Date.parse(nextRunAt) - example.now.getTime()) / 60_000);
        example.now = new Date(Date.parse(nextRunAt) - 1000);
        await startDueRuns(runner());
        expect(await runs()).toHaveLength(round);
        example.now = new Date(Date.parse(nextRunAt));
        const server = () => startDueRuns(runner({ random: () => round / 4 }));
        await Promise.all([server(), server(), server(), server()]);
        expect(await runs()).toHaveLength(round + 1);
        await example.runDirectories();
      }
      expect(pauses).toEqual([60, 54, 57, 60, 63]);
      expect((await runs()).map(({ kind }) => kind)).toEqual([
        "full",
        "changes",
        "changes",
        "changes",
        "full",
      ]);
    },
    { isOn: true, intervalMinutes: 60, fullHours: 3 },
  );
  example.now = before;
});
