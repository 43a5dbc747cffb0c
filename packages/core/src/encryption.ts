// One ordered table. The first rule with a status that speaks gives the status; every rule that speaks
// is a reason, so an administrator sees the whole road and not only the next bend.
// Order is meaning: a rule may rely on every rule above it being silent.

import type { EncryptionFacts, Facts } from "./facts.ts";
import type { StepCode } from "./steps.ts";

/** The seven statuses with the words and colours people know them by, in the order in which they win. */
export const encryptionStatuses = {
  unlicensed: { label: "No licence", colour: "light grey" },
  orphaned: { label: "Orphaned from directory", colour: "dark grey" },
  licensed: { label: "Licensed, not active", colour: "blue" },
  "update-required": { label: "Requires Key-File update", colour: "red" },
  "update-pending": { label: "Update pending", colour: "orange" },
  "additional-keys": { label: "Active, additional keys", colour: "purple" },
  active: { label: "Active", colour: "green" },
} as const;

export type EncryptionStatus = keyof typeof encryptionStatuses;

type AdviceFacts = EncryptionFacts & Pick<Facts, "directoryAccount" | "activationCode" | "seats">;

interface Rule {
  readonly code: string;
  /** The status this rule gives; null for a reason that changes no colour. */
  readonly status: EncryptionStatus | null;
  readonly speaks: (facts: AdviceFacts) => boolean;
  readonly sentence: string;
  /** What to do about it; null when nothing needs doing, or another reason has the step. */
  readonly step: (facts: AdviceFacts) => StepCode | null;
}

const rules = [
  {
    code: "no-licence",
    status: "unlicensed",
    speaks: ({ licence }) => licence === "none",
    sentence: "The user holds no licence seat.",
    step: ({ seats, activated }) => {
      if (seats === "exhausted") return null;
      return activated ? "assign-licence" : "generate-activation-code";
    },
  },
  {
    code: "pool-exhausted",
    status: null,
    speaks: ({ licence, seats }) => licence === "none" && seats === "exhausted",
    sentence: "No valid licence of the organisation has a seat left.",
    step: () => "add-seats",
  },
  {
    code: "directory-missing",
    status: "orphaned",
    speaks: ({ directory, licence }) => directory === "missing" && licence !== "none",
    sentence:
      "The directory account that the user was imported from is gone, and the user still holds a licence.",
    step: () => "unlink-from-directory",
  },
  {
    // The account is still there, so nobody is an orphan; what to do about it is for people to say.
    code: "directory-account-disabled",
    status: null,
    speaks: ({ directory, directoryAccount }) => directory === "linked" && directoryAccount === "disabled",
    sentence: "The directory account is disabled. It is still there, so the user is no orphan.",
    step: () => null,
  },
  {
    // Expiry changes no colour: the workstations still hold what they hold.
    code: "licence-expired",
    status: null,
    speaks: ({ licence }) => licence === "expired",
    sentence: "The licence has expired: existing files can be read, nothing new is encrypted or activated.",
    step: () => "renew-licence",
  },
  {
    code: "code-not-issued",
    status: "licensed",
    speaks: (facts) => awaitsActivation(facts) && facts.activationCode === "none",
    sentence: "The user is active on no workstation, and no activation code is outstanding.",
    step: () => "generate-activation-code",
  },
  {
    code: "code-expired",
    status: "licensed",
    speaks: (facts) => awaitsActivation(facts) && facts.activationCode === "expired",
    sentence: "The user is active on no workstation, and the activation code has expired.",
    step: () => "generate-activation-code",
  },
  {
    code: "code-outstanding",
    status: "licensed",
    speaks: (facts) => awaitsActivation(facts) && facts.activationCode === "outstanding",
    sentence: "The user is active on no workstation; an activation code waits to be entered.",
    step: () => "enter-activation-code",
  },
  {
    code: "team-content-differs",
    status: "update-required",
    speaks: ({ teamContent }) => teamContent === "differs",
    sentence: "A workstation does not hold the policy and keys that it should have from the team.",
    step: () => "post-key-file",
  },
  {
    code: "own-keys-changed",
    status: "update-required",
    speaks: ({ ownContent }) => ownContent === "differs",
    sentence: "A workstation does not hold the user's own additional keys as they are now.",
    step: () => "post-key-file",
  },
  {
    code: "update-outstanding",
    status: "update-pending",
    speaks: ({ outstanding }) => outstanding,
    sentence: "An update has been posted and is not yet processed on every workstation.",
    step: () => "sync-workstation",
  },
  {
    code: "own-keys",
    status: "additional-keys",
    speaks: ({ ownKeys, activated, licence }) => ownKeys && activated && licence !== "none",
    sentence: "The user has encryption keys that do not come from the team.",
    step: () => null,
  },
] as const satisfies readonly Rule[];

function awaitsActivation({ licence, activated }: EncryptionFacts): boolean {
  return licence !== "none" && !activated;
}

export type EncryptionReasonCode = (typeof rules)[number]["code"];

export const encryptionReasonCodes: readonly EncryptionReasonCode[] = rules.map(({ code }) => code);

/** A rule that spoke. */
export interface EncryptionReason {
  readonly code: EncryptionReasonCode;
  readonly sentence: string;
  readonly step: StepCode | null;
}

/** The reasons of an encryption status, in the order in which to deal with them. */
export function encryptionReasonsOf(facts: AdviceFacts): EncryptionReason[] {
  return rules
    .filter((rule) => rule.speaks(facts))
    .map(({ code, sentence, step }) => ({ code, sentence, step: step(facts) }));
}

/**
 * The encryption status of a user: total over every combination of facts, first match wins.
 * Never stored anywhere; a reverted change gives the former facts and therefore the former status.
 */
export function encryptionStatusOf(facts: EncryptionFacts): EncryptionStatus {
  // What the directory says of its account, which code is outstanding and whether seats are left decide the advice,
  // never the status.
  const advice: AdviceFacts = {
    ...facts,
    directoryAccount: "enabled",
    activationCode: "none",
    seats: "free",
  };
  for (const { status, speaks } of rules) {
    if (status !== null && speaks(advice)) return status;
  }
  return "active";
}
