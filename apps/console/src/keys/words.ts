// Keys and groups in words.

import type { Group } from "@lockstep/api";

import { countOf } from "../ui/format.ts";

/** To whom a group is given, in numbers. */
export function givenTo({ teams, users }: Group): string {
  const parts = [
    ...(teams > 0 ? [countOf(teams, "team")] : []),
    ...(users > 0 ? [countOf(users, "user")] : []),
  ];
  return parts.length === 0 ? "given to nobody" : `given to ${parts.join(" and ")}`;
}
