import {
  keys,
  standings,
  teams,
  workstations,
  workstationTeams,
  type WorkstationDetail,
} from "@lockstep/api";
import type { Id, WorkstationId } from "@lockstep/core";
import { afterEach, expect, test } from "vitest";

import { endActivation } from "../activations/store.ts";
import { sql } from "../db/sql.ts";
import { exampleNow, useExampleApp } from "../http/testing/app.ts";
import { machinesIn, type Active } from "../http/testing/machines.ts";
import { makeOwnOrganisation } from "../http/testing/organisation.ts";
import { outcomesOf, twentyTimes } from "../http/testing/races.ts";
import { gatherWanted, loadWorkstation, shownOf } from "./commands.ts";
import type { Workstation } from "./store.ts";

const example = useExampleApp();
afterEach(() => {
  example.now = exampleNow;
});
const day = 86_400_000;
const daysAgo = (days: number) => new Date(exampleNow.getTime() - days * day).toISOString();

async function setUp() {
  const organisation = await makeOwnOrganisation(example);
  const { call, params } = organisation;
  const machines = machinesIn(example, organisation);
  const at = (workstationId: WorkstationId) => ({ params: { ...params, workstationId } });
  return {
    ...organisation,
    ...machines,
    at,
    show: (workstationId: WorkstationId) => call(workstations.showWorkstation, at(workstationId)),
    /** As a report would: the machine calls now, and has the policy that it should have now. */
    report: ({ id, workstationId }: Active) =>
      machines.change(async (change) => {
        const { teamId: inTeam } = await loadWorkstation(change, params.organisationId, workstationId);
        const wanted = (await gatherWanted(change, params.organisationId)).get(inTeam);
        await change.execute(sql`update activations set last_report_at = ${change.at}, applied_version = 1,
          next_version = 2, workstation_content_id = ${wanted?.contentId ?? null}
          where organisation_id = ${params.organisationId} and id = ${id}`);
      }),
  };
}

const teamId = "00000000-0000-7000-8000-000000000001" as Id<"workstation-team">;
const wantedId = "00000000-0000-5000-8000-000000000001" as Id<"content">;
const otherId = "00000000-0000-5000-8000-000000000002" as Id<"content">;

const policies = {
  "as it should be": { contentId: wantedId, hasOutstanding: false },
  another: { contentId: otherId, hasOutstanding: false },
  "another, update posted": { contentId: otherId, hasOutstanding: true },
  "not reported yet": { contentId: null, hasOutstanding: false },
} as const;
const reports = { never: null, "on its 14th day": 14, "after its 14th day": 14.001 } as const;

function machineOf(
  facts: Partial<Workstation["activations"][number]>,
  own: Partial<Workstation>,
): Workstation {
  const activation = {
    id: teamId as Id<string> as Active["id"],
    user: { id: teamId as Id<string> as Active["userId"], name: "Bo" },
    version: 1,
    admittedAt: daysAgo(100),
    lastReportAt: daysAgo(1),
    openedAt: null,
    keystore: null,
    client: null,
    isLocked: false,
    isForked: false,
    ...policies["as it should be"],
    ...facts,
  };
  const id = teamId as Id<string> as WorkstationId;
  return {
    id,
    name: "WS",
    os: null,
    teamId,
    lostAt: null,
    isWipeOutstanding: false,
    ...own,
    activations: [activation],
  };
}

test("states.table.txt says in which states a workstation is, whatever is known of it", async () => {
  const wanted = new Map([[teamId, { contentId: wantedId, silentAfterDays: 14 }]]);
  const rowOf = (what: string, machine: Workstation) =>
    `${what.padEnd(60)}${shownOf(machine, wanted, example.now).states.join(", ")}`;
  const rows: string[] = [];
  for (const [policy, facts] of Object.entries(policies)) {
    for (const [report, days] of Object.entries(reports)) {
      const lastReportAt = days === null ? null : daysAgo(days);
      const what = `policy ${policy}; reported ${report}`;
      rows.push(rowOf(what, machineOf({ ...facts, lastReportAt }, {})));
    }
  }
  for (const mask of Array.from({ length: 15 }, (_, before) => before + 1)) {
    const [isLost, isWipeOutstanding, isForked, isLocked] = [8, 4, 2, 1].map((bit) => (mask & bit) > 0);
    const said = { lost: isLost, "wipe posted": isWipeOutstanding, forked: isForked, locked: isLocked };
    const what = Object.keys(said).filter((each) => said[each as keyof typeof said] === true);
    const own = {
      lostAt: isLost === true ? daysAgo(1) : null,
      isWipeOutstanding: isWipeOutstanding === true,
    };
    const facts = { isForked: isForked === true, isLocked: isLocked === true };
    rows.push(rowOf(what.join(", "), machineOf(facts, own)));
  }
  await expect(`${rows.join("\n")}\n`).toMatchFileSnapshot("./states.table.txt");
});

test("a workstation is silent after as many days as its policy says, and no longer once it reports", async () => {
  const { call, params, people, activate, show, report } = await setUp();
  const [user] = await people(1);
  if (user === undefined) throw new Error("somebody was added");
  const active = await activate(user, "WS-1");
  await report(active);
  example.now = new Date(exampleNow.getTime() + 13 * day);
  expect((await show(active.workstationId)).states).toEqual(["normal"]);
  const [root] = (await call(workstationTeams.listWorkstationTeams, { params })).workstationTeams;
  if (root === undefined) throw new Error("every organisation has a root workstation team");
  await call(workstationTeams.setWorkstationPolicy, {
    params: { ...params, workstationTeamId: root.id },
    body: { policy: { "silent.after": 12 } },
    match: root.revision,
  });
  expect((await show(active.workstationId)).states).toEqual(["requires-policy-update", "silent"]);
  await report(active);
  expect((await show(active.workstationId)).states).toEqual(["normal"]);
});

test("a workstation that is moved needs the policy of its new team, until that is posted or it is moved back", async () => {
  const { call, params, people, activate, at, show, report } = await setUp();
  const [user] = await people(1);
  if (user === undefined) throw new Error("somebody was added");
  const active = await activate(user, "WS-1");
  const [root] = (await call(workstationTeams.listWorkstationTeams, { params })).workstationTeams;
  if (root === undefined) throw new Error("every organisation has a root workstation team");
  const kiosks = await call(workstationTeams.createWorkstationTeam, {
    params,
    body: { name: "Kiosks", parentId: root.id },
  });
  await call(workstationTeams.setWorkstationPolicy, {
    params: { ...params, workstationTeamId: kiosks.id },
    body: { policy: { "silent.after": 3 } },
    match: kiosks.revision,
  });
  await report(active);
  const move = (to: Id<"workstation-team">) =>
    call(workstations.moveWorkstation, { ...at(active.workstationId), body: { teamId: to } });
  expect(await move(kiosks.id)).toMatchObject({ teamId: kiosks.id, states: ["requires-policy-update"] });
  expect((await move(root.id)).states).toEqual(["normal"]);
  await move(kiosks.id);
  const posted = await call(workstations.postWorkstationPolicy, at(active.workstationId));
  expect(posted).toEqual({ posted: 1 });
  expect((await show(active.workstationId)).states).toEqual(["update-pending"]);
});

test("nothing is posted to a workstation on which nobody is active, and none goes to a team that is not there", async () => {
  const { call, people, activate, at, change } = await setUp();
  const [user] = await people(1);
  if (user === undefined) throw new Error("somebody was added");
  const active = await activate(user, "WS-1");
  const nowhere = { teamId: active.id as Id<string> as Id<"workstation-team"> };
  const moving = call(workstations.moveWorkstation, { ...at(active.workstationId), body: nowhere });
  await expect(moving).rejects.toMatchObject({ code: "workstation_team_not_found" });
  await change((inside) => endActivation(inside, active.id, active.userId));
  const posting = call(workstations.postWorkstationPolicy, at(active.workstationId));
  await expect(posting).rejects.toMatchObject({ code: "user_not_active" });
});

test("workstations come page by page by name, capitals or not, and by the beginning of a name", async () => {
  const { call, params, people, activate } = await setUp();
  const [user, other] = await people(2);
  if (user === undefined || other === undefined) throw new Error("two were added");
  const names = ["alpha", "Beta", "beta-2", "BETA-10", "gamma"];
  for (const name of [...names].reverse()) await activate(user, name);
  await activate(other, "Beta");
  const list = (query: object) => call(workstations.listWorkstations, { params, query });
  const found: WorkstationDetail[] = [];
  for (let more = true; more;) {
    const last = found.at(-1);
    const page = await list({ limit: 2, ...(last === undefined ? {} : { after: last.id }) });
    found.push(...page.workstations);
    ({ more } = page);
  }
  expect(found.map(({ name }) => name)).toEqual(["alpha", "Beta", "BETA-10", "beta-2", "gamma"]);
  expect(found[1]?.activations.map((each) => each.user.name)).toEqual(["Person 0", "Person 1"]);
  const begun = await list({ search: "bEtA-" });
  expect(begun).toMatchObject({ workstations: [{ name: "BETA-10" }, { name: "beta-2" }], more: false });
  expect((await list({ search: "%" })).workstations).toEqual([]);
});

// Without looking for them the database refuses, which nobody who asked is told a reason for.
test("a workstation team is deleted once nothing is in it: no other team, and no workstation", async () => {
  const { call, params, people, activate, at } = await setUp();
  const [root] = (await call(workstationTeams.listWorkstationTeams, { params })).workstationTeams;
  const [user] = await people(1);
  if (root === undefined || user === undefined) throw new Error("an organisation begins with a root team");
  const make = (name: string, parentId: typeof root.id) =>
    call(workstationTeams.createWorkstationTeam, { params, body: { name, parentId } });
  const remove = ({ id, revision }: typeof root) =>
    call(workstationTeams.deleteWorkstationTeam, {
      params: { ...params, workstationTeamId: id },
      match: revision,
    });
  const kiosks = await make("Kiosks", root.id);
  const hall = await make("Hall", kiosks.id);
  const { workstationId } = await activate(user, "WS-1");
  const put = (team: typeof root) =>
    call(workstations.moveWorkstation, { ...at(workstationId), body: { teamId: team.id } });
  await put(hall);
  for (const team of [hall, kiosks])
    await expect(remove(team)).rejects.toMatchObject({ code: "team_not_empty" });
  await expect(remove(root)).rejects.toMatchObject({ code: "team_is_root" });
  await put(root);
  await remove(hall);
  await remove(kiosks);
  expect((await call(workstationTeams.listWorkstationTeams, { params })).workstationTeams).toHaveLength(1);
});

/** Somebody with a workstation that was sent two versions of a key, of which the first was never confirmed. */
async function withExposure() {
  const set = await setUp();
  const { call, params, root, people, license, activate, bringUpToDate } = set;
  const group = await call(keys.createGroup, { params, body: { name: "Company" } });
  const made = await call(keys.createKey, { params, body: { name: "Company key", groupIds: [group.id] } });
  await call(teams.setTeamGroups, {
    params: { ...params, teamId: root.id },
    body: { groupIds: [group.id] },
    match: root.revision,
  });
  const [user] = await people(1);
  if (user === undefined) throw new Error("somebody was added");
  await license([user]);
  const active = await activate(user, "WS-1");
  await bringUpToDate([user]);
  const rotate = async () => {
    const { keys: all } = await call(keys.listKeys, { params });
    const key = all.find(({ id }) => id === made.id);
    if (key === undefined) throw new Error("the key was made");
    return call(keys.rotateKey, { params: { ...params, keyId: key.id }, match: key.revision });
  };
  await rotate();
  await bringUpToDate([user]);
  return { ...set, user, active, key: made, rotate };
}

test("the exposure of a workstation is every version of every key that it was ever sent, and what is in use of it", async () => {
  const { call, params, at, active, key, change, rotate } = await withExposure();
  const expose = async () => (await call(workstations.showExposure, at(active.workstationId))).exposed;
  const { id, name } = key;
  const versions = [
    { key: { id, name }, version: 1, isInUse: false },
    { key: { id, name }, version: 2, isInUse: true },
  ];
  expect(await expose()).toMatchObject(versions);
  // A version that was retired, and what whoever left had there, were sent all the same.
  const { revision } = await rotate();
  const first = { params: { ...params, keyId: id, version: 1 }, match: revision };
  await call(keys.setKeyVersionUse, { ...first, body: { use: "retired" } });
  await change((inside) => endActivation(inside, active.id, active.userId));
  expect(await expose()).toMatchObject([versions[0], { ...versions[1], isInUse: false }]);
});

test("declaring a workstation lost ends who is active there, posts a wipe and rotates what new files are encrypted with", async () => {
  const { call, params, at, active, show, key, user } = await withExposure();
  const lost = await call(workstations.declareLost, {
    ...at(active.workstationId),
    body: { rotateKeys: true },
  });
  expect(lost.exposed.map(({ version, isInUse }) => [version, isInUse])).toEqual([
    [1, false],
    [2, false],
  ]);
  const { keys: all } = await call(keys.listKeys, { params });
  expect(all.find(({ id }) => id === key.id)?.versions).toMatchObject([
    { version: 3, use: "active" },
    { version: 2, use: "decrypt-only" },
    { version: 1, use: "decrypt-only" },
  ]);
  const shown = await show(active.workstationId);
  expect(shown).toMatchObject({ states: ["lost", "wipe-not-confirmed"], activations: [] });
  const standing = await call(standings.showStanding, { params: { ...params, userId: user.id } });
  expect(standing.encryption).toBe("licensed");
});

test("declaring a workstation lost rotates nothing unless asked to", async () => {
  const { call, params, at, active, key } = await withExposure();
  const { exposed } = await call(workstations.declareLost, {
    ...at(active.workstationId),
    body: { rotateKeys: false },
  });
  expect(exposed.map(({ isInUse }) => isInUse)).toEqual([false, true]);
  const { keys: all } = await call(keys.listKeys, { params });
  expect(all.find(({ id }) => id === key.id)?.versions).toHaveLength(2);
});

// Without the lock both find it not yet lost, and each posts a wipe.
test("of two who declare a workstation lost at the same moment one does, and the other is told", async () => {
  const { call, people, activate, at } = await setUp();
  const [user] = await people(1);
  if (user === undefined) throw new Error("somebody was added");
  await twentyTimes(async (round) => {
    const { workstationId } = await activate(user, `WS-${round}`);
    const declare = () =>
      call(workstations.declareLost, { ...at(workstationId), body: { rotateKeys: false } });
    expect(await outcomesOf([declare(), declare()])).toEqual(["done", "workstation_lost"]);
  });
});
