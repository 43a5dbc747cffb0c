// A profile: one folder with one file, for one user of one organisation on this machine. Device store and key store are in
// that file together, so each step from one state to the next is a single write: there is no half of one.

import { randomBytes, randomUUID } from "node:crypto";
import { join, resolve } from "node:path";

import { digestOf } from "@lockstep/keyfile";
import { z } from "zod";

import { deviceStore, type Active, type DeviceStore } from "./device-store.ts";
import { sealKeys, sealedKeys, type OpenKeys, type SealedKeys } from "./key-store.ts";
import { systemKeyring, type Keyring } from "./keyring.ts";
import { thisMachine, type Machine } from "./machine.ts";
import { readWhole, removeWhole, whileHolding, writeWhole, type WriteWatcher } from "./place.ts";
import { WorkstationRefusal } from "./refusal.ts";
import { openUnder, sealUnder } from "./seal.ts";

/** A profile and what it depends on. Nothing is read or written before it is used. */
export interface Profile {
  readonly folder: string;
  readonly machine: Machine;
  /** Seconds since 1970. It may be wrong. */
  readonly now: () => number;
  readonly keyring: Keyring | null;
  /** A private folder that is gone when the user signs out of the system; null where there is none. */
  readonly runtimeFolder: string | null;
  readonly fetch: typeof fetch;
  /** How long to wait for another program that works with the profile. */
  readonly patienceMilliseconds: number;
  readonly watcher?: WriteWatcher;
}

/** The profile in a folder, on this machine as it is, but for what is given. @param client name and version. */
export async function profileIn(
  folder: string,
  client: string,
  given: Partial<Omit<Profile, "folder">> = {},
): Promise<Profile> {
  return {
    folder: resolve(folder),
    machine: given.machine ?? (await thisMachine(client)),
    now: () => Math.floor(Date.now() / 1000),
    keyring: given.keyring === undefined ? await systemKeyring() : given.keyring,
    runtimeFolder: process.env["XDG_RUNTIME_DIR"] ?? null,
    fetch,
    patienceMilliseconds: 30_000,
    ...given,
  };
}

const content = z.strictObject({
  device: deviceStore,
  // Tells a wrong password from a key store that was damaged or exchanged.
  keysDigest: z.string().nullable(),
});

const file = z.strictObject({
  format: z.literal(1),
  device: z.discriminatedUnion("keystore", [
    z.strictObject({ keystore: z.literal("file"), content }),
    z.strictObject({ keystore: z.literal("os"), entry: z.string(), sealed: z.string() }),
  ]),
  keys: sealedKeys.nullable(),
});

/** Where the device store's secrets are sealed: under the system's keyring, or not but for the file's mode. */
export type DeviceKeystore = "os" | "file";

/** What is in a profile's file; `device` is null when there is none yet. */
export interface Contents {
  readonly device: DeviceStore | null;
  readonly keys: SealedKeys | null;
  readonly keystore: DeviceKeystore;
  /** The name of the keyring's entry. */
  readonly entry: string | null;
}

function digestOfKeys(keys: SealedKeys | null): string | null {
  return keys === null ? null : digestOf(JSON.stringify([keys.argon2id, keys.sealed]));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

async function fromKeyring({ keyring }: Profile, entry: string): Promise<Uint8Array> {
  try {
    const key = await keyring?.get(entry);
    if (key) return key;
  } catch (cause) {
    throw new WorkstationRefusal("keyring-unavailable", { cause });
  }
  throw new WorkstationRefusal("keyring-unavailable");
}

function pathOf({ folder }: Profile): string {
  return join(folder, "profile.json");
}

const anyFormat = z.looseObject({ format: z.int() });

/**
 * What is in the profile. Nobody need hold it: the file is always whole.
 * @throws WorkstationRefusal profile-damaged, profile-newer, profile-unwritable, keyring-unavailable.
 */
export async function lookInto(profile: Profile): Promise<Contents> {
  const path = pathOf(profile);
  const text = await readWhole(path);
  if (text === null)
    return { device: null, keys: null, keystore: profile.keyring === null ? "file" : "os", entry: null };
  const json = jsonOf(text);
  const version = anyFormat.safeParse(json);
  if (version.success && version.data.format > 1)
    throw new WorkstationRefusal("profile-newer", { detail: path });
  const damaged = (cause?: unknown) => new WorkstationRefusal("profile-damaged", { detail: path, cause });
  const parsed = file.safeParse(json);
  if (!parsed.success) throw damaged();
  const { device: kept, keys } = parsed.data;
  const opened =
    kept.keystore === "file"
      ? kept.content
      : content.safeParse(await openUnder(await fromKeyring(profile, kept.entry), kept.sealed)).data;
  if (opened === undefined || opened.keysDigest !== digestOfKeys(keys)) throw damaged();
  const entry = kept.keystore === "os" ? kept.entry : null;
  return { device: opened.device, keys, keystore: kept.keystore, entry };
}

/** A profile that this process works with, and nobody else. */
export class HeldProfile {
  readonly profile: Profile;
  #contents: Contents;

  constructor(profile: Profile, contents: Contents) {
    this.profile = profile;
    this.#contents = contents;
  }

  get contents(): Contents {
    return this.#contents;
  }

  /** Where this device's secrets are, in the words of a report. */
  get keystore(): DeviceKeystore {
    return this.#contents.keystore;
  }

  /**
   * The next state, written as a whole. @param keys null drops the key store; left out, it stays as it is.
   * @throws WorkstationRefusal disk-full, profile-unwritable; then everything is as it was.
   */
  async save(device: DeviceStore, keys?: OpenKeys | null): Promise<void> {
    const sealed = keys === undefined ? this.#contents.keys : keys === null ? null : await sealKeys(keys);
    const kept = { device, keysDigest: digestOfKeys(sealed) };
    const { sealing, entry } = await this.#sealing();
    const stored =
      sealing === null
        ? { keystore: "file" as const, content: kept }
        : { keystore: "os" as const, entry, sealed: await sealUnder(sealing, kept) };
    const text = JSON.stringify({ format: 1, device: stored, keys: sealed });
    await writeWhole(pathOf(this.profile), text, this.profile.watcher);
    this.#contents = { ...this.#contents, device, keys: sealed, entry };
  }

  /** Back to a profile that was never activated. */
  async clear(): Promise<void> {
    const { entry } = this.#contents;
    await removeWhole(pathOf(this.profile), this.profile.watcher);
    this.#contents = { ...this.#contents, device: null, keys: null, entry: null };
    if (entry !== null) await this.profile.keyring?.remove(entry);
  }

  /** The key of the keyring, made with the first write; null without a keyring. */
  async #sealing(): Promise<{ sealing: Uint8Array | null; entry: string | null }> {
    const { keystore, entry } = this.#contents;
    if (keystore === "file") return { sealing: null, entry: null };
    if (entry !== null) return { sealing: await fromKeyring(this.profile, entry), entry };
    const [made, sealing] = [`profile ${randomUUID()}`, new Uint8Array(randomBytes(32))];
    try {
      await this.profile.keyring?.set(made, sealing);
    } catch (cause) {
      throw new WorkstationRefusal("keyring-unavailable", { cause });
    }
    return { sealing, entry: made };
  }
}

/**
 * Works with the profile while nobody else does.
 * @throws WorkstationRefusal profile-busy, and what `lookInto` throws.
 */
export async function holding<Result>(
  profile: Profile,
  work: (held: HeldProfile) => Promise<Result>,
): Promise<Result> {
  return whileHolding(profile.folder, profile.patienceMilliseconds, async () =>
    work(new HeldProfile(profile, await lookInto(profile))),
  );
}

/**
 * The device store of a profile that is activated.
 * @throws WorkstationRefusal not-activated, answer-pending, deactivated.
 */
export function activeOf({ device }: Contents): Active {
  if (device?.stage === "active" && !device.ending) return device;
  if (device === null) throw new WorkstationRefusal("not-activated");
  throw new WorkstationRefusal(device.stage === "joining" ? "answer-pending" : "deactivated");
}
