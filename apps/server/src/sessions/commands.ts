// Signing in and out, and the tokens of programs.

import type { OrganisationId, UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import type { Clock } from "../clock.ts";
import type { Database, Transaction } from "../db/database.ts";
import { Refusal } from "../refusal.ts";
import { hashPassword, isPassword } from "./password.ts";
import { makeSecret, type SessionId } from "./secret.ts";
import {
  deleteOtherSessions,
  deleteSession,
  findCandidate,
  findPassword,
  insertSession,
  listTokens,
  putPassword,
  type Candidate,
  type Token,
} from "./store.ts";

export interface Signing {
  readonly database: Database;
  readonly clock: Clock;
}

/** Whose session: where the user lives, and who it is. */
export interface Owner {
  readonly organisationId: OrganisationId;
  readonly userId: UserId;
}

export interface Begun {
  /** Goes into the cookie, or is shown once. */
  readonly secret: string;
  readonly sessionId: SessionId;
  readonly expiresAt: Date;
}

/** A browser's session ends after so long whatever happens, and sooner when it is not used (see gate.ts). */
const browserDays = 7;
const dayMilliseconds = 86_400_000;

export async function beginSession(
  transaction: Transaction,
  { organisationId, userId }: Owner,
  {
    kind,
    name,
    days = browserDays,
    at,
  }: { kind: "browser" | "token"; name: string; days?: number; at: Date },
): Promise<Begun> {
  const sessionId = uuid() as SessionId;
  const { text, secretHash } = makeSecret(organisationId, sessionId);
  const expiresAt = new Date(at.getTime() + days * dayMilliseconds);
  const session = { id: sessionId, userId, kind, name, secretHash, at, expiresAt };
  await insertSession(transaction, organisationId, session);
  return { secret: text, sessionId, expiresAt };
}

/** What is said, to whoever knows the password, of an account that cannot sign in. */
function refuseBarred({ account, blocked, disabled, organisationState }: Candidate): void {
  if (blocked) throw new Refusal("account_blocked");
  if (organisationState === "disabled") throw new Refusal("organisation_disabled");
  if (disabled) throw new Refusal("account_disabled");
  if (account === "pending") throw new Refusal("account_pending");
}

/** Whether there is, or could be, an account to sign in to; else it is as if the name were unknown. */
const isKnown = ({ account, organisationState }: Candidate) =>
  (account === "active" || account === "pending") && organisationState !== "deleted";

/**
 * An unknown name and a wrong password get the same answer after the same work.
 * @throws Refusal sign_in_failed, sign_in_busy; and only after the right password what bars the account.
 */
export async function signIn(
  { database, clock }: Signing,
  { username, password }: { username: string; password: string },
): Promise<Owner & Begun> {
  const found = await database.snapshot((snapshot) => findCandidate(snapshot, username.trim().toLowerCase()));
  const candidate = found !== undefined && isKnown(found) ? found : undefined;
  const isRight = await isPassword(password, candidate?.hash ?? null);
  if (candidate === undefined || !isRight) throw new Refusal("sign_in_failed");
  refuseBarred(candidate);
  const owner = { organisationId: candidate.organisationId, userId: candidate.id };
  const begun = await database.transaction((transaction) =>
    beginSession(transaction, owner, { kind: "browser", name: "Browser", at: clock() }),
  );
  return { ...owner, ...begun };
}

/** Ends a session, or a token, at once. */
export async function endSession(
  { database }: Signing,
  organisationId: OrganisationId,
  sessionId: SessionId,
): Promise<void> {
  await database.transaction((transaction) => deleteSession(transaction, organisationId, sessionId));
}

/**
 * Every other session and token of the user ends with it.
 * @throws Refusal sign_in_failed when the current password is wrong, sign_in_busy.
 */
export async function changePassword(
  { database, clock }: Signing,
  { organisationId, userId }: Owner,
  { current, password, sessionId }: { current: string; password: string; sessionId: SessionId },
): Promise<void> {
  const former = await database.snapshot((snapshot) => findPassword(snapshot, organisationId, userId));
  if (!(await isPassword(current, former))) throw new Refusal("sign_in_failed");
  const hash = await hashPassword(password);
  await database.transaction(async (transaction) => {
    await putPassword(transaction, organisationId, { userId, hash, at: clock() });
    await deleteOtherSessions(transaction, organisationId, userId, sessionId);
  });
}

/** @returns the token, and the secret that is shown this once. */
export async function makeToken(
  { database, clock }: Signing,
  owner: Owner,
  { name, days }: { name: string; days: number },
): Promise<{ token: Token; secret: string }> {
  return database.transaction(async (transaction) => {
    const at = clock();
    const { secret, sessionId } = await beginSession(transaction, owner, { kind: "token", name, days, at });
    const tokens = await listTokens(transaction, owner.organisationId, owner.userId, at);
    const token = tokens.find(({ id }) => id === sessionId);
    if (token === undefined) throw new Error("a token that was just made is there");
    return { token, secret };
  });
}

/** @throws Refusal token_not_found. */
export async function endToken(
  { database, clock }: Signing,
  { organisationId, userId }: Owner,
  tokenId: SessionId,
): Promise<void> {
  await database.transaction(async (transaction) => {
    const tokens = await listTokens(transaction, organisationId, userId, clock());
    if (!tokens.some(({ id }) => id === tokenId)) throw new Refusal("token_not_found");
    await deleteSession(transaction, organisationId, tokenId);
  });
}
