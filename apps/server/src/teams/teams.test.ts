import { keys, standings, teams, users, type Team } from "@lockstep/api";
import { expect, test } from "vitest";
import { v7 as uuid } from "uuid";

import { useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation, type OwnOrganisation } from "../http/testing/organisation.ts";
import { outcomesOf, twentyTimes } from "../http/testing/races.ts";

const example = useExampleApp();

async function load({ call, params }: OwnOrganisation, { id }: Team): Promise<Team> {
  return (await call(teams.showTeam, { params: { ...params, teamId: id } })).team;
}

async function move(organisation: OwnOrganisation, team: Team, parent: Team): Promise<Team> {
  return organisation.call(teams.moveTeam, {
    params: { ...organisation.params, teamId: team.id },
    body: { parentId: parent.id },
    match: team.revision,
  });
}

test("a team inherits the policy and the groups of all above it, each with its origin", async () => {
  const organisation = await makeOwnOrganisation(example);
  const { call, params, root } = organisation;
  const group = await call(keys.createGroup, { params, body: { name: "Company" } });
  const key = await call(keys.createKey, { params, body: { name: "Company key", groupIds: [group.id] } });
  const flight = await organisation.team("Flight Operations");
  const pilots = await organisation.team("Pilots", flight);
  await call(teams.setTeamGroups, {
    params: { ...params, teamId: root.id },
    body: { groupIds: [group.id] },
    match: root.revision,
  });
  await call(teams.setTeamPolicy, {
    params: { ...params, teamId: flight.id },
    body: { policy: { "sync.interval": 20 } },
    match: (await load(organisation, flight)).revision,
  });
  const { holdings } = await call(teams.showTeam, { params: { ...params, teamId: pilots.id } });
  expect(holdings.policy.find(({ setting }) => setting === "sync.interval")).toEqual({
    setting: "sync.interval",
    value: 20,
    origin: { id: flight.id, name: "Flight Operations" },
  });
  expect(holdings.keys).toMatchObject([
    { id: key.id, origins: [{ group: { name: "Company" }, team: { id: root.id } }] },
  ]);
});

test("what a move would add and take away is known before, and is what it does", async () => {
  const organisation = await makeOwnOrganisation(example);
  const { call, params } = organisation;
  const finance = await organisation.team("Finance");
  const pilots = await organisation.team("Pilots");
  const groups = ["Money", "Flights"].map((name) => call(keys.createGroup, { params, body: { name } }));
  const [money, flights] = await Promise.all(groups);
  if (money === undefined || flights === undefined) throw new Error("both were made");
  await call(keys.createKey, { params, body: { name: "Ledger", groupIds: [money.id] } });
  await call(keys.createKey, { params, body: { name: "Routes", groupIds: [flights.id] } });
  const give = (team: Team, groupId: typeof money.id) =>
    call(teams.setTeamGroups, {
      params: { ...params, teamId: team.id },
      body: { groupIds: [groupId] },
      match: team.revision,
    });
  await give(finance, money.id);
  const flying = await give(pilots, flights.id);
  await call(teams.setTeamPolicy, {
    params: { ...params, teamId: pilots.id },
    body: { policy: { "offline.warn-after": 3 } },
    match: flying.revision,
  });
  const difference = await call(teams.compareTeams, {
    params: { ...params, teamId: finance.id },
    query: { to: pilots.id },
  });
  expect(difference).toMatchObject({
    settings: [{ setting: "offline.warn-after", from: { value: 7, origin: null }, to: { value: 3 } }],
    keysAdded: [{ name: "Routes", groups: ["Flights"] }],
    keysTakenAway: [{ name: "Ledger", groups: ["Money"] }],
  });
  const below = await call(teams.compareTeams, {
    params: { ...params, teamId: finance.id },
    query: { parent: pilots.id },
  });
  expect(below).toMatchObject({ keysAdded: [{ name: "Routes" }], keysTakenAway: [] });
  await move(organisation, await load(organisation, finance), pilots);
  const { holdings } = await call(teams.showTeam, { params: { ...params, teamId: finance.id } });
  expect(holdings.keys.map(({ name }) => name)).toEqual(["Ledger", "Routes"]);
});

test("a team is moved neither below itself nor anywhere it is named already, and the root stays", async () => {
  const organisation = await makeOwnOrganisation(example);
  const { root } = organisation;
  const flight = await organisation.team("Flight");
  const pilots = await organisation.team("Pilots", flight);
  const other = await organisation.team("Pilots");
  await expect(move(organisation, flight, pilots)).rejects.toMatchObject({ code: "team_move_cyclic" });
  await expect(move(organisation, flight, flight)).rejects.toMatchObject({ code: "team_move_cyclic" });
  await expect(move(organisation, root, pilots)).rejects.toMatchObject({ code: "team_is_root" });
  await expect(move(organisation, other, flight)).rejects.toMatchObject({ code: "name_taken" });
});

// Without the lock on the organisation each is found above nobody, and the two hang below each other for ever.
test("INV-19: two teams never come to hang below each other, also when moved at the same moment", async () => {
  const organisation = await makeOwnOrganisation(example);
  const { root } = organisation;
  let [one, two] = [await organisation.team("One"), await organisation.team("Two")];
  await twentyTimes(async () => {
    const moving = [move(organisation, one, two), move(organisation, two, one)];
    expect(await outcomesOf(moving)).toEqual(["done", "team_move_cyclic"]);
    for (const team of [one, two]) await move(organisation, await load(organisation, team), root);
    [one, two] = [await load(organisation, one), await load(organisation, two)];
  });
});

// Without the comparison of revisions the second would undo the first unseen.
test("INV-18: of two who save one team's policy at the same moment the second is told", async () => {
  const organisation = await makeOwnOrganisation(example);
  const { call, params, root } = organisation;
  await twentyTimes(async (round) => {
    const { revision: match } = await load(organisation, root);
    const saving = [10, 11].map((value) =>
      call(teams.setTeamPolicy, {
        params: { ...params, teamId: root.id },
        body: { policy: { "sync.interval": value + 2 * round } },
        match,
      }),
    );
    expect(await outcomesOf(saving)).toEqual(["done", "revision_changed"]);
  });
});

test("two teams below one parent have two names, also when they get them at the same moment", async () => {
  const organisation = await makeOwnOrganisation(example);
  await twentyTimes(async (round) => {
    const making = [1, 2].map(() => organisation.team(`Team ${round}`));
    expect(await outcomesOf(making)).toEqual(["done", "name_taken"]);
  });
  const [one, two] = [await organisation.team("One"), await organisation.team("Two")];
  const { call, params } = organisation;
  const rename = (name: string) =>
    call(teams.renameTeam, { params: { ...params, teamId: two.id }, body: { name }, match: two.revision });
  await expect(rename(one.name)).rejects.toMatchObject({ code: "name_taken" });
  expect(await rename("Three")).toMatchObject({ name: "Three", revision: two.revision + 1 });
});

test("a team with people or teams is not deleted; an empty one is, whoever was in it before", async () => {
  const organisation = await makeOwnOrganisation(example);
  const { call, params, root } = organisation;
  const flight = await organisation.team("Flight");
  const pilots = await organisation.team("Pilots", flight);
  const [one, two] = await organisation.people(2, pilots);
  if (one === undefined || two === undefined) throw new Error("two were added");
  const remove = async (team: Team) => {
    const { revision: match } = await load(organisation, team);
    return call(teams.deleteTeam, { params: { ...params, teamId: team.id }, match });
  };
  await expect(remove(flight)).rejects.toMatchObject({ code: "team_not_empty" });
  await expect(remove(pilots)).rejects.toMatchObject({ code: "team_not_empty" });
  await expect(remove(root)).rejects.toMatchObject({ code: "team_is_root" });
  await call(users.moveUsers, { params, body: { userIds: [one.id], teamId: root.id } });
  await call(users.removeUser, { params: { ...params, userId: two.id } });
  await remove(pilots);
  await remove(flight);
  expect((await call(teams.listTeams, { params })).teams.map(({ id }) => id)).toEqual([root.id]);
  const { counts } = await call(standings.countOrganisation, { params });
  expect(counts.encryption.unlicensed).toBe(1);
});

// Without the foreign key, and its translation, somebody would be in a team that is gone.
test("nobody is added to a team that is deleted at the same moment", async () => {
  const organisation = await makeOwnOrganisation(example);
  const { call, params } = organisation;
  await twentyTimes(async (round) => {
    const team = await organisation.team(`Short-lived ${round}`);
    const body = { name: "Somebody", username: `${uuid()}@own.example`, teamId: team.id };
    const outcomes = await outcomesOf([
      call(teams.deleteTeam, { params: { ...params, teamId: team.id }, match: team.revision }),
      call(users.addUser, { params, body }),
    ]);
    expect([
      ["done", "team_not_empty"],
      ["done", "team_not_found"],
    ]).toContainEqual(outcomes);
  });
});

test("a revision gives back policy and groups, and every status with them", async () => {
  const organisation = await makeOwnOrganisation(example);
  const { call, params, root } = organisation;
  const group = await call(keys.createGroup, { params, body: { name: "Company" } });
  const ofRoot = { ...params, teamId: root.id };
  const given = await call(teams.setTeamGroups, {
    params: ofRoot,
    body: { groupIds: [group.id] },
    match: root.revision,
  });
  const emptied = await call(teams.setTeamGroups, {
    params: ofRoot,
    body: { groupIds: [] },
    match: given.revision,
  });
  const reverted = await call(teams.revertTeam, {
    params: ofRoot,
    body: { to: given.revision },
    match: emptied.revision,
  });
  expect(reverted.groupIds).toEqual([group.id]);
  const { revisions, team } = await call(teams.showTeam, { params: ofRoot });
  expect(team.groupIds).toEqual([group.id]);
  expect(revisions.map(({ groupIds }) => groupIds.length)).toEqual([1, 0, 1, 0]);
});
