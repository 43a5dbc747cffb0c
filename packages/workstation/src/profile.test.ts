import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { useRelay } from "../../../apps/relay/src/testing/relay.ts";
import type { Keyring } from "./keyring.ts";
import { keysFor, login } from "./login.ts";
import { holding } from "./profile.ts";
import { status } from "./status.ts";
import { sync } from "./sync.ts";
import { ageKey, Organisation } from "./testing/organisation.ts";
import { activated, outcomeOf, password, temporaryFolder, workstation } from "./testing/workstation.ts";

const relay = useRelay();

function keyringOf(kept = new Map<string, Uint8Array>()): Keyring & { kept: Map<string, Uint8Array> } {
  return {
    kept,
    get: (name) => Promise.resolve(kept.get(name) ?? null),
    set: (name, secret) => Promise.resolve(void kept.set(name, secret)),
    remove: (name) => Promise.resolve(void kept.delete(name)),
  };
}

test("a profile is for its owner alone, and no key of a Key-File is in it in the clear", async () => {
  const { profile } = await activated(new Organisation(relay), relay);
  expect(statSync(profile.folder).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(profile.folder)) {
    expect(statSync(join(profile.folder, name)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(profile.folder, name), "utf8")).not.toContain(ageKey.identity);
  }
  const { keys } = JSON.parse(readFileSync(join(profile.folder, "profile.json"), "utf8")) as {
    keys: { argon2id: { memory: number; passes: number } };
  };
  expect(keys.argon2id.memory).toBeGreaterThanOrEqual(19_456);
  expect(keys.argon2id.passes).toBeGreaterThanOrEqual(2);
});

test("with a keyring no secret of the device is in the file, and without that keyring nothing is replaced", async () => {
  const keyring = keyringOf();
  const organisation = new Organisation(relay);
  const { profile, activation } = await activated(organisation, relay, { given: { keyring } });
  const path = join(profile.folder, "profile.json");
  const text = readFileSync(path, "utf8");
  for (const secret of [activation.mailboxes.down, activation.mailboxes.up, '"d":', "AGE-SECRET-KEY"])
    expect(text).not.toContain(secret);
  await sync(profile);
  const after = readFileSync(path, "utf8");
  const failing = { ...keyring, get: () => Promise.reject(new Error("locked")) };
  for (const other of [null, keyringOf(), failing]) {
    const there = { ...profile, keyring: other };
    for (const call of [() => status(there), () => login(there, { password }), () => sync(there)])
      expect(await outcomeOf(call())).toBe("keyring-unavailable");
  }
  expect(readFileSync(path, "utf8")).toBe(after);
});

test("a damaged file is named, refused and left as it is", async () => {
  const { profile } = await activated(new Organisation(relay), relay);
  const path = join(profile.folder, "profile.json");
  const good = readFileSync(path, "utf8");
  const json = JSON.parse(good) as { keys: { sealed: string } };
  const { sealed } = json.keys;
  const bent = `${sealed.slice(0, -2)}${sealed.endsWith("A") ? "B" : "A"}${sealed.slice(-1)}`;
  const wrong = [
    "",
    good.slice(0, -1),
    "{}",
    good.replace('"stage":"active"', '"stage":"other"'),
    good.replace('"locked":false', '"locked":0'),
    JSON.stringify({ ...json, keys: null }),
    JSON.stringify({ ...json, keys: { ...json.keys, sealed: bent } }),
  ];
  for (const text of wrong) {
    writeFileSync(path, text);
    const calls = [
      () => status(profile),
      () => login(profile, { password }),
      () => sync(profile),
      () => keysFor(profile, "read"),
    ];
    for (const call of calls)
      await expect(call()).rejects.toMatchObject({ code: "profile-damaged", detail: path });
    expect(readFileSync(path, "utf8")).toBe(text);
  }
  writeFileSync(path, good.replace('"format":1', '"format":2'));
  expect(await outcomeOf(status(profile))).toBe("profile-newer");
  writeFileSync(path, good);
  expect(await outcomeOf(login(profile, { password }))).toBe("done");
});

test("one process works with a profile at a time, and others can still look", async () => {
  const { profile } = await activated(new Organisation(relay), relay);
  const impatient = { ...profile, patienceMilliseconds: 0 };
  await holding(profile, async () => {
    expect(await outcomeOf(login(impatient, { password }))).toBe("profile-busy");
    expect(await outcomeOf(sync(impatient))).toBe("profile-busy");
    expect(await status(impatient)).toMatchObject({ stage: "active" });
  });
  expect(await outcomeOf(login(impatient, { password }))).toBe("done");
});

test("another process that holds the profile is waited for, and one that was killed holds it no more", async () => {
  const profile = await workstation({ patienceMilliseconds: 0 });
  const place = new URL("place.ts", import.meta.url).href;
  const program = `import { whileHolding } from ${JSON.stringify(place)};
    await whileHolding(${JSON.stringify(profile.folder)}, 0, () => {
      process.stdout.write("held");
      return new Promise((resolve) => process.stdin.on("end", resolve).resume());
    });`;
  const other = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(other.stdout, "data");
  expect(await outcomeOf(holding(profile, () => Promise.resolve()))).toBe("profile-busy");
  other.kill("SIGKILL");
  await once(other, "close");
  expect(await outcomeOf(holding(profile, () => Promise.resolve()))).toBe("done");
});

test("whoever is patient works with the profile after the one who does now", async () => {
  const profile = await workstation();
  const order: string[] = [];
  const turn = (name: string) =>
    holding(profile, async () => {
      order.push(`${name} begins`);
      await new Promise(setImmediate);
      order.push(`${name} ends`);
    });
  await Promise.all([turn("one"), turn("two"), turn("three")]);
  expect(order.filter((_, at) => at % 2 === 0).map((each) => each.replace("begins", "ends"))).toEqual(
    order.filter((_, at) => at % 2 === 1),
  );
});

test("a folder that cannot be used is named", async () => {
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");
  expect(await outcomeOf(status(await workstation({}, join(file, "profile"))))).toBe("profile-unwritable");
  const folder = temporaryFolder();
  mkdirSync(join(folder, "profile.json"));
  expect(await outcomeOf(sync(await workstation({}, folder)))).toBe("profile-unwritable");
});
