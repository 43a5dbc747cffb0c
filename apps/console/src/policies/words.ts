// Values of settings in words.

import type { PolicyValue } from "@lockstep/core";

import { settingOf } from "./catalogues.ts";

export function wordsOfValue(code: string, value: PolicyValue): string {
  const setting = settingOf(code);
  if (typeof value === "boolean") return value ? "yes" : "no";
  return setting?.type === "number" ? `${value} ${setting.unit}` : String(value);
}

/** Null is what a level does not set itself. */
export function wordsOfOwn(code: string, value: PolicyValue | null): string {
  return value === null ? "inherited" : wordsOfValue(code, value);
}
