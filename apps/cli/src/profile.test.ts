// Where a sign-in is kept: readable by its owner only, whole or not at all.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { profilePath, readProfile, removeProfile, withoutTokens, writeProfile } from "./profile.ts";

const signedIn = { server: "http://127.0.0.1:8480", token: "lockstep_one" };
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-profile-"));
  path = profilePath({ XDG_CONFIG_HOME: folder });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a sign-in is kept for its owner only, whatever others would be allowed by default", () => {
  const before = process.umask(0);
  try {
    writeProfile(path, signedIn);
  } finally {
    process.umask(before);
  }
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  expect(readProfile(path)).toEqual(signedIn);
});

test("signing in again replaces a file that others could read by one that they cannot", () => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(signedIn), { mode: 0o644 });
  writeProfile(path, { ...signedIn, token: "lockstep_two" });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readProfile(path)?.token).toBe("lockstep_two");
});

test("a sign-in that cannot be kept leaves nothing lying around", () => {
  mkdirSync(join(path, "in-the-way"), { recursive: true });
  expect(() => writeProfile(path, signedIn)).toThrow();
  expect(readdirSync(dirname(path))).toEqual(["profile.json"]);
});

test("nobody is signed in before signing in, and after signing out", () => {
  expect(readProfile(path)).toBeNull();
  writeProfile(path, signedIn);
  removeProfile(path);
  expect(readProfile(path)).toBeNull();
});

test.each(["", "{", "[]", '{"server":"http://127.0.0.1"}', '{"server":"x","token":"two words"}'])(
  "a damaged sign-in says so, and what to do: %s",
  (text) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    expect(() => readProfile(path)).toThrow(`${path} is damaged`);
    expect(readFileSync(path, "utf8")).toBe(text);
  },
);

// The XDG Base Directory Specification: "All paths set in these environment variables must be absolute."
test("a relative XDG_CONFIG_HOME is ignored", () => {
  const usual = join(homedir(), ".config", "lockstep", "profile.json");
  expect(profilePath({ XDG_CONFIG_HOME: "here" })).toBe(usual);
  expect(profilePath({})).toBe(usual);
});

test("a token that was typed where none belongs is not repeated", () => {
  const typed = `lockstep_${"Ab-_9".repeat(17)}`;
  expect(withoutTokens(`there is no token ${typed} of yours`)).toBe("there is no token lockstep_… of yours");
});
