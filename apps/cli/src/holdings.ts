// What a team's people or one user should hold: every setting and key, with where each comes from.

import type { Holdings } from "@lockstep/api";
import type { PolicyValue } from "@lockstep/core";

import { table } from "./layout.ts";

export function valueWord(value: PolicyValue): string {
  return typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
}

export function versionsWord(versions: Holdings["keys"][number]["versions"]): string {
  return versions.map(({ version, use }) => `${version} ${use}`).join(", ");
}

function originWord({ group, team }: Holdings["keys"][number]["origins"][number]): string {
  return team === null ? `${group.name}, the user's own` : `${group.name} of ${team.name}`;
}

export function holdingsScreen({ policy, keys }: Holdings): string {
  const settings = policy.map(({ setting, value, origin }) => [
    setting,
    valueWord(value),
    origin === null ? "default" : origin.name,
  ]);
  const held = keys.map(({ name, versions, origins }) => [
    name,
    versionsWord(versions),
    origins.map(originWord).join("; "),
  ]);
  return [
    table(["SETTING", "VALUE", "FROM"], settings),
    held.length === 0 ? "No keys." : table(["KEY", "VERSIONS", "FROM GROUP"], held),
  ].join("\n\n");
}
