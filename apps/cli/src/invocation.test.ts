// Which server is asked, and with whose token.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { sessions } from "@lockstep/api";
import { afterEach, beforeEach, expect, test } from "vitest";

import { exitCodes } from "./exit-codes.ts";
import { Invocation, parseServer, type Options } from "./invocation.ts";
import { listen, type Listener } from "./testing/listener.ts";
import { writeProfile } from "./profile.ts";

let folder: string;
let home: Listener;
let elsewhere: Listener;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-invocation-"));
  [home, elsewhere] = await Promise.all([listen(), listen()]);
  writeProfile(invoked().profilePath, { server: home.origin, token: "kept" });
});
afterEach(async () => {
  await Promise.all([home.stop(), elsewhere.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

function invoked(options: Options = {}, environment: NodeJS.ProcessEnv = {}): Invocation {
  return new Invocation({ XDG_CONFIG_HOME: folder, ...environment }, () => options);
}

/** The listeners are no Lockstep servers, so every call fails after it has arrived. */
async function ask(invocation: Invocation): Promise<void> {
  await expect(invocation.connection().call(sessions.showSession)).rejects.toThrow();
}

test("without further words, the server that somebody signed in to is asked, with the kept token", async () => {
  await ask(invoked());
  expect(home.requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer kept"]);
});

test("a kept token is never sent to another server than the one it was kept for", () => {
  for (const invocation of [
    invoked({ server: elsewhere.origin }),
    invoked({}, { LOCKSTEP_SERVER: elsewhere.origin }),
  ]) {
    expect(() => invocation.connection()).toThrow(
      expect.objectContaining({
        exitCode: exitCodes.notAllowed,
        hint: `lockstep sign-in ${elsewhere.origin}`,
      }),
    );
  }
  expect(elsewhere.requests).toEqual([]);
});

test("the environment goes before the profile, and the command line before the environment", async () => {
  const environment = { LOCKSTEP_SERVER: elsewhere.origin, LOCKSTEP_TOKEN: "given" };
  await ask(invoked({}, environment));
  await ask(invoked({ server: home.origin }, environment));
  expect(elsewhere.requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer given"]);
  expect(home.requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer given"]);
});

test("what is no token is not sent, and not repeated either", () => {
  const invocation = invoked({}, { LOCKSTEP_TOKEN: "secret\nword" });
  expect(() => invocation.connection()).toThrow(/^LOCKSTEP_TOKEN holds no token$/);
});

test.each([
  "127.0.0.1:8480",
  "ftp://lockstep.example",
  "http://lockstep.example/api",
  "https://a:b@lockstep.example",
])("%s is not the address of a server", (text) => {
  expect(() => parseServer(text)).toThrow(expect.objectContaining({ exitCode: exitCodes.wrongUsage }));
});

test("a token travels in the clear on this machine only", () => {
  for (const near of ["http://localhost:8480", "http://127.0.0.1:8480", "http://[::1]:8480"]) {
    expect(parseServer(near)).toBe(near);
  }
  for (const far of ["http://lockstep.example", "http://127.evil.example", "http://192.168.0.9:8480"]) {
    expect(() => parseServer(far)).toThrow("plain HTTP would show the token to everybody on the way");
  }
});

test("an address is known by its origin", () => {
  expect(parseServer("HTTPS://Lockstep.Example:443/")).toBe("https://lockstep.example");
});
