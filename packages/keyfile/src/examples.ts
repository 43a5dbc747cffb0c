// An example where all is in order: one organisation, one device, and what was signed for it. A test starts from it and
// changes one thing.

import type { Opened } from "./box.ts";
import { newDeviceState, type DeviceState } from "./device-state.ts";
import { digestOf } from "./digest.ts";
import type { KeyFile } from "./key-file.ts";
import type { Orders } from "./orders.ts";
import type { Pulse } from "./pulse.ts";
import type { Root } from "./root.ts";
import { kidOf, publicHalf, signingKeyFrom, type PrivateJwk, type PublicJwk } from "./signing-key.ts";

/** 32 bytes that are all alike, in base64url. */
function repeated(byte: number): string {
  return Buffer.alloc(32, byte).toString("base64url");
}

function key(byte: number): PrivateJwk {
  return signingKeyFrom(Buffer.alloc(32, byte));
}

/** Everybody who signs something, and `stranger`, who may sign nothing. */
export const signingKeys = {
  root: key(1),
  secondRoot: key(2),
  nextRoot: key(3),
  issuer: key(4),
  nextIssuer: key(5),
  pulse: key(6),
  device: key(7),
  stranger: key(8),
} as const;

export const ids = {
  org: "018f0000-0000-7000-8000-000000000001",
  act: "018f0000-0000-7000-8000-000000000002",
  otherAct: "018f0000-0000-7000-8000-000000000003",
  wks: "018f0000-0000-7000-8000-000000000004",
  user: "018f0000-0000-7000-8000-000000000005",
  key: "018f0000-0000-7000-8000-000000000006",
  ownKey: "018f0000-0000-7000-8000-000000000007",
  order: "018f0000-0000-7000-8000-000000000008",
  secondOrder: "018f0000-0000-7000-8000-000000000009",
} as const;

/** The two halves of an age key whose secret is 32 times 0x42. */
export const ageKey = {
  identity: "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX",
  recipient: "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj",
} as const;

/** Seconds since 1970: 3 November 2026. */
export const signedAt = 1_793_700_000;

/** A role of keys, any of which is enough. */
export function roleOf(...keys: readonly PublicJwk[]): { kids: string[]; threshold: 1 } {
  return { kids: keys.map(kidOf), threshold: 1 };
}

/** Keys by their thumbprints. */
export function keyRing(...keys: readonly PublicJwk[]): Record<string, PublicJwk> {
  return Object.fromEntries(keys.map((each) => [kidOf(each), publicHalf(each)]));
}

export const root: Root = {
  org: ids.org,
  version: 5,
  expires: signedAt + 2 * 365 * 86_400,
  epoch: 2,
  keys: keyRing(signingKeys.root, signingKeys.issuer, signingKeys.pulse),
  roles: {
    root: roleOf(signingKeys.root),
    issuer: roleOf(signingKeys.issuer),
    pulse: roleOf(signingKeys.pulse),
  },
  min_client: 1,
};

const addressed = {
  org: ids.org,
  epoch: 2,
  act: ids.act,
  dev: kidOf(signingKeys.device),
  iat: signedAt,
  roots: [],
};

export const keyFile: KeyFile = {
  ...addressed,
  wks: ids.wks,
  user: ids.user,
  ver: 17,
  root_version: 5,
  team_content: digestOf("team"),
  own_content: digestOf("own"),
  policy: { "removable-media.mode": "block", "password.min-length": 14, "identity.may-export": false },
  workstation_policy: { "signed-out.removable-media": "read-only" },
  keys: [{ key: ids.key, kv: 3, use: "encrypt", id: ageKey.identity }],
  own_keys: [{ key: ids.ownKey, kv: 1, use: "decrypt", id: ageKey.identity }],
  reply_to: ageKey.recipient,
  mailboxes: { down: repeated(21), up: repeated(22), relays: ["https://relay.northwind.example/"] },
  nonce: repeated(31),
};

export const orders: Orders = {
  ...addressed,
  cver: 17,
  locked: true,
  outstanding: [{ id: ids.order, kind: "lock", args: {} }],
};

export const pulse: Pulse = {
  ...addressed,
  latest_ver: 18,
  latest_cver: 17,
  kf_hash: digestOf("a Key-File that is on its way"),
  root_version: 5,
  licence_until: "2027-03-01",
  exp: signedAt + 86_400,
  nonce: repeated(32),
};

/** A device that was activated and has accepted nothing since. */
export const newDevice: DeviceState = newDeviceState(
  { org: ids.org, act: ids.act, dev: kidOf(signingKeys.device) },
  root,
  signedAt - 86_400,
);

/** A JWS as it comes out of a box that opened. */
export function outOfBox(jws: string): Opened {
  return { blobHash: digestOf(`sealed ${jws}`), jws, by: "current" };
}
