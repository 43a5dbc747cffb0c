// Carries out imports of people, and of organisations with theirs, that were started here or left by another server.

import { runImport } from "../imports/commands.ts";
import { listRunningImports } from "../imports/store.ts";
import { runOrganisationImport, type Surroundings } from "../organisation-imports/commands/run.ts";
import { listRunningImports as listRunningOrganisationImports } from "../organisation-imports/store.ts";
import { startRounds, type Rounds } from "../rounds.ts";

interface Work extends Omit<Surroundings, "signal"> {
  /** Somebody may have been invited by mail. */
  readonly onMail: () => void;
}

export interface ImportJobOptions extends Work {
  readonly intervalMilliseconds: number;
  readonly onFailure: (error: unknown) => void;
}

export function startImportJob({ intervalMilliseconds, onFailure, ...around }: ImportJobOptions): Rounds {
  return startRounds({ intervalMilliseconds, onFailure, work: (signal) => workAtImports(around, signal) });
}

/** Told to stop, it leaves the rest to the next round. */
export async function workAtImports({ onMail, ...around }: Work, signal?: AbortSignal): Promise<void> {
  const { database, clock } = around;
  const stopping = signal && { signal };
  for (const { organisationId, id } of await database.read(listRunningImports)) {
    await runImport({ database, clock, ...stopping }, organisationId, id);
  }
  for (const place of await database.read(listRunningOrganisationImports)) {
    await runOrganisationImport({ ...around, ...stopping }, place);
    onMail();
  }
}
