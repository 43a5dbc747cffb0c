// The two catalogues of settings, what a user may do while signed in to the Key-File and what holds on a workstation
// while nobody is, and how a level of a tree inherits them from the levels above.

/** A setting's value is one of a fixed list, a whole number within bounds, or yes or no. */
export type Setting = {
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

/** Every setting of a workstation policy: what holds when nobody is signed in to a Key-File. */
export const workstationSettings = {
  "signed-out.removable-media": {
    type: "choice",
    values: ["allow", "read-only", "block"],
    default: "read-only",
    description: "What may be done with USB sticks and other removable media while nobody is signed in.",
  },
  "signed-out.sync-interval": {
    type: "number",
    unit: "minutes",
    least: 5,
    most: 1440,
    default: 60,
    description: "Minutes between two syncs while nobody is signed in.",
  },
  "silent.after": {
    type: "number",
    unit: "days",
    least: 1,
    most: 365,
    default: 14,
    description: "Days without a report after which the workstation is shown as silent.",
  },
  "client.may-be-removed": {
    type: "truth",
    default: false,
    description: "Whether the person at the workstation may remove the client.",
  },
  "client.shows-messages": {
    type: "truth",
    default: true,
    description: "Whether the client shows messages of its own, such as that an update waits.",
  },
} as const satisfies Record<string, Setting>;

export type PolicySetting = keyof typeof policySettings;
export type WorkstationSetting = keyof typeof workstationSettings;
export type PolicyValue = string | number | boolean;

type Catalogue<Code extends string> = Readonly<Record<Code, Setting>>;
type Settings<Code extends string> = Readonly<Partial<Record<Code, PolicyValue>>>;

/** The settings that one team sets itself. */
export type Policy = Settings<PolicySetting>;

/** The settings that one workstation team sets itself. */
export type WorkstationPolicy = Settings<WorkstationSetting>;

export const policySettingCodes = Object.keys(policySettings) as PolicySetting[];
export const workstationSettingCodes = Object.keys(workstationSettings) as WorkstationSetting[];

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

function parseSettings<Code extends string>(catalogue: Catalogue<Code>, value: unknown): Settings<Code> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new PolicyError("policy", "expected an object");
  }
  const given = new Map<string, unknown>(Object.entries(value));
  for (const code of given.keys()) {
    if (!Object.hasOwn(catalogue, code)) throw new PolicyError(code, "no such setting");
  }
  const settings: Partial<Record<Code, PolicyValue>> = {};
  for (const code of Object.keys(catalogue) as Code[]) {
    if (!given.has(code)) continue;
    const wrong = expectation(catalogue[code], given.get(code));
    if (wrong !== null) throw new PolicyError(code, wrong);
    settings[code] = given.get(code) as PolicyValue;
  }
  return settings;
}

/**
 * Settings in the catalogue's order.
 * @throws PolicyError for an unknown setting or a value it does not allow.
 */
export function parsePolicy(value: unknown): Policy {
  return parseSettings<PolicySetting>(policySettings, value);
}

/** As `parsePolicy`, for what holds while nobody is signed in. */
export function parseWorkstationPolicy(value: unknown): WorkstationPolicy {
  return parseSettings<WorkstationSetting>(workstationSettings, value);
}

/** A value that holds, and which level of the tree it comes from; null is the product's default. */
export interface EffectiveValue<Origin> {
  readonly value: PolicyValue;
  readonly origin: Origin | null;
}

function effectiveOf<Code extends string, Origin>(
  catalogue: Catalogue<Code>,
  levels: readonly { readonly origin: Origin; readonly policy: Settings<Code> }[],
): Readonly<Record<Code, EffectiveValue<Origin>>> {
  const codes = Object.keys(catalogue) as Code[];
  const entries = codes.map((code) => {
    let effective: EffectiveValue<Origin> = { value: catalogue[code].default, origin: null };
    for (const { origin, policy } of levels) {
      const value = policy[code];
      if (value !== undefined) effective = { value, origin };
    }
    return [code, effective];
  });
  return Object.fromEntries(entries) as Record<Code, EffectiveValue<Origin>>;
}

/**
 * The policy that holds in a team: the lowest level that sets a value decides, else the default.
 * @param levels from the root team down to the team itself.
 */
export function effectivePolicyOf<Origin>(
  levels: readonly { readonly origin: Origin; readonly policy: Policy }[],
): Readonly<Record<PolicySetting, EffectiveValue<Origin>>> {
  return effectiveOf(policySettings, levels);
}

/** As `effectivePolicyOf`, for a workstation team. */
export function effectiveWorkstationPolicyOf<Origin>(
  levels: readonly { readonly origin: Origin; readonly policy: WorkstationPolicy }[],
): Readonly<Record<WorkstationSetting, EffectiveValue<Origin>>> {
  return effectiveOf(workstationSettings, levels);
}
