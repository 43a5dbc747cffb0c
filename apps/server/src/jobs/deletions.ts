// What is deleted by time: accounts whose owners asked for it seven days ago, and everybody in organisations that were
// deleted. Right however many servers do it at once.

import { carryOnDeletion } from "../deletions/commands/carry-on.ts";
import { executeDeletion, type Executing } from "../deletions/commands/request.ts";
import { listDeletionsToCarryOn } from "../deletions/organisations/store.ts";
import { listDeletionsDue } from "../deletions/store.ts";
import { startRounds, type Rounds } from "../rounds.ts";

interface Surroundings extends Executing {
  /** Something is to be delivered to workstations, and mails to people. */
  readonly onPosted: () => void;
}

export interface DeletionJobOptions extends Surroundings {
  readonly intervalMilliseconds: number;
  readonly onFailure: (error: unknown) => void;
}

export function startDeletionJob({ intervalMilliseconds, onFailure, ...around }: DeletionJobOptions): Rounds {
  return startRounds({ intervalMilliseconds, onFailure, work: (signal) => workAtDeletions(around, signal) });
}

/** Told to stop, it leaves the rest to the next round. */
export async function workAtDeletions(
  { onPosted, ...parts }: Surroundings,
  signal?: AbortSignal,
): Promise<void> {
  const { database, clock } = parts;
  for (const { organisationId, userId } of await database.read((reader) =>
    listDeletionsDue(reader, clock()),
  )) {
    if (signal?.aborted === true) return;
    if (await executeDeletion(parts, organisationId, userId)) onPosted();
  }
  for (const organisationId of await database.read(listDeletionsToCarryOn)) {
    if (signal?.aborted === true) return;
    await carryOnDeletion(parts, organisationId, signal);
    onPosted();
  }
}
