// What a user may do while signed in to the Key-File: the settings, and how they are inherited.

/** A setting's value is one of a fixed list, a whole number within bounds, or yes or no. */
type Setting = {
  readonly description: string;
} & (
  | { readonly type: "choice"; readonly values: readonly string[]; readonly default: string }
  | {
      readonly type: "number";
      readonly unit: string;
      readonly least: number;
      readonly most: number;
      readonly default: number;
    }
  | { readonly type: "truth"; readonly default: boolean }
);

/** Every setting of a group policy. Codes are forever: they are in signed Key-Files. */
export const policySettings = {
  "removable-media.mode": {
    type: "choice",
    values: ["allow", "read-only", "encrypted-only", "block"],
    default: "encrypted-only",
    description: "What may be done with USB sticks and other removable media.",
  },
  "password.min-length": {
    type: "number",
    unit: "characters",
    least: 8,
    most: 64,
    default: 12,
    description: "The shortest password that opens the Key-File.",
  },
  "password.attempts": {
    type: "number",
    unit: "attempts",
    least: 3,
    most: 50,
    default: 10,
    description: "Wrong passwords in a row after which the Key-File locks.",
  },
  "offline.warn-after": {
    type: "number",
    unit: "days",
    least: 1,
    most: 365,
    default: 7,
    description: "Days without word from the server after which the workstation warns.",
  },
  "offline.lock-after": {
    type: "number",
    unit: "days",
    least: 1,
    most: 365,
    default: 30,
    description: "Days without word from the server after which `offline.on-lock` happens.",
  },
  "offline.on-lock": {
    type: "choice",
    values: ["warn", "lock"],
    default: "warn",
    description: "Whether a workstation that is offline for too long closes its keys or only warns.",
  },
  "update.may-postpone": {
    type: "truth",
    default: true,
    description: "Whether the user may postpone a Key-File update.",
  },
  "sync.interval": {
    type: "number",
    unit: "minutes",
    least: 5,
    most: 1440,
    default: 60,
    description: "Minutes between two syncs of a workstation.",
  },
  "session.idle-logout": {
    type: "number",
    unit: "minutes",
    least: 0,
    most: 480,
    default: 0,
    description: "Minutes without input after which the user is logged out of the Key-File; 0 is never.",
  },
  "files.may-encrypt": {
    type: "truth",
    default: true,
    description: "Whether the user may encrypt files and folders.",
  },
  "files.may-decrypt-permanently": {
    type: "truth",
    default: true,
    description: "Whether the user may store a file in the clear again.",
  },
  "identity.may-export": {
    type: "truth",
    default: false,
    description: "Whether the user may export the keys, so that other age programs open the files.",
  },
} as const satisfies Record<string, Setting>;

export type PolicySetting = keyof typeof policySettings;
export type PolicyValue = string | number | boolean;

/** The settings that one team sets itself. */
export type Policy = Readonly<Partial<Record<PolicySetting, PolicyValue>>>;

export const policySettingCodes = Object.keys(policySettings) as PolicySetting[];

/** Why a policy was not accepted; `setting` is the offender, as it was written. */
export class PolicyError extends TypeError {
  readonly setting: string;
  constructor(setting: string, expected: string) {
    super(`${setting}: ${expected}`);
    this.setting = setting;
  }
}

function expectation(setting: Setting, value: unknown): string | null {
  switch (setting.type) {
    case "choice":
      return typeof value === "string" && setting.values.includes(value)
        ? null
        : `expected one of ${setting.values.join(", ")}`;
    case "number": {
      const whole = typeof value === "number" && Number.isSafeInteger(value);
      return whole && value >= setting.least && value <= setting.most
        ? null
        : `expected a whole number of ${setting.unit} from ${setting.least} to ${setting.most}`;
    }
    case "truth":
      return typeof value === "boolean" ? null : "expected true or false";
  }
}

/**
 * Settings in the catalogue's order.
 * @throws PolicyError for an unknown setting or a value it does not allow.
 */
export function parsePolicy(value: unknown): Policy {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new PolicyError("policy", "expected an object");
  }
  const given = new Map<string, unknown>(Object.entries(value));
  for (const code of given.keys()) {
    if (!Object.hasOwn(policySettings, code)) throw new PolicyError(code, "no such setting");
  }
  const policy: Partial<Record<PolicySetting, PolicyValue>> = {};
  for (const code of policySettingCodes) {
    if (!given.has(code)) continue;
    const wrong = expectation(policySettings[code], given.get(code));
    if (wrong !== null) throw new PolicyError(code, wrong);
    policy[code] = given.get(code) as PolicyValue;
  }
  return policy;
}

/** A value that holds, and which level of the tree it comes from; null is the product's default. */
export interface EffectiveValue<Origin> {
  readonly value: PolicyValue;
  readonly origin: Origin | null;
}

/**
 * The policy that holds in a team: the lowest level that sets a value decides, else the default.
 * @param levels from the root team down to the team itself.
 */
export function effectivePolicyOf<Origin>(
  levels: readonly { readonly origin: Origin; readonly policy: Policy }[],
): Readonly<Record<PolicySetting, EffectiveValue<Origin>>> {
  const entries = policySettingCodes.map((code) => {
    let effective: EffectiveValue<Origin> = { value: policySettings[code].default, origin: null };
    for (const { origin, policy } of levels) {
      const value = policy[code];
      if (value !== undefined) effective = { value, origin };
    }
    return [code, effective];
  });
  return Object.fromEntries(entries) as Record<PolicySetting, EffectiveValue<Origin>>;
}
