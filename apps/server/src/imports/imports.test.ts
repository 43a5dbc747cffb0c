import { imports, standings, users, type PeopleImport, type RowVerdict } from "@lockstep/api";
import { expect, test } from "vitest";
import { v7 as uuid } from "uuid";

import { useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation, type OwnOrganisation } from "../http/testing/organisation.ts";
import { runImport } from "./commands.ts";

const example = useExampleApp();

async function start({ call, params }: OwnOrganisation, csv: string, more: object = {}) {
  return call(imports.startImport, { params, body: { fileName: "people.csv", csv, ...more } });
}

async function verdictsOf({ call, params }: OwnOrganisation, { id }: PeopleImport) {
  const ofImport = { ...params, importId: id };
  const { rows } = await call(imports.listImportRows, { params: ofImport, query: { limit: 1000 } });
  return rows.map(({ verdict }) => verdict);
}

async function imported(organisation: OwnOrganisation, csv: string, more: object = {}) {
  const started = await start(organisation, csv, more);
  await example.runImports();
  const { call, params } = organisation;
  const ended = await call(imports.showImport, { params: { ...params, importId: started.id } });
  return { ...ended, verdicts: await verdictsOf(organisation, started) };
}

/** Usernames of one test never meet those of another. */
function named(text: string): string {
  const mark = uuid();
  return text.replaceAll("@", `-${mark}@`);
}

test("every row gets its verdict: those that can be are added, the others say why not", async () => {
  const organisation = await makeOwnOrganisation(example);
  const flight = await organisation.team("Flight");
  await organisation.team("Pilots", flight);
  const ground = await organisation.team("Ground");
  await organisation.team("Pilots", ground);
  const rows: [string, RowVerdict][] = [
    ["Ada,a@x.example,,", "added"],
    ["Bo,,bo@x.example,Flight", "added"],
    ['"Berg, Cleo",c@x.example,,Flight/Pilots', "added"],
    ["Dana,d@x.example,,flight/PILOTS", "added"],
    ["Emil,e@x.example,,Pilots", "team-ambiguous"],
    ["Finn,f@x.example,,Nowhere", "team-unknown"],
    [",g@x.example,,", "name-missing"],
    ["Hana,,,", "username-missing"],
    ["Ines,i@x.example,not an address,", "email-invalid"],
    ["June,with spaces,,", "value-invalid"],
    [`Kai,${"k".repeat(201)},,`, "value-invalid"],
    ["Lena,A@x.example,,", "username-repeated"],
    ["Milo,m@x.example", "row-malformed"],
    ["Nora,n@x.example,,Flight", "added"],
  ];
  const csv = named(["name,username,email,team", ...rows.map(([row]) => row)].join("\r\n"));
  const { verdicts, ...ended } = await imported(organisation, csv);
  expect(verdicts).toEqual(rows.map(([, verdict]) => verdict));
  expect(ended).toMatchObject({ rows: 14, done: 14, added: 5, skipped: 9, isDryRun: false });
  expect(ended.endedAt).not.toBeNull();
  const { call, params } = organisation;
  const { counts } = await call(standings.countOrganisation, { params });
  expect(counts.encryption.unlicensed).toBe(5);
  const { users: found } = await call(standings.listUsers, { params, query: { search: "berg" } });
  expect(found).toMatchObject([{ name: "Berg, Cleo", team: "Pilots", encryption: "unlicensed" }]);
  const [cleo] = found;
  if (cleo === undefined) throw new Error("Cleo was added");
  const { entries } = await call(standings.showTimeline, { params: { ...params, userId: cleo.id } });
  expect(entries[0]).toMatchObject({ kind: "user-added", by: "Mia Holt" });
});

test("a dry run gives the verdicts that there would be, and adds nobody", async () => {
  const organisation = await makeOwnOrganisation(example);
  const { call, params } = organisation;
  const csv = named("email;name\ntaken@x.example;Taken\nfree@x.example;Free\n");
  const taken = /^taken[^;]*/m.exec(csv)?.[0] ?? "";
  await call(users.addUser, { params, body: { name: "Before", username: taken } });
  const dry = await imported(organisation, csv, { isDryRun: true });
  expect(dry.verdicts).toEqual(["username-taken", "would-be-added"]);
  expect(dry).toMatchObject({ added: 1, skipped: 1 });
  expect((await call(standings.listUsers, { params })).users).toHaveLength(1);
  expect((await imported(organisation, csv)).verdicts).toEqual(["username-taken", "added"]);
});

test.each([
  ["commas", "name,username\nAda,a@x.example"],
  ["semicolons", "name;username\nAda;a@x.example"],
  ["tabs, with a byte order mark and the columns written large", "\uFEFFName\tUsername\nAda\ta@x.example"],
])("a file separated by %s is understood", async (_, csv) => {
  const organisation = await makeOwnOrganisation(example);
  expect((await imported(organisation, named(csv))).verdicts).toEqual(["added"]);
});

test.each([
  ["a file without a row of names", "Ada,a@x.example", "“ada” is none of name, username, email, team"],
  ["a file without names of people", "username\na@x.example", "name is missing"],
  ["a file without usernames", "name\nAda", "username, or email, is missing"],
  ["a column twice", "name,email,email\nA,b,c", "a column is named twice"],
  ["nothing but lines", "\n\n", "name is missing"],
])("%s is refused as a whole, and nothing is imported", async (_, csv, detail) => {
  const organisation = await makeOwnOrganisation(example);
  await expect(start(organisation, csv)).rejects.toMatchObject({ code: "csv_header_invalid", detail });
});

test("a quote that never ends spoils its own row and what follows, not the rows before", async () => {
  const organisation = await makeOwnOrganisation(example);
  const csv = named('name,username\nAda,a@x.example\n"Bo,b@x.example\nCleo,c@x.example');
  expect((await imported(organisation, csv)).verdicts).toEqual(["added", "row-malformed"]);
});

test("rows without a team go where the import says", async () => {
  const organisation = await makeOwnOrganisation(example);
  const team = await organisation.team("Newcomers");
  await imported(organisation, named("name,username\nAda,a@x.example"), { teamId: team.id });
  const { call, params } = organisation;
  const { users: there } = await call(standings.listUsers, { params, query: { team: team.id } });
  expect(there).toHaveLength(1);
});

function manyPeople(count: number): string {
  const mark = uuid();
  const rows = Array.from({ length: count }, (_, at) => `Person ${at},p${at}-${mark}@x.example`);
  return ["name,username", ...rows].join("\n");
}

test("an import that is interrupted goes on where it was, and gives no row a second verdict", async () => {
  const organisation = await makeOwnOrganisation(example);
  const { call, params } = organisation;
  const started = await start(organisation, manyPeople(12_000));
  const stopping = new AbortController();
  const job = { database: example.database, clock: () => example.now, signal: stopping.signal };
  const show = () => call(imports.showImport, { params: { ...params, importId: started.id } });
  const running = runImport(job, params.organisationId, started.id);
  // As a server that is told to stop: it ends after the batch that it is at.
  let seen = await show();
  while (seen.done === 0) seen = await show();
  stopping.abort();
  await running;
  const left = await show();
  expect(left).toMatchObject({ endedAt: null });
  expect(left.done % 5000).toBe(0);
  await example.runImports();
  expect(await show()).toMatchObject({ done: 12_000, added: 12_000, skipped: 0 });
});

// Rows are looked at in batches, and one batch must know of those before it, also when another server gave them.
test("a username that was in the file thousands of rows before is repeated, and not taken", async () => {
  const organisation = await makeOwnOrganisation(example);
  const people = manyPeople(10_000);
  const [, first = ""] = people.split("\n");
  const started = await start(organisation, `${people}\n${first}`, { isDryRun: true });
  await Promise.all([example.runImports(), example.runImports()]);
  const { call, params } = organisation;
  const ofImport = { ...params, importId: started.id };
  const { rows } = await call(imports.listImportRows, { params: ofImport, query: { skipped: "true" } });
  expect(rows).toMatchObject([{ row: 10_001, verdict: "username-repeated" }]);
});

// Without the lock on the import each gives the same rows a verdict.
test("two servers that work at one import give each row one verdict", async () => {
  const organisation = await makeOwnOrganisation(example);
  const { call, params } = organisation;
  const started = await start(organisation, manyPeople(11_000));
  await Promise.all([example.runImports(), example.runImports(), example.runImports()]);
  const ended = await call(imports.showImport, { params: { ...params, importId: started.id } });
  expect(ended).toMatchObject({ done: 11_000, added: 11_000, skipped: 0 });
  const { counts } = await call(standings.countOrganisation, { params });
  expect(counts.encryption.unlicensed).toBe(11_000);
});

test("the verdicts come page by page, and only the skipped ones where asked", async () => {
  const organisation = await makeOwnOrganisation(example);
  const { call, params } = organisation;
  const { id } = await imported(organisation, named("name,username\nA,a@\n,b@\nC,c@\n,d@\nE,e@"));
  const ofImport = { ...params, importId: id };
  const page = await call(imports.listImportRows, { params: ofImport, query: { limit: 3 } });
  expect(page.next).toBe(3);
  const last = await call(imports.listImportRows, { params: ofImport, query: { limit: 3, after: 3 } });
  expect([last.rows.map(({ row }) => row), last.next]).toEqual([[4, 5], null]);
  const skipped = await call(imports.listImportRows, { params: ofImport, query: { skipped: "true" } });
  expect(skipped.rows).toMatchObject([
    { row: 2, verdict: "name-missing", sentence: "The row has no name." },
    { row: 4, verdict: "name-missing" },
  ]);
});
