// What answers for directories: how they are read, their runs and plans, and everybody seen in them.

import { directories, directoryRuns, directoryEntries } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";

import type { Database, Snapshot } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import { createDirectory, editDirectory, removeDirectory } from "./commands/directories.ts";
import {
  cancelRun,
  confirmHeldRun,
  ignoreEntries,
  importEntries,
  linkEntry,
  removeOrphans,
  startRun,
  unlinkUsers,
} from "./commands/runs.ts";
import { tryDirectory } from "./commands/trying.ts";
import { listDirectories, loadDirectory } from "./connections/store.ts";
import { listSeenEntries } from "./entries/store.ts";
import { listPlanRows } from "./plans/store.ts";
import { Refusal } from "../refusal.ts";
import { listRuns, loadRun, type Run, type RunId } from "./runs/store.ts";
import { shownDirectory, shownEntry, shownRow, shownRun } from "./shown.ts";
import type { DirectoryId } from "./store.ts";

interface Parts {
  readonly database: Database;
  readonly keyEncryption: KeyEncryption;
  /** Lets whoever carries runs out begin at once. */
  readonly onRun: () => void;
}

interface OfRun {
  readonly organisationId: OrganisationId;
  readonly directoryId: DirectoryId;
  readonly runId: RunId;
}

export function directoryRoutes(parts: Parts): Route[] {
  return [...settingRoutes(parts), ...runRoutes(parts), ...entryRoutes(parts)];
}

function settingRoutes({ database, keyEncryption, onRun }: Parts): Route[] {
  return [
    route(directories.listDirectories, ({ params: { organisationId } }) =>
      database.snapshot(async (snapshot) => {
        const all = await listDirectories(snapshot, organisationId);
        const each: Awaited<ReturnType<typeof shownDirectory>>[] = [];
        for (const directory of all) each.push(await shownDirectory(snapshot, directory));
        return { directories: each };
      }),
    ),
    route(directories.createDirectory, ({ writing, params, body }) =>
      createDirectory({ writing, keyEncryption }, params.organisationId, body),
    ),
    route(directories.showDirectory, ({ params: { organisationId, directoryId } }) =>
      database.snapshot(async (snapshot) =>
        shownDirectory(snapshot, await loadDirectory(snapshot, organisationId, directoryId)),
      ),
    ),
    route(directories.editDirectory, async ({ writing, params, body: given, match: revision }) => {
      const { organisationId, directoryId } = params;
      const edit = { directoryId, revision, given };
      const edited = await editDirectory({ writing, keyEncryption }, organisationId, edit);
      onRun();
      return edited;
    }),
    route(directories.removeDirectory, async ({ writing, params: { organisationId, directoryId } }) => ({
      unlinked: await removeDirectory(writing, organisationId, directoryId),
    })),
    route(directories.testDirectory, ({ params, body }) =>
      tryDirectory({ database, keyEncryption }, params.organisationId, body),
    ),
  ];
}

/** @throws Refusal directory_not_found, directory_run_not_found. */
async function loadOwnRun(snapshot: Snapshot, { organisationId, directoryId, runId }: OfRun): Promise<Run> {
  await loadDirectory(snapshot, organisationId, directoryId);
  const run = await loadRun(snapshot, { organisationId, runId });
  if (run.directoryId !== directoryId) throw new Refusal("directory_run_not_found");
  return run;
}

function runRoutes({ database, onRun }: Parts): Route[] {
  const begun = (run: Run) => {
    onRun();
    return shownRun(run);
  };
  return [
    route(directoryRuns.startDirectoryRun, async ({ writing, params, body }) =>
      begun(await startRun(writing, params, body)),
    ),
    route(directoryRuns.listDirectoryRuns, ({ params, query: { before = null, limit } }) =>
      database.snapshot(async (snapshot) => {
        await loadDirectory(snapshot, params.organisationId, params.directoryId);
        const found = await listRuns(snapshot, { ...params, before, limit: limit + 1 });
        const runs = found.slice(0, limit);
        return { runs: runs.map(shownRun), next: found.length > limit ? (runs.at(-1)?.id ?? null) : null };
      }),
    ),
    route(directoryRuns.showDirectoryRun, ({ params }) =>
      database.snapshot(async (snapshot) => shownRun(await loadOwnRun(snapshot, params))),
    ),
    route(directoryRuns.listPlanRows, ({ params, query: { action, after, limit } }) =>
      database.snapshot(async (snapshot) => {
        const run = await loadOwnRun(snapshot, params);
        const found = await listPlanRows(snapshot, params, { action, after, limit: limit + 1 });
        const rows = found.slice(0, limit);
        return {
          rows: rows.map((row) => shownRow(row, run)),
          next: found.length > limit ? (rows.at(-1)?.row ?? null) : null,
        };
      }),
    ),
    route(directoryRuns.confirmDirectoryRun, async ({ writing, params, body: { vanishing } }) =>
      begun(await confirmHeldRun(writing, params, { runId: params.runId, vanishing })),
    ),
    route(directoryRuns.cancelDirectoryRun, async ({ writing, params }) =>
      shownRun(await cancelRun(writing, params, params.runId)),
    ),
  ];
}

function entryRoutes({ database, onRun }: Parts): Route[] {
  const begun = (run: Run) => {
    onRun();
    return shownRun(run);
  };
  return [
    route(directoryEntries.listDirectoryEntries, ({ params, query: { gone, state, search, after, limit } }) =>
      database.snapshot(async (snapshot) => {
        await loadDirectory(snapshot, params.organisationId, params.directoryId);
        const asked = { ...params, state, search, isGone: gone, after, limit: limit + 1 };
        const found = await listSeenEntries(snapshot, asked);
        const entries = found.slice(0, limit);
        const last = entries.at(-1)?.objectId ?? null;
        return { entries: entries.map(shownEntry), next: found.length > limit ? last : null };
      }),
    ),
    route(directoryEntries.importEntries, async ({ writing, params, body }) =>
      begun(await importEntries(writing, params, body)),
    ),
    route(directoryEntries.linkEntry, async ({ writing, params, body: { userId } }) =>
      begun(await linkEntry(writing, params, { objectId: params.objectId, userId })),
    ),
    route(directoryEntries.ignoreEntries, async ({ writing, params, body: { objectIds } }) => ({
      ignored: await ignoreEntries(writing, params, { objectIds, isIgnored: true }),
    })),
    route(directoryEntries.unignoreEntries, async ({ writing, params, body: { objectIds } }) => ({
      unignored: await ignoreEntries(writing, params, { objectIds, isIgnored: false }),
    })),
    route(directoryEntries.unlinkUsers, async ({ writing, params, body }) => ({
      unlinked: await unlinkUsers(writing, params.organisationId, body.userIds),
    })),
    route(directoryEntries.removeOrphans, async ({ writing, params, body }) => ({
      removed: await removeOrphans(writing, params.organisationId, body.userIds),
    })),
  ];
}
