import {
  encryptionFactsOf,
  encryptionStatuses,
  everyAccountFacts,
  everyEncryptionFacts,
  parseDay,
  type Day,
  type EncryptionStatus,
  type UserId,
} from "@lockstep/core";
import { expect, test } from "vitest";
import { z } from "zod";

import type { Snapshot } from "../db/database.ts";
import { id } from "../db/shape.ts";
import { sql } from "../db/sql.ts";
import { people } from "../example-people.ts";
import { changeContents } from "../facts/change.ts";
import { empty } from "../facts/identity.ts";
import { loadPosturesOf } from "../facts/raw/store.ts";
import { listLicences } from "../licences/store.ts";
import { setOrganisationDisabled } from "../organisations/store.ts";
import { revertTeam, setTeamPolicy } from "../teams/commands.ts";
import { updateUsersTeam } from "../users/store.ts";
import { now, today, useExample } from "./testing.ts";
import { countStandings } from "./counts.ts";
import { explainStanding } from "./explain.ts";
import { factsCodeOf, meaningOf } from "./facts-code.ts";
import { countByCode, listSubTeams } from "./store.ts";
import { listTimeline } from "./timeline.ts";

const example = useExample();
const { snapshot, counts, teamNamed, userNamed, everyRow } = example;

test("example.table.txt says who of the example is in which state, why, and what next", async () => {
  const rows = await Promise.all(
    people.map(async ({ username }) => {
      const userId = await userNamed(username);
      const standing = await snapshot((reader) =>
        explainStanding(reader, example.organisationId, userId, today),
      );
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
    const standing = await snapshot((reader) =>
      explainStanding(reader, example.organisationId, row.id, today),
    );
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
    const counted = await snapshot((reader) =>
      countByCode(reader, { organisationId: example.organisationId, teams: null }, day),
    );
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
  const postures = await loadPosturesOf(reader, example.organisationId, users);
  const teamRows = await reader.rows(
    z.object({ id: z.string(), content: id<"content">() }),
    sql`select id, desired_content_id as content from teams where organisation_id = ${example.organisationId}`,
  );
  const desired = new Map(teamRows.map((team) => [team.id, team.content]));
  const licences = new Map(
    (await listLicences(reader, example.organisationId)).map((each) => [each.id, each.validUntil]),
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

test("a team's counts include its sub-teams or not, as asked", async () => {
  const flight = await teamNamed("Flight Operations");
  await snapshot(async (reader) => {
    const teams = await listSubTeams(reader, example.organisationId, flight.id);
    expect(teams).toHaveLength(3);
    const sum = ({ encryption }: { encryption: Record<string, number> }) =>
      Object.values(encryption).reduce((total, each) => total + each, 0);
    expect(sum(await countStandings(reader, { organisationId: example.organisationId, teams }, today))).toBe(
      16,
    );
    expect(
      sum(
        await countStandings(reader, { organisationId: example.organisationId, teams: [flight.id] }, today),
      ),
    ).toBe(0);
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
  await example.writing.database.transaction((transaction) =>
    setOrganisationDisabled(transaction, example.organisationId, now),
  );
  const off = await counts();
  expect(off.account).toMatchObject({ enabled: 0, disabled: 20, blocked: 3, none: 3 });
  expect(off.encryption).toEqual(before.encryption);
  await example.writing.database.transaction((transaction) =>
    setOrganisationDisabled(transaction, example.organisationId, null),
  );
  expect(await counts()).toEqual(before);
});

test("a licence covers its last day, and the day after changes no colour", async () => {
  const lastDay = parseDay("2026-09-17");
  const dayAfter = parseDay("2026-09-18");
  const on = (day: typeof today) =>
    snapshot((reader) =>
      countStandings(reader, { organisationId: example.organisationId, teams: null }, day),
    );
  expect((await on(dayAfter)).encryption).toEqual((await on(lastDay)).encryption);
  const bo = await userNamed("bo");
  const expiry = async (day: typeof today) =>
    (await snapshot((reader) => explainStanding(reader, example.organisationId, bo, day))).reasons.map(
      ({ code }) => code,
    );
  expect(await expiry(lastDay)).toEqual([]);
  expect(await expiry(dayAfter)).toEqual(["licence-expired"]);
});

test("a timeline merges the user's own events with those of the team while a member, and no others", async () => {
  const rosa = await userNamed("rosa");
  const entries = await snapshot((reader) => listTimeline(reader, example.organisationId, rosa, 100));
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
      { ...example.writing, clock: () => new Date(now.getTime() + hour * 3_600_000) },
      example.organisationId,
      async (change) => {
        await updateUsersTeam(change, [dana], teamId);
        change.record({ kind: "user-moved", userId: dana, teamId });
      },
    );
  await move(it.id, 1);
  const team = await teamNamed("Pilots");
  const later = { ...example.writing, clock: () => new Date(now.getTime() + 2 * 3_600_000) };
  const changed = await setTeamPolicy(later, example.organisationId, {
    teamId: pilots.id,
    revision: team.revision,
    policy: { "sync.interval": 20 },
  });
  await revertTeam(later, example.organisationId, {
    teamId: pilots.id,
    revision: changed.revision,
    to: team.revision,
  });
  await move(pilots.id, 3);
  const entries = await snapshot((reader) => listTimeline(reader, example.organisationId, dana, 100));
  expect(entries.map(({ sentence }) => sentence)).toContain("The user was moved to IT.");
  expect(entries.map(({ sentence }) => sentence)).not.toContain("The policy of Pilots was changed.");
});
