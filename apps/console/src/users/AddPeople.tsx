// The two ways of getting people in: one by one, and from a file.

import type { OrganisationId, TeamId } from "@lockstep/core";
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { useRights } from "../sessions/rights.ts";
import { FileIcon, PlusIcon } from "../ui/icons.tsx";
import { AddUserDialog } from "./AddUserDialog.tsx";
import styles from "./overview.module.css";

interface AddPeopleProps {
  readonly organisationId: OrganisationId;
  /** The team that is looked at. */
  readonly teamId: TeamId | undefined;
}

export function AddPeople({ organisationId, teamId }: AddPeopleProps): ReactNode {
  const [isAdding, setAdding] = useState(false);
  if (!useRights()("edit-people").allowed) return null;
  return (
    <div className={styles.add}>
      <Button
        leftSection={<FileIcon />}
        renderRoot={(props) => (
          <Link params={{ organisationId }} to="/organisations/$organisationId/import" {...props} />
        )}
        size="sm"
      >
        Import
      </Button>
      <Button leftSection={<PlusIcon />} onClick={() => setAdding(true)} size="sm" variant="filled">
        Add a user
      </Button>
      {isAdding && (
        <AddUserDialog onClose={() => setAdding(false)} organisationId={organisationId} teamId={teamId} />
      )}
    </div>
  );
}
