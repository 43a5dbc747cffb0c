// What can be done to one user, beside the facts that it changes.

import type { Standing, User } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { useState, type ReactNode } from "react";

import { useRights } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { EditUserDialog } from "./EditUserDialog.tsx";
import { MoveUsersDialog } from "./MoveUsersDialog.tsx";
import { RemoveUserDialog } from "./RemoveUserDialog.tsx";
import styles from "./user.module.css";

interface UserActionsProps {
  readonly organisationId: OrganisationId;
  readonly standing: Standing;
  /** As entered; undefined while it loads. */
  readonly user: User | undefined;
}

export function UserActions({ organisationId, standing, user }: UserActionsProps): ReactNode {
  const [open, setOpen] = useState<"edit" | "move" | "remove" | null>(null);
  const may = useRights();
  const close = () => setOpen(null);
  const mayRemove = may("remove-people", standing.user.id);
  const mayRemoveOthers = may("remove-people").allowed;
  return (
    <div className={styles.actions}>
      {may("edit-people", standing.user.id).allowed && (
        <ActionButton onClick={() => setOpen("edit")}>Edit</ActionButton>
      )}
      {may("move-people").allowed && <ActionButton onClick={() => setOpen("move")}>Move</ActionButton>}
      {mayRemoveOthers && (
        <ActionButton onClick={() => setOpen("remove")} why={mayRemove.allowed ? null : mayRemove.why}>
          Remove
        </ActionButton>
      )}
      {open === "edit" && user && (
        <EditUserDialog onClose={close} organisationId={organisationId} user={user} />
      )}
      {open === "move" && (
        <MoveUsersDialog onClose={close} organisationId={organisationId} users={[standing.user]} />
      )}
      {open === "remove" && (
        <RemoveUserDialog onClose={close} organisationId={organisationId} standing={standing} />
      )}
    </div>
  );
}
