// Whoever is signed in shows once more who it is, before something that a thief of the session must not do (OWASP ASVS 5.0,
// 7.5.3). Wrong passwords are counted with those of the session, so that nobody guesses them in one that was stolen.

import type { Database } from "../db/database.ts";
import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import { Refusal } from "../refusal.ts";
import { ofSession, tryPassword } from "./attempts.ts";
import { forgetTries } from "./attempts/store.ts";
import { findBrowserStart } from "./browsers/store.ts";
import { loadCandidate, type Candidate } from "./candidates/store.ts";
import type { Owner, Signing } from "./owner.ts";
import { isRightPassword } from "./proving.ts";
import type { SessionId } from "./secret.ts";

const freshMilliseconds = 10 * 60_000;

const has = ({ hash, directory }: Candidate) => hash !== null || directory !== null;

/** Whether the user has a password, here or in a directory; else the provider alone says who it is. */
export async function hasPassword({ database }: { database: Database }, owner: Owner): Promise<boolean> {
  const candidate = await database.read((reader) => loadCandidate(reader, owner));
  return candidate !== undefined && has(candidate);
}

type Proving = Signing & { readonly keyEncryption: KeyEncryption };

/** Somebody who is signed in, in a browser or with a token. */
export interface SignedIn {
  readonly owner: Owner;
  readonly sessionId: SessionId;
}

/**
 * By the password; for who has none, by having signed in just now.
 * @throws Refusal sign_in_failed, sign_in_locked, sign_in_busy, fresh_sign_in_required.
 */
export async function reauthenticate(
  proving: Proving,
  { owner, sessionId }: SignedIn,
  password: string | null,
): Promise<Candidate> {
  const { database, clock } = proving;
  const candidate = await database.read((reader) => loadCandidate(reader, owner));
  if (candidate === undefined) throw new Refusal("sign_in_required");
  if (has(candidate)) {
    if (password === null) throw new Refusal("sign_in_failed");
    await prove(proving, { candidate, owner, sessionId }, password);
    return candidate;
  }
  const begunAt = await database.read((reader) => findBrowserStart(reader, owner.organisationId, sessionId));
  const age = begunAt === undefined ? Infinity : clock().getTime() - Date.parse(begunAt);
  if (age > freshMilliseconds) throw new Refusal("fresh_sign_in_required");
  return candidate;
}

async function prove(
  proving: Proving,
  { candidate, owner, sessionId }: SignedIn & { readonly candidate: Candidate },
  password: string,
): Promise<void> {
  const account = ofSession(sessionId);
  const isRight = await tryPassword(proving, { account, whose: owner }, () =>
    isRightPassword(proving, candidate, password),
  );
  if (!isRight) throw new Refusal("sign_in_failed");
  await proving.database.transaction((transaction) => forgetTries(transaction, account.key));
}
