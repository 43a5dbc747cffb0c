import { keys, licences, organisations, sessions, standings, users } from "@lockstep/api";
import { expect, test } from "vitest";
import { v7 as uuid } from "uuid";

import { useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation } from "../http/testing/organisation.ts";
import { outcomesOf, twentyTimes } from "../http/testing/races.ts";

const example = useExampleApp();

test("who is added is light grey, with the reason and the next step, in the root team unless another is named", async () => {
  const { call, params, root } = await makeOwnOrganisation(example);
  const username = `Nils.${uuid()}@Own.example`;
  const added = await call(users.addUser, { params, body: { name: " Nils Berg ", username } });
  expect(added).toMatchObject({
    name: "Nils Berg",
    username: username.toLowerCase(),
    teamId: root.id,
    account: "none",
  });
  const show = () => call(standings.showStanding, { params: { ...params, userId: added.id } });
  const standing = await show();
  expect(standing.encryption).toBe("unlicensed");
  expect(standing.reasons.map(({ code }) => code)).toContain("no-licence");
  expect(standing.next.map(({ code }) => code)).toContain("add-seats");
  const pool = { productId: "LS-1", edition: "Pro", seats: 1, validFrom: "2026-01-01" } as const;
  await call(licences.addLicence, { params, body: { ...pool, term: "perpetual", validUntil: null } });
  expect((await show()).next.map(({ code }) => code)).toContain("generate-activation-code");
});

test("INV-17: a username is given once, over all organisations, also after its user was removed", async () => {
  const [one, other] = [await makeOwnOrganisation(example), await makeOwnOrganisation(example)];
  const username = `${uuid()}@own.example`;
  const add = ({ call, params }: typeof one, written = username) =>
    call(users.addUser, { params, body: { name: "Somebody", username: written } });
  const { id } = await add(one);
  await expect(add(other, username.toUpperCase())).rejects.toMatchObject({ code: "username_taken" });
  await one.call(users.removeUser, { params: { ...one.params, userId: id } });
  await expect(add(one)).rejects.toMatchObject({ code: "username_taken" });
});

// Without the key of the table of usernames, and the check of who was really added, both would be.
test("INV-17: ... also when it is given twice at the same moment", async () => {
  const places = [await makeOwnOrganisation(example), await makeOwnOrganisation(example)];
  await twentyTimes(async () => {
    const username = `${uuid()}@own.example`;
    const adding = places.map(({ call, params }) =>
      call(users.addUser, { params, body: { name: "Somebody", username } }),
    );
    expect(await outcomesOf(adding)).toEqual(["done", "username_taken"]);
  });
});

// Without the comparison of revisions in the statement that writes, the second would undo the first unseen.
test("INV-18: of two who edit one user at the same moment the second is told, and nothing is lost", async () => {
  const { call, params, people } = await makeOwnOrganisation(example);
  const [user] = await people(1);
  if (user === undefined) throw new Error("one was added");
  const ofUser = { ...params, userId: user.id };
  await twentyTimes(async () => {
    const { revision: match } = await call(users.showUser, { params: ofUser });
    const editing = ["One", "Two"].map((name) =>
      call(users.editUser, { params: ofUser, body: { name }, match }),
    );
    expect(await outcomesOf(editing)).toEqual(["done", "revision_changed"]);
  });
});

test("what of a user is not named stays, and an address can be taken away", async () => {
  const { call, params } = await makeOwnOrganisation(example);
  const body = { name: "Ann", username: `${uuid()}@own.example`, email: "ann@own.example" };
  const { id, revision } = await call(users.addUser, { params, body });
  const ofUser = { ...params, userId: id };
  const named = await call(users.editUser, { params: ofUser, body: { name: "Anna" }, match: revision });
  expect(named).toMatchObject({ name: "Anna", email: "ann@own.example" });
  const bare = await call(users.editUser, { params: ofUser, body: { email: null }, match: named.revision });
  expect(bare).toMatchObject({ name: "Anna", email: null });
});

test("moving is for all of them or for nobody", async () => {
  const { call, params, team, people } = await makeOwnOrganisation(example);
  const pilots = await team("Pilots");
  const [one, two] = (await people(2)).map(({ id }) => id);
  if (one === undefined || two === undefined) throw new Error("two were added");
  const stranger = uuid() as typeof one;
  const move = (userIds: (typeof one)[]) =>
    call(users.moveUsers, { params, body: { userIds, teamId: pilots.id } });
  await expect(move([one, stranger])).rejects.toMatchObject({ code: "user_not_found" });
  const shown = await call(users.showUser, { params: { ...params, userId: one } });
  expect(shown.teamId).not.toBe(pilots.id);
  expect(await move([one, two, one])).toEqual({ moved: 2 });
  const { users: there } = await call(standings.listUsers, { params, query: { team: pilots.id } });
  expect(there).toHaveLength(2);
});

test("own encryption groups are held besides the team's, each with its origin", async () => {
  const { call, params, people } = await makeOwnOrganisation(example);
  const [user] = await people(1);
  if (user === undefined) throw new Error("one was added");
  const group = await call(keys.createGroup, { params, body: { name: "Investigation" } });
  const key = await call(keys.createKey, { params, body: { name: "Cases", groupIds: [group.id] } });
  const ofUser = { ...params, userId: user.id };
  const given = await call(users.setUserGroups, {
    params: ofUser,
    body: { groupIds: [group.id] },
    match: user.revision,
  });
  expect(given.groupIds).toEqual([group.id]);
  const { keys: held } = await call(users.showUserHoldings, { params: ofUser });
  expect(held).toEqual([
    {
      id: key.id,
      name: "Cases",
      versions: [{ version: 1, use: "active" }],
      origins: [{ group: { id: group.id, name: "Investigation" }, team: null }],
    },
  ]);
  const unknown = call(users.setUserGroups, {
    params: ofUser,
    body: { groupIds: [uuid() as typeof group.id] },
    match: given.revision,
  });
  await expect(unknown).rejects.toMatchObject({ code: "group_not_found" });
});

test("a removed user returns the seat and is gone from every list; who has an account keeps it", async () => {
  const call = await example.callAs("ada");
  const [organisation] = (await call(organisations.listOrganisations)).organisations;
  if (organisation === undefined) throw new Error("Ada sees her organisation");
  const params = { organisationId: organisation.id };
  const find = async (name: string) => {
    const { users: found } = await call(standings.listUsers, { params, query: { search: name } });
    return found[0];
  };
  const seats = async () =>
    (await call(licences.listLicences, { params })).licences.reduce(
      (sum, { seatsTaken }) => sum + seatsTaken,
      0,
    );
  const before = await seats();
  const [finn, bo] = [await find("finn"), await find("bo")];
  if (finn === undefined || bo === undefined) throw new Error("both are in the example");
  await call(users.removeUser, { params: { ...params, userId: finn.id } });
  expect(await find("finn")).toBeUndefined();
  await call(users.removeUser, { params: { ...params, userId: bo.id } });
  expect(await find("bo")).toMatchObject({ encryption: "unlicensed", account: "enabled" });
  expect(await seats()).toBe(before - 2);
  const { workstations } = await call(standings.showStanding, { params: { ...params, userId: bo.id } });
  expect(workstations[0]?.updates).toMatchObject([{ kind: "deactivate", state: "posted" }]);
  await expect(call(users.showUser, { params: { ...params, userId: finn.id } })).rejects.toMatchObject({
    code: "user_not_found",
  });
});

test("nobody removes the own user", async () => {
  const call = await example.callAs("ada");
  const { user } = await call(sessions.showSession);
  const removal = call(users.removeUser, {
    params: { organisationId: user.organisationId, userId: user.id },
  });
  await expect(removal).rejects.toMatchObject({ code: "permission_denied", detail: "not-self" });
});
