// Activation codes in words for the screen.

import type { ActivationCode } from "@lockstep/api";

export const canBeUsed = ({ state }: ActivationCode): boolean => state === "outstanding";

export const stateWords: Record<ActivationCode["state"], string> = {
  outstanding: "can be used",
  used: "used",
  expired: "expired",
  voided: "voided",
};
