// What every team should hold, from what the levels above it set and are given.

import { effectivePolicyOf, teamContentOf, type Content, type TeamId } from "@lockstep/core";

import type { TeamLevel } from "./store.ts";

/** What every affected team should hold, from the levels above it. Pure: saving and the impact preview ask the same function. */
export function desiredContentsOf(levels: readonly TeamLevel[]): Map<TeamId, Content> {
  const byId = new Map(levels.map((level) => [level.id, level]));
  const chainOf = (level: TeamLevel): TeamLevel[] => {
    const parent = level.parentId === null ? undefined : byId.get(level.parentId);
    return parent === undefined ? [level] : [...chainOf(parent), level];
  };
  const affected = levels.filter((level) => level.affected);
  return new Map(
    affected.map((level) => {
      const chain = chainOf(level);
      const policy = effectivePolicyOf(chain.map(({ id, policy }) => ({ origin: id, policy })));
      return [
        level.id,
        teamContentOf(
          policy,
          chain.flatMap(({ keys }) => keys),
        ),
      ];
    }),
  );
}
