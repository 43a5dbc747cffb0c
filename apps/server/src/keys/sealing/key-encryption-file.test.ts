import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { inspect } from "node:util";

import { expect, test } from "vitest";
import { z } from "zod";

import { OperatorError } from "../../db/operator-error.ts";
import { addKeyVersion, dropKeyVersions, makeKeyFile, readKeyRing } from "./key-encryption-file.ts";
import { newPath } from "./testing/keys.ts";

const isRoot = process.getuid?.() === 0;
const written = z.object({ current: z.int(), keys: z.record(z.string(), z.string()) });

async function contentsOf(file: string): Promise<z.output<typeof written>> {
  return written.parse(JSON.parse(await readFile(file, "utf8")));
}

function refusal(act: () => unknown): OperatorError {
  try {
    act();
  } catch (cause) {
    if (cause instanceof OperatorError) return cause;
    throw cause;
  }
  throw new Error("nothing was refused");
}

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

test("the file is made for the server's user alone, in a folder of its own", async () => {
  const file = await newPath();
  makeKeyFile(file);
  expect(await modeOf(file)).toBe("600");
  expect(await modeOf(dirname(file))).toBe("700");
  expect(await modeOf(`${file}.lock`)).toBe("600");
  expect(await contentsOf(file)).toEqual({
    current: 1,
    keys: { 1: expect.stringMatching(/^[\w-]{43}$/) as string },
  });
});

test("a folder that was there before keeps its rights", async () => {
  const file = await newPath();
  await mkdir(dirname(file), { mode: 0o750 });
  await chmod(dirname(file), 0o750);
  makeKeyFile(file);
  expect(await modeOf(dirname(file))).toBe("750");
});

test("making a file that is there already leaves it as it is", async () => {
  const file = await newPath();
  makeKeyFile(file);
  const before = await contentsOf(file);
  makeKeyFile(file);
  expect(await contentsOf(file)).toEqual(before);
});

test("a new version leaves the former ones in the file, and the file as private as it was", async () => {
  const file = await newPath();
  makeKeyFile(file);
  const before = await contentsOf(file);
  addKeyVersion(file);
  const { current, keys } = await contentsOf(file);
  expect(current).toBe(2);
  expect(keys).toMatchObject(before.keys);
  expect(keys["2"]).not.toBe(keys["1"]);
  expect(await modeOf(file)).toBe("600");
});

test("what a killed process has left half written does not stand in the way, and goes", async () => {
  const file = await newPath();
  makeKeyFile(file);
  await writeFile(`${file}.new`, '{ "curr', { mode: 0o644 });
  addKeyVersion(file);
  expect(readKeyRing(file).current).toBe(2);
  expect(await modeOf(file)).toBe("600");
  expect((await readdir(dirname(file))).sort()).toEqual([
    "key-encryption-key.json",
    "key-encryption-key.json.lock",
  ]);
});

test("a link to the file stays a link, and what it leads to is replaced", async () => {
  const file = await newPath();
  makeKeyFile(file);
  const link = join(dirname(dirname(file)), "link.json");
  await symlink(file, link);
  addKeyVersion(link);
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect(readKeyRing(file).current).toBe(2);
});

test.runIf(isRoot)("what root makes belongs to the owner of the folder that it is in", async () => {
  const file = await newPath();
  makeKeyFile(file);
  const { chown } = await import("node:fs/promises");
  await chown(dirname(file), 65_534, 65_534);
  addKeyVersion(file);
  expect((await stat(file)).uid).toBe(65_534);
  expect((await stat(`${file}.lock`)).uid).toBe(65_534);
});

test.each(["640", "604", "660", "602"])("a file of mode %s is refused", async (mode) => {
  const file = await newPath();
  makeKeyFile(file);
  await chmod(file, Number.parseInt(mode, 8));
  const { code, sentence, hint } = refusal(() => readKeyRing(file));
  expect(code).toBe("key-encryption-key-invalid");
  expect(sentence).toContain(`open to other users (mode ${mode})`);
  expect(hint).toContain("chmod 600");
});

const good = Buffer.alloc(32, 7).toString("base64url");
const spelledTwice = `${good.slice(0, -1)}d`;

test.each([
  ["is cut short", `{ "current": 1, "keys": { "1": "${good}`],
  ["is no JSON", `{ "current": 1, "keys": { "1": ${good} } }`],
  ["has no versions", '{ "current": 1, "keys": {} }'],
  ["lacks its current version", `{ "current": 2, "keys": { "1": "${good}" } }`],
  ["has a version after the current one", `{ "current": 1, "keys": { "1": "${good}", "2": "${good}" } }`],
  ["has a short key", `{ "current": 1, "keys": { "1": "${good.slice(4)}" } }`],
  ["has a key in another spelling", `{ "current": 1, "keys": { "1": "${spelledTwice}" } }`],
  ["counts from 0", `{ "current": 0, "keys": { "0": "${good}" } }`],
  ["has a version and its key the wrong way round", `{ "current": 1, "keys": { "${good}": "1" } }`],
  ["has something else in it", `{ "current": 1, "keys": { "1": "${good}" }, "${good}": 1 }`],
])("a file that %s is refused, and nothing of it is repeated", async (_, text) => {
  expect(Buffer.from(spelledTwice, "base64url").toString("base64url")).toBe(good);
  const file = await newPath();
  await mkdir(dirname(file));
  await writeFile(file, text, { mode: 0o600 });
  const error = refusal(() => readKeyRing(file));
  expect(error.code).toBe("key-encryption-key-invalid");
  expect(inspect(error, { depth: null, showHidden: true })).not.toContain(good.slice(0, 6));
});

test("a file that is not there is missing, whatever is wanted of it", async () => {
  const file = await newPath();
  expect(refusal(() => readKeyRing(file)).code).toBe("key-encryption-key-missing");
  expect(refusal(() => addKeyVersion(file)).code).toBe("key-encryption-key-missing");
  expect(refusal(() => dropKeyVersions(file, { kept: [], unchangedSince: new Date() })).code).toBe(
    "key-encryption-key-missing",
  );
  await mkdir(dirname(file));
  expect(refusal(() => addKeyVersion(file)).code).toBe("key-encryption-key-missing");
});

test("something that cannot be read as a file is refused with the system's own words", async () => {
  const file = await newPath();
  await mkdir(file, { recursive: true, mode: 0o700 });
  const { code, sentence } = refusal(() => readKeyRing(file));
  expect(code).toBe("key-encryption-key-invalid");
  expect(sentence).toContain("EISDIR");
});

test("only former versions that are not kept are dropped, and the present one never", async () => {
  const file = await newPath();
  makeKeyFile(file);
  for (let added = 0; added < 3; added++) addKeyVersion(file);
  const later = new Date(Date.now() + 60_000);
  expect(dropKeyVersions(file, { kept: [2], unchangedSince: later })).toEqual([1, 3]);
  expect([...readKeyRing(file).keys.keys()]).toEqual([2, 4]);
  expect(dropKeyVersions(file, { kept: [2], unchangedSince: later })).toEqual([]);
  addKeyVersion(file);
  expect(readKeyRing(file).current).toBe(5);
});

test("nothing is dropped from a file that has changed since", async () => {
  const file = await newPath();
  makeKeyFile(file);
  addKeyVersion(file);
  const changedAt = new Date("2026-03-01T12:00:00Z");
  await utimes(file, changedAt, changedAt);
  const before = new Date("2026-03-01T11:59:59Z");
  expect(dropKeyVersions(file, { kept: [], unchangedSince: before })).toEqual([]);
  expect(dropKeyVersions(file, { kept: [], unchangedSince: changedAt })).toEqual([1]);
});

test("keys in memory do not show when they are printed", async () => {
  const file = await newPath();
  makeKeyFile(file);
  const { keys } = await contentsOf(file);
  const printed = inspect(readKeyRing(file), { depth: null, showHidden: true });
  expect(printed).not.toContain(keys["1"]);
});
