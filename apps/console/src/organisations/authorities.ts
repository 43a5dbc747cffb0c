// The authorities that somebody may do something to, as far as their organisations and offices are to be seen.

import { useQuery } from "@tanstack/react-query";

import { organisationsQuery } from "../api.ts";
import { useInstallationRights } from "../sessions/rights.ts";
import type { AuthorityChoice } from "./CreateDialogs.tsx";

/** Those below which one may import organisations; undefined until it is known. */
export function useAuthoritiesToImport(): AuthorityChoice[] | undefined {
  const { data } = useQuery(organisationsQuery());
  const may = useInstallationRights();
  if (data === undefined) return undefined;
  const known = data.organisations.flatMap(({ authorityId, authority, state }) =>
    authorityId === null || state === "deleted" || !may("import-organisations", authorityId).allowed
      ? []
      : [[authorityId, { id: authorityId, name: authority ?? "your authority" }] as const],
  );
  return [...new Map(known).values()];
}
