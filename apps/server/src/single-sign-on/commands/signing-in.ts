// Signing in by an organisation's provider. Nobody is made by it, and nobody of another organisation is found.

import type { Me } from "@lockstep/api";

import { changeFacts } from "../../facts/change.ts";
import type { Change } from "../../db/change.ts";
import { Refusal } from "../../refusal.ts";
import type { Asked } from "../../second-factors/asking.ts";
import { loadCandidate } from "../../sessions/candidates/store.ts";
import {
  beginOrAsk,
  isKnown,
  refuseBarred,
  type BegunInBrowser,
  type Browser,
  type FromBrowser,
} from "../../sessions/commands.ts";
import type { Owner, Signing } from "../../sessions/owner.ts";
import { recognise } from "../../sessions/known-browsers.ts";
import { gatherMe } from "../../sessions/me.ts";
import { lockSignedIn } from "../../sessions/store.ts";
import { beginAttempt, openAttempt, type Attempt } from "../attempt.ts";
import { NotProven, ProviderFailed, type Claimed } from "../provider.ts";
import type { Providers } from "../providers.ts";
import {
  findByShortName,
  findComer,
  findConnection,
  holdsTooMuch,
  isStillOn,
  rememberIdentity,
  type Connection,
} from "../store.ts";

export interface Parts extends Signing {
  readonly providers: Providers;
  /** Where people reach the console. */
  readonly origin: () => string;
}

/** A page of the console, which passes on what is in its address. */
export const returnAddressAt = (origin: string): string => `${origin}/sign-in/return`;

function refusalOf(error: unknown): unknown {
  if (error instanceof ProviderFailed) return new Refusal("single_sign_on_unreachable", { cause: error });
  if (!(error instanceof NotProven)) return error;
  const told = error.told === null ? {} : { detail: `The provider says: ${error.told}.` };
  return new Refusal("single_sign_on_failed", { ...told, cause: error });
}

/** @throws Refusal single_sign_on_not_found. */
export async function findProvider({ database }: Parts, shortName: string): Promise<Connection> {
  const connection = await database.read((reader) => findByShortName(reader, shortName));
  if (connection === undefined) throw new Refusal("single_sign_on_not_found");
  return connection;
}

/**
 * @returns where the browser goes, and the secret for its cookie.
 * @throws Refusal single_sign_on_not_found, single_sign_on_unreachable.
 */
export async function startSingleSignOn(
  parts: Parts,
  shortName: string,
): Promise<{ address: string; attempt: { secret: string; expiresAt: Date } }> {
  const connection = await findProvider(parts, shortName);
  const attempt = beginAttempt(connection.organisationId, connection.id, parts.clock());
  try {
    const provider = await parts.providers.find(connection);
    const address = await provider.addressFor(attempt, returnAddressAt(parts.origin()));
    return { address, attempt };
  } catch (error) {
    throw refusalOf(error);
  }
}

/** The provider of the attempt, as long as it is on. @throws Refusal single_sign_on_failed. */
async function connectionOf({ database }: Parts, attempt: Attempt | null): Promise<Connection> {
  const found =
    attempt === null
      ? undefined
      : await database.read((reader) => findConnection(reader, attempt.organisationId));
  if (found === undefined || found.id !== attempt?.id || !found.isOn)
    throw new Refusal("single_sign_on_failed");
  return found;
}

/**
 * @param secret from the cookie of the browser.
 * @param parameters of the address to which the provider led it.
 * @returns a session, or what the second step begins with.
 * @throws Refusal single_sign_on_failed, single_sign_on_unknown, single_sign_on_unreachable, what bars the account.
 */
export async function finishSingleSignOn(
  parts: Parts,
  { secret, parameters, from }: { secret: string | undefined; parameters: string; from: FromBrowser },
): Promise<(BegunInBrowser & { readonly me: Me }) | Asked> {
  const { database } = parts;
  const attempt = secret === undefined ? null : openAttempt(secret);
  const connection = await connectionOf(parts, attempt);
  if (attempt === null) throw new Refusal("single_sign_on_failed");
  const claimed = await identify(parts, { connection, attempt, parameters }).catch((error: unknown) => {
    throw refusalOf(error);
  });
  const { organisationId } = connection;
  const userId = await database.read((reader) => findComer(reader, organisationId, claimed));
  const owner = userId === undefined ? undefined : { organisationId, userId };
  const load = () => owner && database.read((reader) => loadCandidate(reader, owner));
  const candidate = await load();
  if (owner === undefined || candidate === undefined || !isKnown(candidate))
    throw new Refusal("single_sign_on_unknown");
  await refuseBarred(database, candidate);
  const { username } = candidate;
  const known = await recognise(database, { secret: from.known, username, at: parts.clock() });
  const begun = await begin(parts, owner, { connection, claimed, browser: { ...from, found: known } });
  if (begun !== "barred") {
    if (begun instanceof Refusal) throw begun;
    return "asked" in begun ? begun : { ...begun, me: await gatherMe(parts, owner) };
  }
  await refuseBarred(database, (await load()) ?? candidate);
  throw new Refusal("single_sign_on_unknown");
}

async function identify(
  { providers, origin }: Parts,
  { connection, attempt, parameters }: { connection: Connection; attempt: Attempt; parameters: string },
): Promise<Claimed> {
  const provider = await providers.find(connection);
  const returned = new URL(returnAddressAt(origin()));
  returned.search = parameters;
  return provider.identify(returned, attempt);
}

/** All that was read is looked at once more, with nobody else changing it. */
async function begin(
  { database, clock }: Parts,
  owner: Owner,
  { connection, claimed, browser }: { connection: Connection; claimed: Claimed; browser: Browser },
): Promise<BegunInBrowser | Asked | Refusal | "barred"> {
  const writing = { database, clock, doer: { role: "user", ...owner } };
  return changeFacts(writing, owner.organisationId, async (change) => {
    if (!(await isStillOn(change, connection))) return new Refusal("single_sign_on_failed");
    if (!(await lockSignedIn(change, owner.organisationId, owner.userId))) return "barred";
    if (!(await isMeant(change, owner, claimed))) return new Refusal("single_sign_on_unknown");
    return beginOrAsk(change, owner, { way: "single-sign-on", browser, at: change.at });
  });
}

/** Who is refused is told nothing of why: it could be somebody who tries names. */
async function isMeant(
  change: Change,
  { organisationId, userId }: Owner,
  claimed: Claimed,
): Promise<boolean> {
  if (await holdsTooMuch(change, organisationId, userId)) return false;
  const remembered = await rememberIdentity(change, userId, claimed);
  if (remembered === "new") change.record({ kind: "single-sign-on-linked", userId });
  if (remembered === "other") change.record({ kind: "single-sign-on-refused", userId });
  return remembered !== "other";
}
