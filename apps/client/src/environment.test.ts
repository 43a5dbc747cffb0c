// Where profiles are, by the environment.

import { homedir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { profileName, relayAddress, seconds } from "./arguments.ts";
import { parseEnvironment } from "./environment.ts";

const usual = join(homedir(), ".local", "share", "lockstep");

test("profiles are in the user's data folder, unless the environment names another one", () => {
  expect(parseEnvironment({}).home).toBe(usual);
  expect(parseEnvironment({ XDG_DATA_HOME: "/data" }).home).toBe("/data/lockstep");
  expect(parseEnvironment({ XDG_DATA_HOME: "/data", LOCKSTEP_CLIENT_HOME: "/keys" }).home).toBe("/keys");
});

test("a relative folder of the system is ignored, and an empty one is none", () => {
  const odd = { XDG_DATA_HOME: "data", XDG_RUNTIME_DIR: "run", LOCKSTEP_CLIENT_HOME: "" };
  expect(parseEnvironment(odd)).toEqual({ home: usual, runtimeFolder: null, calledFrom: null });
});

test("a relative folder of ours would be another one each time, and is refused", () => {
  expect(() => parseEnvironment({ LOCKSTEP_CLIENT_HOME: "keys" })).toThrow("LOCKSTEP_CLIENT_HOME");
});

test.each(["..", ".", "", "a/b", "a\\b", ".hidden", "-x", "a b", "x".repeat(65)])(
  "%j is no name of a profile: it would be another place, or none",
  (name) => {
    expect(() => profileName(name)).toThrow("letters, digits and dashes");
  },
);

test("profiles may have names in every script", () => {
  expect(["default", "northwind-air", "Übersicht_2", "数据"].map(profileName)).toHaveLength(4);
});

test.each(["relay.example", "http://relay.example", "ftp://127.0.0.1", "https://me:secret@relay.example"])(
  "%s is no address of a relay",
  (address) => {
    expect(() => relayAddress(address)).toThrow("https://relay.example.org");
  },
);

test("a relay is reached by HTTPS, or on this machine", () => {
  const addresses = ["https://relay.example/lockstep", "http://127.0.0.1:8481", "http://[::1]:8481"];
  expect(addresses.map(relayAddress)).toEqual(addresses);
});

test("a time to wait is whole seconds", () => {
  expect(seconds("600")).toBe(600);
  for (const text of ["-1", "1.5", "soon", ""]) expect(() => seconds(text)).toThrow("seconds");
});
