// The tokens of a user's programs, and the browsers in which the user is signed in: each is its owner's alone.

import type { TokenScope } from "@lockstep/api";

import { changeFacts, type Writing } from "../facts/change.ts";
import type { Caller } from "../http/route.ts";
import { Refusal } from "../refusal.ts";
import { beginSession } from "./commands.ts";
import type { Owner } from "./owner.ts";
import { deleteOpenSessions } from "./open/store.ts";
import type { SessionId } from "./secret.ts";
import { beginActivity, deleteSession, listTokens, type Token } from "./store.ts";

const usualDays = 90;
const dayMilliseconds = 86_400_000;

/**
 * @param days if left out as usual, or as long as the token that asks.
 * @returns the token, and the secret that is shown this once.
 * @throws Refusal sign_in_required when the account was blocked after the call was let in, token_outlives_own.
 */
export async function makeToken(
  writing: Writing,
  { owner, token: own }: Pick<Caller, "owner" | "token">,
  { name, scope, days }: { name: string; scope: TokenScope; days?: number | undefined },
): Promise<{ token: Token; secret: string }> {
  const { organisationId, userId } = owner;
  const notAfter = own === null ? null : new Date(own.expiresAt);
  return changeFacts(writing, organisationId, async (change) => {
    const { at } = change;
    if (!(await beginActivity(change, organisationId, userId, at))) throw new Refusal("sign_in_required");
    if (notAfter !== null && days !== undefined && at.getTime() + days * dayMilliseconds > notAfter.getTime())
      throw new Refusal("token_outlives_own");
    const asked = { kind: "token", name, scope, days: days ?? usualDays, notAfter, at } as const;
    const { sessionId, secret, expiresAt } = await beginSession(change, owner, asked);
    change.record({ kind: "token-made", userId, detail: { token: name, scope } });
    const [made, until] = [at.toISOString(), expiresAt.toISOString()];
    const token = { id: sessionId, name, scope, madeAt: made, lastUsedAt: made, expiresAt: until };
    return { token, secret };
  });
}

/** @throws Refusal token_not_found. */
export async function endToken(
  writing: Writing,
  { organisationId, userId }: Owner,
  tokenId: SessionId,
): Promise<void> {
  await changeFacts(writing, organisationId, async (change) => {
    const tokens = await listTokens(change, organisationId, userId, change.at);
    const token = tokens.find(({ id }) => id === tokenId);
    if (token === undefined) throw new Refusal("token_not_found");
    await deleteSession(change, organisationId, tokenId);
    change.record({ kind: "token-ended", userId, detail: { token: token.name } });
  });
}

/** Signs out in one browser. @throws Refusal session_not_found. */
export async function endOpenSession(writing: Writing, owner: Owner, only: SessionId): Promise<void> {
  if ((await endOpen(writing, owner, { only })) === 0) throw new Refusal("session_not_found");
}

/** Signs out in every browser but one. @returns in how many. */
export async function endOtherSessions(writing: Writing, owner: Owner, but: SessionId): Promise<number> {
  return endOpen(writing, owner, { but });
}

async function endOpen(
  writing: Writing,
  owner: Owner,
  those: Parameters<typeof deleteOpenSessions>[2],
): Promise<number> {
  return changeFacts(writing, owner.organisationId, async (change) => {
    const count = await deleteOpenSessions(change, owner, those);
    if (count > 0) change.record({ kind: "sessions-ended", userId: owner.userId, detail: { count } });
    return count;
  });
}
