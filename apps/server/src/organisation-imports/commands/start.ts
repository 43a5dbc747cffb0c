// Begins an import of organisations and their people; a job gives the rows their verdicts (run.ts).

import type { AuthorityId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import { changeFacts, type Writing } from "../../facts/change.ts";
import { parseCsv } from "../../imports/csv.ts";
import { loadAuthority } from "../../organisations/store.ts";
import { organisationsForm } from "../plan.ts";
import {
  insertImport,
  loadImport,
  type NewImport,
  type OrganisationImport,
  type OrganisationImportId,
} from "../store.ts";

export interface Started extends Pick<NewImport, "fileName" | "isDryRun"> {
  readonly csv: string;
}

/** @throws Refusal authority_not_found, csv_header_invalid. */
export async function startOrganisationImport(
  writing: Writing,
  authorityId: AuthorityId,
  { fileName, csv, isDryRun }: Started,
): Promise<OrganisationImport> {
  const { role, userId, organisationId } = writing.doer;
  if (userId === null || organisationId === undefined) throw new Error("an import is started by somebody");
  const { officeId } = await writing.database.snapshot((snapshot) => loadAuthority(snapshot, authorityId));
  const { length: rows } = await parseCsv(csv, organisationsForm);
  return changeFacts(writing, officeId, async (change) => {
    const id = uuid() as OrganisationImportId;
    const doer = { role, userId, organisationId };
    await insertImport(change, { id, fileName, source: csv, isDryRun, rows, doer });
    if (!isDryRun) change.record({ kind: "organisations-imported", detail: { file: fileName } });
    return loadImport(change, { officeId, importId: id });
  });
}
