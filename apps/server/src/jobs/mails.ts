// What leaves by mail: who asked for one gets it, and what waits is handed over.

import { answerRequests } from "../accounts/commands/re-enabling.ts";
import { deliverMails, forgetMails, type Delivering } from "../mails/commands/deliver.ts";
import { answerForgotten } from "../passwords/commands/forgotten.ts";
import { startRounds, type Rounds } from "../rounds.ts";

export interface MailJobOptions extends Delivering {
  readonly intervalMilliseconds: number;
  readonly onFailure: (error: unknown) => void;
}

export function startMailJob({ intervalMilliseconds, onFailure, ...parts }: MailJobOptions): Rounds {
  return startRounds({ intervalMilliseconds, onFailure, work: (signal) => workAtMails(parts, signal) });
}

/** Told to stop, it leaves the rest to the next round. */
export async function workAtMails(parts: Delivering, signal?: AbortSignal): Promise<void> {
  await answerRequests(parts, signal);
  await answerForgotten(parts, signal);
  await deliverMails(parts, signal);
  await forgetMails(parts);
}
