// Directories by what they are called here, and runs of theirs that are waited for.

import { directories, directoryRuns, type Directory, type DirectoryRun } from "@lockstep/api";

import type { Scope } from "./invocation.ts";
import { counted } from "./layout.ts";
import { pick } from "./naming.ts";
import { untilEnded } from "./running.ts";

export const directoryArgument = ["<directory>", "its name, or an id"] as const;

export interface Place {
  readonly directory: Directory;
  readonly params: Scope["params"] & { readonly directoryId: Directory["id"] };
}

export async function findDirectory({ call, params, organisation }: Scope, text: string): Promise<Place> {
  const { directories: all } = await call(directories.listDirectories, { params });
  const directory = pick(all, text, {
    noun: "directory",
    place: `in ${organisation.name}`,
    namesOf: ({ name, id }) => [name, id],
    labelOf: ({ name }) => name,
    list: "all of them: lockstep directories list",
  });
  return { directory, params: { ...params, directoryId: directory.id } };
}

function progressOf({ state, read, done, rows }: DirectoryRun): string {
  return state === "applying" ? `${done} of ${counted(rows, "row")}` : `${state}, ${read} read`;
}

/** The run when it has ended, or waits for somebody to confirm it. */
export async function untilDecided(
  { call }: Scope,
  { params }: Place,
  begun: DirectoryRun,
): Promise<DirectoryRun> {
  const waiting = (run: DirectoryRun) => ({
    run,
    endedAt: run.endedAt ?? (run.state === "held" ? run.startedAt : null),
  });
  const { run } = await untilEnded(waiting(begun), {
    load: async () =>
      waiting(await call(directoryRuns.showDirectoryRun, { params: { ...params, runId: begun.id } })),
    progressOf: (latest) => progressOf(latest.run),
  });
  return run;
}
