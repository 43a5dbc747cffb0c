// The words of the two statuses: read from the command line, and written on the screen.

import {
  accountStatuses,
  encryptionStatuses,
  type AccountStatus,
  type EncryptionStatus,
} from "@lockstep/core";

import { InvalidArgumentError } from "commander";

import type { Coloured } from "./layout.ts";
import { sameName } from "./naming.ts";

export const encryptionCodes = Object.keys(encryptionStatuses) as EncryptionStatus[];
export const accountCodes = Object.keys(accountStatuses) as AccountStatus[];

/** A status by its code, as it is shown, or by its colour. */
export function parseEncryptionStatus(text: string): EncryptionStatus {
  const found = encryptionCodes.find((code) => {
    const { label, colour } = encryptionStatuses[code];
    return [code, label, colour].some((name) => sameName(name, text));
  });
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`it is one of ${encryptionCodes.join(", ")}`);
}

/** A status by its code, or as it is shown. */
export function parseAccountStatus(text: string): AccountStatus {
  const found = accountCodes.find((code) =>
    [code, accountStatuses[code].label].some((name) => sameName(name, text)),
  );
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`it is one of ${accountCodes.join(", ")}`);
}

export function encryptionWord(status: EncryptionStatus): Coloured {
  const { label, colour } = encryptionStatuses[status];
  return { word: label, colour };
}

export function accountWord(status: AccountStatus): string {
  return accountStatuses[status].label;
}
