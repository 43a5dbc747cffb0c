import { authorities, keys, organisations, standings, users } from "@lockstep/api";
import { expect, test } from "vitest";
import { v7 as uuid } from "uuid";

import { useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation } from "../http/testing/organisation.ts";
import { outcomesOf, twentyTimes } from "../http/testing/races.ts";

const example = useExampleApp();

test("an authority comes with the office of its own people, and its name is given once", async () => {
  const call = await example.callAs("sol");
  const name = `Authority ${uuid()}`;
  const made = await call(authorities.createAuthority, { body: { name } });
  const office = await call(organisations.showOrganisation, { params: { organisationId: made.officeId } });
  expect(office).toMatchObject({ name: `${name} office`, office: "authority", authorityId: made.id });
  expect((await call(authorities.listAuthorities)).authorities).toContainEqual(made);
  for (const taken of [name, "Northwind Air", `Civil Aviation Authority`]) {
    await expect(call(authorities.createAuthority, { body: { name: taken } })).rejects.toMatchObject({
      code: "name_taken",
    });
  }
});

// Without the lock on the installation both find the name free, and one of the two fails as a bug.
test("a name of an organisation is given once, also at the same moment", async () => {
  const call = await example.callAs("noor");
  const [any] = (await call(organisations.listOrganisations)).organisations;
  const authorityId = any?.authorityId ?? null;
  if (authorityId === null) throw new Error("Noor's authority has organisations");
  await twentyTimes(async () => {
    const body = { name: uuid() };
    const making = [1, 2].map(() =>
      call(organisations.createOrganisation, { params: { authorityId }, body }),
    );
    expect(await outcomesOf(making)).toEqual(["done", "name_taken"]);
  });
});

test("everybody sees the organisations that a role reaches, and the own one", async () => {
  const seen = async (name: string) =>
    (await (await example.callAs(name))(organisations.listOrganisations)).organisations.map(
      ({ office }) => office,
    );
  expect(new Set(await seen("sol"))).toEqual(new Set(["none", "authority", "installation"]));
  expect(new Set(await seen("noor"))).toEqual(new Set(["none", "authority"]));
  for (const name of ["ada", "emil", "ines"]) expect(await seen(name)).toEqual(["none"]);
});

test("an organisation is switched off and on by its authority; its office never", async () => {
  const { params, people } = await makeOwnOrganisation(example);
  await people(2);
  const call = await example.callAs("noor");
  const shown = await call(organisations.showOrganisation, { params });
  const turn = (on: boolean, match: number) =>
    call(organisations.switchOrganisation, { params, body: { on }, match });
  const before = await call(standings.countOrganisation, { params });
  const off = await turn(false, shown.revision);
  expect(off.state).toBe("disabled");
  expect(await turn(false, off.revision)).toEqual(off);
  const on = await turn(true, off.revision);
  expect(on.state).toBe("enabled");
  expect((await call(standings.countOrganisation, { params })).counts).toEqual(before.counts);
  const all = (await call(organisations.listOrganisations)).organisations;
  const office = all.find((each) => each.office === "authority");
  if (office === undefined) throw new Error("the authority has an office");
  const switching = call(organisations.switchOrganisation, {
    params: { organisationId: office.id },
    body: { on: false },
    match: office.revision,
  });
  await expect(switching).rejects.toMatchObject({ code: "office_stays_on" });
});

test("who acts from an office is named in the timelines of the organisation", async () => {
  const { call, params, people } = await makeOwnOrganisation(example);
  const [user] = await people(1);
  if (user === undefined) throw new Error("one was added");
  const ofUser = { ...params, userId: user.id };
  await call(users.editUser, { params: ofUser, body: { name: "New" }, match: user.revision });
  const { entries } = await call(standings.showTimeline, { params: ofUser });
  expect(new Set(entries.filter(({ of }) => of === "user").map(({ by }) => by))).toEqual(
    new Set(["Mia Holt"]),
  );
});

test("an organisation gets another name, which nobody else has", async () => {
  const { params } = await makeOwnOrganisation(example);
  const call = await example.callAs("noor");
  const { revision } = await call(organisations.showOrganisation, { params });
  const name = `Renamed ${uuid()}`;
  const rename = (to: string, match: number) =>
    call(organisations.renameOrganisation, { params, body: { name: to }, match });
  await expect(rename("Northwind Air", revision)).rejects.toMatchObject({ code: "name_taken" });
  expect(await rename(name, revision)).toMatchObject({ name, revision: revision + 1 });
  await expect(rename("Late", revision)).rejects.toMatchObject({ code: "revision_changed" });
});

test("who makes an organisation manages it if wanted, and touches nothing in it if not", async () => {
  const call = await example.callAs("noor");
  const [any] = (await call(organisations.listOrganisations)).organisations;
  const authorityId = any?.authorityId ?? null;
  if (authorityId === null) throw new Error("Noor's authority has organisations");
  const make = (managedByMe: boolean) =>
    call(organisations.createOrganisation, { params: { authorityId }, body: { name: uuid(), managedByMe } });
  const addKey = async (organisationId: NonNullable<typeof any>["id"]) =>
    call(keys.createKey, { params: { organisationId }, body: { name: "Company" } });
  const [own, others] = [await make(true), await make(false)];
  expect(await addKey(own.id)).toMatchObject({ name: "Company" });
  await expect(addKey(others.id)).rejects.toMatchObject({ code: "permission_denied" });
});
