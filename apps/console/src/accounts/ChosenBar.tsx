// What can be done to the accounts of all who are chosen.

import type { UserRow } from "@lockstep/api";
import type { Action, OrganisationId } from "@lockstep/core";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { Refused } from "../changes/Refused.tsx";
import { useRights } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { countOf, wordsOfNumber } from "../ui/format.ts";
import { gatherUsers, type Selection } from "../users/selection.ts";
import type { PeopleFilter } from "./address.ts";
import { BatchDialog } from "./BatchDialog.tsx";
import { ExportDialog } from "./ExportDialog.tsx";
import styles from "./accounts.module.css";

/** A batch takes this many accounts, and so does an export. */
const mostInBatch = 5000;

interface ChosenBarProps {
  readonly organisationId: OrganisationId;
  readonly filter: PeopleFilter;
  readonly selection: Selection;
  /** Whether there are more than those on the screen. */
  readonly hasMore: boolean;
}

type Opened = "block-account" | "unblock-account" | "resend-invitation" | "export-people";

export function ChosenBar({ organisationId, filter, selection, hasMore }: ChosenBarProps): ReactNode {
  const [opened, setOpened] = useState<Opened | null>(null);
  const gather = useMutation({
    mutationFn: () => gatherUsers(organisationId, filter),
    onSuccess: (users) => selection.turn(users, true),
  });
  const { users, clear } = selection;
  const why = useWhyNot(users);
  if (users.length === 0) return null;
  return (
    <div aria-label="Chosen accounts" className={styles.chosen} role="region">
      <p aria-live="polite">{countOf(users.length, "person", "people")} chosen</p>
      {hasMore && !gather.isSuccess && (
        <Button loading={gather.isPending} onClick={() => gather.mutate()} variant="subtle">
          Choose everybody
        </Button>
      )}
      <span className={styles.spacer} />
      <ActionButton onClick={() => setOpened("block-account")} why={why("block-account", mostInBatch)}>
        Block
      </ActionButton>
      <ActionButton onClick={() => setOpened("unblock-account")} why={why("unblock-account", mostInBatch)}>
        Unblock
      </ActionButton>
      <ActionButton
        onClick={() => setOpened("resend-invitation")}
        why={why("resend-invitation", mostInBatch)}
      >
        Send invitations again
      </ActionButton>
      <ActionButton onClick={() => setOpened("export-people")} why={why("export-people", mostInBatch)}>
        Export
      </ActionButton>
      <Button onClick={clear} variant="subtle">
        Choose nobody
      </Button>
      <Refused error={gather.error} />
      <Dialogs {...{ organisationId, users, opened, clear }} onClose={() => setOpened(null)} />
    </div>
  );
}

/** Why nothing of it can be done to all of these at once. Of each alone the plan says it. */
function useWhyNot(users: readonly UserRow[]) {
  const may = useRights();
  return (action: Action, most: number): string | null => {
    const right = may(action);
    if (!right.allowed) return right.why;
    return users.length > most ? `At once it can be ${wordsOfNumber(most)}. Choose fewer.` : null;
  };
}

interface DialogsProps {
  readonly organisationId: OrganisationId;
  readonly users: readonly UserRow[];
  readonly opened: Opened | null;
  readonly clear: () => void;
  readonly onClose: () => void;
}

function Dialogs({ opened, clear, ...dialog }: DialogsProps): ReactNode {
  switch (opened) {
    case "block-account":
    case "unblock-account":
    case "resend-invitation":
      return <BatchDialog action={opened} onDone={clear} {...dialog} />;
    case "export-people":
      return <ExportDialog {...dialog} />;
    case null:
      return null;
  }
}
