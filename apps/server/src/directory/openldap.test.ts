import { directoryRuns, directoryEntries, type DirectoryRun } from "@lockstep/api";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { z } from "zod";

import { sql } from "../db/sql.ts";
import { useExampleApp } from "../http/testing/app.ts";
import { asTable, beginJourney, standingsTable, type Journey, type Settings } from "./testing/journey.ts";
import { reader, startOpenLdap, type OpenLdap } from "./testing/openldap.ts";

const example = useExampleApp();
let ldap: OpenLdap;
beforeAll(async () => {
  ldap = await startOpenLdap(mkdtempSync(join(inject("scratch"), "slapd-")));
});
afterAll(() => ldap.stop());

let units = 0;
/** A unit of the test's own, and how to read it. */
async function ownUnit(more: Partial<Settings> = {}): Promise<{ unit: string; settings: Settings }> {
  const unit = await ldap.addUnit(`Unit ${++units}`);
  const settings: Settings = {
    name: `Directory ${units}`,
    kind: "openldap",
    host: "localhost",
    port: ldap.ports.ldaps,
    security: "ldaps",
    certificates: ldap.authority.certificate,
    ...reader,
    base: unit,
    mode: "team",
    isOn: false,
    ...more,
  };
  return { unit, settings };
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

test("a thousand people of nested units: imported, licensed, gone, renamed, moved, disabled, back", async () => {
  const { unit, settings } = await ownUnit({ mode: "units", follows: true });
  const flight = await ldap.addUnit("Flight Operations", unit);
  const pilots = await ldap.addUnit("Pilots, A–M", flight);
  const cabin = await ldap.addUnit("Cabin Crew", flight);
  await ldap.addPeople(upTo(600), pilots);
  await ldap.addPeople(
    upTo(400).map((number) => 600 + number),
    cabin,
  );
  const journey = await beginJourney(example, settings);
  const story: string[] = [];
  const tell = async (title: string, run: DirectoryRun) => {
    const rows = await journey.rowsOf(run);
    const { kind, state, read, isComplete, counts } = run;
    story.push(`${title}: ${kind} ${state}, read ${read}${isComplete ? "" : ", not complete"}`);
    const sums = Object.entries(counts).filter(([, count]) => count > 0);
    story.push(`    ${sums.map(([action, count]) => `${action} ${count}`).join(", ") || "nothing"}`);
    if (rows.length < 20) story.push(...asTable(rows).map((row) => `    ${row}`));
  };
  await tell("import", await journey.sync());
  await tell("again", await journey.sync());
  expect(await journey.users()).toHaveLength(1000);
  await journey.license("person-1", "person-2", "person-3");
  // Two are deleted, of whom one holds a seat; others are renamed, moved, disabled, and one is new.
  await ldap.admin.del(`uid=person-1,${pilots}`);
  await ldap.admin.del(`uid=person-4,${pilots}`);
  await ldap.replace(`uid=person-2,${pilots}`, "cn", ["Prüfung Ω 試験"]);
  await ldap.replace(`uid=person-5,${pilots}`, "mail", ["person-6@example.test"]);
  await ldap.admin.modifyDN(`uid=person-7,${pilots}`, `uid=person-7,${cabin}`);
  await ldap.admin.modifyDN(`uid=person-8,${pilots}`, `uid=married-8,${pilots}`);
  await ldap.replace(`uid=person-9,${pilots}`, "pwdAccountLockedTime", ["000001010000Z"]);
  await ldap.addPerson(2000, { parent: flight });
  await tell("changes alone show nobody to be gone", await journey.sync({ kind: "changes" }));
  await tell("everything was read", await journey.sync());
  await tell("again", await journey.sync());
  // The same ids come back only where entries were moved out of sight; a new entry of the same name is somebody else.
  const away = await ldap.addUnit(`Away ${unit.length}`);
  await ldap.admin.modifyDN(`uid=person-3,${pilots}`, `uid=person-3,${away}`);
  await ldap.admin.modifyDN(`uid=person-10,${pilots}`, `uid=person-10,${away}`);
  await ldap.addPerson(1, { parent: pilots });
  await ldap.replace(`uid=person-9,${pilots}`, "pwdAccountLockedTime", []);
  await tell("out of sight", await journey.sync());
  await ldap.admin.modifyDN(`uid=person-3,${away}`, `uid=person-3,${pilots}`);
  await ldap.admin.modifyDN(`uid=person-10,${away}`, `uid=person-10,${cabin}`);
  await tell("back", await journey.sync());
  const told = (await journey.users()).filter(({ username }) =>
    /^(person|married)-(\d|10|2000)@/.test(username),
  );
  story.push("in the end", ...standingsTable(told).map((line) => `    ${line}`));
  await expect(`${story.join("\n")}\n`).toMatchFileSnapshot("./openldap.table.txt");
});

async function imported(count: number, more: Partial<Settings> = {}): Promise<Journey & { unit: string }> {
  const { unit, settings } = await ownUnit(more);
  await ldap.addPeople(upTo(count), unit);
  const journey = await beginJourney(example, settings);
  expect(await journey.sync()).toMatchObject({ state: "done", counts: { create: count } });
  return { ...journey, unit };
}

async function empty(unit: string, numbers: readonly number[]): Promise<void> {
  await Promise.all(numbers.map((number) => ldap.admin.del(`uid=person-${number},${unit}`)));
}

test("a directory that has nobody any more changes nothing until somebody says that it is true", async () => {
  const journey = await imported(30);
  await journey.license("person-1");
  await empty(journey.unit, upTo(30));
  const run = await journey.sync();
  expect(run).toMatchObject({ state: "held", counts: { orphan: 1, remove: 29 }, done: 0, isComplete: true });
  expect(run.held).toMatchObject({ vanishing: 30, linked: 30, limit: 20 });
  expect(run.held?.sentence).toBe("Everybody who came from this directory would vanish.");
  expect(await journey.users()).toHaveLength(30);
  const { call, params } = journey;
  const confirming = (vanishing: number) =>
    call(directoryRuns.confirmDirectoryRun, { params: { ...params, runId: run.id }, body: { vanishing } });
  await expect(confirming(29)).rejects.toMatchObject({ code: "directory_plan_differs" });
  await journey.carriedOut(await confirming(30));
  expect(await journey.show(run)).toMatchObject({ state: "done", done: 30, confirmedBy: "Mia Holt" });
  expect(standingsTable(await journey.users())).toEqual([
    "Person 1 (person-1@organisation), the root team: orphaned",
  ]);
  await expect(confirming(30)).rejects.toMatchObject({ code: "directory_run_not_held" });
});

async function runsWithReads({ params: { organisationId } }: Journey): Promise<string[]> {
  const rows = await example.database.read((rowsOf) =>
    rowsOf.rows(
      z.object({ id: z.string() }),
      sql`select distinct run_id as id from directory_reads where organisation_id = ${organisationId}`,
    ),
  );
  return rows.map(({ id }) => id);
}

test("half of a directory that is gone is held, and heals by itself when it is back", async () => {
  const journey = await imported(100);
  await empty(
    journey.unit,
    upTo(51).map((number) => number + 49),
  );
  const held = await journey.sync();
  expect(held).toMatchObject({ state: "held", held: { vanishing: 51 } });
  // Changes are still read meanwhile, and show nobody to be gone.
  expect(await journey.sync({ kind: "changes" })).toMatchObject({ state: "done", counts: { remove: 0 } });
  expect(await journey.show(held)).toMatchObject({ state: "held" });
  await ldap.addPeople([1000], journey.unit);
  const again = await journey.sync();
  expect(again).toMatchObject({ state: "held" });
  expect(await journey.show(held)).toMatchObject({ state: "superseded" });
  expect(await journey.users()).toHaveLength(100);
  // What was read for the older plan is not kept.
  expect(await runsWithReads(journey)).toEqual([again.id]);
});

test("a limit of the directory's shows nobody to be gone", async () => {
  const journey = await imported(60);
  await ldap.restart({ limits: `limits dn.exact="${reader.bindName}" size.prtotal=40 size.pr=20` });
  const run = await journey.sync();
  expect(run).toMatchObject({ state: "done", isComplete: false, counts: { orphan: 0, remove: 0 } });
  expect(run.incompleteBecause).toMatchObject({ code: "size-limited" });
  await ldap.restart();
  expect(await journey.users()).toHaveLength(60);
});

test("a dry run shows the plan and changes nothing", async () => {
  const { unit, settings } = await ownUnit();
  await ldap.addPeople(upTo(3), unit);
  const journey = await beginJourney(example, settings);
  const dry = await journey.sync({ isDryRun: true });
  expect(dry).toMatchObject({ state: "done", counts: { create: 3 }, done: 0 });
  expect((await journey.rowsOf(dry)).map(({ outcome }) => outcome)).toEqual([null, null, null]);
  expect(await journey.users()).toEqual([]);
  expect(await journey.sync()).toMatchObject({ counts: { create: 3 }, done: 3 });
});

test("of a manual directory only those who are chosen are imported, then all", async () => {
  const { unit, settings } = await ownUnit({ mode: "manual" });
  await ldap.addPeople(upTo(4), unit);
  const journey = await beginJourney(example, settings);
  const { call, params, organisation } = journey;
  expect(await journey.sync()).toMatchObject({ state: "done", read: 4, rows: 0 });
  const list = async (state: "unlinked" | "linked" | "ignored") =>
    (await call(directoryEntries.listDirectoryEntries, { params, query: { state } })).entries;
  const [first, second] = (await list("unlinked")).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (first === undefined || second === undefined) throw new Error("four were read");
  const { id: teamId } = await organisation.team("Chosen");
  const body = { objectIds: [first.objectId], teamId };
  await journey.carriedOut(await call(directoryEntries.importEntries, { params, body }));
  expect(standingsTable(await journey.users())).toEqual([
    "Person 1 (person-1@organisation), Chosen: unlicensed",
  ]);
  const ignoring = { objectIds: [second.objectId] };
  expect(await call(directoryEntries.ignoreEntries, { params, body: ignoring })).toEqual({ ignored: 1 });
  await journey.carriedOut(await call(directoryEntries.importEntries, { params, body: {} }));
  expect(await journey.users()).toHaveLength(3);
  expect((await list("ignored")).map(({ name }) => name)).toEqual(["Person 2"]);
  expect(await call(directoryEntries.unignoreEntries, { params, body: ignoring })).toEqual({ unignored: 1 });
  await journey.carriedOut(await call(directoryEntries.importEntries, { params, body: ignoring }));
  expect(await journey.users()).toHaveLength(4);
  expect(await list("unlinked")).toEqual([]);
});

test("whoever was said to be another entry is remembered by the former one, and linked again when only that is left", async () => {
  const { unit, settings } = await ownUnit({ mode: "manual" });
  await ldap.addPeople(upTo(3), unit);
  const { call, params, organisation, ...journey } = await beginJourney(example, settings);
  await journey.sync();
  const entries = async () =>
    (await call(directoryEntries.listDirectoryEntries, { params, query: {} })).entries.toSorted((a, b) =>
      a.name < b.name ? -1 : 1,
    );
  const [first, second, third] = await entries();
  if (first === undefined || second === undefined || third === undefined) throw new Error("three were read");
  const body = { objectIds: [first.objectId, third.objectId] };
  await journey.carriedOut(await call(directoryEntries.importEntries, { params, body }));
  await journey.license("person-1");
  const away = await ldap.addUnit(`Away ${unit.length}, ${units}`);
  await ldap.admin.modifyDN(`uid=person-1,${unit}`, `uid=person-1,${away}`);
  expect(await journey.sync()).toMatchObject({ counts: { orphan: 1 } });
  const userId = (await journey.users()).find(({ name }) => name === "Person 1")?.id;
  if (userId === undefined) throw new Error("an orphan stays");
  const saying = { params: { ...params, objectId: second.objectId }, body: { userId } };
  await journey.carriedOut(await call(directoryEntries.linkEntry, saying));
  expect((await entries()).map((entry) => entry.userId)).toEqual([null, userId, expect.any(String)]);
  await call(directoryEntries.unlinkUsers, { params: organisation.params, body: { userIds: [userId] } });
  await ldap.admin.modifyDN(`uid=person-1,${away}`, `uid=person-1,${unit}`);
  expect(await journey.sync()).toMatchObject({ counts: { relink: 1, create: 0 } });
  expect((await entries()).map((entry) => entry.userId)).toEqual([userId, null, expect.any(String)]);
});
