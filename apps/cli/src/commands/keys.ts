// Encryption keys, and the groups in which they are given.

import { keys } from "@lockstep/api";
import type { Command } from "commander";

import {
  findGroups,
  findKeys,
  listGroups,
  listKeys,
  namesOf,
  pickGroup,
  pickKey,
  replacing,
} from "../groups.ts";
import { versionsWord } from "../holdings.ts";
import type { Invocation } from "../invocation.ts";
import { table } from "../layout.ts";
import { askSecrets } from "../terminal.ts";

async function showKeys(invocation: Invocation): Promise<void> {
  const scope = await invocation.organisation();
  const reply = await scope.call(keys.listKeys, { params: scope.params });
  const groups = await listGroups(scope);
  const rows = reply.keys.map(({ name, versions, groupIds }) => [
    name,
    versionsWord(versions),
    namesOf(groupIds, groups),
  ]);
  invocation.show(reply, () => table(["KEY", "VERSIONS", "IN GROUPS"], rows));
}

async function createKey(invocation: Invocation, name: string, names: readonly string[]): Promise<void> {
  const scope = await invocation.organisation();
  const groups = await findGroups(scope, names);
  const body = { name, groupIds: groups.map(({ id }) => id) };
  const key = await scope.call(keys.createKey, { params: scope.params, body });
  const where = groups.length === 0 ? "in no group yet" : `in ${namesOf(key.groupIds, groups)}`;
  invocation.show(key, () => `Made the key ${key.name}, ${where}.`);
}

async function rotateKey(invocation: Invocation, text: string): Promise<void> {
  const scope = await invocation.organisation();
  const { id: keyId, revision: match } = pickKey(await listKeys(scope), text, scope);
  const key = await scope.call(keys.rotateKey, { params: { ...scope.params, keyId }, match });
  const versions = versionsWord(key.versions);
  invocation.show(
    key,
    () =>
      `Rotated the key ${key.name}: ${versions}.\nWho is red now: lockstep users list --status update-required`,
  );
}

async function showGroups(invocation: Invocation): Promise<void> {
  const scope = await invocation.organisation();
  const reply = await scope.call(keys.listGroups, { params: scope.params });
  const all = await listKeys(scope);
  const rows = reply.groups.map(({ name, keyIds, teams, users }) => [
    name,
    namesOf(keyIds, all),
    teams,
    users,
  ]);
  invocation.show(reply, () => table(["GROUP", "KEYS", "TEAMS", "USERS"], rows));
}

async function createGroup(invocation: Invocation, name: string, names: readonly string[]): Promise<void> {
  const scope = await invocation.organisation();
  const held = await findKeys(scope, names);
  const body = { name, keyIds: held.map(({ id }) => id) };
  const group = await scope.call(keys.createGroup, { params: scope.params, body });
  const what = held.length === 0 ? "without keys" : `with ${namesOf(group.keyIds, held)}`;
  invocation.show(group, () => `Made the encryption group ${group.name}, ${what}.`);
}

async function setGroupKeys(invocation: Invocation, text: string, names: readonly string[]): Promise<void> {
  const scope = await invocation.organisation();
  const { id: groupId, revision: match } = pickGroup(await listGroups(scope), text, scope);
  const held = await findKeys(scope, names);
  const body = { keyIds: held.map(({ id }) => id) };
  const group = await scope.call(keys.setGroupKeys, { params: { ...scope.params, groupId }, match, body });
  const what = held.length === 0 ? "none" : namesOf(group.keyIds, held);
  invocation.show(group, () => `Keys of the encryption group ${group.name}: ${what}.`);
}

async function exportKeys(invocation: Invocation, { recipient }: { recipient?: string }): Promise<void> {
  const { call, params } = await invocation.organisation();
  const [password = "", passphrase = ""] = await askSecrets(
    recipient === undefined
      ? ["your password", "a new passphrase for the file, 12 characters or more"]
      : ["your password"],
  );
  const body = { password, ...(recipient === undefined ? { passphrase } : { recipient }) };
  const reply = await call(keys.exportKeys, { params, body });
  invocation.show(reply, () => reply.file.trimEnd());
}

function addGroupCommands(program: Command, invocation: Invocation): void {
  const noun = program
    .command("groups")
    .alias("group")
    .description("Encryption groups: named sets of keys, given to teams and to single users.");

  noun
    .command("list")
    .description("Every encryption group with its keys, and to how many teams and users it is given.")
    .action(() => showGroups(invocation));

  noun
    .command("create")
    .description("Makes an encryption group.")
    .argument("<name>")
    .option("--key <key...>", "the keys in it")
    .action((name: string, { key = [] }: { key?: string[] }) => createGroup(invocation, name, key));

  noun
    .command("set-keys")
    .description("Replaces the keys of an encryption group.")
    .argument("<group>")
    .argument("[key...]", "all of them; those that are not named are taken away")
    .option("--none", "takes all of them away")
    .action((text: string, names: string[], options: { none?: true }) =>
      setGroupKeys(invocation, text, replacing(names, options)),
    );
}

export function addKeyCommands(program: Command, invocation: Invocation): void {
  const noun = program
    .command("keys")
    .alias("key")
    .description("Encryption keys and their versions. Key material is never shown.");

  noun
    .command("list")
    .description("Every encryption key with its versions and the groups it is in.")
    .action(() => showKeys(invocation));

  noun
    .command("create")
    .description("Makes a key, whose secret half never leaves the server but in Key-Files.")
    .argument("<name>")
    .option("--group <group...>", "the encryption groups it is in")
    .action((name: string, { group = [] }: { group?: string[] }) => createKey(invocation, name, group));

  noun
    .command("rotate")
    .description(
      [
        "Makes a new version, with which new files are encrypted; the former one opens what it has",
        "encrypted. Whoever has the key is red until a Key-File is posted.",
      ].join(" "),
    )
    .argument("<key>")
    .action((text: string) => rotateKey(invocation, text));

  noun
    .command("export")
    .description(
      [
        "Writes every version of every key to standard output, as an age file for one recipient or one passphrase.",
        "Made before an organisation is deleted: afterwards nothing else opens its files. It is recorded.",
      ].join(" "),
    )
    .option("--recipient <recipient>", "who can open it, as of age-keygen; else a passphrase is asked for")
    .action((options: { recipient?: string }) => exportKeys(invocation, options));

  addGroupCommands(program, invocation);
}
