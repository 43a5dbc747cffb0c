// Every step that anybody can be advised to take: who takes it, what it says, what follows.
// Codes are forever: add, never rename.

export const steps = {
  "add-seats": {
    who: "administrator",
    sentence: "Buy more seats, or take one back from somebody who no longer needs it.",
    then: "A seat is free, so an activation code can be generated.",
  },
  "generate-activation-code": {
    who: "administrator",
    sentence: "Generate an activation code and hand it over. It takes a licence seat if the user has none.",
    then: "The user is licensed (blue) until the code is entered on a workstation.",
  },
  "assign-licence": {
    who: "administrator",
    sentence: "Assign a licence: the user is still active on a workstation.",
    then: "The user's workstations are compared with what the team should have.",
  },
  "renew-licence": {
    who: "administrator",
    sentence: "Renew or replace the licence.",
    then: "New files can be encrypted and new workstations activated again.",
  },
  "enter-activation-code": {
    who: "user",
    sentence: "Enter the activation code on a workstation; the server reads it at the next Proxy Sync.",
    then: "The first Key-File is on its way (orange), then the user is active (green).",
  },
  "unlink-from-directory": {
    who: "administrator",
    sentence:
      "Unlink the user from the directory to keep the licence, or deactivate the workstations and remove the user.",
    then: "The user shows the status that the other facts give, blue or green as a rule.",
  },
  "post-key-file": {
    who: "administrator",
    sentence: "Check the difference, then post a Key-File, or revert the change that caused it.",
    then: "The update is pending (orange); after a revert the former status returns by itself.",
  },
  "sync-workstation": {
    who: "user",
    sentence: "Log on at the workstation and sync, or wait for the next sync.",
    then: "When every update is processed and read back, the user is active (green).",
  },
  "activate-account": {
    who: "user",
    sentence: "Open the activation mail and activate the account; an administrator can resend it.",
    then: "The user can sign in.",
  },
  "unblock-account": {
    who: "administrator",
    sentence: "Unblock the account if the reason no longer holds. Unblocking also enables it.",
    then: "The user can sign in again; who was never activated gets a new activation mail.",
  },
  "re-enable-account": {
    who: "user",
    sentence: "Sign in, follow the link in the red banner and confirm by mail.",
    then: "The account is enabled and the days without activity count from zero.",
  },
  "enable-organisation": {
    who: "authority administrator",
    sentence: "Switch the organisation on again.",
    then: "Every user has exactly the status from before.",
  },
} as const satisfies Record<string, { who: Who; sentence: string; then: string }>;

/** Who can take a step. The permission matrix says which roles an administrator may have for it. */
export type Who = "administrator" | "authority administrator" | "user";

export type StepCode = keyof typeof steps;

/** One step, whole. */
export interface Step {
  readonly code: StepCode;
  readonly who: Who;
  readonly sentence: string;
  readonly then: string;
}

export function stepOf(code: StepCode): Step {
  return { code, ...steps[code] };
}
