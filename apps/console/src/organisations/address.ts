// The organisation that an address names where its path does not.

import { isId, type OrganisationId } from "@lockstep/core";
import { z } from "zod";

const organisation = z.custom<OrganisationId>(isId);

const organisationSearch = z.object({ organisation: organisation.optional().catch(undefined) });

export const parseOrganisationSearch = (
  parameters: Record<string, unknown>,
): z.output<typeof organisationSearch> => organisationSearch.parse(parameters);
