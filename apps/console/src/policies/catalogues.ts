// The two catalogues of settings, as an editor needs them.

import {
  parsePolicy,
  parseWorkstationPolicy,
  policySettingCodes,
  policySettings,
  workstationSettingCodes,
  workstationSettings,
  type PolicySetting,
  type PolicyValue,
  type Setting,
  type WorkstationSetting,
} from "@lockstep/core";

/** The settings that one level sets itself. */
export type Own<Code extends string> = Readonly<Partial<Record<Code, PolicyValue>>>;

export interface Catalogue<Code extends string> {
  readonly codes: readonly Code[];
  /** @throws for a value that is not allowed. */
  readonly parse: (value: unknown) => Own<Code>;
}

export const teamCatalogue: Catalogue<PolicySetting> = { codes: policySettingCodes, parse: parsePolicy };

export const workstationCatalogue: Catalogue<WorkstationSetting> = {
  codes: workstationSettingCodes,
  parse: parseWorkstationPolicy,
};

const all: Readonly<Record<string, Setting>> = { ...policySettings, ...workstationSettings };

/** Undefined for one of a newer server. */
export const settingOf = (code: string): Setting | undefined => all[code];
