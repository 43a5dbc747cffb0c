import { organisationImports, standings } from "@lockstep/api";
import { expect, test } from "vitest";
import { v7 as uuid } from "uuid";

import { testMaking } from "../facts/testing.ts";
import { useExampleApp } from "../http/testing/app.ts";
import { twentyTimes } from "../http/testing/races.ts";
import { runOrganisationImport } from "./commands/run.ts";
import { stepAt, stepsOf } from "./plan.ts";
import { importingAs, marked, type Importing } from "./testing.ts";

const example = useExampleApp();

/** Two organisations, one row of the one after one of the other. */
function manyPeople(count: number, invite = ""): string {
  const rows = Array.from({ length: count }, (_, at) => {
    const organisation = at % 2 === 0 ? "Air ~" : "Sea ~";
    return `${organisation},Person ${at},p${at}@x.example,p${at}@x.example,Team ${at % 3}/Below,${invite}`;
  });
  return marked(["organisation,name,username,email,team,invite", ...rows].join("\n"));
}

async function placeOf({ organisation }: Importing, importId: Parameters<Importing["show"]>[0]) {
  const office = await organisation("Civil Aviation Authority office");
  if (office === undefined) throw new Error("the authority has an office");
  return { officeId: office.id, importId };
}

const around = () => ({ database: example.database, clock: () => example.now, ...testMaking() });

test("rows are carried out organisation by organisation, as the file first names them, and from any place on", () => {
  const cells = ["a", "B", "A", "", "b", "a"].map((organisation, at) => ({
    organisation,
    name: `N ${at}`,
    username: `u${at}`,
  }));
  const steps = stepsOf([...cells, null], 2);
  const shown = steps.map(({ organisation, first, rows }) => [
    organisation,
    first,
    rows.map(({ row }) => row),
  ]);
  expect(shown).toEqual([
    ["a", 0, [1, 3]],
    ["a", 2, [6]],
    ["B", 3, [2, 5]],
    [null, 5, [4, 7]],
  ]);
  // As after another version of the server, whose steps were of another length.
  expect(stepAt(steps, 1)).toMatchObject({ first: 1, rows: [{ row: 3 }] });
  expect(stepAt(steps, 5)).toMatchObject({ first: 5, rows: [{ row: 4 }, { row: 7 }] });
  expect(stepAt(steps, 7)).toBeUndefined();
});

test("an import that is interrupted goes on where it was, and gives no row a second verdict", async () => {
  const noor = await importingAs(example, "noor");
  const { id } = await noor.start(manyPeople(1300));
  let asked = 0;
  // As a server that is told to stop while it is at the second step.
  const signal = Object.defineProperty(new AbortController().signal, "aborted", { get: () => asked++ > 1 });
  await runOrganisationImport({ ...around(), signal }, await placeOf(noor, id));
  expect(await noor.show(id)).toMatchObject({ done: 650, added: 650, organisations: 1, endedAt: null });
  await example.runImports();
  const ended = await noor.show(id);
  expect(ended).toMatchObject({ done: 1300, added: 1300, organisations: 2, skipped: 0 });
  const [air] = await noor.rows(id, "organisations");
  if (!air?.organisationId) throw new Error("it was made");
  // Also the teams of its second step are those of its first.
  const params = { organisationId: air.organisationId };
  expect((await noor.call(standings.countOrganisation, { params })).counts.encryption.unlicensed).toBe(650);
});

test("a dry run of a long file foresees what the import then does", async () => {
  const noor = await importingAs(example, "noor");
  const csv = manyPeople(1100);
  const dry = await noor.imported(csv, true);
  expect(dry).toMatchObject({ done: 1100, organisations: 2, added: 1100, skipped: 0 });
  expect(await noor.imported(csv)).toMatchObject({ done: 1100, organisations: 2, added: 1100, skipped: 0 });
});

// Without the lock on the import each gives the same rows a verdict.
test("two servers that work at one import give each row one verdict", async () => {
  const noor = await importingAs(example, "noor");
  await twentyTimes(async () => {
    const [head = "", ...rows] = manyPeople(6, "yes").split("\n");
    const { id } = await noor.start([head, ",Nobody's,n@x.example,,,", ...rows].join("\n"));
    await Promise.all([example.runImports(), example.runImports(), example.runImports()]);
    const counts = { done: 7, added: 6, invited: 6, organisations: 2, there: 0, skipped: 1 };
    expect(await noor.show(id)).toMatchObject(counts);
  });
});

// Without the lock on the installation one finds people given away of an organisation that it has not seen yet.
test("of two imports of one file at the same moment one adds everybody, and the other finds them there", async () => {
  const noor = await importingAs(example, "noor");
  await twentyTimes(async () => {
    const csv = manyPeople(6);
    const ids = await Promise.all([noor.start(csv), noor.start(csv)]);
    await Promise.all(ids.map(async ({ id }) => runOrganisationImport(around(), await placeOf(noor, id))));
    const both = await Promise.all(ids.map(({ id }) => noor.show(id)));
    const sum = (of: "organisations" | "added" | "there" | "skipped") =>
      both.reduce((all, each) => all + each[of], 0);
    expect([sum("organisations"), sum("added"), sum("there"), sum("skipped")]).toEqual([2, 6, 6, 0]);
  });
});

test("an import of another authority is not found, and neither is one that there is none of", async () => {
  const noor = await importingAs(example, "noor");
  const importId = uuid() as Parameters<Importing["show"]>[0];
  await expect(noor.show(importId)).rejects.toMatchObject({ code: "organisation_import_not_found" });
  const params = { authorityId: uuid() as Importing["authorityId"], importId };
  await expect(noor.call(organisationImports.showOrganisationImport, { params })).rejects.toMatchObject({
    code: "authority_not_found",
  });
});
