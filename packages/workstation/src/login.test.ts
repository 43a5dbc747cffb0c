import { chmodSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { useRelay } from "../../../apps/relay/src/testing/relay.ts";
import type { Keyring } from "./keyring.ts";
import { changePassword, exportIdentity, keysFor, login, logout } from "./login.ts";
import { status } from "./status.ts";
import { sync } from "./sync.ts";
import { ageKey, order, Organisation } from "./testing/organisation.ts";
import { activated, outcomeOf, password, temporaryFolder } from "./testing/workstation.ts";

const relay = useRelay();

async function withPolicy(policy: Record<string, string | number | boolean>) {
  const organisation = new Organisation(relay);
  const { profile, activation } = await activated(organisation, relay, { keyFile: { policy } });
  return { organisation, profile, activation };
}

test("wrong passwords are counted, and after so many the right one opens nothing until the unlock", async () => {
  const { organisation, profile, activation } = await withPolicy({ "password.attempts": 3 });
  const wrong = () => outcomeOf(login(profile, { password: "wrong" }));
  expect([await wrong(), await wrong()]).toEqual(["password-wrong", "password-wrong"]);
  // The right one in between starts the count anew.
  await login(profile, { password });
  expect([await wrong(), await wrong()]).toEqual(["password-wrong", "password-wrong"]);
  expect(await wrong()).toBe("attempts-exhausted");
  expect(await outcomeOf(login(profile, { password }))).toBe("attempts-exhausted");
  expect(await outcomeOf(keysFor(profile, "read"))).toBe("attempts-exhausted");
  await organisation.order(activation, [order("unlock")]);
  await sync(profile);
  expect(await outcomeOf(login(profile, { password }))).toBe("done");
});

test("an attempt counts although the program was killed right after it", async () => {
  const { profile } = await withPolicy({ "password.attempts": 3 });
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const killed = () => {
      throw new Error("killed");
    };
    const watcher = (moment: string) => (moment === "after" ? killed() : undefined);
    await expect(login({ ...profile, watcher }, { password: "wrong" })).rejects.toThrow("killed");
  }
  expect(await status(profile)).toMatchObject({ obstacle: "attempts-exhausted" });
});

test("the policy says how long a password is, and a shorter one has to be changed before the keys are used", async () => {
  const { profile } = await withPolicy({ "password.min-length": 30 });
  expect(await login(profile, { password })).toMatchObject({ mustChangePassword: true });
  expect(await outcomeOf(keysFor(profile, "read"))).toBe("password-change-required");
  const long = "a password of thirty characters, and more";
  const changed = (next: string, present = password) =>
    outcomeOf(changePassword(profile, { password: present, next }));
  expect(await changed("still too short")).toBe("password-too-short");
  expect(await changed(long, "not the password")).toBe("password-wrong");
  expect(await changed(long)).toBe("done");
  expect(await changed(long, long)).toBe("password-unchanged");
  expect(await outcomeOf(keysFor(profile, "read"))).toBe("done");
  expect(await outcomeOf(login(profile, { password }))).toBe("password-wrong");
  expect(await login(profile, { password: long })).toMatchObject({ mustChangePassword: false });
});

test("an administrator's order makes the password be changed, whatever its length", async () => {
  const { organisation, profile, activation } = await withPolicy({});
  await login(profile, { password });
  await organisation.order(activation, [order("force-password-change")]);
  await sync(profile);
  expect(await outcomeOf(keysFor(profile, "encrypt"))).toBe("password-change-required");
  expect(await outcomeOf(changePassword(profile, { password, next: password }))).toBe("password-unchanged");
  await changePassword(profile, { password, next: "another horse battery" });
  expect(await outcomeOf(keysFor(profile, "encrypt"))).toBe("done");
});

test("a login holds for other commands until the logout, and its key is not among the profile's files", async () => {
  const { profile } = await withPolicy({});
  expect(await outcomeOf(keysFor(profile, "read"))).toBe("not-logged-in");
  expect(await login(profile, { password })).toMatchObject({ kept: "runtime" });
  expect(await status(profile)).toMatchObject({ isLoggedIn: true });
  expect((await keysFor(profile, "read")).identities).toEqual([ageKey.identity]);
  const files = readdirSync(profile.folder).map((name) => readFileSync(join(profile.folder, name), "utf8"));
  for (const name of readdirSync(profile.runtimeFolder ?? "")) {
    const path = join(profile.runtimeFolder ?? "", name);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(files.join()).not.toContain(readFileSync(path, "utf8"));
  }
  await logout(profile);
  expect(await outcomeOf(keysFor(profile, "read"))).toBe("not-logged-in");
});

test("where no place is private enough a login is for one command only", async () => {
  const { profile } = await withPolicy({});
  const open = temporaryFolder();
  chmodSync(open, 0o755);
  for (const runtimeFolder of [null, open, join(open, "missing")]) {
    const there = { ...profile, runtimeFolder };
    expect(await login(there, { password })).toMatchObject({ kept: null });
    expect(await outcomeOf(keysFor(there, "read"))).toBe("not-logged-in");
    expect((await keysFor(there, "read", password)).identities).toEqual([ageKey.identity]);
  }
});

test("whoever does nothing for as long as the policy says is logged out", async () => {
  const { profile } = await withPolicy({ "session.idle-logout": 10 });
  await login(profile, { password });
  for (const minutes of [9, 18]) {
    profile.ahead = minutes * 60;
    expect(await outcomeOf(keysFor(profile, "read"))).toBe("done");
  }
  // What the program does by itself is not the person doing something.
  profile.ahead = 27 * 60;
  await sync(profile);
  profile.ahead = 28 * 60 + 1;
  expect(await outcomeOf(keysFor(profile, "read"))).toBe("not-logged-in");
  profile.ahead = 0;
  expect(await outcomeOf(keysFor(profile, "read"))).toBe("not-logged-in");
});

test("a clock that is set back does not keep a login open", async () => {
  const { profile } = await withPolicy({ "session.idle-logout": 10 });
  await login(profile, { password });
  profile.ahead = -3600;
  expect(await outcomeOf(keysFor(profile, "read"))).toBe("not-logged-in");
});

test("the policy says what the keys may be used for", async () => {
  const { profile } = await withPolicy({
    "files.may-encrypt": false,
    "files.may-decrypt-permanently": false,
  });
  await login(profile, { password });
  const outcomes = { encrypt: "", store: "", export: "", read: "" };
  for (const purpose of ["encrypt", "store", "export", "read"] as const)
    outcomes[purpose] = await outcomeOf(keysFor(profile, purpose));
  const refused = "policy-forbids";
  expect(outcomes).toEqual({ encrypt: refused, store: refused, export: refused, read: "done" });
  const free = await withPolicy({ "identity.may-export": true });
  expect(await exportIdentity(free.profile, password)).toBe(`${ageKey.identity}\n`);
});

test("a root that asks for a newer client keeps this one from the keys, and says so", async () => {
  const organisation = new Organisation(relay);
  Object.assign(organisation, { root: { ...organisation.root, min_client: 2 } });
  const { profile } = await activated(organisation, relay);
  expect(await outcomeOf(login(profile, { password }))).toBe("client-too-old");
});

test("with a keyring the login is kept there, and only where it cannot be in the folder", async () => {
  const kept = new Map<string, Uint8Array>();
  const keyring: Keyring = {
    get: (name) => Promise.resolve(kept.get(name) ?? null),
    set: (name, secret) => Promise.resolve(void kept.set(name, secret)),
    remove: (name) => Promise.resolve(void kept.delete(name)),
  };
  const organisation = new Organisation(relay);
  const { profile, activation } = await activated(organisation, relay, { given: { keyring } });
  expect(await organisation.read(activation)).toMatchObject([{ facts: { keystore: "os" } }]);
  expect(await login(profile, { password })).toMatchObject({ kept: "keyring" });
  expect(readdirSync(profile.runtimeFolder ?? "")).toEqual([]);
  expect(await outcomeOf(keysFor(profile, "read"))).toBe("done");
  await logout(profile);
  expect([...kept.keys()].filter((name) => name.startsWith("login"))).toEqual([]);
  const locked = { ...keyring, set: () => Promise.reject(new Error("the keyring is locked")) };
  expect(await login({ ...profile, keyring: locked }, { password })).toMatchObject({ kept: "runtime" });
});
