// What this workstation holds, how old it is, and what is due: a plain value, told without asking anybody.

import { missingOf, type Freshness } from "@lockstep/keyfile";

import type { Active } from "./device-store.ts";
import { keptKeys } from "./login.ts";
import { freshnessHere, isLicensed, obstacleTo, settingOf } from "./obstacles.ts";
import { lookInto, type DeviceKeystore, type Profile } from "./profile.ts";
import type { WorkstationRefusalCode } from "./refusal.ts";

/** All times are in seconds since 1970. */
export type Status =
  | { readonly stage: "new" }
  | { readonly stage: "joining"; readonly digits: string; readonly codeUntil: number }
  | { readonly stage: "ended"; readonly organisation: string; readonly endedAt: number }
  | ActiveStatus;

export interface ActiveStatus {
  readonly stage: "active";
  readonly organisation: string;
  readonly user: string;
  readonly workstation: string;
  readonly activation: string;
  readonly keystore: DeviceKeystore;
  readonly keyFile: {
    readonly epoch: number;
    readonly version: number;
    readonly appliedAt: number;
  };
  readonly keys: Active["held"];
  readonly policy: Active["policy"];
  readonly workstationPolicy: Active["workstationPolicy"];
  readonly isLoggedIn: boolean;
  /** Why nobody can log in, or null. */
  readonly obstacle: WorkstationRefusalCode | null;
  readonly mustChangePassword: boolean;
  /** Key-Files that wait for somebody to log in. */
  readonly waiting: number;
  readonly isPostponed: boolean;
  readonly freshness: Freshness;
  /** What the server has made, and what has not arrived. */
  readonly missing: ReturnType<typeof missingOf>;
  /** A day, `perpetual`, `none`; null when the server has not said. */
  readonly licenceUntil: string | null;
  readonly isLicensed: boolean;
  readonly syncedAt: number | null;
  readonly nextSyncAt: number;
  /** Reports that wait at the relay, or here. */
  readonly unsentReports: number;
  readonly openedAt: number | null;
  readonly clockSkewSeconds: number;
}

/** Seconds between two syncs, as the policy has it. */
export function intervalOf(device: Active, isLoggedIn: boolean): number {
  return settingOf(device, isLoggedIn ? "sync.interval" : "signed-out.sync-interval") * 60;
}

function activeStatus(
  device: Active,
  at: {
    readonly now: number;
    readonly isLoggedIn: boolean;
    readonly keystore: DeviceKeystore;
  },
): ActiveStatus {
  const { now, isLoggedIn, keystore } = at;
  const { applied, reports, state } = device;
  return {
    stage: "active",
    organisation: state.org,
    user: device.user,
    workstation: device.wks,
    activation: state.act,
    keystore,
    keyFile: {
      epoch: applied.epoch,
      version: applied.ver,
      appliedAt: device.appliedAt,
    },
    keys: device.held,
    policy: device.policy,
    workstationPolicy: device.workstationPolicy,
    isLoggedIn,
    obstacle: obstacleTo(device, now),
    mustChangePassword: device.mustChangePassword,
    waiting: device.waiting.length,
    isPostponed: device.postponed,
    freshness: freshnessHere(device, now),
    missing: missingOf(state),
    licenceUntil: device.licenceUntil,
    isLicensed: isLicensed(device, now),
    syncedAt: device.syncedAt,
    nextSyncAt: (device.syncedAt ?? now) + intervalOf(device, isLoggedIn),
    unsentReports: reports.waiting.length + (reports.outgoing === null ? 0 : 1),
    openedAt: device.openedAt,
    clockSkewSeconds: device.clockSkewSeconds,
  };
}

/**
 * What can be said of a profile without a network and without a password.
 * @throws WorkstationRefusal profile-damaged, profile-newer, profile-unwritable, keyring-unavailable.
 */
export async function status(profile: Profile): Promise<Status> {
  const contents = await lookInto(profile);
  const { device, keystore } = contents;
  if (device === null) return { stage: "new" };
  if (device.stage === "joining")
    return { stage: "joining", digits: device.digits, codeUntil: device.offerUntil };
  if (device.stage === "ended") return { stage: "ended", organisation: device.org, endedAt: device.at };
  const isLoggedIn = !device.ending && (await keptKeys(profile, contents, false)) !== null;
  return activeStatus(device, { now: profile.now(), isLoggedIn, keystore });
}
