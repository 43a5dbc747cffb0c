// Signing in and out.

import type { TokenScope } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import { toldOfBlock } from "../accounts/told.ts";
import type { Database, Transaction } from "../db/database.ts";
import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import { Refusal } from "../refusal.ts";
import { askSecondFactor, type Asked } from "../second-factors/asking.ts";
import { hasSecondFactor, type Way } from "../second-factors/store.ts";
import { wordsOfAgent } from "./agent.ts";
import { ofKnownBrowser, ofStrangers, tryPassword, type Account } from "./attempts.ts";
import { forgetTries } from "./attempts/store.ts";
import { findCandidate, type Candidate } from "./candidates/store.ts";
import { recognise, remember, type Remembered } from "./known-browsers.ts";
import type { KnownBrowser } from "./known-browsers/store.ts";
import { isRightPassword } from "./proving.ts";
import type { Owner, Signing } from "./owner.ts";
import { makeSecret, type SessionId } from "./secret.ts";
import { deleteSession, findPassword, insertSession, lockSignedIn, noteActivity } from "./store.ts";

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
    scope = "everything",
    days = browserDays,
    notAfter = null,
    at,
  }: {
    kind: "browser" | "token";
    name: string;
    scope?: TokenScope;
    days?: number;
    notAfter?: Date | null;
    at: Date;
  },
): Promise<Begun> {
  const sessionId = uuid() as SessionId;
  const { text, secretHash } = makeSecret(organisationId, sessionId);
  const last = at.getTime() + days * dayMilliseconds;
  const expiresAt = new Date(Math.min(last, notAfter?.getTime() ?? last));
  const session = { id: sessionId, userId, kind, name, scope, secretHash, at, expiresAt };
  await insertSession(transaction, organisationId, session);
  return { secret: text, sessionId, expiresAt };
}

const isBarred = ({ account, blocked, disabled, organisationState }: Candidate) =>
  blocked || disabled || account === "pending" || organisationState === "disabled";

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

const ownerOf = ({ organisationId, id }: Candidate): Owner => ({ organisationId, userId: id });

/** What a browser says of itself. */
export interface FromBrowser {
  /** The cookie of a browser in which somebody has signed in before. */
  readonly known: string | undefined;
  /** What the browser says that it is. */
  readonly agent: string | undefined;
}

export interface Given extends FromBrowser {
  readonly username: string;
  readonly password: string;
}

/** In a browser, which is known from now on. */
export type BegunInBrowser = Begun & { readonly browser: Remembered };

/** A browser of which was found out whether it is known. */
export interface Browser extends FromBrowser {
  readonly found: KnownBrowser | null;
}

type Proving = Signing & { readonly keyEncryption: KeyEncryption };
interface Proved {
  readonly candidate: Candidate;
  readonly browser: KnownBrowser | null;
  readonly account: Account;
}

/**
 * An unknown name and a wrong password get the same answer after the same work.
 * @throws Refusal sign_in_failed, sign_in_locked, sign_in_busy.
 */
async function prove(proving: Proving, { username, password, known }: Given): Promise<Proved> {
  const { database, clock } = proving;
  const browser = await recognise(database, { secret: known, username, at: clock() });
  const found = await database.snapshot((snapshot) => findCandidate(snapshot, username));
  const candidate = found !== undefined && isKnown(found) ? found : undefined;
  const account = browser === null ? ofStrangers(username) : ofKnownBrowser(browser.id);
  const whose = candidate === undefined ? null : ownerOf(candidate);
  const isRight = await tryPassword(proving, { account, whose }, () =>
    isRightPassword(proving, candidate, password),
  );
  if (candidate === undefined || !isRight) throw new Refusal("sign_in_failed");
  return { candidate, browser, account };
}

/**
 * @returns what the second step begins with, where there is a second factor.
 * @throws Refusal as `prove`; and only after the right password what bars the account.
 */
export async function signIn(proving: Proving, given: Given): Promise<Owner & (BegunInBrowser | Asked)> {
  const { database } = proving;
  const username = given.username.trim().toLowerCase();
  const proved = await prove(proving, { ...given, username });
  const { candidate, account } = proved;
  if (isBarred(candidate)) {
    await database.transaction((transaction) => forgetTries(transaction, account.key));
    await refuseBarred(database, candidate);
  }
  const begun = await beginProved(proving, proved, given);
  if (begun === null) {
    // Meanwhile it was blocked, or disabled, or has another password.
    const now = await database.snapshot((snapshot) => findCandidate(snapshot, username));
    await refuseBarred(database, now ?? candidate);
    throw new Refusal("sign_in_failed");
  }
  return { ...ownerOf(candidate), ...begun };
}

/**
 * The right password forgets the wrong ones, also where it is the first of two steps.
 * @returns null if the account may not be signed in at this very moment, or the password is none any more.
 */
async function beginProved(
  { database, clock }: Signing,
  { candidate, browser: found, account }: Proved,
  { known, agent }: FromBrowser,
): Promise<BegunInBrowser | Asked | null> {
  const owner = ownerOf(candidate);
  const at = clock();
  return database.transaction(async (transaction) => {
    const isAllowed = await lockSignedIn(transaction, owner.organisationId, owner.userId);
    if (!isAllowed || !(await isStillRight(transaction, candidate))) return null;
    await forgetTries(transaction, account.key);
    return beginOrAsk(transaction, owner, { way: "password", browser: { found, known, agent }, at });
  });
}

/**
 * Begins a session in a browser, or asks for the second factor where there is one. That the user may be signed in is
 * known, and the row locked, already (`lockSignedIn`).
 */
export async function beginOrAsk(
  transaction: Transaction,
  owner: Owner,
  { way, browser, at }: { way: Way; browser: Browser; at: Date },
): Promise<BegunInBrowser | Asked> {
  if (await hasSecondFactor(transaction, owner.organisationId, owner.userId))
    return askSecondFactor(transaction, owner, { way, at });
  await noteActivity(transaction, owner, at);
  return beginInBrowser(transaction, owner, { browser, at });
}

/** Everything is proved: the session begins, and the browser is known from now on. */
export async function beginInBrowser(
  transaction: Transaction,
  owner: Owner,
  { browser: { found, known, agent }, at }: { browser: Browser; at: Date },
): Promise<BegunInBrowser> {
  const begun = await beginSession(transaction, owner, { kind: "browser", name: wordsOfAgent(agent), at });
  return { ...begun, browser: await remember(transaction, owner, { known: found, secret: known, at }) };
}

/** The user's row is locked: whoever replaces the password has done so, or waits. */
async function isStillRight(
  transaction: Transaction,
  { organisationId, id, directory, hash }: Candidate,
): Promise<boolean> {
  return directory !== null || (await findPassword(transaction, organisationId, id)) === hash;
}

/** Ends a session, or a token, at once. */
export async function endSession(
  { database }: Signing,
  organisationId: OrganisationId,
  sessionId: SessionId,
): Promise<void> {
  await database.transaction((transaction) => deleteSession(transaction, organisationId, sessionId));
}
