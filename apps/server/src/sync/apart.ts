// What goes wrong for one must not keep all others waiting.

import { ProblemError } from "@lockstep/api";

import { isDatabaseGone } from "../db/database.ts";

/** The relay refused, was not there, or something else than a relay has answered. */
export function isRelaysFault(error: unknown): error is Error {
  if (error instanceof ProblemError || error instanceof SyntaxError) return true;
  // The only name that `fetch` has for whatever went wrong on the way (Fetch standard, §5.6: a network error).
  return error instanceof TypeError && error.message === "fetch failed";
}

/** The relay's fault, or the database is gone: it would go wrong for everybody. */
export function concernsAll(error: unknown): boolean {
  return isRelaysFault(error) || isDatabaseGone(error);
}

/**
 * Does something for one organisation or one mailbox. What is wrong with it is told and left for later.
 * @returns whether it was done.
 * @throws what would go wrong for all others too: the relay's fault, or the database is gone.
 */
export async function apart(
  { onFailure }: { readonly onFailure: (error: unknown) => void },
  work: () => Promise<void>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (concernsAll(error)) throw error;
    onFailure(error);
    return false;
  }
}
