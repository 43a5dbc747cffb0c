import {
  accounts,
  clientFor,
  keys,
  organisations,
  roleHolders,
  standings,
  teams,
  users,
  type OrganisationRowVerdict,
} from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { expect, test } from "vitest";
import { v7 as uuid } from "uuid";
import { z } from "zod";

import { addPerson, appoint, putInState, tokenFor, writingTo } from "../accounts/testing.ts";
import { sql } from "../db/sql.ts";
import { changeContents } from "../facts/change.ts";
import { testMaking } from "../facts/testing.ts";
import { digestOf, useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation } from "../http/testing/organisation.ts";
import { openMailsOf, secretFor } from "../mails/testing/outbox.ts";
import { markOrganisationDeleted } from "../deletions/organisations/store.ts";
import { openRootHolder } from "../roots/root-key-file.ts";
import { runOrganisationImport } from "./commands/run.ts";
import { importingAs, marked } from "./testing.ts";

const example = useExampleApp();
const head = "organisation,name,username,email,team,invite,role";

async function teamsOf(organisationId: OrganisationId): Promise<string[]> {
  const call = await example.callAs("noor");
  const all = (await call(teams.listTeams, { params: { organisationId } })).teams;
  const nameOf = (id: unknown) => all.find((team) => team.id === id)?.name ?? "";
  return all.map(({ name, parentId }) => `${nameOf(parentId)}/${name}`).sort();
}

async function peopleOf(organisationId: OrganisationId) {
  const call = await example.callAs("noor");
  return (await call(standings.listUsers, { params: { organisationId } })).users;
}

test("organisations are made, their people added to teams, invited and given roles, and every other row says why not", async () => {
  const noor = await importingAs(example, "noor");
  const own = await makeOwnOrganisation(example);
  const there = (await own.call(organisations.showOrganisation, { params: own.params })).name;
  await own.team("Pilots");
  const mark = uuid();
  const written: [string, OrganisationRowVerdict][] = [
    ["Air ~,Ada,a@x.example,a@x.example,,yes,organisation manager", "added"],
    ["Air ~,Bo,,bo@x.example,Flight/Pilots,,", "added"],
    [`${there},Cleo,c@x.example,,pilots,no,`, "added"],
    ["air ~,Dana,d@x.example,,Flight,,", "added"],
    ["Sea ~,Emil,e@x.example,e@x.example,,YES,helpdesk", "added"],
    [`${there},Finn,f@x.example,,Nowhere,,`, "team-unknown"],
    ["Air ~,,g@x.example,,,,", "name-missing"],
    ["Air ~,Hana,,,,,", "username-missing"],
    [",Ines,i@x.example,,,,", "organisation-missing"],
    ["Air ~,June,j@x.example,none,,,", "email-invalid"],
    ["Air ~,Kai,with spaces,,,,", "value-invalid"],
    [`${"x".repeat(201)},Gus,k@x.example,,,,`, "value-invalid"],
    ["Air ~,Ivo,kit@x.example,,Flight//Pilots,,", "value-invalid"],
    ["Sea ~,Lena,A@x.example,,,,", "username-repeated"],
    ["Air ~,Milo,m@x.example,,,perhaps,", "invite-unclear"],
    ["Air ~,Nora,n@x.example,,,yes,", "email-missing"],
    ["Air ~,Otto,o@x.example,o@x.example,,yes,king", "role-unknown"],
    ["Air ~,Pia,p@x.example,p@x.example,,,helpdesk", "role-needs-invitation"],
    ["Air ~,Quinn", "row-malformed"],
    ["Land ~,Rosa,ada@northwind.example,,,,", "username-taken"],
    ["Civil Aviation Authority,Sven,s@x.example,,,,", "organisation-name-taken"],
    ["Civil Aviation Authority office,Tara,t@x.example,,,,", "organisation-is-office"],
  ];
  const csv = [head, ...written.map(([row]) => row)].join("\r\n").replaceAll("ada@n", "ada\u0000n");
  const { verdicts, all, ...ended } = await noor.imported(marked(csv, mark).replaceAll("\u0000", "@"));
  expect(verdicts).toEqual(written.map(([, verdict]) => verdict));
  expect(ended).toMatchObject({
    ...{ rows: 22, done: 22, organisations: 2, added: 5, invited: 2, there: 0, skipped: 17 },
    isDryRun: false,
  });
  expect(all.map(({ row }) => row)).toEqual(all.map((_, index) => index + 1));
  expect((await noor.rows(ended.id, "organisations")).map(({ row }) => row)).toEqual([1, 5]);
  expect((await noor.rows(ended.id, "skipped")).map(({ row }) => row)).toEqual(
    written.flatMap(([, verdict], index) => (verdict === "added" ? [] : [index + 1])),
  );
  const air = await noor.organisation(marked("Air ~", mark));
  if (air === undefined) throw new Error("it was made");
  expect(await teamsOf(air.id)).toEqual([`${air.name}/Flight`, `/${air.name}`, "Flight/Pilots"].sort());
  expect((await peopleOf(air.id)).map(({ name, team, account }) => [name, team, account]).sort()).toEqual([
    ["Ada", air.name, "pending"],
    ["Bo", "Pilots", "none"],
    ["Dana", "Flight", "none"],
  ]);
  // Nobody was added to it, so it was not made.
  expect(await noor.organisation(marked("Land ~", mark))).toBeUndefined();
  const { holders } = await noor.call(roleHolders.listRoleHolders, { params: { organisationId: air.id } });
  expect(holders).toMatchObject([{ role: "organisation-manager", user: { name: "Ada" }, livesHere: true }]);
});

test("who is imported as the manager of a new organisation activates by mail, signs in and makes its first key", async () => {
  const noor = await importingAs(example, "noor");
  const csv = marked(`${head}\nAir ~,Ada,ada@x.example,ada@x.example,,yes,organisation-manager`);
  const { all } = await noor.imported(csv);
  const [{ userId, organisationId, username } = {}] = all;
  if (!userId || !organisationId || !username) throw new Error("she was added");
  const secret = await secretFor(example, userId, "activate-account");
  const password = "a few words in a row";
  const activated = await example.send("POST", "/account/activation", { body: { secret, password } });
  expect(activated.status).toBe(204);
  const signedIn = await example.send("POST", "/session", { body: { username, password } });
  expect(signedIn.status).toBe(200);
  const call = clientFor(example.origin, { token: await tokenFor(example, { organisationId, userId }) });
  const key = await call(keys.createKey, { params: { organisationId }, body: { name: "Company" } });
  expect(key).toMatchObject({ name: "Company" });
  const { entries } = await call(standings.showTimeline, { params: { organisationId, userId } });
  const told = entries.filter(({ of }) => of === "user").map(({ sentence }) => sentence);
  expect(told).toContainEqual(expect.stringMatching(/^The user was made organisation manager in Air /));
});

test("a dry run gives the verdicts that there would be and writes nothing else; a second import changes nothing", async () => {
  const noor = await importingAs(example, "noor");
  const rows = [
    "Air ~,Ada,a@x.example,a@x.example,Flight,yes,organisation-manager",
    "Air ~,Bo,b@x.example,,Flight/Pilots,,",
    "Sea ~,Cleo,c@x.example,,,,",
    "Sea ~,Cleo,c@x.example,,,,",
  ];
  const csv = marked([head, ...rows].join("\n"));
  const facts = async () => {
    const digest = (await digestOf(example.database)) as Record<string, string>;
    return {
      ...digest,
      organisation_imports: "",
      organisation_import_rows: "",
      events: "",
      unsealed_events: "",
    };
  };
  const events = () =>
    example.database.read((reader) =>
      reader.row(z.object({ n: z.int() }), sql`select count(*)::int as n from events`),
    );
  const [before, said] = [await facts(), await events()];
  const dry = await noor.imported(csv, true);
  expect([await facts(), await events()]).toEqual([before, said]);
  expect(dry.verdicts).toEqual(["would-be-added", "would-be-added", "would-be-added", "username-repeated"]);
  expect(dry).toMatchObject({ organisations: 2, added: 3, invited: 1, skipped: 1 });
  const first = await noor.imported(csv);
  expect(first.verdicts).toEqual(["added", "added", "added", "username-repeated"]);
  expect(first).toMatchObject({ organisations: 2, added: 3, invited: 1, skipped: 1 });
  const [after, told] = [await facts(), (await events())?.n ?? 0];
  for (const isDryRun of [true, false]) {
    const again = await noor.imported(csv, isDryRun);
    expect(again.verdicts).toEqual(["already-there", "already-there", "already-there", "username-repeated"]);
    expect(again).toMatchObject({ organisations: 0, added: 0, invited: 0, there: 3, skipped: 1 });
    expect(await facts()).toEqual(after);
  }
  // That it was started.
  expect(await events()).toEqual({ n: told + 1 });
});

test("who is there already is left as is, whatever the row says; who has gone is not there", async () => {
  const noor = await importingAs(example, "noor");
  const own = await makeOwnOrganisation(example);
  const { name } = await own.call(organisations.showOrganisation, { params: own.params });
  const [ada, bo] = await own.people(2);
  if (ada === undefined || bo === undefined) throw new Error("two were added");
  await own.call(users.removeUser, { params: { ...own.params, userId: bo.id } });
  const rows = [ada, bo].map(({ username }) => `${name},Other,${username},o@x.example,Nowhere,yes,helpdesk`);
  const { verdicts } = await noor.imported([head, ...rows].join("\n"));
  expect(verdicts).toEqual(["already-there", "username-taken"]);
  const params = { ...own.params, userId: ada.id };
  expect(await own.call(users.showUser, { params })).toEqual(ada);
  expect(await own.call(accounts.showAccount, { params })).toMatchObject({ status: "none" });
  expect(await openMailsOf(example, ada.id, "activate-account")).toEqual([]);
});

test("of one username in several organisations the first row of the file counts, in whichever order they are carried out", async () => {
  const noor = await importingAs(example, "noor");
  const rows = ["Air ~,A,a@x.example,,,,", "Sea ~,B,b@x.example,,,,", "Air ~,B,b@x.example,,,,"];
  const { verdicts } = await noor.imported(marked([head, ...rows].join("\n")));
  expect(verdicts).toEqual(["added", "added", "username-repeated"]);
});

test("a deleted organisation is not made again, and of several that differ in capitals none is guessed", async () => {
  const noor = await importingAs(example, "noor");
  const params = { authorityId: noor.authorityId };
  const mark = uuid();
  const make = (name: string) => noor.call(organisations.createOrganisation, { params, body: { name } });
  const gone = await make(`Gone ${mark}`);
  await changeContents(writingTo(example), gone.id, markOrganisationDeleted);
  await make(`Twin ${mark}`);
  await make(`TWIN ${mark}`);
  const rows = ["Gone ~,A,a@x.example,,,,", "twin ~,B,b@x.example,,,,"];
  const { verdicts } = await noor.imported(marked([head, ...rows].join("\n"), mark));
  expect(verdicts).toEqual(["organisation-name-taken", "organisation-ambiguous"]);
});

test("without the root holder's key no organisation is made, and people of others are added", async () => {
  const noor = await importingAs(example, "noor");
  const own = await makeOwnOrganisation(example);
  const { name } = await own.call(organisations.showOrganisation, { params: own.params });
  const csv = marked([head, "Air ~,A,a@x.example,,,,", `${name},B,b@x.example,,,,`].join("\n"));
  for (const [isDryRun, verdict] of [[true, "would-be-added"] as const, [false, "added"] as const]) {
    const { id } = await noor.start(csv, isDryRun);
    const away = { ...testMaking(), rootHolder: openRootHolder(`/tmp/${uuid()}`) };
    const around = { database: example.database, clock: () => example.now, ...away };
    const office = await noor.organisation("Civil Aviation Authority office");
    if (office === undefined) throw new Error("the authority has an office");
    await runOrganisationImport(around, { officeId: office.id, importId: id });
    expect((await noor.rows(id)).map((row) => row.verdict)).toEqual(["root-key-missing", verdict]);
  }
});

test.each([
  ["a file without organisations", "name,username\nA,b", "organisation is missing"],
  ["a file without usernames", "organisation,name\nA,b", "username, or email, is missing"],
  [
    "an unknown column",
    "organisation,name,email,salary\nA,b,c,1",
    "“salary” is none of " + head.replaceAll(",", ", "),
  ],
  ["a column twice", "organisation,name,email,role,role\nA,b,c,,", "a column is named twice"],
])("%s is refused as a whole, and nothing is imported", async (_, csv, detail) => {
  const noor = await importingAs(example, "noor");
  await expect(noor.start(csv)).rejects.toMatchObject({ code: "csv_header_invalid", detail });
});

test("only who administers the authority or the installation imports, and nobody that of another authority", async () => {
  const noor = await importingAs(example, "noor");
  const sol = await importingAs(example, "sol");
  const csv = marked(`${head}\nAir ~,Ada,a@x.example,a@x.example,,yes,organisation-manager`);
  const { id } = await noor.start(csv, true);
  for (const name of ["ada", "emil", "bo"]) {
    const other = await importingAs(example, name);
    await expect(other.start(csv)).rejects.toMatchObject({ code: "permission_denied" });
    await expect(other.rows(id)).rejects.toMatchObject({ code: "permission_denied" });
  }
  const { rows } = await importingAs(example, "sol");
  expect(await rows(id)).toEqual(await noor.rows(id));
  expect(await sol.imported(csv)).toMatchObject({ organisations: 1, added: 1, invited: 1, skipped: 0 });
});

// Without asking for the starter's roles at each step, the import of somebody who was shut out would go on.
test("whoever is shut out while the own import runs imports nobody any more", async () => {
  const noor = await importingAs(example, "noor");
  const office = await noor.organisation("Civil Aviation Authority office");
  if (office === undefined) throw new Error("the authority has an office");
  const { userId } = await addPerson(example, office.id);
  const grant = { userId, role: "authority-administrator", scopeId: office.id } as const;
  await appoint(example, office.id, grant);
  const token = await tokenFor(example, { organisationId: office.id, userId });
  const body = { fileName: "all.csv", csv: marked(`${head}\nAir ~,Ada,a@x.example,,,,`) };
  const path = `/authorities/${noor.authorityId}/imports`;
  const started = await example.send("POST", path, { token, body });
  expect(started.status).toBe(201);
  await putInState(example, office.id, { userId, state: "blocked" });
  await example.runImports();
  const id = started.body["id"] as Parameters<typeof noor.rows>[0];
  expect((await noor.rows(id)).map(({ verdict }) => verdict)).toEqual(["not-allowed"]);
  expect(await noor.show(id)).toMatchObject({ done: 1, organisations: 0, added: 0 });
});

test("the text of a file is forgotten with its last verdict", async () => {
  const noor = await importingAs(example, "noor");
  const { id } = await noor.imported(marked(`${head}\nAir ~,Ada,a@x.example,,,,`));
  const kept = await example.database.read((reader) =>
    reader.row(
      z.object({ source: z.string().nullable() }),
      sql`select source from organisation_imports where id = ${id}`,
    ),
  );
  expect(kept).toEqual({ source: null });
});
