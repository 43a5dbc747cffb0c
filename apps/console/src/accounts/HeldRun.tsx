// A run that would disable so many at once that it waits for somebody: why, and confirming their number.

import { inactivity, type Inactivity } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { useRights } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { countOf, wordsOfNumber } from "../ui/format.ts";
import { Moment } from "../ui/Moment.tsx";
import { Note } from "../ui/Note.tsx";
import { inactivityQuery } from "./queries.ts";

type Held = NonNullable<Inactivity["held"]>;

interface HeldRunProps {
  readonly organisationId: OrganisationId;
}

export function HeldRun({ organisationId }: HeldRunProps): ReactNode {
  const { data } = useQuery(inactivityQuery(organisationId));
  const [isOpen, setOpen] = useState(false);
  const right = useRights()("edit-account-rules");
  const held = data?.held ?? null;
  if (held === null) return null;
  return (
    <>
      <Note
        action={
          <ActionButton onClick={() => setOpen(true)} why={right.allowed ? null : right.why}>
            Look at it
          </ActionButton>
        }
        isLine
        title="Nobody is disabled for inactivity until somebody confirms it."
        tone="bad"
      >
        {wordsOfNumber(held.due)} of {countOf(held.accounts, "account")} were due at once,{" "}
        <Moment at={held.at} />.
      </Note>
      {isOpen && <ConfirmDialog held={held} onClose={() => setOpen(false)} organisationId={organisationId} />}
    </>
  );
}

interface ConfirmDialogProps extends HeldRunProps {
  readonly held: Held;
  readonly onClose: () => void;
}

function ConfirmDialog({ organisationId, held, onClose }: ConfirmDialogProps): ReactNode {
  const { due, accounts, at } = held;
  const confirm = useChange(organisationId, () =>
    call(inactivity.confirmInactivity, { params: { organisationId }, body: { due } }),
  );
  return (
    <FormDialog
      action={`Disable ${countOf(due, "account")}`}
      change={confirm}
      isGrave
      onClose={onClose}
      onSubmit={(close) => confirm.mutate(undefined, { onSuccess: close })}
      title="A run is held"
    >
      <p>
        On <Moment at={at} isAbsolute /> {countOf(due, "account")} of {wordsOfNumber(accounts)} in use were
        due to be disabled: more than twenty and 2 % at once, or half of a few. That is seldom what was meant,
        so nobody is disabled until an administrator confirms their number, or the rules change.
      </p>
      <p>
        Those who were due are disabled, if they are still idle. They can enable themselves again by mail.
      </p>
    </FormDialog>
  );
}
