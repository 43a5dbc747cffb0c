import { expect, test } from "vitest";

import { exampleName } from "../example.ts";
import { listLicences } from "../licences/store.ts";
import { revertTeam, setTeamPolicy } from "../teams/commands.ts";
import { impactOf } from "./impact.ts";
import { today, useExample } from "./testing.ts";

const example = useExample();
const { snapshot, counts, teamNamed, everyRow } = example;

test("a policy change turns a team red, and undoing it turns everybody back", async () => {
  const team = await teamNamed("IT");
  const before = { counts: await counts(), rows: await everyRow({}) };
  const changed = await setTeamPolicy(example.writing, example.organisationId, {
    teamId: team.id,
    revision: team.revision,
    policy: { "removable-media.mode": "read-only" },
  });
  const red = await everyRow({ status: "update-required", teams: [team.id] });
  expect(red.map(({ username }) => username.split("@")[0])).toEqual(["ada", "emil", "ines", "otto"]);
  await revertTeam(example.writing, example.organisationId, {
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
    impactOf(reader, example.organisationId, { kind: "team-policy", teamId: team.id, policy }, today),
  );
  expect(await counts()).toEqual(before);
  expect(impact.before).toEqual(before);
  const saved = await setTeamPolicy(example.writing, example.organisationId, {
    teamId: team.id,
    revision: team.revision,
    policy,
  });
  expect(await counts()).toEqual(impact.after);
  await revertTeam(example.writing, example.organisationId, {
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
    const { before, after } = await snapshot((reader) =>
      impactOf(reader, example.organisationId, proposal, today),
    );
    expect(after).toEqual(before);
  }
});

test("taking a team's groups away, or moving it, is previewed", async () => {
  const finance = await teamNamed("Finance");
  const cabin = await teamNamed("Cabin Crew");
  const groups = await snapshot((reader) =>
    impactOf(
      reader,
      example.organisationId,
      { kind: "team-groups", teamId: finance.id, groupIds: [] },
      today,
    ),
  );
  expect(groups.after.encryption["update-required"]).toBe(groups.before.encryption["update-required"] + 4);
  const moved = await snapshot((reader) =>
    impactOf(
      reader,
      example.organisationId,
      { kind: "team-parent", teamId: cabin.id, parentId: finance.id },
      today,
    ),
  );
  expect(moved.after.encryption["update-required"]).toBeGreaterThan(
    moved.before.encryption["update-required"],
  );
});

test("suspending a licence leaves its holders without one; ending it earlier changes no colour", async () => {
  const [licence] = (await snapshot((reader) => listLicences(reader, example.organisationId))).filter(
    ({ term }) => term === "subscription",
  );
  if (licence === undefined) throw new Error("the example has a subscription");
  const suspended = await snapshot((reader) =>
    impactOf(reader, example.organisationId, { kind: "licence-suspended", licenceId: licence.id }, today),
  );
  // Ivo's is the other licence, and he is green.
  expect(suspended.after.encryption).toMatchObject({ unlicensed: 25, active: 1 });
  const ended = await snapshot((reader) =>
    impactOf(
      reader,
      example.organisationId,
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
    snapshot((reader) => impactOf(reader, example.organisationId, proposal, today));
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
