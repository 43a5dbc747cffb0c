// Changes to the settings of one level of a tree that are not saved yet.

import type { PolicyValue } from "@lockstep/core";

import type { Catalogue, Own } from "./catalogues.ts";

/** Values to set; null takes the own value away, so that the setting is inherited. */
export type Draft<Code extends string> = Readonly<Partial<Record<Code, PolicyValue | null>>>;

/** What changes against what is saved; what is put back as it was is no change. */
export function withChange<Code extends string>(
  saved: Own<Code>,
  draft: Draft<NoInfer<Code>>,
  setting: NoInfer<Code>,
  value: PolicyValue | null,
): Draft<Code> {
  const others = Object.entries(draft).filter(([code]) => code !== setting);
  const isAsSaved = (saved[setting] ?? null) === value;
  return Object.fromEntries(isAsSaved ? others : [...others, [setting, value]]) as Draft<Code>;
}

/** The own settings once the draft is saved, in the catalogue's order. */
export function policyOf<Code extends string>(
  { codes }: Catalogue<Code>,
  saved: Own<NoInfer<Code>>,
  draft: Draft<NoInfer<Code>>,
): Own<Code> {
  const entries = codes.flatMap((code) => {
    const value: PolicyValue | null | undefined = code in draft ? draft[code] : saved[code];
    return value === undefined || value === null ? [] : [[code, value]];
  });
  return Object.fromEntries(entries) as Own<Code>;
}

export function isAllowed<Code extends string>(
  { parse }: Catalogue<Code>,
  policy: Own<NoInfer<Code>>,
): boolean {
  try {
    parse(policy);
    return true;
  } catch {
    return false;
  }
}

export interface SettingChange {
  readonly setting: string;
  /** Null where the level did not set it itself. */
  readonly before: PolicyValue | null;
  readonly after: PolicyValue | null;
}

/** Which own settings differ between two policies. */
export function settingChangesOf<Code extends string>(
  { codes }: Catalogue<Code>,
  before: Own<NoInfer<Code>>,
  after: Own<NoInfer<Code>>,
): SettingChange[] {
  return codes
    .map((setting) => ({ setting, before: before[setting] ?? null, after: after[setting] ?? null }))
    .filter((change) => change.before !== change.after);
}
