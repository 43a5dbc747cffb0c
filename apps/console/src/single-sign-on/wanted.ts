// Where somebody wanted to go before the provider was asked who it is. Kept in this window alone;
// what is kept is looked at again, so that it leads nowhere but to an address of the console.

import { parseReturn } from "../sessions/entry.ts";

const key = "lockstep-wanted";

type Keeper = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** @param to left out, one goes to the beginning, whatever was wanted before. */
export function keepWanted(to: string | undefined, keeper: Keeper = sessionStorage): void {
  if (to === undefined) keeper.removeItem(key);
  else keeper.setItem(key, to);
}

export function readWanted(keeper: Keeper = sessionStorage): string {
  return parseReturn(keeper.getItem(key)) ?? "/";
}
