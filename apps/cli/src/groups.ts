// Encryption groups and keys by their names.

import { keys, type Group, type Key } from "@lockstep/api";
import type { GroupId, KeyId } from "@lockstep/core";

import { wrongUsage } from "./failure.ts";
import type { Scope } from "./invocation.ts";
import { pick } from "./naming.ts";

export function pickGroup(all: readonly Group[], text: string, { organisation }: Scope): Group {
  return pick(all, text, {
    noun: "encryption group",
    place: `in ${organisation.name}`,
    namesOf: ({ id, name }) => [id, name],
    labelOf: ({ id }) => id,
    list: "all of them: lockstep groups list",
  });
}

export function pickKey(all: readonly Key[], text: string, { organisation }: Scope): Key {
  return pick(all, text, {
    noun: "encryption key",
    place: `in ${organisation.name}`,
    namesOf: ({ id, name }) => [id, name],
    labelOf: ({ id }) => id,
    list: "all of them: lockstep keys list",
  });
}

export async function listGroups({ call, params }: Scope): Promise<Group[]> {
  return (await call(keys.listGroups, { params })).groups;
}

export async function listKeys({ call, params }: Scope): Promise<Key[]> {
  return (await call(keys.listKeys, { params })).keys;
}

/** The groups that are named. Nothing is asked if none is. */
export async function findGroups(scope: Scope, names: readonly string[]): Promise<Group[]> {
  const all = names.length === 0 ? [] : await listGroups(scope);
  return [...new Set(names.map((name) => pickGroup(all, name, scope)))];
}

/** The keys that are named. Nothing is asked if none is. */
export async function findKeys(scope: Scope, names: readonly string[]): Promise<Key[]> {
  const all = names.length === 0 ? [] : await listKeys(scope);
  return [...new Set(names.map((name) => pickKey(all, name, scope)))];
}

/** Names of things by their ids, in order; an unknown id stands for itself. */
export function namesOf<Id extends GroupId | KeyId>(
  ids: readonly Id[],
  all: readonly { readonly id: Id; readonly name: string }[],
): string {
  const names = new Map(all.map(({ id, name }) => [id, name]));
  return ids
    .map((id) => names.get(id) ?? id)
    .sort((one, other) => one.localeCompare(other, "en"))
    .join(", ");
}

/** Nobody takes everything away by forgetting to type it. */
export function replacing(names: readonly string[], { none }: { readonly none?: true }): readonly string[] {
  if (names.length > 0 && none === true)
    throw wrongUsage("--none goes with no names", "leave one of them out");
  if (names.length === 0 && none !== true) {
    throw wrongUsage("nothing was named", "name all that should be given, or write --none to take all away");
  }
  return names;
}
