// Syncs for as long as it is let: when the relay rings, and by a timer that no two workstations share to the second. While
// it waits it holds nothing, so other commands can work with the profile.

import { setTimeout as pause } from "node:timers/promises";

import type { Active } from "./device-store.ts";
import { lookInto, type Profile } from "./profile.ts";
import { WorkstationRefusal, type WorkstationRefusalCode } from "./refusal.ts";
import { RelayLine } from "./relay-line.ts";
import { intervalOf, status } from "./status.ts";
import { sync, type Round } from "./sync.ts";

/** What another round may mend. */
const passing = new Set<WorkstationRefusalCode>([
  "relay-unreachable",
  "relay-refused",
  "profile-busy",
  "disk-full",
  "keyring-unavailable",
]);

const shortestSeconds = 5;
const bellSeconds = 50;

/** How much earlier or later than the policy's interval: 10 %. */
const spread = 0.1;

/**
 * Seconds until the next round. Rounds that failed, or that the relay rang for without anything new, make it wait for longer
 * each time, up to the interval of the policy.
 * @param failures how many in a row. @param chance from 0 to 1.
 */
export function delayOf(intervalSeconds: number, failures: number, chance: number): number {
  const apart = Math.round(intervalSeconds * (1 - spread + 2 * spread * chance));
  return failures === 0 ? apart : Math.min(apart, shortestSeconds * 2 ** Math.min(failures, 20));
}

export type Watched = { readonly round: Round } | { readonly refusal: WorkstationRefusal };

export interface Watching {
  readonly signal: AbortSignal;
  /** Called after each round. */
  readonly onRound?: (watched: Watched) => void;
}

async function once(profile: Profile, { signal }: Watching): Promise<Watched> {
  try {
    return { round: await sync(profile, { signal }) };
  } catch (error) {
    if (error instanceof WorkstationRefusal && passing.has(error.code)) return { refusal: error };
    throw error;
  }
}

/** Waits at the relay until something newer is there than the last round saw, or the time is over. @returns whether it rang. */
async function listen(profile: Profile, device: Active, seconds: number, signal: AbortSignal) {
  const until = performance.now() + seconds * 1000;
  const { bell, mailboxes } = device;
  if (bell === null) return pause(seconds * 1000, false, { signal });
  const down = await new RelayLine(profile, bell.relay, signal).mailbox(mailboxes.down);
  for (;;) {
    const left = Math.ceil((until - performance.now()) / 1000);
    if (left <= 0) return false;
    const { parcels } = await down.fetch({ after: bell.seq, wait: Math.min(left, bellSeconds) });
    if (parcels.length > 0) return true;
  }
}

/** @returns whether the relay rang; one that cannot be reached does not, and the timer decides. */
async function rest(profile: Profile, failures: number, signal: AbortSignal): Promise<boolean> {
  const { device } = await lookInto(profile);
  if (device?.stage !== "active") return false;
  const now = await status(profile);
  const interval = intervalOf(device, now.stage === "active" && now.isLoggedIn);
  const seconds = delayOf(interval, failures, Math.random());
  if (failures > 0) return pause(seconds * 1000, false, { signal });
  try {
    return await listen(profile, device, seconds, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof WorkstationRefusal)) throw error;
    return pause(delayOf(interval, 1, 0) * 1000, false, { signal });
  }
}

/**
 * Syncs until the signal, or until the workstation was deactivated. A relay that is down is asked again, less and less often.
 * @throws WorkstationRefusal for what no further round mends.
 */
export async function watch(profile: Profile, watching: Watching): Promise<void> {
  const { signal, onRound } = watching;
  let failures = 0;
  let hasRung = false;
  try {
    while (!signal.aborted) {
      const watched = await once(profile, watching);
      onRound?.(watched);
      if ("round" in watched && watched.round.ended) return;
      const isIdle = "refusal" in watched || (hasRung && watched.round.happenings.length === 0);
      failures = isIdle ? failures + 1 : 0;
      hasRung = await rest(profile, failures, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
