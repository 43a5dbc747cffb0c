// Links in mails: each is good once, for one thing, until it expires, is replaced by the next one, or its user is
// blocked. What it does is done when a button is pressed, and never because somebody followed it.

import type { UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import type { Clock } from "../clock.ts";
import type { Change } from "../db/change.ts";
import type { Database } from "../db/database.ts";
import { Refusal } from "../refusal.ts";
import { makeSecret, parseSecret } from "../sessions/secret.ts";
import { findOpenLink, insertLink, voidLinks, type Link, type LinkId, type LinkPurpose } from "./store.ts";

const hourMilliseconds = 3_600_000;

/** How long a link can be used. */
const linkHours: Readonly<Record<LinkPurpose, number>> = {
  "activate-account": 72,
  "re-enable-account": 24,
  "reset-password": 24,
};

export interface Issued {
  readonly linkId: LinkId;
  /** What stands behind the # of the address. */
  readonly secret: string;
  readonly expiresAt: Date;
}

/** Makes a link; the former ones of the user for the same thing are void. The user's row is locked already. */
export async function issueLink(
  change: Change,
  { userId, purpose }: { userId: UserId; purpose: LinkPurpose },
): Promise<Issued> {
  await voidLinks(change, userId, purpose);
  const linkId = uuid() as LinkId;
  const { text, secretHash } = makeSecret(change.organisationId, linkId);
  const expiresAt = new Date(change.at.getTime() + linkHours[purpose] * hourMilliseconds);
  await insertLink(change, { id: linkId, userId, purpose, secretHash, expiresAt });
  return { linkId, secret: text, expiresAt };
}

/**
 * Looks at a link, which changes nothing.
 * @throws Refusal link_not_found for one that is unknown, used, void or expired, all alike.
 */
export async function lookAtLink(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  secret: string,
): Promise<Link> {
  const key = parseSecret<"link">(secret);
  const found =
    key === null ? undefined : await database.read((reader) => findOpenLink(reader, key, clock()));
  if (found === undefined) throw new Refusal("link_not_found");
  return found;
}
