// A run while a server works at it: how far it is, and a way to end it.

import { directoryRuns, type DirectoryRun } from "@lockstep/api";
import { Button } from "@mantine/core";
import type { ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { Refused } from "../changes/Refused.tsx";
import { useRights } from "../sessions/rights.ts";
import { countOf } from "../ui/format.ts";
import { Progress } from "../ui/Progress.tsx";
import { isAtWork, type Place } from "./queries.ts";
import { runStateWords } from "./words.ts";
import styles from "./directories.module.css";

interface RunProgressProps {
  readonly place: Place;
  readonly run: DirectoryRun;
}

export function RunProgress({ place, run }: RunProgressProps): ReactNode {
  const mayEdit = useRights()("edit-directory").allowed;
  const cancel = useChange(place.organisationId, () =>
    call(directoryRuns.cancelDirectoryRun, { params: { ...place, runId: run.id } }),
  );
  if (!isAtWork(run)) return null;
  const { state, read, rows, done, isDryRun } = run;
  return (
    <div className={styles.progress}>
      <div>
        <p className={styles.stage}>
          {runStateWords[state]}
          {isDryRun && ", a dry run"}
        </p>
        {state === "applying" ? (
          <Progress done={done} label="Rows of the plan applied" of="rows" total={rows} />
        ) : (
          <p className={styles.quiet}>{countOf(read, "entry", "entries")} read</p>
        )}
      </div>
      {mayEdit && (
        <Button loading={cancel.isPending || cancel.isSuccess} onClick={() => cancel.mutate(undefined)}>
          Cancel the run
        </Button>
      )}
      <Refused error={cancel.error} />
    </div>
  );
}
