// What the accepted policy, the orders and the time since the server's last word mean for whoever wants the keys.

import {
  policySettings,
  workstationSettings,
  type PolicySetting,
  type PolicyValue,
  type WorkstationSetting,
} from "@lockstep/core";
import { freshnessOf, type Freshness } from "@lockstep/keyfile";

import type { Active } from "./device-store.ts";
import type { WorkstationRefusalCode } from "./refusal.ts";

/** What this client can do, as roots count it (`min_client`). */
const generation = 1;

const daySeconds = 86_400;

type Settings = typeof policySettings & typeof workstationSettings;
type ValueOf<Code extends keyof Settings> = Settings[Code]["default"] extends boolean
  ? boolean
  : Settings[Code]["default"] extends number
    ? number
    : string;

/** The value of a setting that holds here. */
export function settingOf<Code extends PolicySetting | WorkstationSetting>(
  { policy, workstationPolicy }: Pick<Active, "policy" | "workstationPolicy">,
  code: Code,
): ValueOf<Code> {
  const given: PolicyValue | undefined = policy[code] ?? workstationPolicy[code];
  // Both policies were parsed when they were accepted, so a value is of its setting's type.
  return (given ?? { ...policySettings, ...workstationSettings }[code].default) as ValueOf<Code>;
}

/** How long ago the server was heard, as the policy sees it. @param now seconds since 1970. */
export function freshnessHere(device: Active, now: number): Freshness {
  const limits = {
    warnAfterSeconds: settingOf(device, "offline.warn-after") * daySeconds,
    lockAfterSeconds: settingOf(device, "offline.lock-after") * daySeconds,
  };
  return freshnessOf(device.state, limits, now);
}

/** Why the key store stays closed, whoever knows the password; null when it may open. */
export function obstacleTo(device: Active, now: number): WorkstationRefusalCode | null {
  if (device.locked) return "locked";
  if (device.attempts >= settingOf(device, "password.attempts")) return "attempts-exhausted";
  if (device.state.root.min_client > generation) return "client-too-old";
  const isOverdue = freshnessHere(device, now).freshness === "overdue";
  return isOverdue && settingOf(device, "offline.on-lock") === "lock" ? "offline-too-long" : null;
}

/** Whether the licence covers this day, as far as the server's last word says. */
export function isLicensed({ licenceUntil, state }: Active, now: number): boolean {
  if (licenceUntil === null || licenceUntil === "perpetual") return true;
  const today = new Date(Math.max(now, state.time_floor) * 1000).toISOString().slice(0, 10);
  return licenceUntil !== "none" && today <= licenceUntil;
}
