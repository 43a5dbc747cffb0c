// One round with the server, by way of a relay: what has arrived is judged, written down, carried out and reported. After
// a crash at any point the next round comes to the same end.

import { afterWord, type Happening } from "./arrivals.ts";
import type { Active } from "./device-store.ts";
import type { OpenKeys } from "./key-store.ts";
import { applied, keptKeys, type Entered } from "./login.ts";
import { obstacleTo, settingOf } from "./obstacles.ts";
import { activeOf, holding, type HeldProfile, type Profile } from "./profile.ts";
import { fetchAfter, fromFirst, RelayLine, type LineMailbox } from "./relay-line.ts";
import { afterTaking, isReportDue, send, withReport } from "./reports.ts";
import { forgetLogin } from "./session.ts";

export interface SyncOptions {
  /** Leaves Key-Files waiting, if the policy lets the user do that. */
  readonly postpone?: boolean;
  readonly signal?: AbortSignal;
}

/** What a round did. */
export interface Round {
  readonly happenings: readonly Happening[];
  /** Key-Files that wait for somebody to log in. */
  readonly waiting: number;
  readonly reported: boolean;
  /** The workstation was deactivated: its keys are gone, and the server was told. */
  readonly ended: boolean;
}

interface Route {
  readonly line: RelayLine;
  readonly down: LineMailbox;
  readonly up: LineMailbox;
  readonly listed: Awaited<ReturnType<LineMailbox["state"]>>;
}

/** The first relay that knows our mailboxes. */
async function routeOf(profile: Profile, { mailboxes }: Active, signal?: AbortSignal): Promise<Route> {
  return fromFirst(mailboxes.relays, async (address) => {
    const line = new RelayLine(profile, address, signal);
    const [down, up] = [await line.mailbox(mailboxes.down), await line.mailbox(mailboxes.up)];
    return { line, down, up, listed: await down.state() };
  });
}

interface News {
  readonly keyFiles: readonly Uint8Array[];
  readonly words: readonly Uint8Array[];
  readonly seen: Readonly<Record<string, string>>;
  readonly last: number;
}

/**
 * What is in the slots and was not taken from them before. Compared slot by slot, so that a relay that lost its store and
 * counts from 1 again has news as well.
 */
async function newsFrom({ down, listed }: Route, seen: Readonly<Record<string, string>> = {}): Promise<News> {
  const keyFileSlot = down.slotOf("key-file");
  const slots = new Set([keyFileSlot, down.slotOf("orders"), down.slotOf("pulse")]);
  const marks = new Map(
    listed
      .filter(({ slot }) => slots.has(slot))
      .map(({ seq, slot, expiresAt }) => [slot, { seq, mark: `${seq} ${expiresAt}` }]),
  );
  const unseen = [...marks].filter(([slot, { mark }]) => seen[slot] !== mark);
  const first = Math.min(...unseen.map(([, { seq }]) => seq));
  const fetched = unseen.length === 0 ? [] : await fetchAfter(down, first - 1);
  const last = Math.max(0, ...listed.map(({ seq }) => seq));
  // What was put since the listing is taken from every slot or from none: what is newer leads to a root under which what is
  // older is worth nothing.
  const isNew = ({ slot, seq }: { slot: number; seq: number }) =>
    seq > last || unseen.some(([each]) => each === slot);
  const taken = fetched.filter((parcel) => slots.has(parcel.slot) && isNew(parcel));
  const isKeyFile = ({ slot }: { slot: number }) => slot === keyFileSlot;
  const noted = taken.flatMap(({ slot, seq }) => {
    const listing = marks.get(slot);
    return listing?.seq === seq ? [[slot, listing.mark] as const] : [];
  });
  return {
    keyFiles: taken.filter(isKeyFile).map(({ body }) => body),
    words: taken.filter((parcel) => !isKeyFile(parcel)).map(({ body }) => body),
    seen: { ...seen, ...Object.fromEntries(noted) },
    last,
  };
}

/** Boxes that a relay could fill the disk with; the newest count. */
const mostWaiting = 4;

function withNews(device: Active, { keyFiles, seen, last }: News, { line, now, happenings }: At): Active {
  const known = new Set(device.waiting.map(({ box }) => box));
  const boxes = keyFiles
    .map((box) => Buffer.from(box).toString("base64url"))
    .filter((box) => !known.has(box));
  if (boxes.length > 0) happenings.push({ kind: "arrived" });
  return {
    ...device,
    waiting: [...device.waiting, ...boxes.map((box) => ({ box, since: now }))].slice(-mostWaiting),
    seen: { ...device.seen, [line.relay]: { ...seen } },
    bell: { relay: line.relay, seq: last },
    syncedAt: now,
    clockSkewSeconds: line.skewSeconds ?? 0,
  };
}

interface At {
  readonly line: RelayLine;
  readonly now: number;
  readonly happenings: Happening[];
}

/** Everything that follows from what has arrived; nothing is written yet. */
async function afterNews(
  entered: { readonly device: Active; readonly open: OpenKeys | null },
  news: News,
  at: At & { readonly postpone?: boolean | undefined },
): Promise<{ device: Active; open: OpenKeys | null }> {
  const noted = withNews(entered.device, news, at);
  const device = await afterWord(noted, news.words, at);
  if (device.ending) return { device, open: null };
  if (entered.open === null || obstacleTo(device, at.now) !== null) return { device, open: entered.open };
  const postpone = at.postpone ?? device.postponed;
  const both: Entered = { device, open: entered.open };
  return applied(both, at, postpone && settingOf(device, "update.may-postpone"));
}

/** The round's second half: the server is told, and a deactivated workstation forgets even where to. */
async function report(held: HeldProfile, device: Active, { up, line }: Route): Promise<boolean> {
  const due = device.reports.outgoing !== null;
  const sent = due ? await send(device, up, line.relay) : device;
  if (sent.ending) {
    const { org, act } = sent.state;
    await held.save({ stage: "ended", org, act, at: held.profile.now() }, null);
  } else if (due) await held.save(sent);
  return due;
}

async function goAround(held: HeldProfile, { postpone, signal }: SyncOptions): Promise<Round> {
  const { profile, contents } = held;
  const happenings: Happening[] = [];
  const before = contents.device;
  const isEnding = before?.stage === "active" && before.ending;
  const present = isEnding ? before : activeOf(contents);
  const route = await routeOf(profile, present, signal);
  const { line } = route;
  if (isEnding) {
    await forgetLogin(profile);
    return { happenings, waiting: 0, reported: await report(held, present, route), ended: true };
  }
  const open = await keptKeys(profile, contents, false);
  const news = await newsFrom(route, present.seen[line.relay]);
  const taken = new Set((await route.up.state()).map(({ seq }) => seq));
  const told = await send(afterTaking(present, line.relay, taken), route.up, line.relay);
  const now = profile.now();
  const after = await afterNews({ device: told, open }, news, { line, now, happenings, postpone });
  const due = after.device.ending || isReportDue(after.device, line.relay, now);
  const device = due ? withReport(after.device, held) : after.device;
  await held.save(device, device.ending ? null : (after.open ?? undefined));
  if (device.ending || obstacleTo(device, now) !== null) await forgetLogin(profile);
  const reported = await report(held, device, await routeAfter(held, device, route, signal));
  return { happenings, waiting: device.waiting.length, reported, ended: device.ending };
}

/** A Key-File may name other mailboxes: what is said after it goes there. */
async function routeAfter(
  { profile }: HeldProfile,
  device: Active,
  route: Route,
  signal?: AbortSignal,
): Promise<Route> {
  const isSame = device.bell !== null || device.reports.outgoing === null;
  return isSame ? route : routeOf(profile, device, signal);
}

/**
 * Syncs once. Orders and pulses are carried out whoever is logged in; Key-Files wait for the key store to be open.
 * @throws WorkstationRefusal relay-unreachable, relay-refused, not-activated, answer-pending, deactivated, and those of the
 *   profile; nothing is lost then, and the next round goes on from there.
 */
export async function sync(profile: Profile, options: SyncOptions = {}): Promise<Round> {
  return holding(profile, (held) => goAround(held, options));
}
