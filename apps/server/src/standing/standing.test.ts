import {
  encryptionFactsOf,
  encryptionStatuses,
  everyAccountFacts,
  everyEncryptionFacts,
  parseDay,
  type Day,
  type EncryptionStatus,
  type OrganisationId,
  type UserId,
} from "@lockstep/core";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";

import type { Snapshot } from "../db/database.ts";
import { id } from "../db/shape.ts";
import { sql } from "../db/sql.ts";
import { useDatabase } from "../db/testing/database.ts";
import { exampleName, loadExample } from "../example.ts";
import { people } from "../example-people.ts";
import { changeContents } from "../facts/change.ts";
import { empty } from "../facts/identity.ts";
import { loadPosturesOf } from "../facts/raw/store.ts";
import { listLicences } from "../licences/store.ts";
import { listOrganisations, setOrganisationDisabled } from "../organisations/store.ts";
import { revertTeam, setTeamPolicy } from "../teams/commands.ts";
import { listTeams } from "../teams/store.ts";
import { updateUsersTeam } from "../users/store.ts";
import { countStandings } from "./counts.ts";
import { explainStanding } from "./explain.ts";
import { factsCodeOf, meaningOf } from "./facts-code.ts";
import { impactOf } from "./impact.ts";
import { listPage, type Query, type Row } from "./page.ts";
import { countByCode, listSubTeams } from "./store.ts";
import { listTimeline } from "./timeline.ts";

const database = useDatabase();
const now = new Date("2026-03-01T12:00:00.000Z");
const today = parseDay("2026-03-01");
const writing = () => ({
  database: database.current,
  clock: () => now,
  doer: { role: "test", userId: null },
});
let organisationId: OrganisationId;

beforeAll(async () => {
  await loadExample({ database: database.current, clock: () => now });
  const [organisation] = await database.current.snapshot(listOrganisations);
  if (organisation === undefined) throw new Error("the example has an organisation");
  organisationId = organisation.id;
});

const snapshot = <Result>(read: (snapshot: Snapshot) => Promise<Result>) => database.current.snapshot(read);
const counts = () => snapshot((reader) => countStandings(reader, { organisationId, teams: null }, today));

async function teamNamed(name: string) {
  const team = (await snapshot((reader) => listTeams(reader, organisationId))).find(
    (each) => each.name === name,
  );
  if (team === undefined) throw new Error(`no team ${name}`);
  return team;
}

async function everyRow(query: Partial<Query>, day = today): Promise<Row[]> {
  return snapshot(async (reader) => {
    const rows: Row[] = [];
    let after: Query["after"] = null;
    do {
      const page = await listPage(
        reader,
        { organisationId, teams: null, search: null, limit: 3, ...query, after },
        day,
      );
      rows.push(...page.users);
      after = page.next;
    } while (after !== null);
    return rows;
  });
}

async function userNamed(username: string): Promise<UserId> {
  const row = await snapshot((reader) =>
    reader.row(
      z.object({ id: id<"user">() }),
      sql`select id from users
      where organisation_id = ${organisationId} and username = ${`${username}@northwind.example`}`,
    ),
  );
  if (row === undefined) throw new Error(`no ${username}`);
  return row.id;
}

test("example.table.txt says who of the example is in which state, why, and what next", async () => {
  const rows = await Promise.all(
    people.map(async ({ username }) => {
      const userId = await userNamed(username);
      const standing = await snapshot((reader) => explainStanding(reader, organisationId, userId, today));
      const reasons = standing.reasons.map(({ code, evidence }) =>
        evidence.length === 0 ? code : `${code} (${evidence.map((each) => each.sentence).join(" ")})`,
      );
      return [
        `${username.padEnd(6)} ${standing.encryption} since ${standing.encryptionSince}, account ${standing.account}`,
        ...reasons.map((reason) => `         because ${reason}`),
        ...standing.next.map(({ who, code }) => `         next: ${who}, ${code}`),
      ].join("\n");
    }),
  );
  await expect(`${rows.join("\n")}\n`).toMatchFileSnapshot("./example.table.txt");
});

test("INV-6: list, counts and explanation of every user agree", async () => {
  const rows = await everyRow({});
  const counted = await counts();
  for (const status of Object.keys(encryptionStatuses) as EncryptionStatus[]) {
    const listed = await everyRow({ status });
    expect(listed.map(({ id }) => id)).toEqual(
      rows.filter((row) => row.encryption === status).map(({ id }) => id),
    );
    expect(counted.encryption[status]).toBe(listed.length);
    expect(listed.length).toBeGreaterThan(0);
  }
  for (const row of rows) {
    const standing = await snapshot((reader) => explainStanding(reader, organisationId, row.id, today));
    expect(standing).toMatchObject({ encryption: row.encryption, account: row.account });
  }
});

// The trial's last day is 24 February, the subscription's 17 September.
test.each(["2026-02-24", "2026-02-25", "2026-03-01", "2026-09-17", "2026-09-18"])(
  "on %s SQL gives every posture the code that core's facts have, and lists accordingly",
  async (text) => {
    const day = parseDay(text);
    const rows = await everyRow({});
    const expected = await snapshot((reader) =>
      codesByCore(
        reader,
        rows.map(({ id }) => id),
        day,
      ),
    );
    const counted = await snapshot((reader) => countByCode(reader, { organisationId, teams: null }, day));
    const shown = counted.filter(({ code }) => meaningOf(code).statuses.account !== "deleted");
    expect(new Map(shown.map(({ code, users }) => [code, users]))).toEqual(expected);
    const unlicensed = [...expected].filter(([code]) => meaningOf(code).encryption.licence !== "held");
    const listed = await everyRow({ without: "licensed" }, day);
    expect(listed.length).toBe(unlicensed.reduce((sum, [, users]) => sum + users, 0));
  },
);

/** How many users have each code by core's own functions. */
async function codesByCore(
  reader: Snapshot,
  users: readonly UserId[],
  day: Day,
): Promise<Map<number, number>> {
  const postures = await loadPosturesOf(reader, organisationId, users);
  const teamRows = await reader.rows(
    z.object({ id: z.string(), content: id<"content">() }),
    sql`select id, desired_content_id as content from teams where organisation_id = ${organisationId}`,
  );
  const desired = new Map(teamRows.map((team) => [team.id, team.content]));
  const licences = new Map(
    (await listLicences(reader, organisationId)).map((each) => [each.id, each.validUntil]),
  );
  const codes = new Map<number, number>();
  for (const posture of postures.values()) {
    const { account, blocked, disabled, licenceId } = posture;
    const encryption = encryptionFactsOf(posture, {
      desiredTeamContentId: desired.get(posture.teamId) ?? empty.id,
      emptyContentId: empty.id,
      licenceUntil: licenceId === null ? null : (licences.get(licenceId) ?? null),
      today: day,
    });
    const marks = { account, blocked, disabled, organisation: "enabled", authority: "enabled" } as const;
    const code = factsCodeOf({ encryption, account: marks });
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  return codes;
}

test("every combination of facts has a code of its own", () => {
  const all = everyEncryptionFacts().flatMap((encryption) =>
    everyAccountFacts().map((account) => factsCodeOf({ encryption, account })),
  );
  expect(new Set(all).size).toBe(all.length);
});

test("a policy change turns a team red, and undoing it turns everybody back", async () => {
  const team = await teamNamed("IT");
  const before = { counts: await counts(), rows: await everyRow({}) };
  const changed = await setTeamPolicy(writing(), organisationId, {
    teamId: team.id,
    revision: team.revision,
    policy: { "removable-media.mode": "read-only" },
  });
  const red = await everyRow({ status: "update-required", teams: [team.id] });
  expect(red.map(({ username }) => username.split("@")[0])).toEqual(["ada", "emil", "ines", "otto"]);
  await revertTeam(writing(), organisationId, {
    teamId: team.id,
    revision: changed.revision,
    to: team.revision,
  });
  expect(await counts()).toEqual(before.counts);
  expect(await everyRow({})).toEqual(before.rows);
});

test("the preview says exactly what saving then does, and writes nothing", async () => {
  const team = await teamNamed("Flight Operations");
  const policy = { "sync.interval": 15 };
  const before = await counts();
  const impact = await snapshot((reader) =>
    impactOf(reader, organisationId, { kind: "team-policy", teamId: team.id, policy }, today),
  );
  expect(await counts()).toEqual(before);
  expect(impact.before).toEqual(before);
  const saved = await setTeamPolicy(writing(), organisationId, {
    teamId: team.id,
    revision: team.revision,
    policy,
  });
  expect(await counts()).toEqual(impact.after);
  await revertTeam(writing(), organisationId, {
    teamId: team.id,
    revision: saved.revision,
    to: team.revision,
  });
  expect(impact.after.encryption["update-required"]).toBeGreaterThan(before.encryption["update-required"]);
  expect(impact.keyFiles).toBeGreaterThan(impact.after.encryption["update-required"]);
});

test("a proposal that changes nothing changes nobody", async () => {
  const team = await teamNamed("Finance");
  const { policy, groupIds, parentId } = team;
  if (parentId === null) throw new Error("Finance has a parent");
  for (const proposal of [
    { kind: "team-policy", teamId: team.id, policy },
    { kind: "team-groups", teamId: team.id, groupIds },
    { kind: "team-parent", teamId: team.id, parentId },
  ] as const) {
    const { before, after } = await snapshot((reader) => impactOf(reader, organisationId, proposal, today));
    expect(after).toEqual(before);
  }
});

test("taking a team's groups away, or moving it, is previewed", async () => {
  const finance = await teamNamed("Finance");
  const cabin = await teamNamed("Cabin Crew");
  const groups = await snapshot((reader) =>
    impactOf(reader, organisationId, { kind: "team-groups", teamId: finance.id, groupIds: [] }, today),
  );
  expect(groups.after.encryption["update-required"]).toBe(groups.before.encryption["update-required"] + 4);
  const moved = await snapshot((reader) =>
    impactOf(reader, organisationId, { kind: "team-parent", teamId: cabin.id, parentId: finance.id }, today),
  );
  expect(moved.after.encryption["update-required"]).toBeGreaterThan(
    moved.before.encryption["update-required"],
  );
});

test("suspending a licence leaves its holders without one; ending it earlier changes no colour", async () => {
  const [licence] = (await snapshot((reader) => listLicences(reader, organisationId))).filter(
    ({ term }) => term === "subscription",
  );
  if (licence === undefined) throw new Error("the example has a subscription");
  const suspended = await snapshot((reader) =>
    impactOf(reader, organisationId, { kind: "licence-suspended", licenceId: licence.id }, today),
  );
  // Ivo's is the other licence, and he is green.
  expect(suspended.after.encryption).toMatchObject({ unlicensed: 25, active: 1 });
  const ended = await snapshot((reader) =>
    impactOf(
      reader,
      organisationId,
      { kind: "licence-until", licenceId: licence.id, until: "2026-02-28" },
      today,
    ),
  );
  expect(ended.after).toEqual(ended.before);
});

test("a proposal that cannot be saved is refused as saving would be", async () => {
  const root = await teamNamed(exampleName);
  const flight = await teamNamed("Flight Operations");
  const pilots = await teamNamed("Pilots");
  const nowhere = "018f0000-0000-7000-8000-000000000000" as typeof root.id;
  const preview = (proposal: Parameters<typeof impactOf>[2]) =>
    snapshot((reader) => impactOf(reader, organisationId, proposal, today));
  await expect(preview({ kind: "team-parent", teamId: root.id, parentId: pilots.id })).rejects.toMatchObject({
    code: "team_is_root",
  });
  await expect(
    preview({ kind: "team-parent", teamId: flight.id, parentId: pilots.id }),
  ).rejects.toMatchObject({ code: "team_move_cyclic" });
  await expect(preview({ kind: "team-parent", teamId: pilots.id, parentId: nowhere })).rejects.toMatchObject({
    code: "team_not_found",
  });
  await expect(
    preview({ kind: "team-groups", teamId: pilots.id, groupIds: [nowhere as never] }),
  ).rejects.toMatchObject({ code: "group_not_found" });
  await expect(preview({ kind: "licence-suspended", licenceId: nowhere as never })).rejects.toMatchObject({
    code: "licence_not_found",
  });
});

test("a team's counts include its sub-teams or not, as asked", async () => {
  const flight = await teamNamed("Flight Operations");
  await snapshot(async (reader) => {
    const teams = await listSubTeams(reader, organisationId, flight.id);
    expect(teams).toHaveLength(3);
    const sum = ({ encryption }: { encryption: Record<string, number> }) =>
      Object.values(encryption).reduce((total, each) => total + each, 0);
    expect(sum(await countStandings(reader, { organisationId, teams }, today))).toBe(16);
    expect(sum(await countStandings(reader, { organisationId, teams: [flight.id] }, today))).toBe(0);
  });
});

test("a name is found by its beginning without accents or capitals, and so is a username", async () => {
  const found = async (search: string) => (await everyRow({ search })).map(({ name }) => name);
  expect(await found("emil")).toEqual(["Émil Roche"]);
  expect(await found("ÉM")).toEqual(["Émil Roche"]);
  expect(await found("w")).toEqual(["Wim de Vries"]);
  expect(await found("%")).toEqual([]);
  expect(await found("nobody")).toEqual([]);
});

test("a search narrows a filter", async () => {
  expect((await everyRow({ search: "r", status: "update-required" })).map(({ name }) => name)).toEqual([
    "Rosa Vidal",
  ]);
  expect(await everyRow({ search: "r", status: "active" })).toEqual([]);
});

test("an orphan who also needs an update is found by the condition", async () => {
  const rows = await everyRow({ without: "content-matches" });
  expect(rows.map(({ name, encryption }) => [name, encryption])).toContainEqual([
    "Quinn Adeyemi",
    "orphaned",
  ]);
});

test("a deleted account is in no list but its own", async () => {
  expect((await everyRow({})).some(({ account }) => account === "deleted")).toBe(false);
  expect((await everyRow({ account: "deleted" })).map(({ username }) => username)).toEqual([
    "zoe@northwind.example",
  ]);
});

test("switching the organisation off disables every account at once and writes nothing of anybody; on again, all is as before", async () => {
  const before = await counts();
  await database.current.transaction((transaction) =>
    setOrganisationDisabled(transaction, organisationId, now),
  );
  const off = await counts();
  expect(off.account).toMatchObject({ enabled: 0, disabled: 20, blocked: 3, none: 3 });
  expect(off.encryption).toEqual(before.encryption);
  await database.current.transaction((transaction) =>
    setOrganisationDisabled(transaction, organisationId, null),
  );
  expect(await counts()).toEqual(before);
});

test("a licence covers its last day, and the day after changes no colour", async () => {
  const lastDay = parseDay("2026-09-17");
  const dayAfter = parseDay("2026-09-18");
  const on = (day: typeof today) =>
    snapshot((reader) => countStandings(reader, { organisationId, teams: null }, day));
  expect((await on(dayAfter)).encryption).toEqual((await on(lastDay)).encryption);
  const bo = await userNamed("bo");
  const expiry = async (day: typeof today) =>
    (await snapshot((reader) => explainStanding(reader, organisationId, bo, day))).reasons.map(
      ({ code }) => code,
    );
  expect(await expiry(lastDay)).toEqual([]);
  expect(await expiry(dayAfter)).toEqual(["licence-expired"]);
});

test("a timeline merges the user's own events with those of the team while a member, and no others", async () => {
  const rosa = await userNamed("rosa");
  const entries = await snapshot((reader) => listTimeline(reader, organisationId, rosa, 100));
  const sentences = entries.map(({ sentence }) => sentence);
  expect(sentences).toContain("The key Finance got version 2.");
  expect(sentences).toContain("A licence with 40 seats was added.");
  expect(sentences).not.toContain("The policy of Cabin Crew was changed.");
  expect(sentences.at(-1)).toBe("The organisation was created.");
});

test("who left a team before its change does not have the change in the timeline", async () => {
  const dana = await userNamed("dana");
  const [it, pilots] = [await teamNamed("IT"), await teamNamed("Pilots")];
  const move = (teamId: typeof it.id, hour: number) =>
    changeContents(
      { ...writing(), clock: () => new Date(now.getTime() + hour * 3_600_000) },
      organisationId,
      async (change) => {
        await updateUsersTeam(change, [dana], teamId);
        change.record({ kind: "user-moved", userId: dana, teamId });
      },
    );
  await move(it.id, 1);
  const team = await teamNamed("Pilots");
  const later = { ...writing(), clock: () => new Date(now.getTime() + 2 * 3_600_000) };
  const changed = await setTeamPolicy(later, organisationId, {
    teamId: pilots.id,
    revision: team.revision,
    policy: { "sync.interval": 20 },
  });
  await revertTeam(later, organisationId, {
    teamId: pilots.id,
    revision: changed.revision,
    to: team.revision,
  });
  await move(pilots.id, 3);
  const entries = await snapshot((reader) => listTimeline(reader, organisationId, dana, 100));
  expect(entries.map(({ sentence }) => sentence)).toContain("The user was moved to IT.");
  expect(entries.map(({ sentence }) => sentence)).not.toContain("The policy of Pilots was changed.");
});
