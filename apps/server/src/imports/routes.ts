// What answers for imports of people.

import { imports, rowVerdicts } from "@lockstep/api";

import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import { startImport } from "./commands.ts";
import { listImportRows, loadImport } from "./store.ts";

/** @param onStarted lets whoever carries imports out begin at once. */
export function importRoutes(database: Database, onStarted: () => void): Route[] {
  return [
    route(imports.startImport, async ({ writing, params, body }) => {
      const started = await startImport(writing, params.organisationId, body);
      onStarted();
      return started;
    }),
    route(imports.showImport, ({ params: { organisationId, importId } }) =>
      database.snapshot((snapshot) => loadImport(snapshot, organisationId, importId)),
    ),
    route(imports.listImportRows, ({ params: { organisationId, importId }, query }) =>
      database.snapshot(async (snapshot) => {
        await loadImport(snapshot, organisationId, importId);
        const { verdict, skipped, after, limit } = query;
        const found = await listImportRows(snapshot, organisationId, {
          importId,
          verdict,
          skipped,
          after,
          limit: limit + 1,
        });
        const rows = found.slice(0, limit);
        const last = rows.at(-1)?.row ?? null;
        return {
          rows: rows.map((row) => ({ ...row, sentence: rowVerdicts[row.verdict] })),
          next: found.length > limit ? last : null,
        };
      }),
    ),
  ];
}
