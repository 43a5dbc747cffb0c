// How a workstation of the model carries out what comes in a box. `judging` has identity in the place of sealing, so that
// ten thousand schedules take seconds: what is judged is the same JWS, by the same `accept`, under the digest of the
// parcel. Whoever wants may read and make a box then, so the relay is stronger than a real one. `opening` is the real code
// with real boxes.

import {
  digestOf,
  ordersToRun,
  type DeviceState,
  type Opened,
  type Orders,
  type Verdict,
} from "@lockstep/keyfile";

import { afterWaiting, afterWord, contentOf, judge, keyFileProcessed } from "../../arrivals.ts";
import { saying } from "../../reports.ts";
import { appliedState } from "./applied.ts";
import type { Slot } from "./organisation.ts";
import type { Carrying, Disk } from "./workstation.ts";

type Accepted<Kind> = Extract<Exclude<Verdict, { verdict: "rejected" }>, { kind: Kind }>;

const kindsIn = {
  "key-file": ["key-file"],
  orders: ["orders", "pulse"],
  pulse: ["orders", "pulse"],
} as const;

// `accept` is pure, so of one state, JWS and time the verdict is found once. Schedules begin alike.
let verdicts = new WeakMap<DeviceState, Map<string, Verdict>>();
let remembered = 0;
const mostRemembered = 100_000;

function judged(state: DeviceState, opened: Opened, at: { slot: Slot; now: number }): Verdict {
  const { slot, now } = at;
  const key = `${slot === "key-file"} ${now} ${opened.jws ?? ""}`;
  const known = verdicts.get(state) ?? new Map<string, Verdict>();
  const found = known.get(key);
  if (found === undefined) {
    if (remembered >= mostRemembered) verdicts = new WeakMap();
    remembered = remembered >= mostRemembered ? 1 : remembered + 1;
    const verdict = judge(state, opened, { now, kinds: kindsIn[slot] });
    verdicts.set(state, known.set(key, verdict));
    return verdict;
  }
  if (found.verdict !== "rejected") return found;
  return { ...found, evidence: { ...found.evidence, blob_hash: opened.blobHash } };
}

/** A parcel without a seal: a number, so that no two are alike, and the JWS. */
export function wrap(jws: string, number: number): Uint8Array {
  return Buffer.from(`${number.toString().padStart(8, "0")}${jws}`, "latin1");
}

export function unwrap(box: Uint8Array): Opened {
  const jws = Buffer.from(box.subarray(8)).toString("latin1");
  return { blobHash: digestOf(box), jws: box.length < 9 ? null : jws, by: "current" };
}

function afterKeyFile(disk: Disk, { payload, hash, state }: Accepted<"key-file">): Disk {
  const device = {
    ...disk.device,
    ...contentOf(payload, hash),
    state: appliedState(state, hash),
  };
  const { keys, own_keys: ownKeys } = payload;
  return { ...disk, device: saying(device, [keyFileProcessed(payload)]), keys, ownKeys, pending: null };
}

const processed = ({ id }: Orders["outstanding"][number]) => ({
  result: { order: id, outcome: "processed" as const, code: null, detail: "" },
});

function afterOrders(disk: Disk, { verdict, payload, state }: Accepted<"orders">): Disk {
  const { device } = disk;
  const { outstanding, locked } = payload;
  const { done } = ordersToRun(payload, device.ordersDone);
  const next = verdict === "duplicate" ? device : { ...device, state, locked, ordersDone: [...done] };
  return { ...disk, device: saying(next, outstanding.map(processed)) };
}

/** After a crash between accepting and applying, what was accepted is applied first; protocol §6. */
function recovered(disk: Disk, now: number): Disk {
  if (disk.pending === null) return disk;
  const verdict = judged(disk.device.state, disk.pending, { slot: "key-file", now });
  if (verdict.verdict !== "duplicate" || verdict.kind !== "key-file")
    throw new Error("what was accepted is not known any more");
  return afterKeyFile(disk, verdict);
}

export const judging: Carrying = (before, box, { slot, now, crash }) => {
  const disk = recovered(before, now);
  const opened = unwrap(box);
  const verdict = judged(disk.device.state, opened, { slot, now });
  if (verdict.verdict === "rejected")
    return { ...disk, device: saying(disk.device, [{ rejected: verdict.evidence }]) };
  const next = { ...disk, device: { ...disk.device, state: verdict.state } };
  switch (verdict.kind) {
    case "pulse":
      return next;
    case "orders":
      return slot === "key-file" ? disk : afterOrders(disk, verdict);
    case "key-file":
      if (slot !== "key-file") return disk;
      if (verdict.verdict === "duplicate")
        return { ...disk, device: saying(disk.device, [keyFileProcessed(verdict.payload)]) };
      return crash ? { ...next, pending: opened } : afterKeyFile(disk, verdict);
  }
};

/** The real code. It writes both stores in one step, so a crash leaves all as it was before. */
export const opening: Carrying = async (disk, box, { slot, now, crash }) => {
  const moment = { now, happenings: [] };
  if (slot !== "key-file") {
    const device = await afterWord(disk.device, [box], moment);
    return crash ? disk : { ...disk, device };
  }
  const waiting = [{ box: Buffer.from(box).toString("base64url"), since: now }];
  const { boxes, keys, ownKeys } = disk;
  const after = await afterWaiting(
    { device: { ...disk.device, waiting }, keys: { boxes, keys: [...keys], ownKeys: [...ownKeys] } },
    moment,
  );
  return crash ? disk : { device: after.device, ...after.keys, pending: null };
};
