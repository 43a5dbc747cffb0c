// Deletes an organisation or an authority: one mark on its row, after its name was typed and nobody in there is needed
// elsewhere. What follows is a job's (carry-on.ts).

import type { AuthorityId, OrganisationId } from "@lockstep/core";

import type { Reader, Transaction } from "../../db/database.ts";
import { changeContents, changeFactsWithin, makeOnce, type Writing } from "../../facts/change.ts";
import {
  noteOrganisationChange,
  loadAuthority,
  loadOrganisation,
  lockInstallation,
  type Authority,
} from "../../organisations/store.ts";
import type { KeyEncryption } from "../../keys/sealing/sealing.ts";
import { Refusal } from "../../refusal.ts";
import {
  listAdministratorsElsewhere,
  listLastElsewhere,
  lockScopesOf,
} from "../../sessions/administrators/store.ts";
import { reauthenticate, type SignedIn } from "../../sessions/reauthenticating.ts";
import {
  listOrganisationsOf,
  markAuthorityDeleted,
  markOrganisationDeleted,
} from "../organisations/store.ts";

interface Confirming {
  readonly writing: Writing;
  readonly keyEncryption: KeyEncryption;
  readonly caller: SignedIn;
}

export interface Typed {
  readonly name: string;
  /** The caller's own, asked for once more; null for who has none. */
  readonly password: string | null;
  readonly revision: number;
}

/** @throws Refusal administers_elsewhere. */
async function refuseIfNeededElsewhere(
  transaction: Transaction,
  these: readonly OrganisationId[],
): Promise<void> {
  for (const { organisationId, userId } of await listAdministratorsElsewhere(transaction, these)) {
    await lockScopesOf(transaction, organisationId, [userId]);
  }
  if ((await listLastElsewhere(transaction, these)).length > 0) throw new Refusal("administers_elsewhere");
}

/** The organisation, as whoever deletes it has seen it. @returns its authority. */
async function loadTypedOrganisation(
  reader: Reader,
  organisationId: OrganisationId,
  { name, revision }: Typed,
): Promise<AuthorityId> {
  const organisation = await loadOrganisation(reader, organisationId);
  const { authorityId, office, state } = organisation;
  if (state === "deleted") throw new Refusal("organisation_not_found");
  if (organisation.revision !== revision) throw new Refusal("revision_changed");
  if (office !== "none" || authorityId === null) throw new Refusal("office_goes_with_authority");
  if (organisation.name !== name) throw new Refusal("name_differs");
  return authorityId;
}

/**
 * @throws Refusal organisation_not_found, revision_changed, office_goes_with_authority, name_differs, administers_elsewhere, and as
 * `reauthenticate`.
 */
export async function deleteOrganisation(
  { writing, keyEncryption, caller }: Confirming,
  organisationId: OrganisationId,
  typed: Typed,
): Promise<void> {
  const { database } = writing;
  await database.snapshot((snapshot) => loadTypedOrganisation(snapshot, organisationId, typed));
  await reauthenticate({ ...writing, keyEncryption }, caller, typed.password);
  await changeContents(writing, organisationId, async (change) => {
    await lockInstallation(change);
    const authorityId = await loadTypedOrganisation(change, organisationId, typed);
    await refuseIfNeededElsewhere(change, [organisationId]);
    await markOrganisationDeleted(change);
    await noteOrganisationChange(change, authorityId);
    change.record({ kind: "organisation-deleted", detail: { name: typed.name } });
  });
}

async function loadTypedAuthority(
  reader: Reader,
  authorityId: AuthorityId,
  { name, revision }: Typed,
): Promise<Authority> {
  const authority = await loadAuthority(reader, authorityId);
  if (authority.revision !== revision) throw new Refusal("revision_changed");
  if (authority.name !== name) throw new Refusal("name_differs");
  return authority;
}

/** @throws Refusal authority_not_found, revision_changed, name_differs, administers_elsewhere, and as `reauthenticate`. */
export async function deleteAuthority(
  { writing, keyEncryption, caller }: Confirming,
  authorityId: AuthorityId,
  typed: Typed,
): Promise<void> {
  const { database } = writing;
  await database.snapshot((snapshot) => loadTypedAuthority(snapshot, authorityId, typed));
  await reauthenticate({ ...writing, keyEncryption }, caller, typed.password);
  await makeOnce(writing, async (transaction) => {
    await lockInstallation(transaction);
    const { officeId, name } = await loadTypedAuthority(transaction, authorityId, typed);
    await refuseIfNeededElsewhere(transaction, await listOrganisationsOf(transaction, authorityId));
    await changeFactsWithin(transaction, writing, officeId, async (change) => {
      await markAuthorityDeleted(change, authorityId, change.at);
      change.record({ kind: "authority-deleted", detail: { name } });
    });
  });
}
