// Signing in and out, and the tokens of programs.

import type { OrganisationId, UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import { toldOfBlock } from "../accounts/told.ts";
import type { Clock } from "../clock.ts";
import type { Database, Transaction } from "../db/database.ts";
import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import { Refusal } from "../refusal.ts";
import { askSecondFactor, type Asked } from "../second-factors/asking.ts";
import { hasSecondFactor, type Way } from "../second-factors/store.ts";
import { hashPassword, isPassword } from "./password.ts";
import { isRightPassword } from "./proving.ts";
import { makeSecret, type SessionId } from "./secret.ts";
import {
  beginActivity,
  deleteOtherSessions,
  deleteSession,
  findCandidate,
  findPassword,
  insertSession,
  listTokens,
  lockSignedIn,
  noteActivity,
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
export async function refuseBarred(database: Database, candidate: Candidate): Promise<void> {
  const { account, blocked, disabled, organisationState, organisationId, id } = candidate;
  if (blocked)
    throw new Refusal("account_blocked", { detail: await toldOfBlock(database, organisationId, id) });
  if (organisationState === "disabled") throw new Refusal("organisation_disabled");
  if (disabled) throw new Refusal("account_disabled");
  if (account === "pending") throw new Refusal("account_pending");
}

/** Whether there is, or could be, an account to sign in to; else it is as if the name were unknown. */
export const isKnown = ({ account, organisationState }: Candidate) =>
  (account === "active" || account === "pending") && organisationState !== "deleted";

/**
 * An unknown name and a wrong password get the same answer after the same work.
 * @returns what the second step begins with, where there is a second factor.
 * @throws Refusal sign_in_failed, sign_in_busy; and only after the right password what bars the account.
 */
export async function signIn(
  { database, clock, keyEncryption }: Signing & { readonly keyEncryption: KeyEncryption },
  { username, password }: { username: string; password: string },
): Promise<Owner & (Begun | Asked)> {
  const find = () => database.snapshot((snapshot) => findCandidate(snapshot, username.trim().toLowerCase()));
  const found = await find();
  const candidate = found !== undefined && isKnown(found) ? found : undefined;
  const isRight = await isRightPassword({ database, keyEncryption }, candidate, password);
  if (candidate === undefined || !isRight) throw new Refusal("sign_in_failed");
  await refuseBarred(database, candidate);
  const owner = { organisationId: candidate.organisationId, userId: candidate.id };
  const begun = await database.transaction((transaction) =>
    beginOrAsk(transaction, owner, { way: "password", at: clock() }),
  );
  if (begun === null) {
    // Meanwhile it was blocked, or disabled.
    await refuseBarred(database, (await find()) ?? candidate);
    throw new Refusal("sign_in_failed");
  }
  return { ...owner, ...begun };
}

/**
 * Begins a session in a browser, or asks for the second factor where there is one.
 * @returns null if the account may not be signed in at this very moment.
 */
export async function beginOrAsk(
  transaction: Transaction,
  owner: Owner,
  { way, at }: { way: Way; at: Date },
): Promise<Begun | Asked | null> {
  const { organisationId, userId } = owner;
  if (!(await lockSignedIn(transaction, organisationId, userId))) return null;
  if (await hasSecondFactor(transaction, organisationId, userId))
    return askSecondFactor(transaction, owner, { way, at });
  await noteActivity(transaction, owner, at);
  return beginSession(transaction, owner, { kind: "browser", name: "Browser", at });
}

/** @returns null if the account may not be signed in at this very moment. */
async function beginIfAllowed(
  { database, clock }: Signing,
  owner: Owner,
  session: { kind: "browser" | "token"; name: string; days?: number },
): Promise<Begun | null> {
  const at = clock();
  return database.transaction(async (transaction) => {
    const isAllowed = await beginActivity(transaction, owner.organisationId, owner.userId, at);
    return isAllowed ? beginSession(transaction, owner, { ...session, at }) : null;
  });
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

/**
 * @returns the token, and the secret that is shown this once.
 * @throws Refusal sign_in_required when the account was blocked after the call was let in.
 */
export async function makeToken(
  signing: Signing,
  owner: Owner,
  { name, days }: { name: string; days: number },
): Promise<{ token: Token; secret: string }> {
  const begun = await beginIfAllowed(signing, owner, { kind: "token", name, days });
  if (begun === null) throw new Refusal("sign_in_required");
  const { organisationId, userId } = owner;
  const tokens = await signing.database.snapshot((snapshot) =>
    listTokens(snapshot, organisationId, userId, signing.clock()),
  );
  const token = tokens.find(({ id }) => id === begun.sessionId);
  if (token === undefined) throw new Refusal("sign_in_required");
  return { token, secret: begun.secret };
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
