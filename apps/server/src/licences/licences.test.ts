import { licences, organisations, standings } from "@lockstep/api";
import { expect, test } from "vitest";

import { useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation, type OwnOrganisation } from "../http/testing/organisation.ts";
import { outcomesOf, twentyTimes } from "../http/testing/races.ts";

const example = useExampleApp();

const subscription = {
  productId: "LS-1",
  edition: "Pro",
  term: "subscription",
  seats: 2,
  validFrom: "2026-01-01",
  validUntil: "2026-12-31",
} as const;

async function withLicence(change: Partial<Record<keyof typeof subscription, unknown>> = {}) {
  const organisation = await makeOwnOrganisation(example);
  const { call, params } = organisation;
  const body = { ...subscription, ...change } as typeof subscription;
  const licence = await call(licences.addLicence, { params, body });
  return { ...organisation, licence, ofLicence: { ...params, licenceId: licence.id } };
}

async function colours({ call, params }: OwnOrganisation) {
  const { counts } = await call(standings.countOrganisation, { params });
  return counts.encryption;
}

test("a seat turns a user blue, and a returned one light grey again", async () => {
  const { ofLicence, ...organisation } = await withLicence();
  const { call, params } = organisation;
  const [one, two] = (await organisation.people(2)).map(({ id }) => id);
  if (one === undefined || two === undefined) throw new Error("two were added");
  const taken = await call(licences.assignLicence, { params: ofLicence, body: { userIds: [one, two, one] } });
  expect(taken).toMatchObject({ seats: 2, seatsTaken: 2, state: "valid" });
  expect(await colours(organisation)).toMatchObject({ licensed: 2, unlicensed: 0 });
  const again = await call(licences.assignLicence, { params: ofLicence, body: { userIds: [one] } });
  expect(again.seatsTaken).toBe(2);
  const returned = await call(licences.returnSeats, { params, body: { userIds: [one] } });
  expect(returned).toEqual({ returned: 1, keyFiles: 0 });
  expect(await colours(organisation)).toMatchObject({ licensed: 1, unlicensed: 1 });
});

test("too few free seats give nobody one, and say how many there are", async () => {
  const { ofLicence, ...organisation } = await withLicence();
  const userIds = (await organisation.people(3)).map(({ id }) => id);
  const asked = organisation.call(licences.assignLicence, { params: ofLicence, body: { userIds } });
  await expect(asked).rejects.toMatchObject({ code: "seats_exhausted", detail: "2 free, 3 wanted" });
  expect(await colours(organisation)).toMatchObject({ licensed: 0, unlicensed: 3 });
});

// Without the lock on the licence both count the free seat before either has taken it.
test("INV-16: the last seat is given once, also when two administrators give it at the same moment", async () => {
  const { ofLicence, ...organisation } = await withLicence({ seats: 1 });
  const { call, params } = organisation;
  const [one, two] = (await organisation.people(2)).map(({ id }) => id);
  if (one === undefined || two === undefined) throw new Error("two were added");
  await twentyTimes(async () => {
    const giving = [one, two].map((id) =>
      call(licences.assignLicence, { params: ofLicence, body: { userIds: [id] } }),
    );
    expect(await outcomesOf(giving)).toEqual(["done", "seats_exhausted"]);
    await call(licences.returnSeats, { params, body: { userIds: [one, two] } });
  });
});

// Without the lock the pool shrinks below what is taken at the same moment.
test("INV-16: ... nor when the pool is made smaller at the same moment", async () => {
  const { ofLicence, licence, ...organisation } = await withLicence({ seats: 2 });
  const { call, params } = organisation;
  const [one, two] = (await organisation.people(2)).map(({ id }) => id);
  if (one === undefined || two === undefined) throw new Error("two were added");
  await call(licences.assignLicence, { params: ofLicence, body: { userIds: [one] } });
  let match = licence.revision;
  await twentyTimes(async () => {
    const both = [
      call(licences.assignLicence, { params: ofLicence, body: { userIds: [two] } }),
      call(licences.editLicence, { params: ofLicence, body: { seats: 1 }, match }),
    ];
    const outcomes = await outcomesOf(both);
    expect([
      ["done", "seats_exhausted"],
      ["done", "seats_taken"],
    ]).toContainEqual(outcomes);
    const now = await call(licences.showLicence, { params: ofLicence });
    expect(now.seatsTaken).toBeLessThanOrEqual(now.seats);
    await call(licences.returnSeats, { params, body: { userIds: [two] } });
    const larger = { params: ofLicence, body: { seats: 2 }, match: now.revision };
    match = (await call(licences.editLicence, larger)).revision;
  });
});

test("a licence that is over, not yet valid or suspended gives no seats", async () => {
  const { ofLicence, licence, ...organisation } = await withLicence();
  const { call, params } = organisation;
  const [user] = await organisation.people(1);
  const userIds = user === undefined ? [] : [user.id];
  const give = (licenceId: typeof licence.id) =>
    call(licences.assignLicence, { params: { ...params, licenceId }, body: { userIds } });
  for (const dates of [
    { validFrom: "2025-01-01", validUntil: "2026-02-28" },
    { validFrom: "2026-03-02", validUntil: "2026-12-31" },
  ]) {
    const other = await call(licences.addLicence, { params, body: { ...subscription, ...dates } });
    await expect(give(other.id)).rejects.toMatchObject({ code: "licence_not_valid" });
  }
  const suspended = await call(licences.suspendLicence, { params: ofLicence, match: licence.revision });
  await expect(give(licence.id)).rejects.toMatchObject({ code: "licence_suspended" });
  const resumed = await call(licences.resumeLicence, { params: ofLicence, match: suspended.revision });
  expect([suspended.state, resumed.state]).toEqual(["suspended", "valid"]);
  expect((await give(licence.id)).seatsTaken).toBe(1);
});

test("replacing a licence moves every seat, or none if the other has too few", async () => {
  const { ofLicence, licence, ...organisation } = await withLicence();
  const { call, params } = organisation;
  const userIds = (await organisation.people(2)).map(({ id }) => id);
  await call(licences.assignLicence, { params: ofLicence, body: { userIds } });
  const small = await call(licences.addLicence, { params, body: { ...subscription, seats: 1 } });
  const large = await call(licences.addLicence, { params, body: { ...subscription, seats: 9 } });
  const by = (id: typeof licence.id) =>
    call(licences.replaceLicence, { params: ofLicence, body: { by: id } });
  await expect(by(small.id)).rejects.toMatchObject({ code: "seats_exhausted" });
  await expect(by(licence.id)).rejects.toMatchObject({ code: "licence_replaces_itself" });
  expect(await by(large.id)).toMatchObject({ id: large.id, seatsTaken: 2 });
  expect(await call(licences.showLicence, { params: ofLicence })).toMatchObject({ seatsTaken: 0 });
  expect(await colours(organisation)).toMatchObject({ licensed: 2 });
});

test("suspending a licence frees its seats, and posts Key-Files without keys to whoever is active", async () => {
  const call = await example.callAs("ada");
  const [organisation] = (await call(organisations.listOrganisations)).organisations;
  if (organisation === undefined) throw new Error("Ada sees her organisation");
  const params = { organisationId: organisation.id };
  const { licences: all } = await call(licences.listLicences, { params });
  const main = all.find(({ seatsTaken }) => seatsTaken > 5);
  if (main === undefined) throw new Error("the example has a licence that is used");
  const before = await call(standings.countOrganisation, { params });
  expect(before.counts.encryption.active).toBeGreaterThan(0);
  const ofMain = { ...params, licenceId: main.id };
  await call(licences.suspendLicence, { params: ofMain, match: main.revision });
  const { counts } = await call(standings.countOrganisation, { params });
  expect(counts.encryption.licensed).toBe(0);
  expect(counts.encryption.active).toBeLessThan(before.counts.encryption.active);
  const { users } = await call(standings.listUsers, { params, query: { search: "ada" } });
  const [ada] = users;
  if (ada === undefined) throw new Error("Ada is in the example");
  const shown = await call(standings.showStanding, { params: { ...params, userId: ada.id } });
  expect(shown).toMatchObject({ encryption: "unlicensed" });
  expect(shown.workstations[0]?.updates).toMatchObject([{ kind: "key-file", state: "posted" }]);
});

test("a licence ends on or after its first day, and only a perpetual one never", async () => {
  const { call, params, licence, ofLicence } = await withLicence();
  const add = (change: object) => call(licences.addLicence, { params, body: { ...subscription, ...change } });
  await expect(add({ validUntil: null })).rejects.toMatchObject({ code: "licence_dates_invalid" });
  await expect(add({ validUntil: "2025-12-31" })).rejects.toMatchObject({ code: "licence_dates_invalid" });
  expect(await add({ term: "perpetual", validUntil: null })).toMatchObject({ validUntil: null });
  const edit = call(licences.editLicence, {
    params: ofLicence,
    body: { validUntil: null },
    match: licence.revision,
  });
  await expect(edit).rejects.toMatchObject({ code: "licence_dates_invalid" });
});
