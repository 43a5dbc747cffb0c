// What becomes of what arrives: orders and pulses at once, Key-Files when the key store is open. Each function takes the
// state before and gives the one after; whoever calls writes it down as a whole.

import { parsePolicy, parseWorkstationPolicy } from "@lockstep/core";
import {
  accept,
  afterApplying,
  newBoxKey,
  openBox,
  ordersToRun,
  type Arrival,
  type DeviceState,
  type KeyFile,
  type Opened,
  type Order,
  type Orders,
  type RejectionCode,
  type Verdict,
} from "@lockstep/keyfile";

import type { Active, Said } from "./device-store.ts";
import type { BoxKeys, KeyStore } from "./key-store.ts";
import { afterMoving, saying } from "./reports.ts";

/** Something that happened while syncing, for whoever shows it. What has arrived may be a Key-File: it is not open yet. */
export type Happening =
  | { readonly kind: "applied"; readonly version: number }
  | { readonly kind: "order"; readonly order: Order["kind"] }
  | { readonly kind: "pulse" }
  | { readonly kind: "arrived" }
  | { readonly kind: "rejected"; readonly code: RejectionCode };

/** What happened is added to `happenings`. */
export interface Moment {
  readonly now: number;
  readonly happenings: Happening[];
}

type Accepted = Exclude<Verdict, { verdict: "rejected" }>;

/** The secret halves as `openBox` takes them. */
export function identitiesOf({ current, previous }: BoxKeys) {
  return { current: current.identity, ...(previous === null ? {} : { previous: previous.identity }) };
}

/** A new box key to announce; the one announced before opens until something has come under the new one. */
async function turned({ current }: BoxKeys): Promise<BoxKeys> {
  return { current: await newBoxKey(), previous: current };
}

/** Whether settings are in this client's catalogues and within their bounds. */
function makesSense(arrival: Arrival): boolean {
  try {
    if (arrival.kind === "key-file") {
      parsePolicy(arrival.payload.policy);
      parseWorkstationPolicy(arrival.payload.workstation_policy);
    }
    if (arrival.kind === "orders") {
      for (const order of arrival.payload.outstanding)
        if (order.kind === "workstation-policy") parseWorkstationPolicy(order.args.policy);
    }
    return true;
  } catch {
    return false;
  }
}

/** `accept`, for the kinds that come in this kind of box. */
export function judge(
  state: DeviceState,
  opened: Opened,
  { now, kinds }: { readonly now: number; readonly kinds: readonly Arrival["kind"][] },
): Verdict {
  return accept(state, opened, {
    now,
    makesSense: (arrival) => kinds.includes(arrival.kind) && makesSense(arrival),
  });
}

function processed(order: Order): Said {
  return { result: { order: order.id, outcome: "processed", code: null, detail: "" } };
}

function carriedOut(device: Active, order: Order, signedAt: number): Active {
  switch (order.kind) {
    case "deactivate":
      return { ...device, ending: true };
    case "lock":
      return { ...device, locked: true };
    case "unlock":
      return { ...device, locked: false, attempts: 0 };
    case "force-password-change":
      return { ...device, mustChangePassword: true };
    case "workstation-policy":
      return {
        ...device,
        workstationPolicy: parseWorkstationPolicy(order.args.policy),
        workstationPolicyAt: signedAt,
      };
  }
}

function afterOrders(device: Active, orders: Orders, { happenings }: Moment): Active {
  const { run, done } = ordersToRun(orders, device.ordersDone);
  let next = device;
  for (const order of run) {
    next = carriedOut(next, order, orders.iat);
    happenings.push({ kind: "order", order: order.kind });
  }
  // What was done before is still listed: the server does not know it yet, or asks again.
  next = saying(next, orders.outstanding.map(processed));
  return { ...next, ordersDone: [...done], locked: orders.locked };
}

function afterVerdict(device: Active, verdict: Accepted, moment: Moment): Active {
  if (verdict.verdict === "duplicate") {
    if (verdict.kind !== "orders") return device;
    const done = verdict.payload.outstanding.filter(({ id }) => device.ordersDone.includes(id));
    return saying(device, done.map(processed));
  }
  const next = { ...device, state: verdict.state };
  if (verdict.kind === "orders") return afterOrders(next, verdict.payload, moment);
  if (verdict.kind !== "pulse") return device;
  moment.happenings.push({ kind: "pulse" });
  return { ...next, licenceUntil: verdict.payload.licence_until ?? "none" };
}

function afterRejection(device: Active, verdict: Exclude<Verdict, Accepted>, moment: Moment): Active {
  const { code } = verdict.evidence;
  // It waited here while the key was replaced, and comes again. The server, which knows what it put, is told all the same.
  if (code !== "retired") moment.happenings.push({ kind: "rejected", code });
  return saying(device, [{ rejected: verdict.evidence }]);
}

/** After orders and pulses, oldest first. */
export async function afterWord(
  device: Active,
  boxes: readonly Uint8Array[],
  moment: Moment,
): Promise<Active> {
  let next = device;
  let isTurn = false;
  for (const box of boxes) {
    const opened = await openBox(box, identitiesOf(device.ordersBox));
    const verdict = judge(next.state, opened, { now: moment.now, kinds: ["orders", "pulse"] });
    // What does not open here may be a Key-File's box that the relay has put in another slot: no word of the server's.
    if (verdict.verdict === "rejected" && verdict.evidence.code === "box") continue;
    if (verdict.verdict === "rejected") next = afterRejection(next, verdict, moment);
    else next = afterVerdict(next, verdict, moment);
    isTurn ||= verdict.verdict === "accepted" && opened.by === "current";
  }
  // Once for all of them: another box of the same time may still be sealed to the key before.
  return isTurn ? { ...next, ordersBox: await turned(device.ordersBox) } : next;
}

/** What follows from a Key-File alone. */
export function contentOf(keyFile: KeyFile, hash: string) {
  const { down, up, relays } = keyFile.mailboxes;
  const given = keyFile.keys.map(({ key, kv, use }) => ({ key, kv, use, own: false }));
  const team = new Set(keyFile.keys.map(({ key, kv }) => `${key} ${kv}`));
  const own = keyFile.own_keys
    .filter(({ key, kv }) => !team.has(`${key} ${kv}`))
    .map(({ key, kv, use }) => ({ key, kv, use, own: true }));
  return {
    user: keyFile.user,
    wks: keyFile.wks,
    replyTo: keyFile.reply_to,
    mailboxes: { down, up, relays: [...relays] },
    policy: parsePolicy(keyFile.policy),
    held: [...given, ...own],
    applied: {
      epoch: keyFile.epoch,
      ver: keyFile.ver,
      team_content: keyFile.team_content,
      own_content: keyFile.own_content,
      kf_hash: hash,
    },
  };
}

/** What is said of a Key-File that was applied. */
export function keyFileProcessed({ epoch, ver }: Pick<KeyFile, "epoch" | "ver">): Said {
  return { result: { epoch, ver, outcome: "processed", code: null, detail: "" } };
}

function afterKeyFile(
  device: Active,
  verdict: Extract<Accepted, { kind: "key-file" }>,
  moment: Moment,
): Active {
  const { payload: keyFile, hash, state } = verdict;
  const content = contentOf(keyFile, hash);
  const holds = new Set(content.held.map(({ key, kv }) => `${key} ${kv}`));
  const removed = device.held
    .filter(({ key, kv }) => !holds.has(`${key} ${kv}`))
    .map(({ key, kv }) => ({ removed: { key, kv } }));
  const isNewer = keyFile.iat >= device.workstationPolicyAt;
  const hasMoved = JSON.stringify(content.mailboxes) !== JSON.stringify(device.mailboxes);
  moment.happenings.push({ kind: "applied", version: keyFile.ver });
  const next: Active = {
    ...device,
    ...content,
    state: afterApplying(state, hash),
    appliedAt: moment.now,
    workstationPolicy: isNewer
      ? parseWorkstationPolicy(keyFile.workstation_policy)
      : device.workstationPolicy,
    workstationPolicyAt: isNewer ? keyFile.iat : device.workstationPolicyAt,
    ...(hasMoved ? { seen: {}, bell: null } : {}),
  };
  return saying(hasMoved ? afterMoving(next) : next, [...removed, keyFileProcessed(keyFile)]);
}

/** Both stores, which are written together. */
export interface Stores {
  readonly device: Active;
  readonly keys: KeyStore;
}

/** After the Key-Files that waited for the key store to be open, oldest first. None waits then. */
export async function afterWaiting({ device, keys }: Stores, moment: Moment): Promise<Stores> {
  let next: Active = { ...device, waiting: [], postponed: false };
  let store = keys;
  let isTurn = false;
  for (const { box } of device.waiting) {
    const opened = await openBox(Buffer.from(box, "base64url"), identitiesOf(keys.boxes));
    const verdict = judge(next.state, opened, { now: moment.now, kinds: ["key-file"] });
    if (verdict.verdict === "rejected") next = afterRejection(next, verdict, moment);
    if (verdict.verdict === "rejected" || verdict.kind !== "key-file") continue;
    if (verdict.verdict === "duplicate") {
      next = saying(next, [keyFileProcessed(verdict.payload)]);
      continue;
    }
    next = afterKeyFile(next, verdict, moment);
    store = { ...store, keys: [...verdict.payload.keys], ownKeys: [...verdict.payload.own_keys] };
    isTurn ||= opened.by === "current";
  }
  const boxes = isTurn ? await turned(store.boxes) : store.boxes;
  return { device: { ...next, nextBox: boxes.current.recipient }, keys: { ...store, boxes } };
}
