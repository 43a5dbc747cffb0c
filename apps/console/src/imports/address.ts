// Which import is looked at.

import { isId, type AuthorityId, type OrganisationId } from "@lockstep/core";
import { z } from "zod";

import type { ImportId } from "../api.ts";
import type { OrganisationImportId } from "./queries.ts";

const importId = z.custom<ImportId>(isId);

const importSearch = z.object({ import: importId.optional().catch(undefined) });

export const parseImportSearch = (parameters: Record<string, unknown>): z.output<typeof importSearch> =>
  importSearch.parse(parameters);

const organisationImportSearch = z.object({
  /** Where one was before. */
  organisation: z.custom<OrganisationId>(isId).optional().catch(undefined),
  authority: z.custom<AuthorityId>(isId).optional().catch(undefined),
  import: z.custom<OrganisationImportId>(isId).optional().catch(undefined),
});

export const parseOrganisationImportSearch = (
  parameters: Record<string, unknown>,
): z.output<typeof organisationImportSearch> => organisationImportSearch.parse(parameters);
