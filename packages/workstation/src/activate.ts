// Activation: from a code to the first Key-File. The device's keys are on the disk before anybody hears of them, so a
// retry, also one after a crash or days later, sends the same join.

import { parsePolicy, parseWorkstationPolicy, policySettings } from "@lockstep/core";
import {
  ActivationCodeError,
  activationKeysOf,
  afterApplying,
  comparisonDigits,
  kidOf,
  machineOf,
  newBoxKey,
  newDeviceState,
  newSigningKey,
  openBox,
  openOffer,
  parseActivationCode,
  parseActivationLink,
  publicHalf,
  rejections,
  sealBox,
  signJoin,
  transcriptOf,
  verifyNotice,
  type ActivationKeys,
  type Notice,
  type OpenedOffer,
  type Verdict,
} from "@lockstep/keyfile";

import { contentOf, identitiesOf, judge, keyFileProcessed } from "./arrivals.ts";
import type { Active, Joining } from "./device-store.ts";
import { keysUnder, lengthOf, openKeys, type OpenKeys } from "./key-store.ts";
import { checkPassword } from "./login.ts";
import { settingOf } from "./obstacles.ts";
import { holding, type HeldProfile, type Profile } from "./profile.ts";
import { WorkstationRefusal } from "./refusal.ts";
import { fetchAfter, fromFirst, isRelayRefusal, RelayLine, type Parcel } from "./relay-line.ts";
import { saying, send, withReport } from "./reports.ts";

export interface Activating {
  /** A code or an activation link, as somebody typed or pasted it. */
  readonly code: string;
  /** Where to look for the offer; a link may say it as well. */
  readonly relays?: readonly string[];
  /** Opens the Key-File from now on. */
  readonly password: string;
  /** How long to wait for the server. The request waits for longer than this. */
  readonly waitSeconds: number;
  /** Called with six digits that are the same on the server, as soon as it is asked. */
  readonly onAsked?: (digits: string) => void;
  readonly signal?: AbortSignal;
}

export interface Activated {
  readonly organisation: string;
  readonly user: string;
  readonly workstation: string;
}

interface Asked {
  readonly keys: ActivationKeys;
  readonly relays: readonly string[];
}

/** @throws WorkstationRefusal that names the mistake, or relay-unknown. */
function readCode({ code, relays = [] }: Pick<Activating, "code" | "relays">): Asked {
  try {
    const isLink = /^\s*(lockstep|https):/i.test(code);
    const link = isLink ? parseActivationLink(code.trim()) : { code, relays: [] };
    const all = [...link.relays, ...relays];
    const keys = activationKeysOf(parseActivationCode(link.code));
    if (all.length === 0) throw new WorkstationRefusal("relay-unknown");
    return { keys, relays: all };
  } catch (cause) {
    if (!(cause instanceof ActivationCodeError)) throw cause;
    const place = cause.at === null ? {} : { detail: `character ${cause.at}` };
    throw new WorkstationRefusal(cause.code, { ...place, cause });
  }
}

/**
 * Looks for mistakes in a code or link before anything is asked or done.
 * @throws WorkstationRefusal that names the mistake and its place, or relay-unknown.
 */
export function checkCode(given: Pick<Activating, "code" | "relays">): void {
  readCode(given);
}

const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");

/** Opens the offer, or says what is wrong with it. */
function judgeOffer(box: Uint8Array, { offerKey }: ActivationKeys, { now }: Profile): OpenedOffer {
  const opened = openOffer(box, offerKey, now());
  if (opened === "expired") throw new WorkstationRefusal("code-expired");
  if (typeof opened === "string")
    throw new WorkstationRefusal("offer-foreign", { detail: rejections[opened] });
  return opened;
}

async function fetchOffer(profile: Profile, { keys, relays }: Asked, signal?: AbortSignal) {
  return fromFirst(relays, async (address) => {
    const down = await new RelayLine(profile, address, signal).mailbox(base64url(keys.down));
    const slot = down.slotOf("offer");
    return (await fetchAfter(down, 0)).find((parcel) => parcel.slot === slot)?.body;
  });
}

/** A relay does not know a code's mailboxes when nobody opened any for it, or when its time is over. */
async function whileOffered<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isRelayRefusal(error, "capability_refused")) throw error;
    throw new WorkstationRefusal("offer-missing", { cause: error });
  }
}

/** Makes the device's keys and its join, and writes them down. */
async function begin(held: HeldProfile, asked: Asked, { password, signal }: Activating): Promise<Begun> {
  const { profile } = held;
  const box = await fetchOffer(profile, asked, signal);
  if (box === undefined) throw new WorkstationRefusal("offer-missing");
  const { offer, root, hash } = judgeOffer(box, asked.keys, profile);
  const [sign, keyBox, ordersBox] = [newSigningKey(), await newBoxKey(), await newBoxKey()];
  const { org, act } = offer;
  const { machine } = profile;
  const facts = {
    machine: machineOf(offer.machine_key, machine.id),
    name: machine.name,
    os: machine.os,
    client: machine.client,
    keystore: held.keystore,
  };
  const boxes = { box: keyBox.recipient, orders_box: ordersBox.recipient };
  const { joinMac, sas, down, up } = asked.keys;
  const join = signJoin({ org, act, iat: profile.now(), ...boxes, facts }, sign, {
    joinMac,
    offerHash: hash,
  });
  const device: Joining = {
    stage: "joining",
    sign,
    ordersBox: { current: ordersBox, previous: null },
    state: newDeviceState({ org, act, dev: kidOf(sign) }, root, offer.iat),
    down: base64url(down),
    up: base64url(up),
    relays: [...offer.relays],
    join,
    offerBox: offer.box,
    offerUntil: offer.exp,
    digits: comparisonDigits(sas, transcriptOf(hash, act, { sign: publicHalf(sign), ...boxes })),
    sent: null,
    heard: null,
  };
  const store = { boxes: { current: keyBox, previous: null }, keys: [], ownKeys: [] };
  const open = await keysUnder(password, store);
  await held.save(device, open);
  return { device, open };
}

interface Begun {
  readonly device: Joining;
  readonly open: OpenKeys;
}

/** What an earlier try with this code has begun, if there was one. */
async function resume(
  { contents }: HeldProfile,
  asked: Asked,
  { password }: Activating,
): Promise<Begun | null> {
  const { device, keys } = contents;
  if (device?.stage === "active") throw new WorkstationRefusal("already-activated");
  if (device?.stage !== "joining" || device.down !== base64url(asked.keys.down) || keys === null) return null;
  const open = await openKeys(password, keys);
  if (open === null)
    throw new WorkstationRefusal("password-wrong", {
      detail: "it is the one that this activation began with",
    });
  return { device, open };
}

const queue = 0;

/** Sends the join, unless it waits there already. */
async function ask(held: HeldProfile, device: Joining, line: RelayLine): Promise<Joining> {
  const up = await line.mailbox(device.up);
  const { sent } = device;
  const isWaiting = sent?.relay === line.relay && (await up.state()).some(({ seq }) => seq === sent.seq);
  if (isWaiting) return device;
  const { seq } = await up.put(queue, await sealBox(device.join, device.offerBox));
  const next = { ...device, sent: { relay: line.relay, seq } };
  await held.save(next);
  return next;
}

/** How long one request waits for the answer. */
const waitSeconds = 50;

/** The newest answer that was not heard before; null when the time is over. */
async function hear(device: Joining, line: RelayLine, until: number): Promise<Parcel | null> {
  const down = await line.mailbox(device.down);
  const slot = down.slotOf({ answerTo: device.state.dev });
  let after = device.heard?.relay === line.relay ? device.heard.seq : 0;
  for (;;) {
    const left = Math.max(0, Math.ceil((until - performance.now()) / 1000));
    const { parcels } = await down.fetch({ after, wait: Math.min(left, waitSeconds) });
    const answer = parcels.findLast((parcel) => parcel.slot === slot);
    if (answer !== undefined) return answer;
    if (left === 0) return null;
    after = Math.max(after, ...parcels.map(({ seq }) => seq));
  }
}

/** After these the code is of no more use; after the others the same code may work another day. */
const final = new Set<Notice["code"]>(["code-already-used", "code-expired", "code-voided"]);

async function refuse(
  held: HeldProfile,
  device: Joining,
  { code }: Pick<Notice, "code">,
  at: Joining["heard"],
) {
  if (final.has(code)) await held.clear();
  else await held.save({ ...device, heard: at });
  return new WorkstationRefusal(code);
}

/** The first Key-File, or the refusal that the answer amounts to. */
async function judgeAnswer(held: HeldProfile, { device, open }: Begun, answer: Parcel, line: RelayLine) {
  const at = { relay: line.relay, seq: answer.seq };
  const opened = await openBox(answer.body, identitiesOf(open.store.boxes));
  const notice = opened.jws === null ? null : verifyNotice(opened.jws, device.state, device.state.root);
  if (notice !== null) throw await refuse(held, device, notice, at);
  const verdict = judge(device.state, opened, { now: held.profile.now(), kinds: ["key-file"] });
  if (verdict.verdict === "accepted" && verdict.kind === "key-file") return verdict;
  await held.save({ ...device, heard: at });
  const detail = verdict.verdict === "rejected" ? rejections[verdict.evidence.code] : undefined;
  throw new WorkstationRefusal("answer-foreign", detail === undefined ? {} : { detail });
}

type FirstKeyFile = Extract<Exclude<Verdict, { verdict: "rejected" }>, { kind: "key-file" }>;

/** The stores with the first Key-File in them, and the next box key to announce. */
async function withFirst(
  { device, open }: Begun,
  { payload, hash, state }: FirstKeyFile,
  { now, password }: { readonly now: number; readonly password: string },
): Promise<{ device: Active; open: OpenKeys }> {
  const boxes = { current: await newBoxKey(), previous: open.store.boxes.current };
  const policy = parsePolicy(payload.policy);
  const active: Active = {
    stage: "active",
    sign: device.sign,
    ordersBox: device.ordersBox,
    state: afterApplying(state, hash),
    ...contentOf(payload, hash),
    nextBox: boxes.current.recipient,
    appliedAt: now,
    workstationPolicy: parseWorkstationPolicy(payload.workstation_policy),
    workstationPolicyAt: payload.iat,
    licenceUntil: null,
    waiting: [],
    postponed: false,
    seen: {},
    bell: null,
    ordersDone: [],
    locked: false,
    mustChangePassword:
      lengthOf(password) < settingOf({ policy, workstationPolicy: {} }, "password.min-length"),
    attempts: 0,
    ending: false,
    reports: { rseq: 0, lastHash: null, lastAt: null, outgoing: null, waiting: [], news: [] },
    openedAt: now,
    syncedAt: now,
    clockSkewSeconds: 0,
  };
  const store = { boxes, keys: [...payload.keys], ownKeys: [...payload.own_keys] };
  return { device: saying(active, [keyFileProcessed(payload)]), open: { ...open, store } };
}

/** Asks the server and waits for its answer, from wherever an earlier try got to. */
async function firstKeyFile(held: HeldProfile, asked: Asked, activating: Activating & { until: number }) {
  const begun = (await resume(held, asked, activating)) ?? (await begin(held, asked, activating));
  activating.onAsked?.(begun.device.digits);
  const [device, line] = await fromFirst(begun.device.relays, async (address) => {
    const to = new RelayLine(held.profile, address, activating.signal);
    return [await ask(held, begun.device, to), to] as const;
  });
  const answer = await hear(device, line, activating.until);
  if (answer === null) throw new WorkstationRefusal("answer-pending");
  const { open } = begun;
  return { device, open, line, verdict: await judgeAnswer(held, { device, open }, answer, line) };
}

/** Tells the server. That it cannot be told now changes nothing: the next sync does it. */
async function reportFirst(held: HeldProfile, device: Active, { signal }: Activating): Promise<void> {
  const { mailboxes } = device;
  try {
    const sent = await fromFirst(mailboxes.relays, async (address) => {
      const line = new RelayLine(held.profile, address, signal);
      return send(device, await line.mailbox(mailboxes.up), line.relay);
    });
    await held.save(sent);
  } catch (error) {
    if (!(error instanceof WorkstationRefusal && error.code.startsWith("relay-"))) throw error;
  }
}

/**
 * Activates this workstation for one user with a code. Again with the same code it goes on where it stopped.
 * @throws WorkstationRefusal for a code with a mistake in it, an offer that is missing, expired or foreign, a relay that does
 *   not answer, a server that says no (each with its own code), and answer-pending when it has not answered yet.
 */
export async function activate(profile: Profile, activating: Activating): Promise<Activated> {
  const asked = readCode(activating);
  checkPassword(activating.password, policySettings["password.min-length"].default);
  const until = performance.now() + activating.waitSeconds * 1000;
  return holding(profile, async (held) => {
    const heard = await whileOffered(() => firstKeyFile(held, asked, { ...activating, until }));
    const { line, verdict, ...begun } = heard;
    const moment = { now: profile.now(), password: activating.password };
    const first = await withFirst(begun, verdict, moment);
    const active = withReport({ ...first.device, clockSkewSeconds: line.skewSeconds ?? 0 }, held);
    await held.save(active, first.open);
    await reportFirst(held, active, activating);
    return { organisation: active.state.org, user: active.user, workstation: active.wks };
  });
}
