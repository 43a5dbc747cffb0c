// Says by which provider people of an organisation sign in, tries one out, and forgets it.

import type { singleSignOn } from "@lockstep/api";
import type { OrganisationId, UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";
import type { z } from "zod";

import { lockUser } from "../../accounts/commands/marks.ts";
import { changeFacts, type Writing } from "../../facts/change.ts";
import type { KeyEncryption, Sealed } from "../../keys/sealing/sealing.ts";
import { Refusal } from "../../refusal.ts";
import { deleteOtherBrowsers } from "../../sessions/browsers/store.ts";
import { sealClientSecret } from "../access.ts";
import { isPrivate, lookAt, ProviderFailed } from "../provider.ts";
import {
  deleteConnection,
  deleteLink,
  deleteLinks,
  findConnection,
  firstRevision,
  putConnection,
  type Connection,
  type ConnectionId,
} from "../store.ts";

type Given = z.output<typeof singleSignOn.setSingleSignOn.body>;
type Tried = z.output<typeof singleSignOn.testSingleSignOn.reply>;

interface Place {
  /** For development: also providers on this machine without TLS. */
  readonly onLoopback: boolean;
}

/** @throws Refusal single_sign_on_settings_invalid. */
function refuseUnfit({ issuer }: Given, place: Place): void {
  const unfit = (detail: string) => new Refusal("single_sign_on_settings_invalid", { detail });
  if (!isPrivate(issuer, place)) throw unfit("The issuer must be an address with https.");
  const { search, hash, username } = new URL(issuer);
  if (`${search}${hash}${username}` !== "") throw unfit("An issuer has neither ? nor # nor a user.");
}

/** @throws Refusal single_sign_on_secret_required. */
async function sealedFor(
  keyEncryption: KeyEncryption,
  place: Pick<Connection, "organisationId" | "id">,
  { given, former }: { given: Given; former: Connection | undefined },
): Promise<Sealed> {
  const { clientSecret, issuer, clientId } = given;
  if (clientSecret !== undefined) return sealClientSecret(keyEncryption, place, clientSecret);
  if (former === undefined || issuer !== former.issuer || clientId !== former.clientId)
    throw new Refusal("single_sign_on_secret_required");
  return { material: former.material, kekVersion: former.kekVersion };
}

/** @throws Refusal single_sign_on_settings_invalid, single_sign_on_secret_required, name_taken, revision_changed. */
export async function setSingleSignOn(
  { writing, keyEncryption, ...place }: Place & { writing: Writing; keyEncryption: KeyEncryption },
  organisationId: OrganisationId,
  { revision, given }: { revision: number; given: Given },
): Promise<void> {
  refuseUnfit(given, place);
  await changeFacts(writing, organisationId, async (change) => {
    const former = await findConnection(change, organisationId);
    if ((former?.revision ?? firstRevision) !== revision) throw new Refusal("revision_changed");
    const id = former?.id ?? (uuid() as ConnectionId);
    const sealed = await sealedFor(keyEncryption, { organisationId, id }, { given, former });
    const { name, shortName, issuer, clientId, claim, isOn } = given;
    const settings = { name, shortName, issuer, clientId, claim, isOn };
    const outcome = await putConnection(change, { id, ...settings, ...sealed, revision });
    if (outcome === "name-taken") throw new Refusal("name_taken");
    if (outcome === "changed") throw new Refusal("revision_changed");
    // Another provider's subjects say nothing of this one's.
    if (former !== undefined && former.issuer !== issuer) await deleteLinks(change);
    change.record({ kind: "single-sign-on-changed", detail: { provider: name } });
  });
}

/** @returns how many had come by it. @throws Refusal single_sign_on_not_found. */
export async function removeSingleSignOn(writing: Writing, organisationId: OrganisationId): Promise<number> {
  return changeFacts(writing, organisationId, async (change) => {
    const former = await findConnection(change, organisationId);
    if (former === undefined) throw new Refusal("single_sign_on_not_found");
    await deleteConnection(change);
    change.record({ kind: "single-sign-on-removed", detail: { provider: former.name } });
    return deleteLinks(change);
  });
}

/** The user's sessions in browsers end with it. @throws Refusal user_not_found, single_sign_on_not_linked. */
export async function unlinkSingleSignOn(
  writing: Writing,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<void> {
  await changeFacts(writing, organisationId, async (change) => {
    await lockUser(change, userId);
    if (!(await deleteLink(change, userId))) throw new Refusal("single_sign_on_not_linked");
    await deleteOtherBrowsers(change, organisationId, userId, null);
    change.record({ kind: "single-sign-on-unlinked", userId });
  });
}

const sentences: Readonly<Record<ProviderFailed["code"], string>> = {
  unreachable: "Nobody answers there, or not with a certificate that this server trusts.",
  "timed-out": "It does not answer in time.",
  "too-large": "It answers with far more than a provider has to say.",
  "not-private": "It is not reached by https alone.",
  "not-a-provider": "What answers there is no provider of OpenID Connect.",
  "other-issuer": "It calls itself by another address. The issuer must be written as the provider does.",
  "no-code-flow": "It does not offer the authorisation code flow.",
  "no-signing-key": "It shows no key with which its statements could be checked.",
};

/** Nothing is saved. */
export async function tryProvider(issuer: string, place: Place): Promise<Tried> {
  try {
    return { failure: null, found: await lookAt(issuer, place) };
  } catch (error) {
    if (!(error instanceof ProviderFailed)) throw error;
    return { failure: { code: error.code, sentence: sentences[error.code] }, found: null };
  }
}
