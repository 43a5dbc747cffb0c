// Everybody and everything that a deletion would concern, before anybody decides.

import type { DeletionPreview } from "@lockstep/api";
import { isId, type AuthorityId, type OrganisationId } from "@lockstep/core";

import type { Snapshot } from "../db/database.ts";
import { loadAuthority, loadOrganisation } from "../organisations/store.ts";
import { Refusal } from "../refusal.ts";
import { listLastElsewhere } from "../sessions/administrators/store.ts";
import {
  listConcerned,
  listOrganisationsOf,
  listPeopleConcerned,
  type Place,
} from "./organisations/store.ts";

type Counts = Pick<
  DeletionPreview,
  "people" | "accounts" | "administrators" | "workstations" | "seats" | "keys"
>;
const nobody: Counts = { people: 0, accounts: 0, administrators: 0, workstations: 0, seats: 0, keys: 0 };

function added(one: Counts, other: Counts): Counts {
  return {
    people: one.people + other.people,
    accounts: one.accounts + other.accounts,
    administrators: one.administrators + other.administrators,
    workstations: one.workstations + other.workstations,
    seats: one.seats + other.seats,
    keys: one.keys + other.keys,
  };
}

async function previewOf(
  snapshot: Snapshot,
  these: readonly OrganisationId[],
): Promise<Omit<DeletionPreview, "name" | "revision">> {
  const organisations = await listConcerned(snapshot, these);
  const lastElsewhere = await listLastElsewhere(snapshot, these);
  return { ...organisations.reduce<Counts>(added, nobody), organisations, lastElsewhere };
}

/** @throws Refusal organisation_not_found. */
export async function previewOrganisation(
  snapshot: Snapshot,
  organisationId: OrganisationId,
): Promise<DeletionPreview> {
  const { name, revision } = await loadOrganisation(snapshot, organisationId);
  return { name, revision, ...(await previewOf(snapshot, [organisationId])) };
}

/** @throws Refusal authority_not_found. */
export async function previewAuthority(
  snapshot: Snapshot,
  authorityId: AuthorityId,
): Promise<DeletionPreview> {
  const { name, revision } = await loadAuthority(snapshot, authorityId);
  return { name, revision, ...(await previewOf(snapshot, await listOrganisationsOf(snapshot, authorityId))) };
}

/** @throws Refusal cursor_invalid. */
function placeAfter(text: string | undefined): Place | null {
  if (text === undefined) return null;
  const [organisationId, userId, ...more] = text.split("/");
  if (!isId(organisationId) || !isId(userId) || more.length > 0) throw new Refusal("cursor_invalid");
  return { organisationId, userId } as Place;
}

async function pageOf(snapshot: Snapshot, these: readonly OrganisationId[], { after, limit }: Paged) {
  const people = await listPeopleConcerned(snapshot, these, { after: placeAfter(after), limit });
  const last = people.length < limit ? undefined : people.at(-1);
  return { people, next: last === undefined ? null : `${last.organisationId}/${last.id}` };
}

interface Paged {
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Everybody whom the deletion of an organisation would concern. @throws Refusal cursor_invalid. */
export function pageOfOrganisation(snapshot: Snapshot, organisationId: OrganisationId, page: Paged) {
  return pageOf(snapshot, [organisationId], page);
}

/** Everybody whom the deletion of an authority would concern. @throws Refusal authority_not_found, cursor_invalid. */
export async function pageOfAuthority(snapshot: Snapshot, authorityId: AuthorityId, page: Paged) {
  await loadAuthority(snapshot, authorityId);
  return pageOf(snapshot, await listOrganisationsOf(snapshot, authorityId), page);
}
