// Whoever is signed in shows once more who it is, before something that a thief of the session must not do.

import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import { Refusal } from "../refusal.ts";
import { findBrowserStart } from "./browsers/store.ts";
import type { Owner } from "./commands.ts";
import { isRightPassword } from "./proving.ts";
import type { SessionId } from "./secret.ts";
import { loadCandidate, type Candidate } from "./store.ts";

const freshMilliseconds = 10 * 60_000;

const has = ({ hash, directory }: Candidate) => hash !== null || directory !== null;

/** Whether the user has a password, here or in a directory; else the provider alone says who it is. */
export async function hasPassword({ database }: { database: Database }, owner: Owner): Promise<boolean> {
  const candidate = await database.read((reader) => loadCandidate(reader, owner));
  return candidate !== undefined && has(candidate);
}

/**
 * By the password; for who has none, by having signed in just now.
 * @throws Refusal sign_in_failed, sign_in_busy, fresh_sign_in_required.
 */
export async function reauthenticate(
  { database, clock, keyEncryption }: { database: Database; clock: Clock; keyEncryption: KeyEncryption },
  owner: Owner,
  { sessionId, password }: { sessionId: SessionId; password: string | null },
): Promise<Candidate> {
  const candidate = await database.read((reader) => loadCandidate(reader, owner));
  if (candidate === undefined) throw new Refusal("sign_in_required");
  if (has(candidate)) {
    const isRight =
      password !== null && (await isRightPassword({ database, keyEncryption }, candidate, password));
    if (!isRight) throw new Refusal("sign_in_failed");
    return candidate;
  }
  const begunAt = await database.read((reader) => findBrowserStart(reader, owner.organisationId, sessionId));
  const age = begunAt === undefined ? Infinity : clock().getTime() - Date.parse(begunAt);
  if (age > freshMilliseconds) throw new Refusal("fresh_sign_in_required");
  return candidate;
}
