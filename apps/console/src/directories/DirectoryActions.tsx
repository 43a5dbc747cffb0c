// What can be done to a whole directory: read it now, try what that would do, change its settings, forget it.

import { directories, directoryRuns, type Directory } from "@lockstep/api";
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { newIdempotencyKey, useChange } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { Refused } from "../changes/Refused.tsx";
import { useRights } from "../sessions/rights.ts";
import { countOf } from "../ui/format.ts";
import { directoryQuery, type Place } from "./queries.ts";

interface DirectoryActionsProps {
  readonly place: Place;
  readonly directory: Directory;
}

export function DirectoryActions({ place, directory }: DirectoryActionsProps): ReactNode {
  const [isForgetting, setForgetting] = useState(false);
  const navigate = useNavigate();
  const start = useChange(place.organisationId, (isDryRun: boolean) =>
    call(directoryRuns.startDirectoryRun, {
      params: place,
      body: { kind: "full", isDryRun },
      idempotencyKey: newIdempotencyKey(),
    }),
  );
  if (!useRights()("edit-directory").allowed) return null;
  const tryOut = () =>
    start.mutate(true, {
      onSuccess: ({ id: runId }) =>
        void navigate({
          to: "/organisations/$organisationId/directories/$directoryId/runs/$runId",
          params: { ...place, runId },
        }),
    });
  return (
    <>
      <Button loading={start.isPending} onClick={() => start.mutate(false)} size="sm" variant="filled">
        Sync now
      </Button>
      <Button loading={start.isPending} onClick={tryOut} size="sm">
        Dry run
      </Button>
      <Button
        renderRoot={(props) => (
          <Link
            params={place}
            to="/organisations/$organisationId/directories/$directoryId/settings"
            {...props}
          />
        )}
        size="sm"
      >
        Settings
      </Button>
      <Button onClick={() => setForgetting(true)} size="sm">
        Forget
      </Button>
      <Refused error={start.error} />
      {isForgetting && (
        <ForgetDialog directory={directory} onClose={() => setForgetting(false)} place={place} />
      )}
    </>
  );
}

interface ForgetProps extends DirectoryActionsProps {
  readonly onClose: () => void;
}

function ForgetDialog({ place, directory, onClose }: ForgetProps): ReactNode {
  const { organisationId, directoryId } = place;
  const navigate = useNavigate();
  const queries = useQueryClient();
  const leave = async () => {
    await call(directories.removeDirectory, { params: place });
    queries.removeQueries(directoryQuery(place));
    await navigate({ to: "/organisations/$organisationId/directories", params: { organisationId } });
  };
  const forget = useChange(organisationId, leave, directoryId);
  return (
    <FormDialog
      action="Forget the directory"
      change={forget}
      isGrave
      onClose={onClose}
      onSubmit={() => forget.mutate(undefined)}
      title={`Forget ${directory.name}`}
    >
      <p>
        {countOf(directory.linked + directory.missing, "user")} who came from it stay, unlinked: nobody is
        removed, and orphans are orphans no more. Its runs, and who was ignored in it, are forgotten too.
      </p>
    </FormDialog>
  );
}
