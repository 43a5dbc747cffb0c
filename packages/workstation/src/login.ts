// Logging in to the Key-File and out again, the password, and the keys for whoever is logged in. What the policy says of
// them is said here.

import { identityToRecipient } from "age-encryption";
import type { HeldKey } from "@lockstep/keyfile";

import { afterWaiting, type Happening, type Stores } from "./arrivals.ts";
import type { Active } from "./device-store.ts";
import { keysUnder, lengthOf, openKeys, openKeysWith, type OpenKeys } from "./key-store.ts";
import { isLicensed, obstacleTo, settingOf } from "./obstacles.ts";
import { activeOf, holding, lookInto, type Contents, type HeldProfile, type Profile } from "./profile.ts";
import { WorkstationRefusal } from "./refusal.ts";
import { forgetLogin, keepLogin, recallLogin, type LoginPlace } from "./session.ts";

/** A device store, and the key store that was opened. */
export interface Entered {
  readonly device: Active;
  readonly open: OpenKeys;
}

/**
 * The key store through a login that was kept; null when there is none that still opens it.
 * @param use whether this counts as the person doing something.
 */
export async function keptKeys(profile: Profile, contents: Contents, use: boolean): Promise<OpenKeys | null> {
  const device = activeOf(contents);
  const idleMinutes = settingOf(device, "session.idle-logout");
  const isClosed = obstacleTo(device, profile.now()) !== null;
  const key = isClosed ? null : await recallLogin(profile, { idleMinutes, use });
  const open = key === null || contents.keys === null ? null : await openKeysWith(key, contents.keys);
  if (isClosed || (key !== null && open === null)) await forgetLogin(profile);
  return open;
}

/** Opens the key store with a password. The attempt is counted on the disk before it is made. */
async function unlock(held: HeldProfile, password: string): Promise<Entered> {
  const device = activeOf(held.contents);
  const obstacle = obstacleTo(device, held.profile.now());
  if (obstacle !== null) throw new WorkstationRefusal(obstacle);
  if (held.contents.keys === null) throw new WorkstationRefusal("profile-damaged");
  const attempts = device.attempts + 1;
  await held.save({ ...device, attempts });
  const open = await openKeys(password, held.contents.keys);
  if (open !== null) return { device: { ...device, attempts: 0, openedAt: held.profile.now() }, open };
  const left = settingOf(device, "password.attempts") - attempts;
  if (left > 0) throw new WorkstationRefusal("password-wrong", { detail: `${left} more until it locks` });
  await forgetLogin(held.profile);
  throw new WorkstationRefusal("attempts-exhausted");
}

/** Applies what waits, unless the user postpones it and the policy lets them. */
export async function applied(
  { device, open }: Entered,
  { now, happenings }: { readonly now: number; readonly happenings: Happening[] },
  postpone: boolean,
): Promise<Entered> {
  if (postpone && settingOf(device, "update.may-postpone")) {
    return { device: { ...device, postponed: device.waiting.length > 0 }, open };
  }
  const next: Stores = await afterWaiting({ device, keys: open.store }, { now, happenings });
  return { device: next.device, open: { ...open, store: next.keys } };
}

interface Entering {
  readonly password: string;
  readonly postpone?: boolean;
}

async function enter(held: HeldProfile, { password, postpone = false }: Entering) {
  if (postpone && !settingOf(activeOf(held.contents), "update.may-postpone")) {
    throw new WorkstationRefusal("postpone-forbidden");
  }
  const happenings: Happening[] = [];
  const moment = { now: held.profile.now(), happenings };
  const { device, open } = await applied(await unlock(held, password), moment, postpone);
  const isShort = lengthOf(password) < settingOf(device, "password.min-length");
  const entered = { ...device, mustChangePassword: device.mustChangePassword || isShort };
  await held.save(entered, open);
  return { device: entered, open, happenings };
}

/** What a login did. */
export interface LoggedIn {
  /** Where the login is kept for other commands; null when no place is private enough, and it was for this once. */
  readonly kept: LoginPlace | null;
  readonly mustChangePassword: boolean;
  /** Key-Files that wait still, because they were postponed. */
  readonly waiting: number;
  readonly happenings: readonly Happening[];
}

/**
 * Logs in to the Key-File. A Key-File that waits is applied before anything else, unless the user postpones it.
 * @throws WorkstationRefusal password-wrong, attempts-exhausted, locked, offline-too-long, client-too-old,
 *   postpone-forbidden, and those of the profile.
 */
export async function login(
  profile: Profile,
  entering: Entering & { readonly keep?: boolean },
): Promise<LoggedIn> {
  return holding(profile, async (held) => {
    const { device, open, happenings } = await enter(held, entering);
    const kept = entering.keep === false ? null : await keepLogin(profile, open.key);
    const { mustChangePassword, waiting } = device;
    return { kept, mustChangePassword, waiting: waiting.length, happenings };
  });
}

/** Logs out of the Key-File. */
export async function logout(profile: Profile): Promise<void> {
  await forgetLogin(profile);
}

/** @throws WorkstationRefusal password-too-short. */
export function checkPassword(password: string, least: number): void {
  if (lengthOf(password) < least)
    throw new WorkstationRefusal("password-too-short", { detail: `${least} characters at least` });
}

/**
 * Changes the password of the Key-File. A login that is kept stays.
 * @throws WorkstationRefusal password-too-short, password-unchanged, and what `login` throws.
 */
export async function changePassword(
  profile: Profile,
  { password, next }: { readonly password: string; readonly next: string },
): Promise<void> {
  await holding(profile, async (held) => {
    checkPassword(next, settingOf(activeOf(held.contents), "password.min-length"));
    if (next.normalize("NFKC") === password.normalize("NFKC"))
      throw new WorkstationRefusal("password-unchanged");
    const isKept = (await keptKeys(profile, held.contents, true)) !== null;
    const { device, open } = await unlock(held, password);
    const changed = await keysUnder(next, open.store);
    await held.save({ ...device, mustChangePassword: false }, changed);
    await (isKept ? keepLogin(profile, changed.key) : forgetLogin(profile));
  });
}

/** What the keys are wanted for: `store` is keeping a file in the clear, `read` is not. */
export type Purpose = "encrypt" | "read" | "store" | "export";

const permissions = {
  encrypt: "files.may-encrypt",
  store: "files.may-decrypt-permanently",
  export: "identity.may-export",
} as const;

/** Keys of the Key-File, as age takes them. */
export interface KeysAtHand {
  /** New files are encrypted to these: the versions that are for it, one of each key. */
  readonly recipients: readonly {
    readonly key: string;
    readonly version: number;
    readonly recipient: string;
  }[];
  /** Everything that is held, newest version first. */
  readonly identities: readonly string[];
}

async function atHand({ store }: OpenKeys): Promise<KeysAtHand> {
  const all = new Map<string, HeldKey>();
  for (const held of [...store.keys, ...store.ownKeys]) all.set(`${held.key} ${held.kv}`, held);
  const held = [...all.values()].sort((a, b) => b.kv - a.kv);
  const encrypting = held.filter(({ use }) => use === "encrypt");
  const recipients = encrypting.map(async ({ key, kv, id }) => {
    return { key, version: kv, recipient: await identityToRecipient(id) };
  });
  return { recipients: await Promise.all(recipients), identities: held.map(({ id }) => id) };
}

function checkPurpose(device: Active, purpose: Purpose, now: number): void {
  if (device.mustChangePassword) throw new WorkstationRefusal("password-change-required");
  const setting = purpose === "read" ? null : permissions[purpose];
  if (setting !== null && !settingOf(device, setting))
    throw new WorkstationRefusal("policy-forbids", { detail: setting });
  if (purpose === "encrypt" && !isLicensed(device, now)) throw new WorkstationRefusal("licence-ended");
}

async function entered(profile: Profile, password: string | undefined): Promise<Entered> {
  if (password !== undefined) return holding(profile, (held) => enter(held, { password }));
  const contents = await lookInto(profile);
  const device = activeOf(contents);
  const open = await keptKeys(profile, contents, true);
  const obstacle = obstacleTo(device, profile.now());
  if (open === null) throw new WorkstationRefusal(obstacle ?? "not-logged-in");
  return { device, open };
}

/**
 * The keys for a purpose, through a login that is kept, or with the password for this once.
 * @throws WorkstationRefusal not-logged-in, password-change-required, policy-forbids, licence-ended, no-key, and what
 *   `login` throws.
 */
export async function keysFor(profile: Profile, purpose: Purpose, password?: string): Promise<KeysAtHand> {
  const { device, open } = await entered(profile, password);
  checkPurpose(device, purpose, profile.now());
  const keys = await atHand(open);
  if (purpose === "encrypt" && keys.recipients.length === 0) throw new WorkstationRefusal("no-key");
  return keys;
}

/**
 * The keys as a file for `age -d -i`, if the policy allows it.
 * @throws WorkstationRefusal what `keysFor` throws.
 */
export async function exportIdentity(profile: Profile, password?: string): Promise<string> {
  const { identities } = await keysFor(profile, "export", password);
  return identities.map((identity) => `${identity}\n`).join("");
}
