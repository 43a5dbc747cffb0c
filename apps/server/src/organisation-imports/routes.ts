// What answers for imports of organisations and their people.

import { organisationImports, organisationRowVerdicts } from "@lockstep/api";

import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import { startOrganisationImport } from "./commands/start.ts";
import { findPlace } from "./shown.ts";
import { listImportRows, loadImport } from "./store.ts";

/** @param onStarted lets whoever carries imports out begin at once. */
export function organisationImportRoutes(database: Database, onStarted: () => void): Route[] {
  return [
    route(organisationImports.startOrganisationImport, async ({ writing, params, body }) => {
      const started = await startOrganisationImport(writing, params.authorityId, body);
      onStarted();
      return started;
    }),
    route(organisationImports.showOrganisationImport, ({ params }) =>
      database.snapshot(async (snapshot) => loadImport(snapshot, await findPlace(snapshot, params))),
    ),
    route(organisationImports.listOrganisationImportRows, ({ params, query: { only, after, limit } }) =>
      database.snapshot(async (snapshot) => {
        const place = await findPlace(snapshot, params);
        await loadImport(snapshot, place);
        const found = await listImportRows(snapshot, place, { only, after, limit: limit + 1 });
        const rows = found.slice(0, limit);
        return {
          rows: rows.map((row) => ({ ...row, sentence: organisationRowVerdicts[row.verdict] })),
          next: found.length > limit ? (rows.at(-1)?.row ?? null) : null,
        };
      }),
    ),
  ];
}
