// A login that is kept open for other commands of the same person: the key of the key store, in the system's keyring or,
// without one, in a private folder that is gone when the person signs out of the system. Never among the profile's files.

import { rm, stat } from "node:fs/promises";
import { join } from "node:path";

import { digestOf } from "@lockstep/keyfile";

import type { Keyring } from "./keyring.ts";
import { readWhole, writeWhole } from "./place.ts";
import type { Profile } from "./profile.ts";

/** Where a login is kept. */
export type LoginPlace = "keyring" | "runtime";

/** A private folder that keeps secrets by name, if it is really private. */
async function folderRing(folder: string): Promise<Keyring | null> {
  const found = await stat(folder).catch(() => null);
  if (found === null || !found.isDirectory()) return null;
  if (found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0) return null;
  const pathOf = (name: string) => join(folder, `lockstep-${name.replaceAll(" ", "-")}`);
  return {
    get: async (name) => {
      const text = await readWhole(pathOf(name));
      return text === null ? null : new Uint8Array(Buffer.from(text, "base64url"));
    },
    set: (name, secret) => writeWhole(pathOf(name), Buffer.from(secret).toString("base64url")),
    remove: (name) => rm(pathOf(name), { force: true }),
  };
}

async function placesOf({ keyring, runtimeFolder }: Profile): Promise<(readonly [LoginPlace, Keyring])[]> {
  const ring = runtimeFolder === null ? null : await folderRing(runtimeFolder);
  return [
    ...(keyring === null ? [] : [["keyring", keyring] as const]),
    ...(ring === null ? [] : [["runtime", ring] as const]),
  ];
}

// Two entries, so that somebody who notes a use cannot bring back what somebody else has just forgotten.
function namesOf({ folder }: Profile): { key: string; used: string } {
  const name = digestOf(folder).slice(0, 32);
  return { key: `login ${name}`, used: `used ${name}` };
}

const bytesOf = (now: number) => new Uint8Array(Buffer.from(String(now)));

/** Keeps a login. @returns where, or null when there is no place that is private enough. */
export async function keepLogin(profile: Profile, key: Uint8Array): Promise<LoginPlace | null> {
  const names = namesOf(profile);
  for (const [place, ring] of await placesOf(profile)) {
    try {
      await ring.set(names.used, bytesOf(profile.now()));
      await ring.set(names.key, key);
      return place;
    } catch {
      // A keyring may be locked; the next place may do.
      continue;
    }
  }
  return null;
}

/** Forgets a login that was kept, wherever it was. */
export async function forgetLogin(profile: Profile): Promise<void> {
  const names = namesOf(profile);
  for (const [, ring] of await placesOf(profile)) {
    await ring.remove(names.key);
    await ring.remove(names.used);
  }
}

/** A clock that was set back by more than this ends a login: nobody can say how long it was idle. */
const setBackSeconds = 300;

/**
 * The key of a login that was kept, or null. One that was idle for too long is forgotten.
 * @param idleMinutes 0 for never. @param use whether this counts as the person doing something.
 */
export async function recallLogin(
  profile: Profile,
  { idleMinutes, use }: { readonly idleMinutes: number; readonly use: boolean },
): Promise<Uint8Array | null> {
  const names = namesOf(profile);
  for (const [, ring] of await placesOf(profile)) {
    const key = await ring.get(names.key).catch(() => null);
    if (key === null) continue;
    const used = await ring.get(names.used).catch(() => null);
    const idle = profile.now() - Number(used === null ? Number.NaN : Buffer.from(used).toString("utf8"));
    const isIdle = !(idle >= -setBackSeconds && (idleMinutes === 0 || idle < idleMinutes * 60));
    if (isIdle) {
      await forgetLogin(profile);
      return null;
    }
    if (use) await ring.set(names.used, bytesOf(profile.now()));
    return key;
  }
  return null;
}
