// The first run: whoever has the code that the server printed becomes the first administrator, in all three roles.

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

import type { AuthorityId, OrganisationId, UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import type { Transaction } from "../db/database.ts";
import { changeFactsWithin, type Writing } from "../facts/change.ts";
import { createAuthorityWithin, createOrganisationWithin } from "../organisations/commands.ts";
import { findInstallationOffice, lockInstallation } from "../organisations/store.ts";
import { refuseGuessable } from "../passwords/guessable.ts";
import { Refusal } from "../refusal.ts";
import { insertRoleGrant } from "../roles/store.ts";
import type { RootMaking } from "../roots/commands.ts";
import { loadRootTeam } from "../teams/store.ts";
import { insertUsers } from "../users/store.ts";
import { wordsOfAgent } from "./agent.ts";
import { beginSession, type Begun } from "./commands.ts";
import type { Signing } from "./owner.ts";
import type { Owner } from "./owner.ts";
import { hashPassword } from "./password.ts";
import { putPassword } from "./store.ts";

/** Made anew at each start, printed while nobody administers the installation, and kept nowhere. */
export class SetUpCode {
  readonly text = randomBytes(15).toString("base64url");

  isRight(code: string): boolean {
    const hash = (text: string) => createHash("sha256").update(text).digest();
    return timingSafeEqual(hash(code), hash(this.text));
  }
}

/** Whether nobody administers the installation yet. */
export async function isSetUpNeeded({ database }: Pick<Signing, "database">): Promise<boolean> {
  return (await database.snapshot(findInstallationOffice)) === undefined;
}

export interface FirstRun {
  readonly administrator: { readonly name: string; readonly username: string; readonly password: string };
  readonly organisation: { readonly name: string };
  readonly authority: { readonly name: string };
  /** What the browser says that it is. */
  readonly agent?: string | undefined;
}

/**
 * Makes the first administrator with everything to administer, and signs in: all of it or nothing.
 * @throws Refusal set_up_done when somebody was faster, password_guessable, sign_in_busy, root_key_missing, root_key_wrong.
 */
export async function setUp(
  { database, clock, keyEncryption, rootHolder }: Signing & RootMaking,
  { administrator, organisation, authority, agent }: FirstRun,
): Promise<Owner & Begun> {
  const { username, password } = administrator;
  for (const { name } of [organisation, authority])
    await refuseGuessable(password, { username, organisation: name });
  const hash = await hashPassword(password);
  const doer = { role: "set-up", userId: null };
  const writing = { database, clock, doer, keyEncryption, rootHolder };
  return database.transaction(async (transaction) => {
    await lockInstallation(transaction);
    if ((await findInstallationOffice(transaction)) !== undefined) throw new Refusal("set_up_done");
    const offices = await makeOffices(transaction, writing, authority.name);
    const organisationId = uuid() as OrganisationId;
    const authorityId = offices.authorityId;
    await createOrganisationWithin(transaction, writing, {
      ...organisation,
      id: organisationId,
      authorityId,
      office: "none",
    });
    const owner = { organisationId: offices.installation, userId: uuid() as UserId };
    await insertAdministrator(transaction, writing, { owner, administrator, hash });
    await insertGrants(transaction, owner, { ...offices, organisation: organisationId, at: clock() });
    const begun = await beginSession(transaction, owner, {
      kind: "browser",
      name: wordsOfAgent(agent),
      at: clock(),
    });
    return { ...owner, ...begun };
  });
}

/** The office of the installation, and an authority with its own: what every installation has. */
export async function makeOffices(
  transaction: Transaction,
  writing: Writing & RootMaking,
  authority: string,
): Promise<{ installation: OrganisationId; authority: OrganisationId; authorityId: AuthorityId }> {
  const installation = uuid() as OrganisationId;
  const office = { id: installation, authorityId: null, name: "Installation office" };
  await createOrganisationWithin(transaction, writing, { ...office, office: "installation" });
  const made = await createAuthorityWithin(transaction, writing, authority);
  return { installation, authority: made.officeId, authorityId: made.id };
}

async function insertAdministrator(
  transaction: Transaction,
  writing: Writing,
  { owner, administrator, hash }: { owner: Owner; administrator: FirstRun["administrator"]; hash: string },
): Promise<void> {
  const { organisationId, userId } = owner;
  const { name, username } = administrator;
  await changeFactsWithin(transaction, writing, organisationId, async (change) => {
    const { id: teamId } = await loadRootTeam(change, organisationId);
    const email = username.includes("@") ? username : null;
    await insertUsers(change, [{ id: userId, teamId, username, name, email, account: "active" }]);
    change.record({ kind: "user-added", userId, teamId });
  });
  await putPassword(transaction, organisationId, { userId, hash, at: writing.clock() });
}

async function insertGrants(
  transaction: Transaction,
  { organisationId, userId }: Owner,
  places: { installation: OrganisationId; authority: OrganisationId; organisation: OrganisationId; at: Date },
): Promise<void> {
  const grants = [
    { role: "system-administrator", scopeId: places.installation },
    { role: "authority-administrator", scopeId: places.authority },
    { role: "organisation-manager", scopeId: places.organisation },
  ] as const;
  for (const grant of grants) {
    await insertRoleGrant(transaction, organisationId, { userId, ...grant }, places.at);
  }
}
