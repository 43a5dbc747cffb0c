// What can be done to all who are chosen.

import type { UserRow } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { Refused } from "../changes/Refused.tsx";
import { OrphanButtons } from "../directories/OrphanButtons.tsx";
import { AssignDialog } from "../licences/AssignDialog.tsx";
import { ReturnSeatsDialog } from "../licences/ReturnSeatsDialog.tsx";
import { useRights } from "../sessions/rights.ts";
import { countOf, wordsOfNumber } from "../ui/format.ts";
import { PostButton } from "../updates/PostButton.tsx";
import { mostPosted } from "../updates/PostDialog.tsx";
import type { UserFilter } from "./filter.ts";
import { MoveUsersDialog } from "./MoveUsersDialog.tsx";
import { gatherUsers, mostSelected, type Selection } from "./selection.ts";
import styles from "./list.module.css";

const tooManyWords = `At once it can be ${countOf(mostPosted, "user")}. Post to a team or to all that are red instead, in the room Updates.`;

interface SelectionBarProps {
  readonly organisationId: OrganisationId;
  readonly selection: Selection;
  readonly filter: UserFilter;
  /** Whether there are more than those on the screen. */
  readonly hasMore: boolean;
  /** How many there are in all; null if that is not known. */
  readonly total: number | null;
}

export function SelectionBar(props: SelectionBarProps): ReactNode {
  const { organisationId, selection, filter, hasMore, total } = props;
  const [open, setOpen] = useState<"move" | "assign" | "return" | null>(null);
  const gather = useMutation({
    mutationFn: () => gatherUsers(organisationId, filter),
    onSuccess: (users) => selection.turn(users, true),
  });
  const may = useRights();
  const { users, clear } = selection;
  if (users.length === 0) return null;
  const close = () => setOpen(null);
  const everybody = total === null ? "everybody" : `all ${wordsOfNumber(Math.min(total, mostSelected))}`;
  const isAll = users.length === Math.min(total ?? Infinity, mostSelected) || gather.isSuccess;
  return (
    <div aria-label="Chosen users" className={styles.selection} role="region">
      <p aria-live="polite">{countOf(users.length, "user")} chosen</p>
      {hasMore && !isAll && (
        <Button loading={gather.isPending} onClick={() => gather.mutate()} variant="subtle">
          Choose {everybody}
        </Button>
      )}
      <span className={styles.spacer} />
      <PostButton
        audience={{ userIds: users.map(({ id }) => id) }}
        onDone={clear}
        organisationId={organisationId}
        to={`Key-Files to ${countOf(users.length, "user")}`}
        why={users.length > mostPosted ? tooManyWords : null}
      >
        Post Key-Files
      </PostButton>
      {may("move-people").allowed && <Button onClick={() => setOpen("move")}>Move</Button>}
      {may("edit-licences").allowed && (
        <>
          <Button onClick={() => setOpen("assign")}>Assign a licence</Button>
          <Button onClick={() => setOpen("return")}>Return seats</Button>
        </>
      )}
      {filter.status === "orphaned" && (
        <OrphanButtons onDone={clear} organisationId={organisationId} userIds={users.map(({ id }) => id)} />
      )}
      <Button onClick={clear} variant="subtle">
        Choose nobody
      </Button>
      <Refused error={gather.error} />
      <Opened {...{ organisationId, users, open, close, clear }} />
    </div>
  );
}

interface OpenedProps {
  readonly organisationId: OrganisationId;
  readonly users: readonly UserRow[];
  readonly open: "move" | "assign" | "return" | null;
  readonly close: () => void;
  readonly clear: () => void;
}

function Opened({ organisationId, users, open, close, clear }: OpenedProps): ReactNode {
  // Whoever has been moved or licensed is chosen no longer.
  const dialog = { organisationId, users, onClose: close, onDone: clear };
  switch (open) {
    case "move":
      return <MoveUsersDialog {...dialog} />;
    case "assign":
      return <AssignDialog {...dialog} />;
    case "return":
      return <ReturnSeatsDialog {...dialog} />;
    case null:
      return null;
  }
}
