// Signing in and out.

import type { TokenScope } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import { toldOfBlock } from "../accounts/told.ts";
import type { Clock } from "../clock.ts";
import type { Database, Transaction } from "../db/database.ts";
import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import { Refusal } from "../refusal.ts";
import { wordsOfAgent } from "./agent.ts";
import { ofKnownBrowser, ofStrangers, tryPassword, type Account } from "./attempts.ts";
import { forgetTries } from "./attempts/store.ts";
import { recognise, remember, type Remembered } from "./known-browsers.ts";
import type { Owner } from "./owner.ts";
import type { KnownBrowser } from "./known-browsers/store.ts";
import { isRightPassword } from "./proving.ts";
import { makeSecret, type SessionId } from "./secret.ts";
import {
  beginActivity,
  deleteSession,
  findCandidate,
  findPassword,
  insertSession,
  type Candidate,
} from "./store.ts";

export interface Signing {
  readonly database: Database;
  readonly clock: Clock;
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
async function refuseBarred(database: Database, candidate: Candidate): Promise<void> {
  const { account, blocked, disabled, organisationState, organisationId, id } = candidate;
  if (blocked)
    throw new Refusal("account_blocked", { detail: await toldOfBlock(database, organisationId, id) });
  if (organisationState === "disabled") throw new Refusal("organisation_disabled");
  if (disabled) throw new Refusal("account_disabled");
  if (account === "pending") throw new Refusal("account_pending");
}

/** Whether there is, or could be, an account to sign in to; else it is as if the name were unknown. */
const isKnown = ({ account, organisationState }: Candidate) =>
  (account === "active" || account === "pending") && organisationState !== "deleted";

const ownerOf = ({ organisationId, id }: Candidate): Owner => ({ organisationId, userId: id });

export interface Given {
  readonly username: string;
  readonly password: string;
  /** The cookie of a browser in which somebody has signed in before. */
  readonly known: string | undefined;
  /** What the browser says that it is. */
  readonly agent: string | undefined;
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

/** @throws Refusal as `prove`; and only after the right password what bars the account. */
export async function signIn(
  proving: Proving,
  given: Given,
): Promise<Owner & Begun & { browser: Remembered }> {
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

/** @returns null if the account may not be signed in at this very moment, or the password is none any more. */
async function beginProved(
  { database, clock }: Signing,
  { candidate, browser: known, account }: Proved,
  { known: secret, agent }: Given,
): Promise<(Begun & { browser: Remembered }) | null> {
  const owner = ownerOf(candidate);
  const session = { kind: "browser", name: wordsOfAgent(agent) } as const;
  const at = clock();
  return database.transaction(async (transaction) => {
    const isAllowed = await beginActivity(transaction, owner.organisationId, owner.userId, at);
    if (!isAllowed || !(await isStillRight(transaction, candidate))) return null;
    await forgetTries(transaction, account.key);
    const begun = await beginSession(transaction, owner, { ...session, at });
    return { ...begun, browser: await remember(transaction, owner, { known, secret, at }) };
  });
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
