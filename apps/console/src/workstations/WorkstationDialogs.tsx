// Making and deleting a workstation team.

import { workstationTeams, type WorkstationTeam } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange, useIdempotencyKey } from "../changes/change.ts";
import { useEdited } from "../changes/edited.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { NameField } from "../ui/NameField.tsx";

interface WorkstationDialogProps {
  readonly organisationId: OrganisationId;
  readonly team: WorkstationTeam;
  readonly onClose: () => void;
}

const page = "/organisations/$organisationId/workstation-teams";

export function CreateDialog({ organisationId, team, onClose }: WorkstationDialogProps): ReactNode {
  const [name, setName] = useState("");
  const navigate = useNavigate();
  const idempotencyKey = useIdempotencyKey();
  const create = useChange(organisationId, () =>
    call(workstationTeams.createWorkstationTeam, {
      params: { organisationId },
      body: { name, parentId: team.id },
      idempotencyKey,
    }),
  );
  const submit = (close: () => void) =>
    create.mutate(undefined, {
      onSuccess: ({ id }) => {
        close();
        void navigate({ to: page, params: { organisationId }, search: { team: id } });
      },
    });
  return (
    <FormDialog
      action="Make the team"
      change={create}
      onClose={onClose}
      onSubmit={submit}
      title="New workstation team"
    >
      <NameField
        description={`Below ${team.name}, from which it inherits.`}
        onChange={setName}
        value={name}
      />
    </FormDialog>
  );
}

export function DeleteDialog({ organisationId, team, onClose }: WorkstationDialogProps): ReactNode {
  const navigate = useNavigate();
  const edited = useEdited(team.revision);
  const leave = async () => {
    await call(workstationTeams.deleteWorkstationTeam, {
      params: { organisationId, workstationTeamId: team.id },
      match: edited.match,
    });
    await navigate({ to: page, params: { organisationId } });
  };
  const remove = useChange(organisationId, leave, team.id);
  return (
    <FormDialog
      action="Delete the team"
      change={remove}
      edited={edited}
      isGrave
      onClose={onClose}
      onSubmit={(close) => remove.mutate(undefined, { onSuccess: close })}
      title={`Delete ${team.name}`}
    >
      <p>What it sets goes with it.</p>
    </FormDialog>
  );
}
