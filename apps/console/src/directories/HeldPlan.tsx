// A plan by which too many would vanish: why it is held, and the two ways on. Whoever confirms it says how many vanish.

import { directoryRuns, type DirectoryRun } from "@lockstep/api";
import { Button, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { Refused } from "../changes/Refused.tsx";
import { useRights } from "../sessions/rights.ts";
import { countOf, wordsOfNumber } from "../ui/format.ts";
import { Note } from "../ui/Note.tsx";
import type { Place } from "./queries.ts";
import styles from "./directories.module.css";

interface HeldPlanProps {
  readonly place: Place;
  readonly run: DirectoryRun;
  /** To the plan, where it is not on the page. */
  readonly hasLink?: boolean;
}

export function HeldPlan({ place, run, hasLink = false }: HeldPlanProps): ReactNode {
  const { held, state, counts } = run;
  const [isOpen, setOpen] = useState(false);
  const mayEdit = useRights()("edit-directory").allowed;
  const fall = useChange(place.organisationId, () =>
    call(directoryRuns.cancelDirectoryRun, { params: { ...place, runId: run.id } }),
  );
  if (held === null || state !== "held") return null;
  return (
    <>
      <Note
        action={
          <span className={styles.buttons}>
            {hasLink && <ToPlan place={place} run={run} />}
            {mayEdit && (
              <>
                <Button onClick={() => setOpen(true)}>It is true: apply it</Button>
                <Button loading={fall.isPending} onClick={() => fall.mutate(undefined)}>
                  Let it fall
                </Button>
              </>
            )}
          </span>
        }
        isLine
        title={`The plan is held. ${held.sentence}`}
        tone="bad"
      >
        {wordsOfNumber(held.vanishing)} of {countOf(held.linked, "person", "people")} would vanish:{" "}
        {wordsOfNumber(counts.orphan)} orphaned, {wordsOfNumber(counts.remove)} removed or unlinked. The guard
        lets {wordsOfNumber(held.limit)} pass. Nothing is applied until somebody confirms it; if the directory
        broke, repair it, and the next run takes the place of this one.
      </Note>
      <Refused error={fall.error} />
      {isOpen && <ConfirmDialog held={held} onClose={() => setOpen(false)} place={place} run={run} />}
    </>
  );
}

function ToPlan({ place, run }: { readonly place: Place; readonly run: DirectoryRun }): ReactNode {
  return (
    <Button
      renderRoot={(props) => (
        <Link
          params={{ ...place, runId: run.id }}
          to="/organisations/$organisationId/directories/$directoryId/runs/$runId"
          {...props}
        />
      )}
    >
      Look at the plan
    </Button>
  );
}

interface ConfirmProps {
  readonly place: Place;
  readonly run: DirectoryRun;
  readonly held: NonNullable<DirectoryRun["held"]>;
  readonly onClose: () => void;
}

function ConfirmDialog({ place, run, held, onClose }: ConfirmProps): ReactNode {
  const [typed, setTyped] = useState("");
  const { vanishing } = held;
  const confirm = useChange(place.organisationId, () =>
    call(directoryRuns.confirmDirectoryRun, { params: { ...place, runId: run.id }, body: { vanishing } }),
  );
  return (
    <FormDialog
      action="Apply the plan"
      change={confirm}
      isGrave
      isReady={typed.trim() === String(vanishing)}
      onClose={onClose}
      onSubmit={(close) => confirm.mutate(undefined, { onSuccess: close })}
      title="Let the plan be applied"
    >
      <p>
        {held.sentence} Whoever holds a seat becomes an orphan and keeps it; whoever holds none is removed, or
        only unlinked if there is an account. It is done in your name.
      </p>
      <TextInput
        autoComplete="off"
        inputMode="numeric"
        label={`Type how many will vanish to confirm: ${vanishing}`}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        required
        value={typed}
      />
    </FormDialog>
  );
}
