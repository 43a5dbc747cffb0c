// What can be decided about those of a directory who are chosen.

import { directoryEntries, type DirectoryEntry, type Directory } from "@lockstep/api";
import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { Refused } from "../changes/Refused.tsx";
import { countOf } from "../ui/format.ts";
import type { Chosen } from "./chosen.ts";
import { ImportDialog } from "./ImportDialog.tsx";
import type { Place } from "./queries.ts";
import styles from "./directories.module.css";

interface PeopleBarProps {
  readonly place: Place;
  readonly directory: Directory;
  readonly chosen: Chosen<DirectoryEntry["objectId"]>;
}

/** As many as one call takes. */
const mostChosen = 1000;

export function PeopleBar({ place, directory, chosen }: PeopleBarProps): ReactNode {
  const [isImporting, setImporting] = useState(false);
  const objectIds = chosen.ids.slice(0, mostChosen);
  const change = useChange<boolean, unknown>(place.organisationId, (isIgnored) =>
    isIgnored
      ? call(directoryEntries.ignoreEntries, { params: place, body: { objectIds } })
      : call(directoryEntries.unignoreEntries, { params: place, body: { objectIds } }),
  );
  if (chosen.ids.length === 0) return null;
  const decide = (isIgnored: boolean) => change.mutate(isIgnored, { onSuccess: chosen.clear });
  return (
    <div aria-label="Chosen people" className={styles.selection} role="region">
      <p aria-live="polite">{countOf(chosen.ids.length, "person", "people")} chosen</p>
      <span className={styles.spacer} />
      <Button onClick={() => setImporting(true)}>Import</Button>
      <Button loading={change.isPending} onClick={() => decide(true)}>
        Ignore
      </Button>
      <Button loading={change.isPending} onClick={() => decide(false)}>
        Unignore
      </Button>
      <Button onClick={chosen.clear} variant="subtle">
        Choose nobody
      </Button>
      <Refused error={change.error} />
      {isImporting && (
        <ImportDialog
          {...{ place, directory, objectIds }}
          onClose={() => setImporting(false)}
          // Whoever is imported is chosen no longer.
          onStarted={chosen.clear}
        />
      )}
    </div>
  );
}
