import { mkdtempSync } from "node:fs";
import { join } from "node:path";

import { directoryEntries, type DirectoryRun } from "@lockstep/api";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

import { useExampleApp } from "../http/testing/app.ts";
import { asTable, beginJourney, standingsTable, type Settings } from "./testing/journey.ts";
import { accountControl, startActiveDirectory, type ActiveDirectory } from "./testing/samba.ts";

const example = useExampleApp();
let ad: ActiveDirectory;
beforeAll(async () => {
  ad = await startActiveDirectory(mkdtempSync(join(inject("scratch"), "samba-")));
}, 180_000);
afterAll(() => ad.stop());

const settings = (base: string, more: Partial<Settings> = {}): Settings => ({
  name: "Corp",
  kind: "active-directory",
  host: "localhost",
  security: "ldaps",
  certificates: ad.certificates,
  ...ad.reader,
  base,
  mode: "units",
  follows: true,
  isOn: false,
  ...more,
});

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

test("people of Active Directory: imported, licensed, gone, renamed, moved, disabled, enabled, back", async () => {
  const company = await ad.addUnit("Northwind");
  const flight = await ad.addUnit("Flight Operations", company);
  const pilots = await ad.addUnit("Pilots", flight);
  const ground = await ad.addUnit("Ground", company);
  for (const number of upTo(40)) await ad.addUser(number, number % 2 === 0 ? pilots : ground);
  const journey = await beginJourney(example, settings(company));
  const story: string[] = [];
  const tell = async (title: string, run: DirectoryRun) => {
    const { kind, state, read, isComplete, counts } = run;
    story.push(`${title}: ${kind} ${state}, read ${read}${isComplete ? "" : ", not complete"}`);
    const sums = Object.entries(counts).filter(([, count]) => count > 0);
    story.push(`    ${sums.map(([action, count]) => `${action} ${count}`).join(", ") || "nothing"}`);
    const rows = await journey.rowsOf(run);
    if (rows.length < 20) story.push(...asTable(rows).map((row) => `    ${row}`));
  };
  await tell("import", await journey.sync());
  await tell("nothing has changed", await journey.sync({ kind: "changes" }));
  await journey.license("person-2", "person-4");
  await ad.admin.modifyDN(`CN=Person 1,${ground}`, `CN=Person 1,${pilots}`);
  await ad.admin.modifyDN(`CN=Person 3,${ground}`, `CN=Renamed 3,${ground}`);
  await ad.replace(`CN=Person 5,${ground}`, "displayName", ["Prüfung Ω 試験"]);
  await ad.replace(`CN=Person 7,${ground}`, "userPrincipalName", ["married-7@corp.example.test"]);
  await ad.replace(`CN=Person 9,${ground}`, "userAccountControl", [accountControl.disabled]);
  await ad.admin.del(`CN=Person 2,${pilots}`);
  await ad.admin.del(`CN=Person 6,${pilots}`);
  await ad.addUser(41, pilots, { userAccountControl: accountControl.disabled });
  await tell("what has changed", await journey.sync({ kind: "changes" }));
  await tell("everything", await journey.sync());
  await ad.replace(`CN=Person 9,${ground}`, "userAccountControl", [accountControl.enabled]);
  await ad.replace(`CN=Person 41,${pilots}`, "userAccountControl", [accountControl.enabled]);
  // Somebody else of the same name: a new account has another objectGUID.
  await ad.addUser(2, pilots, { sAMAccountName: "person-2-again" });
  const elsewhere = await ad.addUnit("Elsewhere");
  await ad.admin.modifyDN(`CN=Person 4,${pilots}`, `CN=Person 4,${elsewhere}`);
  await tell("out of sight", await journey.sync());
  await ad.admin.modifyDN(`CN=Person 4,${elsewhere}`, `CN=Person 4,${ground}`);
  await tell("back", await journey.sync({ kind: "changes" }));
  const told = (await journey.users()).filter(({ username }) => /-(\d|41)@/.test(username));
  story.push("in the end", ...standingsTable(told).map((line) => `    ${line}`));
  await expect(`${story.join("\n")}\n`).toMatchFileSnapshot("./active-directory.table.txt");

  // The new account of the same name is said to be the orphan.
  const { call, params } = journey;
  const { entries } = await call(directoryEntries.listDirectoryEntries, {
    params,
    query: { state: "unlinked", search: "person-2@" },
  });
  const orphan = (await journey.users()).find(({ encryption }) => encryption === "orphaned");
  const [again] = entries.filter(({ isGone }) => !isGone);
  if (orphan === undefined || again === undefined)
    throw new Error("somebody is an orphan, and another of the name is there");
  const body = { userId: orphan.id };
  const linking = await call(directoryEntries.linkEntry, {
    params: { ...params, objectId: again.objectId },
    body,
  });
  expect(await journey.carriedOut(linking)).toMatchObject({
    state: "done",
    counts: { link: 1 },
    kind: "chosen",
  });
  expect((await journey.users()).filter(({ encryption }) => encryption === "orphaned")).toEqual([]);
  expect(await journey.sync()).toMatchObject({ rows: 0 });
});

test("from the top of the domain: its own partitions are no reason to miss anybody", async () => {
  // An account of old has no principal name, and is called as it always was.
  await ad.addUser(60, await ad.addUnit("Old"), { sAMAccountName: "old-60", userPrincipalName: null });
  const journey = await beginJourney(example, settings("DC=corp,DC=example,DC=test", { mode: "team" }));
  const run = await journey.sync({ isDryRun: true });
  expect(run).toMatchObject({ isComplete: true, incompleteBecause: null, state: "done" });
  expect(run.read).toBeGreaterThan(39);
  const rows = await journey.rowsOf(run);
  expect(rows.map(({ username }) => username?.split("@")[0])).toContain("old-60");
  expect(rows.map(({ code }) => code)).not.toContain("username-missing");
});

test("a wrong password of Active Directory's is told, and not tried again by time", async () => {
  const wrong = settings("DC=corp,DC=example,DC=test", { password: "wrong", isOn: true });
  const journey = await beginJourney(example, wrong);
  expect((await journey.directory()).nextRunAt).not.toBeNull();
  expect(await journey.sync()).toMatchObject({ state: "failed", failure: { code: "password-refused" } });
  expect(await journey.directory()).toMatchObject({ nextRunAt: null, failure: { code: "password-refused" } });
});
