// What a device remembers of what it has accepted, and nothing secret. It is written to the disk before anything is
// applied, so that no crash makes a device accept less than it did before.

import { z } from "zod";

import { rootSchema, type Root } from "./root.ts";
import { count, digest, id, instant, secret32, thumbprint } from "./shapes.ts";

const mark = z.strictObject({ epoch: count, version: z.int().min(0), hash: digest });

/** Where one stream has got to. `hash` is the digest of the JWS. For pulses the version is the time of signing. */
export type Mark = Readonly<z.output<typeof mark>>;

const deviceState = z.strictObject({
  org: id,
  act: id,
  dev: thumbprint,
  root: rootSchema,
  time_floor: instant,
  key_file: mark.extend({ applied: z.boolean() }).nullable(),
  orders: mark.nullable(),
  pulse: mark
    .extend({ exp: instant, latest_ver: z.int().min(0), latest_cver: z.int().min(0), root_version: count })
    .nullable(),
  nonce: secret32.nullable(),
});

/**
 * `time_floor` is the latest time that was ever seen signed, in seconds since 1970. `key_file.applied` is false between
 * accepting and applying. `nonce` is what the next report echoes.
 */
export type DeviceState = Readonly<z.output<typeof deviceState>>;

/** Whose device it is. `dev` is the thumbprint of the device's signing key. */
export interface DeviceIdentity {
  readonly org: string;
  readonly act: string;
  readonly dev: string;
}

/** The state after activation: a root that is trusted, and nothing accepted yet. */
export function newDeviceState({ org, act, dev }: DeviceIdentity, root: Root, signedAt: number): DeviceState {
  const nothing = { key_file: null, orders: null, pulse: null, nonce: null };
  return { org, act, dev, root, time_floor: signedAt, ...nothing };
}

/**
 * A state as it was read from the disk.
 * @throws ZodError for what was no state.
 */
export function parseDeviceState(value: unknown): DeviceState {
  return deviceState.parse(value);
}

/** Says that the Key-File with this hash is applied; nothing changes when another one is in its place by now. */
export function afterApplying(state: DeviceState, hash: string): DeviceState {
  if (state.key_file?.hash !== hash) return state;
  return { ...state, key_file: { ...state.key_file, applied: true } };
}

/** What the newest pulse says exists, and this device has not seen: a relay that delays cannot hide it. */
export function missingOf({ pulse, key_file, orders, root }: DeviceState): {
  readonly keyFile: boolean;
  readonly orders: boolean;
  readonly root: boolean;
} {
  const lacks = (latest: number, held: Mark | null) =>
    held === null || held.epoch < (pulse?.epoch ?? 0) ? latest > 0 : latest > held.version;
  return {
    keyFile: lacks(pulse?.latest_ver ?? 0, key_file),
    orders: lacks(pulse?.latest_cver ?? 0, orders),
    root: (pulse?.root_version ?? 0) > root.version,
  };
}

/** How long ago a device heard from its server, as its policy sees it; protocol §6, Freshness. */
export interface Freshness {
  /** `stale` asks for a banner; at `overdue` the policy says whether the key store closes. Nothing is ever wiped. */
  readonly freshness: "fresh" | "stale" | "overdue";
  /** Seconds since 1970: the last signed word, or when the root expired if that was earlier. */
  readonly since: number;
}

/**
 * Freshness at a time of the local clock, in seconds since 1970. A clock that was set back counts from the time floor. A
 * root that has expired makes a device stale at once, whatever else arrives under it.
 */
export function freshnessOf(
  { pulse, root, time_floor }: DeviceState,
  limits: { readonly warnAfterSeconds: number; readonly lockAfterSeconds: number },
  now: number,
): Freshness {
  const at = Math.max(now, time_floor);
  const heard = pulse?.version ?? time_floor;
  const since = Math.min(heard, root.expires);
  if (at - since >= limits.lockAfterSeconds) return { freshness: "overdue", since };
  const isStale = at - since >= limits.warnAfterSeconds || root.expires <= at;
  return { freshness: isStale ? "stale" : "fresh", since };
}
