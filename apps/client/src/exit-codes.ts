// How the program ends, for scripts. Codes are forever: add, never give another meaning. docs/client.md has the same lists.

import type { WorkstationRefusalCode } from "@lockstep/workstation";

export const exitCodes = {
  /** What was asked for is done. */
  fine: 0,
  /** Refused, or failed. */
  failed: 1,
  /** The command cannot be understood as it was written. */
  wrongUsage: 2,
  /** Password, policy, licence or organisation do not allow it. */
  notAllowed: 3,
  /** The relay cannot be reached, or refuses. */
  unreachable: 4,
  /** Some files were left as they were; the others are done. */
  someLeft: 5,
  /** The server has not answered yet: the same command goes on. */
  pending: 6,
  /** The profile is not activated, or no longer. */
  notActivated: 7,
  /** Stopped with Ctrl-C or a signal; the same command goes on. */
  stopped: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const { failed, wrongUsage, notAllowed, unreachable, pending, notActivated } = exitCodes;

/** How the program ends when the workstation refuses. */
export const exitOf: Readonly<Record<WorkstationRefusalCode, ExitCode>> = {
  "profile-busy": failed,
  "profile-damaged": failed,
  "profile-newer": failed,
  "profile-unwritable": failed,
  "disk-full": failed,
  "keyring-unavailable": failed,
  "client-too-old": failed,
  "code-too-short": wrongUsage,
  "code-too-long": wrongUsage,
  "code-character": wrongUsage,
  "code-typo": wrongUsage,
  "code-link": wrongUsage,
  "relay-unknown": wrongUsage,
  "relay-unreachable": unreachable,
  "relay-refused": unreachable,
  "offer-missing": failed,
  "offer-foreign": failed,
  "code-already-used": failed,
  "code-expired": failed,
  "code-voided": failed,
  "no-licence": notAllowed,
  "account-blocked": notAllowed,
  "answer-pending": pending,
  "answer-foreign": failed,
  "already-activated": failed,
  "not-activated": notActivated,
  deactivated: notActivated,
  "password-too-short": failed,
  "password-unchanged": failed,
  "password-wrong": notAllowed,
  "attempts-exhausted": notAllowed,
  "password-change-required": notAllowed,
  "not-logged-in": notAllowed,
  locked: notAllowed,
  "offline-too-long": notAllowed,
  "postpone-forbidden": notAllowed,
  "policy-forbids": notAllowed,
  "licence-ended": notAllowed,
  "no-key": notAllowed,
  "file-missing": failed,
  "file-exists": failed,
  "file-changed": failed,
  "file-not-readable": failed,
  "folder-not-writable": failed,
  "not-a-file": failed,
  "name-too-long": failed,
  "not-encrypted": failed,
  "key-missing": failed,
  "file-damaged": failed,
  "passphrase-needed": failed,
  "passphrase-wrong": failed,
};
