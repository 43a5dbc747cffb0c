// The mail that enables a disabled account again, for whoever asked for it by username.

import type { Clock } from "../../clock.ts";
import type { Database } from "../../db/database.ts";
import type { KeyEncryption } from "../../keys/sealing/sealing.ts";
import { answerAsked, ask } from "../../links/asked.ts";
import { postLinkMail } from "../../mails/post.ts";
import { lockUser } from "./marks.ts";

interface Surroundings {
  readonly database: Database;
  readonly clock: Clock;
}

/** @param username as it is kept: without spaces around it, in lower case. */
export async function askToReEnable(around: Surroundings, username: string): Promise<void> {
  await ask(around, "re_enabling_requests", username);
}

export interface Answering extends Surroundings {
  readonly keyEncryption: KeyEncryption;
}

/** Told to stop, it leaves the rest to the next round. */
export async function answerRequests(parts: Answering, signal?: AbortSignal): Promise<void> {
  await answerAsked(parts, "re_enabling_requests", {
    signal,
    answer: async (change, found) => {
      const { id: userId, account, blocked, disabled, email } = await lockUser(change, found.id);
      if (account !== "active" || blocked || !disabled || email === null) return;
      await postLinkMail(change, parts.keyEncryption, { userId, purpose: "re-enable-account" });
      change.record({ kind: "re-enabling-asked", userId });
    },
  });
}
