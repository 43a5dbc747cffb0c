// Where the imports of an authority are kept.

import type { AuthorityId } from "@lockstep/core";

import type { Reader } from "../db/database.ts";
import { loadAuthority } from "../organisations/store.ts";
import type { OrganisationImportId, Place } from "./store.ts";

/** @throws Refusal authority_not_found. */
export async function findPlace(
  reader: Reader,
  { authorityId, importId }: { authorityId: AuthorityId; importId: OrganisationImportId },
): Promise<Place> {
  const { officeId } = await loadAuthority(reader, authorityId);
  return { officeId, importId };
}
