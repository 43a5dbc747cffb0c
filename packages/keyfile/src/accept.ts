// Whether a device takes what has arrived: one pure function, the security heart; protocol §6. It reads no clock, draws no
// random numbers and never throws. What it returns as state is on the disk before anything is applied.

import { z } from "zod";

import type { Opened } from "./box.ts";
import type { DeviceIdentity, DeviceState, Mark } from "./device-state.ts";
import { digestOf } from "./digest.ts";
import { jsonOf, objectTypes, readJws } from "./jws.ts";
import { keyFileSchema, type KeyFile } from "./key-file.ts";
import { ordersSchema, type Orders } from "./orders.ts";
import { pulseSchema, type Pulse } from "./pulse.ts";
import type { RejectionCode } from "./rejections.ts";
import { isSignedByRetired, isSignedInRole, walkRoots, type Root } from "./root.ts";
import { count, id, instant, payloadOf, signedRoots, thumbprint } from "./shapes.ts";
import type { Json } from "./strict-json.ts";

/** The objects that a device accepts, each with its payload. */
export type Arrival =
  | { readonly kind: "key-file"; readonly payload: KeyFile }
  | { readonly kind: "orders"; readonly payload: Orders }
  | { readonly kind: "pulse"; readonly payload: Pulse };
type ArrivalKind = Arrival["kind"];

/** What a rejection is reported as: the digest of the box and the code. */
export interface Evidence {
  readonly blob_hash: string;
  readonly code: RejectionCode;
}

/**
 * `accepted`: write the state, apply, then `afterApplying`. `duplicate`: it is held already, report it again. `rejected`:
 * keep the evidence and report it; the state is the one from before. `hash` is the digest of the JWS.
 */
export type Verdict =
  | ({
      readonly verdict: "accepted" | "duplicate";
      readonly hash: string;
      readonly state: DeviceState;
    } & Arrival)
  | { readonly verdict: "rejected"; readonly evidence: Evidence; readonly state: DeviceState };

/** What acceptance depends on besides what arrived and what is remembered. */
export interface Circumstances {
  /** The local clock in seconds since 1970. It may be wrong; see `time_floor`. */
  readonly now: number;
  /** Whether this program can do what it says: settings that it knows, values within their bounds. Pure, please. */
  readonly makesSense?: (arrival: Arrival) => boolean;
}

/** Who may sign each kind, and which member says how new it is. */
const streams = {
  "key-file": { role: "issuer", version: "ver" },
  orders: { role: "issuer", version: "cver" },
  pulse: { role: "pulse", version: "iat" },
} as const;

function kindOf(type: string): ArrivalKind | undefined {
  return (Object.keys(streams) as ArrivalKind[]).find((kind) => objectTypes[kind] === type);
}

const withRoots = z.looseObject({ roots: signedRoots });
const envelope = z.looseObject({
  org: id,
  act: id,
  dev: thumbprint,
  epoch: count,
  iat: instant,
  exp: instant.optional(),
});

interface Verified {
  readonly kind: ArrivalKind;
  readonly json: Json | undefined;
  readonly root: Root;
  readonly hash: string;
}

/** Signed by a key that may sign it, under the root that it leads to itself. */
function verify(present: Root, text: string): Verified | RejectionCode {
  const jws = readJws(text);
  const kind = jws === null ? undefined : kindOf(jws.type);
  if (jws === null || kind === undefined) return "signature";
  const json = jsonOf(jws);
  // Not verified yet: a root that it brings is worth only its own signatures.
  const brought = withRoots.safeParse(json);
  const root = walkRoots(present, brought.success ? brought.data.roots : []);
  if (root === null) return "root";
  if (!isSignedInRole(jws, kind, { root, role: streams[kind].role }))
    return isSignedByRetired(jws, kind, root) ? "retired" : "signature";
  return { kind, json, root, hash: digestOf(text) };
}

function heldIn(state: DeviceState, kind: ArrivalKind): Mark | null {
  return kind === "key-file" ? state.key_file : state[kind];
}

/** Where something stands to what is held: older, the same, another of the same version, or newer. */
function comparison(kind: ArrivalKind, held: Mark | null, next: Mark): "older" | "same" | "other" | "newer" {
  if (held === null) return "newer";
  const difference = next.epoch - held.epoch || next.version - held.version;
  if (difference !== 0) return difference < 0 ? "older" : "newer";
  if (next.hash === held.hash) return "same";
  // Pulses are told apart by the second, and two servers of one installation may sign in the same one.
  return kind === "pulse" ? "newer" : "other";
}

function isSame(a: DeviceIdentity, b: DeviceIdentity): boolean {
  return a.org === b.org && a.act === b.act && a.dev === b.dev;
}

/** Addressed to this device, not older, of the root's epoch, not expired; in the order of protocol §6. */
function place(state: DeviceState, found: Verified, now: number): Mark | "duplicate" | RejectionCode {
  const parsed = envelope.safeParse(found.json);
  if (!parsed.success) return "content";
  const { org, act, dev, epoch, exp } = parsed.data;
  const version = instant.safeParse(parsed.data[streams[found.kind].version]);
  if (!version.success) return "content";
  if (!isSame({ org, act, dev }, state)) return "recipient";
  const next = { epoch, version: version.data, hash: found.hash };
  const compared = comparison(found.kind, heldIn(state, found.kind), next);
  if (compared === "older") return "rollback";
  if (compared === "same") return "duplicate";
  if (compared === "other") return "equivocation";
  if (epoch !== found.root.epoch) return "epoch";
  const at = Math.max(now, state.time_floor);
  return found.kind === "pulse" && exp !== undefined && exp <= at ? "expired" : next;
}

function parse(kind: ArrivalKind, json: Json): Arrival | null {
  switch (kind) {
    case "key-file": {
      const payload = payloadOf(keyFileSchema, json);
      return payload && { kind, payload };
    }
    case "orders": {
      const payload = payloadOf(ordersSchema, json);
      return payload && { kind, payload };
    }
    case "pulse": {
      const payload = payloadOf(pulseSchema, json);
      return payload && { kind, payload };
    }
  }
}

/** A pulse that names another Key-File under the version that is held: one of the two was not the server's. */
function contradicts({ key_file }: DeviceState, arrival: Arrival): boolean {
  if (arrival.kind !== "pulse" || key_file === null) return false;
  const { epoch, latest_ver, kf_hash } = arrival.payload;
  return epoch === key_file.epoch && latest_ver === key_file.version && kf_hash !== key_file.hash;
}

function afterAccepting(state: DeviceState, root: Root, next: Mark, arrival: Arrival): DeviceState {
  const common = { ...state, root, time_floor: Math.max(state.time_floor, arrival.payload.iat) };
  switch (arrival.kind) {
    case "key-file":
      return { ...common, key_file: { ...next, applied: false }, nonce: arrival.payload.nonce };
    case "orders":
      return { ...common, orders: next };
    case "pulse": {
      const { exp, latest_ver, latest_cver, root_version, nonce } = arrival.payload;
      return { ...common, pulse: { ...next, exp, latest_ver, latest_cver, root_version }, nonce };
    }
  }
}

/**
 * Judges one box that was opened. Total and deterministic: the same state, box and time give the same verdict.
 * @param opened what `openBox` returned; its JWS is not trusted.
 */
export function accept(state: DeviceState, opened: Opened, { now, makesSense }: Circumstances): Verdict {
  const rejected = (code: RejectionCode): Verdict => ({
    verdict: "rejected",
    evidence: { blob_hash: opened.blobHash, code },
    state,
  });
  const found = opened.jws === null ? "box" : verify(state.root, opened.jws);
  if (typeof found === "string") return rejected(found);
  const placed = place(state, found, now);
  if (typeof placed === "string" && placed !== "duplicate") return rejected(placed);
  const { kind, json, hash, root } = found;
  const arrival = json === undefined ? null : parse(kind, json);
  if (arrival === null) return rejected("content");
  if (placed === "duplicate") return { verdict: "duplicate", hash, state, ...arrival };
  if (contradicts(state, arrival)) return rejected("equivocation");
  if (makesSense?.(arrival) === false) return rejected("content");
  return { verdict: "accepted", hash, state: afterAccepting(state, root, placed, arrival), ...arrival };
}
