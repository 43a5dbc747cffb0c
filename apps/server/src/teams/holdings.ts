// What holds in a team, each setting and key with its origin, and what differs between two teams.

import type { Difference, Holdings } from "@lockstep/api";
import {
  effectivePolicyOf,
  policySettingCodes,
  type GroupId,
  type OrganisationId,
  type TeamId,
} from "@lockstep/core";

import type { Reader } from "../db/database.ts";
import { listKeysOfGroups, type KeyInGroup } from "../keys/store.ts";
import { Refusal } from "../refusal.ts";
import { listTeamsAbove, loadTeam, type Team } from "./store.ts";

/** From the root down to the team; @throws Refusal team_not_found. */
async function loadLevels(reader: Reader, organisationId: OrganisationId, teamId: TeamId): Promise<Team[]> {
  const levels = await listTeamsAbove(reader, organisationId, teamId);
  if (levels.length === 0) await loadTeam(reader, organisationId, teamId);
  return levels;
}

async function holdingsOn(
  reader: Reader,
  organisationId: OrganisationId,
  { levels, ownGroups }: { levels: readonly Team[]; ownGroups: readonly GroupId[] },
): Promise<Holdings> {
  const effective = effectivePolicyOf(
    levels.map(({ id, name, policy }) => ({ origin: { id, name }, policy })),
  );
  const given = [
    ...levels.flatMap(({ id, name, groupIds }) =>
      groupIds.map((groupId) => ({ groupId, team: { id, name } })),
    ),
    ...ownGroups.map((groupId) => ({ groupId, team: null })),
  ];
  const rows = await listKeysOfGroups(
    reader,
    organisationId,
    given.map(({ groupId }) => groupId),
  );
  const byGroup = Map.groupBy(rows, ({ group }) => group.id);
  const ways = given.flatMap(({ groupId, team }) =>
    (byGroup.get(groupId) ?? []).map((row) => ({ ...row, origin: { group: row.group, team } })),
  );
  return {
    policy: policySettingCodes.map((setting) => ({ setting, ...effective[setting] })),
    keys: keysOf(ways),
  };
}

type Key = Holdings["keys"][number];

/** Each key once, by name, with every way in which it comes. */
function keysOf(ways: readonly (KeyInGroup & { readonly origin: Key["origins"][number] })[]): Key[] {
  const byKey = Map.groupBy(ways, ({ id }) => id);
  const keys = [...byKey].flatMap(([id, origins]) => {
    const [first] = origins;
    if (first === undefined) return [];
    return [{ id, name: first.name, versions: first.versions, origins: origins.map(({ origin }) => origin) }];
  });
  return keys.sort((a, b) => a.name.localeCompare(b.name, "en"));
}

/** @throws Refusal team_not_found. */
export async function gatherHoldings(
  reader: Reader,
  organisationId: OrganisationId,
  teamId: TeamId,
  ownGroups: readonly GroupId[] = [],
): Promise<Holdings> {
  const levels = await loadLevels(reader, organisationId, teamId);
  return holdingsOn(reader, organisationId, { levels, ownGroups });
}

function differenceOf(from: Holdings, to: Holdings): Difference {
  const settings = from.policy.flatMap(({ setting, ...before }) => {
    const after = to.policy.find((each) => each.setting === setting);
    if (after === undefined || after.value === before.value) return [];
    return [{ setting, from: before, to: { value: after.value, origin: after.origin } }];
  });
  const without = (these: Holdings, those: Holdings) =>
    these.keys
      .filter(({ id }) => !those.keys.some((other) => other.id === id))
      .map(({ id, name, origins }) => ({ id, name, groups: origins.map(({ group }) => group.name) }));
  return { settings, keysAdded: without(to, from), keysTakenAway: without(from, to) };
}

/**
 * What would be added and taken away by moving from one team to another, or by moving the team below another parent.
 * @throws Refusal team_not_found, team_is_root, team_move_cyclic.
 */
export async function compareTeams(
  reader: Reader,
  organisationId: OrganisationId,
  { teamId, ...other }: { teamId: TeamId } & ({ to: TeamId } | { parent: TeamId }),
): Promise<Difference> {
  const levels = await loadLevels(reader, organisationId, teamId);
  const others =
    "to" in other
      ? await loadLevels(reader, organisationId, other.to)
      : await levelsBelow(reader, organisationId, { levels, parent: other.parent });
  return differenceOf(
    await holdingsOn(reader, organisationId, { levels, ownGroups: [] }),
    await holdingsOn(reader, organisationId, { levels: others, ownGroups: [] }),
  );
}

/** The levels of a team as they would be below another parent. */
async function levelsBelow(
  reader: Reader,
  organisationId: OrganisationId,
  { levels, parent }: { levels: readonly Team[]; parent: TeamId },
): Promise<Team[]> {
  const team = levels.at(-1);
  if (team === undefined || team.parentId === null) throw new Refusal("team_is_root");
  const above = await loadLevels(reader, organisationId, parent);
  if (above.some(({ id }) => id === team.id)) throw new Refusal("team_move_cyclic");
  return [...above, team];
}
