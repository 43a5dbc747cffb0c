// Browsers in which a user has signed in before keep a cookie that says so. It lets nobody in: it only keeps the passwords
// that are tried there apart from those that strangers try.

import { v7 as uuid } from "uuid";

import type { Database, Transaction } from "../db/database.ts";
import type { Owner } from "./owner.ts";
import { makeSecret, parseSecret } from "./secret.ts";
import {
  deleteSurplusBrowsers,
  findKnownBrowser,
  insertKnownBrowser,
  updateKnownBrowser,
  type KnownBrowser,
  type KnownBrowserId,
} from "./known-browsers/store.ts";

const dayMilliseconds = 86_400_000;
/** One that is not used for so long is forgotten. */
export const browserKnownMilliseconds = 180 * dayMilliseconds;
/** So many of a user are known, those used last. */
const mostOfUser = 20;

/** What goes into the cookie. */
export interface Remembered {
  readonly secret: string;
  readonly expiresAt: Date;
}

/** Known for this very username; null for a stranger. @param secret the cookie's, if there is one. */
export async function recognise(
  database: Database,
  { secret, username, at }: { secret: string | undefined; username: string; at: Date },
): Promise<KnownBrowser | null> {
  const credential = secret === undefined ? null : parseSecret<"known-browser">(secret);
  if (credential === null) return null;
  const since = new Date(at.getTime() - browserKnownMilliseconds);
  const found = await database.read((reader) => findKnownBrowser(reader, credential, since));
  return found?.username === username ? found : null;
}

/** Somebody has just proved to be this user. */
export async function remember(
  transaction: Transaction,
  owner: Owner,
  { known, secret, at }: { known: KnownBrowser | null; secret: string | undefined; at: Date },
): Promise<Remembered> {
  const expiresAt = new Date(at.getTime() + browserKnownMilliseconds);
  if (known !== null && secret !== undefined) {
    await updateKnownBrowser(transaction, owner.organisationId, known.id, at);
    return { secret, expiresAt };
  }
  const made = makeSecret(owner.organisationId, uuid() as KnownBrowserId);
  await insertKnownBrowser(transaction, made, { userId: owner.userId, at });
  await deleteSurplusBrowsers(transaction, owner, mostOfUser);
  return { secret: made.text, expiresAt };
}
