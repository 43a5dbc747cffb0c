// Importing people of a directory: those who are chosen, or everybody who is not linked yet.

import { directoryEntries, type Directory, type DirectoryEntry } from "@lockstep/api";
import type { TeamId } from "@lockstep/core";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange, useIdempotencyKey } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { TeamSelector } from "../teams/TeamSelector.tsx";
import { countOf } from "../ui/format.ts";
import type { Place } from "./queries.ts";
import styles from "./directories.module.css";

interface ImportDialogProps {
  readonly place: Place;
  readonly directory: Directory;
  /** Everybody if left out. */
  readonly objectIds?: readonly DirectoryEntry["objectId"][];
  readonly onStarted?: () => void;
  readonly onClose: () => void;
}

export function ImportDialog({
  place,
  directory,
  objectIds,
  onStarted,
  onClose,
}: ImportDialogProps): ReactNode {
  const [teamId, setTeamId] = useState<TeamId>();
  const idempotencyKey = useIdempotencyKey();
  const start = useChange(place.organisationId, () =>
    call(directoryEntries.importEntries, {
      params: place,
      body: { ...(objectIds && { objectIds: [...objectIds] }), ...(teamId && { teamId }) },
      idempotencyKey,
    }),
  );
  return (
    <FormDialog
      action="Import"
      change={start}
      onClose={onClose}
      onSubmit={(close) =>
        start.mutate(undefined, {
          onSuccess: () => {
            onStarted?.();
            close();
          },
        })
      }
      title={objectIds ? `Import ${countOf(objectIds.length, "person", "people")}` : "Import everybody"}
    >
      <p>
        {objectIds
          ? "Those of them who are not linked yet become users, without a licence."
          : "Whoever is in the directory and not linked yet becomes a user, without a licence. Who is ignored is left alone."}
      </p>
      <TeamSelector
        description={
          directory.mode === "units"
            ? "Left empty, to teams as the units are."
            : "Left empty, as the settings say."
        }
        label="To the team"
        onChange={setTeamId}
        organisationId={place.organisationId}
        placeholder="As the settings say"
        value={teamId}
      />
      <p className={styles.quiet}>
        What becomes of each is the plan of a run, which you can look at afterwards.
      </p>
    </FormDialog>
  );
}
