// What a password needs: length, and nothing else.

import type { ReactNode } from "react";

import { countOf } from "../ui/format.ts";

export const leastPassword = 12;

interface PasswordHintProps {
  readonly password: string;
}

export function PasswordHint({ password }: PasswordHintProps): ReactNode {
  const missing = leastPassword - password.length;
  if (password === "") return `${leastPassword} characters or more. A few words in a row are good.`;
  return missing > 0 ? `${countOf(missing, "character")} more.` : "Long enough.";
}
