// A workstation of the model: the device store as it is on the disk, and what really happened there, which no crash takes
// back. After each step it is held against what must always be true.

import {
  accept,
  digestOf,
  newDeviceState,
  type DeviceState,
  type HeldKey,
  type KeyFile,
  type Mark,
  type Opened,
  type Orders,
  type Verdict,
} from "@lockstep/keyfile";

import { contentOf, keyFileProcessed } from "../../arrivals.ts";
import type { Active } from "../../device-store.ts";
import type { BoxKeys } from "../../key-store.ts";
import { HeldProfile } from "../../profile.ts";
import { afterTaking, isReportDue, saying, withReport } from "../../reports.ts";
import { appliedState } from "./applied.ts";
import type { Organisation, Slot } from "./organisation.ts";
import { must, org, parties, remembering, rootWith, startsAt, teamKey, type Party } from "./world.ts";

export const relay = "https://relay.northwind.example/";
const machine = { id: "m", name: "m", os: "Debian", client: "lockstep-client 1" };

/** Both stores of a workstation. */
export interface Disk {
  readonly device: Active;
  readonly boxes: BoxKeys;
  readonly keys: readonly HeldKey[];
  readonly ownKeys: readonly HeldKey[];
  /** A Key-File that was accepted and not applied. */
  readonly pending: Opened | null;
}

/** What a box does to the disk: the real code with real boxes, or `judging` without. */
export type Carrying = (
  disk: Disk,
  box: Uint8Array,
  at: { readonly slot: Slot; readonly now: number; readonly crash: boolean },
) => Disk | Promise<Disk>;

function isOlder(after: Mark | null, before: Mark | null): boolean {
  if (before === null) return false;
  if (after === null) return true;
  return after.epoch < before.epoch || (after.epoch === before.epoch && after.version < before.version);
}

function mustGoForwards(before: DeviceState, after: DeviceState): void {
  for (const stream of ["key_file", "orders", "pulse"] as const) {
    const [one, other] = [before[stream], after[stream]];
    must(!isOlder(other, one), `${stream} went back`);
    const isSamePlace = one?.epoch === other?.epoch && one?.version === other?.version;
    if (stream !== "pulse" && isSamePlace) must(one?.hash === other?.hash, `two ${stream} of one version`);
  }
  must(after.root.version >= before.root.version, "the root went back");
  must(after.root.epoch >= before.root.epoch, "the root's epoch went back");
  must(after.time_floor >= before.time_floor, "the time floor went back");
}

/** A device store right after activation, with its first Key-File applied. */
export function activated(party: Party, verdict: Accepted<"key-file">, boxes: Boxes): Disk {
  const { payload, hash, state } = verdict;
  const device: Active = {
    stage: "active",
    sign: party.sign,
    ordersBox: boxes.orders,
    state: appliedState(state, hash),
    ...contentOf(payload, hash),
    nextBox: boxes.keyFiles.current.recipient,
    appliedAt: startsAt,
    workstationPolicy: {},
    workstationPolicyAt: payload.iat,
    licenceUntil: null,
    waiting: [],
    postponed: false,
    seen: {},
    bell: null,
    ordersDone: [],
    locked: false,
    mustChangePassword: false,
    attempts: 0,
    ending: false,
    reports: { rseq: 0, lastHash: null, lastAt: null, outgoing: null, waiting: [], news: [] },
    openedAt: null,
    syncedAt: null,
    clockSkewSeconds: 0,
  };
  const { keys, own_keys: ownKeys } = payload;
  const told = saying(device, [keyFileProcessed(payload)]);
  return { device: told, boxes: boxes.keyFiles, keys, ownKeys, pending: null };
}

/** The box keys of both stores. */
export interface Boxes {
  readonly orders: BoxKeys;
  readonly keyFiles: BoxKeys;
}

type Accepted<Kind> = Extract<Exclude<Verdict, { verdict: "rejected" }>, { kind: Kind }>;

const firsts = remembering<Accepted<"key-file">>();

/** The verdict on the very first Key-File, by a device that trusts the first root. */
export function firstVerdict(party: Party, opened: Opened): Accepted<"key-file"> {
  return firsts(opened.jws ?? "", () => judgedFirst(party, opened));
}

function judgedFirst({ act, dev }: Party, opened: Opened): Accepted<"key-file"> {
  const nothing = newDeviceState({ org, act, dev }, rootWith(1, 1, 0), startsAt);
  const verdict = accept(nothing, opened, { now: startsAt });
  if (verdict.verdict === "rejected" || verdict.kind !== "key-file") throw new Error("no first Key-File");
  return verdict;
}

export class Workstation {
  readonly party: number;
  readonly organisation: Organisation;
  readonly carry: Carrying;
  disk: Disk;
  clock = startsAt;
  /** The orders that were really carried out, in their order. */
  readonly ran: string[] = [];
  /** Digests of boxes that were judged here, untouched or not. */
  readonly judged = new Set<string>();
  /** Reports by digest, and when they were signed, in steps. */
  readonly signedAt = new Map<string, number>();

  constructor(
    party: number,
    at: { readonly organisation: Organisation; readonly disk: Disk; readonly carry: Carrying },
  ) {
    this.party = party;
    this.organisation = at.organisation;
    this.carry = at.carry;
    this.disk = at.disk;
  }

  async receive(slot: Slot, box: Uint8Array, crash = false): Promise<void> {
    this.judged.add(digestOf(box));
    const before = this.disk;
    const after = await this.carry(before, box, { slot, now: this.clock, crash });
    this.watch(before, after);
    this.disk = after;
  }

  /** Holds one step of the disk against what must always be true. */
  watch(before: Disk, after: Disk): void {
    mustGoForwards(before.device.state, after.device.state);
    this.#mustBeOurs(after);
    this.#mustRunOnce(before.device.ordersDone, after.device.ordersDone);
    for (const { said } of after.device.reports.news)
      if ("rejected" in said)
        must(this.judged.has(said.rejected.blob_hash), "a box was rejected that never came");
  }

  #signedFor(hash: string): KeyFile | Orders | null {
    const signed = this.organisation.signed.get(hash);
    must(signed !== undefined, "something was accepted that the organisation never signed");
    must(signed.act === parties[this.party]?.act, "something was accepted that is another's");
    return signed.payload;
  }

  #mustBeOurs({ device, keys, ownKeys, pending }: Disk): void {
    const { key_file, orders, pulse } = device.state;
    if (pulse !== null) this.#signedFor(pulse.hash);
    if (orders !== null) {
      const payload = this.#signedFor(orders.hash);
      must(payload !== null && "locked" in payload, "orders were no orders");
      must(device.locked === payload.locked, "it is locked other than the newest orders say");
      const isListed = payload.outstanding.every(({ id }) => device.ordersDone.includes(id));
      must(isListed, "an order was accepted and not carried out");
    }
    if (key_file === null) throw new Error("activated without a Key-File");
    const accepted = this.#signedFor(key_file.hash);
    must(key_file.applied === (pending === null), "accepted and applied do not fit");
    const payload = pending === null ? accepted : this.#signedFor(device.applied.kf_hash);
    must(payload !== null && "own_keys" in payload, "a Key-File was no Key-File");
    must(device.applied.kf_hash === key_file.hash || pending !== null, "another Key-File is applied");
    const own = parties[this.party]?.ownKey;
    must(
      [...keys, ...ownKeys].every(({ key }) => key === teamKey || key === own),
      "it holds another's key",
    );
    const given = [payload.keys, payload.own_keys];
    must(JSON.stringify([keys, ownKeys]) === JSON.stringify(given), "its keys are not those of its Key-File");
  }

  #mustRunOnce(before: readonly string[], after: readonly string[]): void {
    const known = new Set(before);
    const fresh = after.filter((id) => !known.has(id));
    for (const id of fresh) {
      must(!this.ran.includes(id), "an order ran twice");
      const last = this.ran.at(-1);
      must(last === undefined || last < id, "orders ran out of their order");
      this.ran.push(id);
    }
    must(new Set(after).size === after.length, "an order is remembered twice");
  }

  /** What the relay says is left in the queue up; it may lie. */
  hear(listed: readonly number[]): void {
    this.disk = { ...this.disk, device: afterTaking(this.disk.device, relay, new Set(listed)) };
  }

  get isDue(): boolean {
    return isReportDue(this.disk.device, relay, this.clock);
  }

  /** Signs the next report and writes it down, with the relay's number for it. @returns what is to be sent. */
  report(seq: number): string {
    const profile = {
      folder: "/",
      machine,
      now: () => this.clock,
      keyring: null,
      runtimeFolder: null,
      fetch,
      patienceMilliseconds: 0,
    };
    const held = new HeldProfile(profile, { device: null, keys: null, keystore: "file", entry: null });
    const written = withReport(this.disk.device, held);
    const { outgoing, lastHash, rseq } = written.reports;
    if (outgoing === null || lastHash === null) throw new Error("no report");
    this.signedAt.set(lastHash, this.organisation.step);
    const waiting = [...written.reports.waiting, { relay, seq, rseq }];
    const reports = { ...written.reports, outgoing: null, waiting };
    this.disk = { ...this.disk, device: { ...written, reports } };
    return outgoing;
  }
}
