// Settings of a policy as they are typed and shown: setting=value.

import {
  parsePolicy,
  policySettings,
  PolicyError,
  type Policy,
  type PolicyValue,
  type Setting,
  type WorkstationPolicy,
} from "@lockstep/core";

import type { Team } from "@lockstep/api";
import { wrongUsage } from "./failure.ts";
import { valueWord } from "./holdings.ts";

const truths: Readonly<Record<string, boolean>> = { yes: true, true: true, no: false, false: false };

function settingOf(code: string): Setting {
  if (Object.hasOwn(policySettings, code)) return policySettings[code as keyof typeof policySettings];
  throw wrongUsage(`there is no setting ${code}`, "all of them: lockstep settings");
}

/** What is typed becomes a value of the setting's type; what does not, is left for the catalogue to refuse. */
function valueOf({ type }: Setting, text: string): PolicyValue {
  if (type === "number" && /^-?\d+$/.test(text)) return Number(text);
  if (type === "truth") return truths[text.toLowerCase()] ?? text;
  return text;
}

export interface PolicyEdit {
  readonly set: readonly string[];
  readonly unset: readonly string[];
}

/** A policy with some settings changed; the others stay as they are. */
export function editedPolicy(current: Policy, { set, unset }: PolicyEdit): Policy {
  if (set.length + unset.length === 0) {
    throw wrongUsage(
      "no setting was named",
      "setting=value, or --unset setting; all of them: lockstep settings",
    );
  }
  const settings = new Map<string, PolicyValue>(Object.entries(current));
  for (const code of unset) {
    settingOf(code);
    settings.delete(code);
  }
  for (const pair of set) {
    const [code = "", ...rest] = pair.split("=");
    if (rest.length === 0) throw wrongUsage(`${pair} sets nothing`, "write setting=value, without spaces");
    settings.set(code, valueOf(settingOf(code), rest.join("=")));
  }
  try {
    return parsePolicy(Object.fromEntries(settings));
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw wrongUsage(error.message, "all settings with their values: lockstep settings");
  }
}

/** What has become of a team. */
export function savedSentence({ revision, policy }: Team): string {
  return `Saved as revision ${revision}, which sets ${policyWord(policy)}.`;
}

/** The settings of one level, on one line. */
export function policyWord(policy: Policy | WorkstationPolicy): string {
  const words = Object.entries(policy).map(([code, value]) => `${code}=${valueWord(value)}`);
  return words.length === 0 ? "nothing" : words.join(" ");
}
