// Roles in words for the screen.

import type { Me } from "@lockstep/api";
import { roles as ranks, type Role } from "@lockstep/core";

export const roleWords: Record<Role, string> = {
  "system-administrator": "system administrator",
  "authority-administrator": "authority administrator",
  "organisation-manager": "organisation manager",
  helpdesk: "helpdesk",
  user: "user",
  system: "the system",
};

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** "a", "a or b", "a, b or c". */
export const anyOf = (words: readonly string[]): string =>
  new Intl.ListFormat("en-GB", { type: "disjunction" }).format(words);

/** The widest first. Everybody is a user; that is said of whoever is nothing else. */
export function heldRoles(roles: Me["roles"]): Me["roles"] {
  const others = roles.filter(({ role }) => role !== "user");
  const held = others.length === 0 ? roles : others;
  return held.toSorted((a, b) => ranks.indexOf(a.role) - ranks.indexOf(b.role));
}
