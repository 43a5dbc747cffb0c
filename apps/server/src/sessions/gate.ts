// Who a call comes from. A browser's secret changes every few minutes of use; one that was changed is good for a
// moment longer, for the calls that were on their way, and shows after that that somebody copied it.

import type { Actor, OrganisationId } from "@lockstep/core";

import type { Caller } from "../http/route.ts";
import {
  deleteSession,
  findSession,
  noteActivity,
  rotateSession,
  updateLastUsed,
  type Session,
} from "./store.ts";
import type { Signing } from "./owner.ts";
import { isSame, makeSecret, parseSecret, type Credential } from "./secret.ts";

const minute = 60_000;
const rotatesAfter = 10 * minute;
const formerIsGoodFor = minute;
const usedIsNotedAfter = minute;
/** A browser is used after signing in, which is noted; a token is used for months. */
const activityIsNotedAfter = 60 * minute;
/** Without a call for so long a browser is signed out. */
export const idleMilliseconds = 8 * 60 * minute;

export interface Identified {
  readonly caller: Caller;
  /** Where the organisation that is asked about stands; null if there is none, or none any more. */
  readonly place: Session["place"];
  /** For the cookie, when the secret was changed. */
  readonly renewed: { readonly secret: string; readonly expiresAt: Date } | null;
}

const since = (at: Date, instant: string) => at.getTime() - Date.parse(instant);

function hasEnded({ kind, expiresAt, lastUsedAt }: Session, at: Date): boolean {
  return since(at, expiresAt) >= 0 || (kind === "browser" && since(at, lastUsedAt) > idleMilliseconds);
}

/** Somebody in every role held: everybody is a `user` of the own organisation besides. */
export function actorsOf({ user, grants }: Pick<Session, "user" | "grants">): Actor[] {
  const everybody: Actor = {
    role: "user",
    userId: user.id,
    organisationId: user.organisationId,
    authorityId: user.authorityId,
  };
  const actors = grants.map(({ role, organisationId, authorityId }): Actor => {
    return { role, userId: user.id, organisationId, authorityId };
  });
  return [everybody, ...actors];
}

function callerOf(session: Session): Caller {
  const { id, user, kind, scope, expiresAt, needsSecondFactor } = session;
  const owner = { organisationId: user.organisationId, userId: user.id };
  const token = kind === "token" ? { scope, expiresAt } : null;
  return { owner, sessionId: id, token, actors: actorsOf(session), needsSecondFactor };
}

/**
 * @param about is the organisation that is asked about, if one is.
 * @returns null for a credential that is none, or is none any more.
 */
export async function identify(
  signing: Signing,
  text: string,
  about: OrganisationId | null,
): Promise<Identified | null> {
  const credential = parseSecret(text);
  if (credential === null) return null;
  const { organisationId, id: sessionId, secretHash } = credential;
  const session = await signing.database.read((reader) =>
    findSession(reader, organisationId, sessionId, about),
  );
  const at = signing.clock();
  if (session === undefined || hasEnded(session, at)) return null;
  if (!isSame(secretHash, session.secretHash)) return identifyFormer(signing, session, credential);
  const renewed = await keepFresh(signing, session, credential);
  return { caller: callerOf(session), place: session.place, renewed };
}

async function identifyFormer(
  { database, clock }: Signing,
  session: Session,
  { organisationId, id: sessionId, secretHash }: Credential,
): Promise<Identified | null> {
  if (!isSame(secretHash, session.formerSecretHash)) return null;
  if (since(clock(), session.rotatedAt) <= formerIsGoodFor)
    return { caller: callerOf(session), place: session.place, renewed: null };
  // Two hold the session, and which of them is the thief cannot be known: both sign in again.
  await database.transaction((transaction) => deleteSession(transaction, organisationId, sessionId));
  return null;
}

async function keepFresh(
  { database, clock }: Signing,
  session: Session,
  { organisationId, id: sessionId, secretHash }: Credential,
): Promise<Identified["renewed"]> {
  const at = clock();
  if (session.kind === "browser" && since(at, session.rotatedAt) > rotatesAfter) {
    const next = makeSecret(organisationId, sessionId);
    const rotation = { id: sessionId, from: secretHash, to: next.secretHash, at };
    const isOurs = await database.transaction((transaction) =>
      rotateSession(transaction, organisationId, rotation),
    );
    return isOurs ? { secret: next.text, expiresAt: new Date(session.expiresAt) } : null;
  }
  if (since(at, session.lastUsedAt) > usedIsNotedAfter) {
    await database.transaction(async (transaction) => {
      await updateLastUsed(transaction, organisationId, sessionId, at);
      if (session.kind === "browser") return;
      const owner = { organisationId, userId: session.user.id };
      await noteActivity(transaction, owner, at, new Date(at.getTime() - activityIsNotedAfter));
    });
  }
  return null;
}
