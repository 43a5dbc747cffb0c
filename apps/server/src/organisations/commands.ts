// Makes organisations.

import type { AuthorityId, Office, OrganisationId, TeamId } from "@lockstep/core";

import { changeContents, type Writing } from "../facts/change.ts";
import { insertEmptyContent } from "../facts/store.ts";
import { insertTeam } from "../teams/store.ts";
import { insertOrganisation } from "./store.ts";

export interface NewOrganisation {
  readonly id: OrganisationId;
  readonly authorityId: AuthorityId;
  readonly name: string;
  readonly office: Office;
  /** Holds the organisation's policy; bears its name and cannot be deleted. */
  readonly rootTeamId: TeamId;
}

export async function createOrganisation(
  writing: Writing,
  { id, authorityId, name, office, rootTeamId }: NewOrganisation,
): Promise<void> {
  await changeContents(writing, id, async (change) => {
    await insertOrganisation(change, { id, authorityId, name, office });
    await insertEmptyContent(change, id);
    await insertTeam(change, { id: rootTeamId, parentId: null, name });
    change.record({ kind: "organisation-created", detail: { name } });
  });
}
