// Changes to a team's own settings that are not saved yet.

import {
  parsePolicy,
  policySettingCodes,
  type Policy,
  type PolicySetting,
  type PolicyValue,
} from "@lockstep/core";

/** Values to set; null takes the own value away, so that the setting is inherited. */
export type Draft = Readonly<Partial<Record<PolicySetting, PolicyValue | null>>>;

/** What changes against what is saved; what is put back as it was is no change. */
export function withChange(
  saved: Policy,
  draft: Draft,
  setting: PolicySetting,
  value: PolicyValue | null,
): Draft {
  const others = Object.entries(draft).filter(([code]) => code !== setting);
  const isAsSaved = (saved[setting] ?? null) === value;
  return Object.fromEntries(isAsSaved ? others : [...others, [setting, value]]);
}

/** The own settings once the draft is saved, in the catalogue's order. */
export function policyOf(saved: Policy, draft: Draft): Policy {
  const entries = policySettingCodes.flatMap((code) => {
    const value = draft[code] === undefined ? saved[code] : draft[code];
    return value === undefined || value === null ? [] : [[code, value]];
  });
  return Object.fromEntries(entries) as Policy;
}

export function isAllowed(policy: Policy): boolean {
  try {
    parsePolicy(policy);
    return true;
  } catch {
    return false;
  }
}

export interface SettingChange {
  readonly setting: PolicySetting;
  /** Null where the level did not set it itself. */
  readonly before: PolicyValue | null;
  readonly after: PolicyValue | null;
}

/** Which own settings differ between two policies. */
export function settingChangesOf(before: Policy, after: Policy): SettingChange[] {
  return policySettingCodes
    .map((setting) => ({ setting, before: before[setting] ?? null, after: after[setting] ?? null }))
    .filter((change) => change.before !== change.after);
}
