import { directories, directoryEntries, directoryRuns, licences, users } from "@lockstep/api";
import { expect, test } from "vitest";
import { z } from "zod";

import { sql } from "../db/sql.ts";
import { useExampleApp } from "../http/testing/app.ts";
import { startDueRuns } from "../jobs/directories.ts";
import { RunLost, type Runner } from "./commands/runner.ts";
import { workAtRun } from "./commands/work.ts";
import { told, upTo, usePeople } from "./testing/people.ts";
import { uuidOf } from "./testing/world.ts";

const example = useExampleApp();
const { withPeople, runner, begun } = usePeople(example);

type Begin = Runner["database"]["transaction"];

/** The database, with other transactions. */
function databaseWith(transaction: Begin): Runner["database"] {
  return new Proxy(example.database, {
    get: (database, name) => {
      if (name === "transaction") return transaction;
      const value: unknown = Reflect.get(database, name, database);
      return typeof value === "function" ? (value.bind(database) as unknown) : value;
    },
  });
}

/** A database in which a server dies at its nth transaction: none that begins later is carried out. */
function dyingAfter(transactions: number): Runner["database"] {
  let begun = 0;
  return databaseWith((...given) => {
    begun += 1;
    // What a process that is killed throws is heard by nobody.
    return begun > transactions ? new Promise(() => undefined) : example.database.transaction(...given);
  });
}

const later = (milliseconds: number) => () => new Date(example.now.getTime() + milliseconds);

test("wherever a server dies, another one takes its run on once it has been silent, and everybody is there once", async () => {
  for (const transactions of [1, 2, 4, 8, 13, 16, 17, 18, 19, 20]) {
    await withPeople(1200, async ({ journey }) => {
      const { of, run } = await begun(journey);
      void workAtRun(runner({ database: dyingAfter(transactions), batchSize: 200 }), of);
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
    const worked = await Promise.all([1, 2, 3, 4].map(() => workAtRun(runner({ batchSize: 200 }), of)));
    expect(worked.filter((isMine) => isMine)).toHaveLength(1);
    expect(await journey.show(run)).toMatchObject({ state: "done", done: 1500 });
    expect(await journey.users()).toHaveLength(1500);
  });
});

// Without the question where the run has come to, a run that breaks off between the two would leave out the first people.
test("people who were written before it was their turn are written again when it is", async () => {
  await withPeople(600, async ({ journey }) => {
    const { of, run } = await begun(journey);
    const isChanging = Promise.withResolvers<undefined>();
    const tooEarly = Promise.withResolvers<unknown>();
    let changing: Promise<unknown> | undefined;
    // Somebody else changes the organisation, so that the first of two waits, and the second does not.
    const change = () =>
      example.database.transaction(
        async (transaction) => {
          // Whoever is answered has the organisation. A batch that was faster than the question would wait for nobody.
          await transaction.row(z.unknown(), sql`select 1`);
          isChanging.resolve(undefined);
          return tooEarly.promise;
        },
        { lockedOrganisation: of.organisationId },
      );
    const database = databaseWith(async (...given) => {
      if ((await journey.show(run)).state !== "applying") return example.database.transaction(...given);
      changing ??= change();
      await isChanging.promise;
      const work = example.database.transaction(...given);
      void work.catch((error: unknown) => error).then(tooEarly.resolve);
      return work;
    });
    await workAtRun(runner({ database, batchSize: 100 }), of);
    expect(await changing).toBeInstanceOf(RunLost);
    expect(await journey.show(run)).toMatchObject({ state: "done", done: 600 });
    expect(await journey.users()).toHaveLength(600);
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
