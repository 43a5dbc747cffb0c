// Values of settings in words.

import { policySettings, type PolicySetting, type PolicyValue } from "@lockstep/core";

export function wordsOfValue(code: PolicySetting, value: PolicyValue): string {
  const setting = policySettings[code];
  if (typeof value === "boolean") return value ? "yes" : "no";
  return setting.type === "number" ? `${value} ${setting.unit}` : String(value);
}

/** Null is what a level does not set itself. */
export function wordsOfOwn(code: PolicySetting, value: PolicyValue | null): string {
  return value === null ? "inherited" : wordsOfValue(code, value);
}
