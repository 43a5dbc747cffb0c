// What the server goes on with after it has answered: how far it is, until it has ended.

import { setTimeout as pause } from "node:timers/promises";

import { endProgress, showProgress } from "./terminal.ts";

/** Asks how far it is until it has ended, ever less often. */
export async function untilEnded<Work extends { readonly endedAt: string | null }>(
  begun: Work,
  { load, progressOf }: { load: () => Promise<Work>; progressOf: (work: Work) => string },
): Promise<Work> {
  let latest = begun;
  for (let wait = 50; latest.endedAt === null; wait = Math.min(wait * 2, 1000)) {
    showProgress(progressOf(latest));
    await pause(wait);
    latest = await load();
  }
  endProgress();
  return latest;
}
