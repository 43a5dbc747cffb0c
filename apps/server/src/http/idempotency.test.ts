import { licences, organisations, teams, users } from "@lockstep/api";
import { expect, test } from "vitest";
import { v7 as uuid } from "uuid";

import { deleteAnsweredCalls } from "../calls/store.ts";
import { useExampleApp } from "./testing/app.ts";
import { makeOwnOrganisation } from "./testing/organisation.ts";
import { twentyTimes } from "./testing/races.ts";

const example = useExampleApp();

const pool = {
  productId: "LS-1",
  edition: "Pro",
  term: "perpetual",
  seats: 3,
  validFrom: "2026-01-01",
  validUntil: null,
} as const;

test("INV-20: a creating call that is repeated with its key makes nothing twice and gets the same reply", async () => {
  const { call, params } = await makeOwnOrganisation(example);
  const add = (idempotencyKey: string) => call(licences.addLicence, { params, body: pool, idempotencyKey });
  const key = uuid();
  const first = await add(key);
  expect(await add(key)).toEqual(first);
  expect(await add(uuid())).not.toEqual(first);
  expect((await call(licences.listLicences, { params })).licences).toHaveLength(2);
});

// Without the lock on the key both find no answer, and both make one.
test("INV-20: ... also when both arrive at the same moment", async () => {
  const { call, params } = await makeOwnOrganisation(example);
  await twentyTimes(async () => {
    const idempotencyKey = uuid();
    const [one, two] = await Promise.all(
      [1, 2].map(() => call(licences.addLicence, { params, body: pool, idempotencyKey })),
    );
    expect(one).toEqual(two);
  });
  expect((await call(licences.listLicences, { params })).licences).toHaveLength(20);
});

test("INV-20: ... also where the second would be refused without its key", async () => {
  const { call, params } = await makeOwnOrganisation(example);
  await twentyTimes(async () => {
    const username = `${uuid()}@own.example`;
    const adding = { params, body: { name: "Pat", username }, idempotencyKey: uuid() };
    const [one, two] = await Promise.all([1, 2].map(() => call(users.addUser, adding)));
    expect(one).toEqual(two);
  });
});

test("a key that comes with another request is refused, and one of another caller is another key", async () => {
  const { call, params, root } = await makeOwnOrganisation(example);
  const idempotencyKey = uuid();
  const body = { name: "Pilots", parentId: root.id };
  const made = await call(teams.createTeam, { params, body, idempotencyKey });
  const other = call(teams.createTeam, { params, body: { ...body, name: "Crew" }, idempotencyKey });
  await expect(other).rejects.toMatchObject({ status: 422, code: "idempotency_key_reused" });
  expect(await call(teams.createTeam, { params, body, idempotencyKey })).toEqual(made);
  const noor = await example.callAs("noor");
  const username = `${uuid()}@own.example`;
  const added = await noor(users.addUser, { params, body: { name: "Pat", username }, idempotencyKey });
  expect(added.name).toBe("Pat");
});

test("a call that was refused may be repeated with its key once it can be answered", async () => {
  const { call, params, root } = await makeOwnOrganisation(example);
  const make = (idempotencyKey?: string) =>
    call(teams.createTeam, {
      params,
      body: { name: "Pilots", parentId: root.id },
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });
  const { id, revision: match } = await make();
  const key = uuid();
  await expect(make(key)).rejects.toMatchObject({ code: "name_taken" });
  await call(teams.deleteTeam, { params: { ...params, teamId: id }, match });
  expect((await make(key)).name).toBe("Pilots");
});

test("an organisation is made once, too", async () => {
  const call = await example.callAs("noor");
  const [any] = (await call(organisations.listOrganisations)).organisations;
  const authorityId = any?.authorityId ?? null;
  if (authorityId === null) throw new Error("Noor's authority has organisations");
  const name = uuid();
  const make = () =>
    call(organisations.createOrganisation, { params: { authorityId }, body: { name }, idempotencyKey: name });
  const [one, two] = await Promise.all([make(), make()]);
  expect(one).toEqual(two);
});

test("answers are forgotten after a day, and keys that are none are refused", async () => {
  const { call, params } = await makeOwnOrganisation(example);
  const idempotencyKey = uuid();
  const first = await call(licences.addLicence, { params, body: pool, idempotencyKey });
  const all = (await call(organisations.listOrganisations)).organisations;
  const home = all.find(({ office }) => office === "installation");
  if (home === undefined) throw new Error("Mia lives in the office of the installation");
  const later = new Date(example.now.getTime() + 1);
  await example.database.transaction((transaction) => deleteAnsweredCalls(transaction, home.id, later));
  const second = await call(licences.addLicence, { params, body: pool, idempotencyKey });
  expect(second.id).not.toBe(first.id);
  const wrong = call(licences.addLicence, { params, body: pool, idempotencyKey: "with spaces" });
  await expect(wrong).rejects.toMatchObject({ code: "malformed_request", detail: "Idempotency-Key" });
});
